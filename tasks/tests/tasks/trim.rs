//! Large values: a result keeps a few kilobytes of each, says that it was cut, and is right about the whole.

use scouter_tasks::result::{LineWriter, Results, Status};
use scouter_tasks::suite::Suite;
use scouter_tasks::value::Value;

use crate::support::{evaluate, json, row, run, suite, told};

fn megabyte() -> String {
    format!(
        r#"{{"text": "{}end", "list": [{}1], "name": "{}"}}"#,
        "x".repeat(1 << 20),
        "0,".repeat(200_000),
        "y".repeat(1 << 20)
    )
}

/// The actual value that the result of the only task keeps.
fn kept(suite: &Suite, context: &str) -> Value {
    let results = evaluate(suite, &[("a", context)]).to_value();
    let record = &results.get("records").unwrap().as_list().unwrap()[0];
    record.get("outcomes").unwrap().as_list().unwrap()[0].get("actual").unwrap().clone()
}

#[test]
fn ten_failing_checks_of_a_megabyte_make_a_small_result() {
    let task = |at: usize| {
        format!(
            "- {{task_type: Assertion, id: t{at}, context_path: text, operator: Equals, expected_value: {at}}}\n"
        )
    };
    let tasks: String = (0..10).map(task).collect();
    let results = evaluate(&suite(&tasks), &[("a", &megabyte())]);
    let size = results.to_value().to_string().len();
    assert!(size < 10 * 8 * 1024, "{size}");
}

#[test]
fn the_message_speaks_of_the_whole_value() {
    let suite = suite(
        "
- {task_type: Assertion, id: length, context_path: text, operator: HasLengthEqual, expected_value: 5}
- {task_type: Assertion, id: end, context_path: text, operator: EndsWith, expected_value: end}
- {task_type: Assertion, id: items, context_path: list, operator: LessThan, expected_value: 1}
",
    );
    let report = run(&suite, &megabyte());
    let (status, message) = told(&suite, &report, "length");
    assert_eq!(status, Status::Failed);
    assert!(message.contains("1048579"), "{message}");
    assert_eq!(told(&suite, &report, "end").0, Status::Passed);
    let (_, message) = told(&suite, &report, "items");
    assert!(
        message.contains("200000 of 200001 items pass, all must; item 200000: `1` is not less than `1`"),
        "{message}"
    );
}

#[test]
fn what_was_cut_is_marked() {
    let suite = suite("- {task_type: Assertion, id: a, context_path: text, operator: IsEmpty}\n");
    let actual = kept(&suite, &megabyte());
    let text = actual.as_text().unwrap();
    assert!(text.len() < 8 * 1024 && text.ends_with("… [cut: 1048579 bytes in all]"), "{}", text.len());
}

#[test]
fn an_expected_value_from_the_record_is_cut_too() {
    let suite = suite(
        "- {task_type: Assertion, id: a, context_path: text, operator: Equals, expected_value: 'it is ${name}'}\n",
    );
    let report = run(&suite, &megabyte());
    let results = Results::new(suite.tasks.clone(), vec![row(None, 1, report.outcomes)], false);
    let text = results.to_value().to_string();
    assert!(text.len() < 24 * 1024 && text.contains("[cut: 1048582 bytes in all]"), "{}", text.len());
}

#[test]
fn an_expected_value_of_the_task_is_cut_in_every_line_of_the_long_form() {
    let long = "x".repeat(50_000);
    let suite = suite(&format!(
        "- {{task_type: Assertion, id: a, context_path: x, operator: Equals, expected_value: {long}}}\n"
    ));
    let mut line = String::new();
    LineWriter::new(&suite.tasks).write(&mut line, &row(None, 1, run(&suite, r#"{"x": 1}"#).outcomes));
    assert!(line.len() < 8 * 1024, "{}", line.len());
    let expected = json(&line).get("expected").unwrap().clone();
    assert!(expected.as_text().unwrap().ends_with("x… [cut: 50000 bytes in all]"), "{expected}");
}

#[test]
fn errors_about_large_values_stay_short() {
    let suite = suite(
        "
- {task_type: Assertion, id: pattern, context_path: name, operator: Matches, expected_value: '(${text}'}
- {task_type: Assertion, id: range, context_path: name, operator: InRange, expected_value: '${list}'}
- {task_type: Assertion, id: schema, context_path: name, operator: MatchesSchema, expected_value: {type: '${text}'}}
- {task_type: Assertion, id: date, context_path: name, operator: IsBefore, expected_value: '${text}'}
",
    );
    let report = run(&suite, &megabyte());
    for id in ["pattern", "range", "schema", "date"] {
        let (status, message) = told(&suite, &report, id);
        assert_eq!(status, Status::Errored, "{id}");
        assert!(message.len() < 2_000, "{id}: {} bytes", message.len());
    }
}

#[test]
fn small_values_are_kept_whole() {
    let suite = suite("- {task_type: Assertion, id: a, context_path: x, operator: Exists}\n");
    assert_eq!(kept(&suite, r#"{"x": {"k": [1, "é"]}}"#), json(r#"{"k": [1, "é"]}"#));
}
