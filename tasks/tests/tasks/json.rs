//! Results as JSON, and back.

use scouter_engine::{ErrorKind, NodeError, Outcome, Position, SkipReason};
use scouter_tasks::result::{Labels, Results, Status, message};
use scouter_tasks::suite::{Suite, TaskInfo};
use scouter_tasks::value::{Value, from_json};

use crate::support::{evaluate, json, row, suite};
use crate::synthetic::{case, labelled, one_task};

fn mixed() -> (Suite, Results) {
    let suite = suite(
        "
- {task_type: Assertion, id: gate, context_path: reply, operator: IsNotEmpty, condition: true}
- {task_type: Assertion, id: right, context_path: answer, operator: Equals, expected_value: '${truth}', depends_on: [gate]}
- {task_type: TraceAssertion, id: quick, assertion: TraceDuration, operator: LessThan, expected_value: 1}
- {task_type: Assertion, id: after, operator: Exists, depends_on: [quick]}
",
    );
    let records = [
        ("first", r#"{"reply": "é", "answer": 1180591620717411303424, "truth": 1180591620717411303424}"#),
        ("second", r#"{"reply": "", "answer": 1, "truth": 2}"#),
        ("", r#"{"reply": "x", "answer": NaN, "truth": NaN}"#),
    ];
    let results = evaluate(&suite, &records);
    (suite, results)
}

fn read_back(results: &Results) -> Results {
    Results::from_value(&from_json(&results.to_value().to_string()).unwrap()).unwrap()
}

fn messages(results: &Results) -> Vec<String> {
    let tasks = results.tasks();
    let of_row = |row: &scouter_tasks::result::Row| -> Vec<String> {
        row.outcomes.iter().zip(tasks.iter()).map(|(outcome, task)| message(tasks, outcome, task)).collect()
    };
    results.rows().iter().flat_map(of_row).collect()
}

#[test]
fn results_come_back_from_their_text_as_they_were() {
    let (_, results) = mixed();
    let back = read_back(&results);
    assert_eq!(back.to_value().to_string(), results.to_value().to_string());
    for (row, same) in results.rows().iter().zip(back.rows()) {
        assert_eq!(
            (row.uid, &row.id, row.created_at, row.took),
            (same.uid, &same.id, same.created_at, same.took)
        );
    }
}

#[test]
fn messages_and_statuses_survive() {
    let (_, results) = mixed();
    let back = read_back(&results);
    assert_eq!(messages(&back), messages(&results));
    let statuses = |results: &Results| -> Vec<Status> {
        results.rows().iter().flat_map(|row| row.outcomes.iter().map(Status::of)).collect()
    };
    assert_eq!(statuses(&back), statuses(&results));
    assert_eq!((back.counts(), back.sound_rows()), (results.counts(), results.sound_rows()));
    assert_eq!(back.errored_tasks(), results.errored_tasks());
}

#[test]
fn records_are_found_by_both_ids_before_and_after() {
    let (_, results) = mixed();
    for results in [&results, &read_back(&results)] {
        assert_eq!(results.find("second"), Some(1));
        assert_eq!(results.find(&results.rows()[2].uid.to_string()), Some(2));
        assert_eq!(results.find("secnd"), None);
        assert_eq!(results.nearest("secnd"), Some("second"));
    }
}

#[test]
fn errors_keep_their_kind_and_detail_and_skips_their_reason() {
    let (suite, _) = mixed();
    let error = NodeError::of(ErrorKind::TimedOut, "finish within 1s").with_detail("Traceback …");
    let by = Position::new(0);
    let outcomes = vec![
        Outcome::Errored(error),
        Outcome::Skipped(SkipReason::GateClosed { by }),
        Outcome::Skipped(SkipReason::UpstreamErrored { by }),
        Outcome::Skipped(SkipReason::UpstreamSkipped { by }),
    ];
    let mut results = Results::new(suite.tasks.clone(), vec![row(None, 1, outcomes.clone())], true);
    results.cancelled = true;
    let back = read_back(&results);
    assert_eq!(back.rows()[0].outcomes, outcomes);
    assert!(back.cancelled);
}

#[test]
fn what_is_expected_of_a_record_is_kept_with_it() {
    let (_, results) = mixed();
    let text = results.to_value().to_string();
    assert!(text.contains(r#""actual":1180591620717411303424,"expected":1180591620717411303424"#), "{text}");
}

#[test]
fn the_plan_survives_and_files_without_it_are_read() {
    let (suite, results) = mixed();
    let needs = |results: &Results| -> Vec<Vec<usize>> {
        let needs = |task: &TaskInfo| task.depends_on.iter().map(|need| need.index()).collect();
        results.tasks().iter().map(needs).collect()
    };
    assert_eq!(needs(&results), [vec![], vec![0], vec![], vec![2]]);
    assert_eq!(needs(&read_back(&results)), needs(&results));

    let old = results.to_value().to_string().replace(r#""depends_on":["gate"],"#, "");
    let old = Results::from_value(&from_json(&old).unwrap()).unwrap();
    assert_eq!(needs(&old), [vec![], vec![], vec![], vec![2]]);
    assert_eq!(old.tasks().len(), suite.tasks.len());
}

#[test]
fn stages_that_were_counted_from_0_are_read() {
    let (_, results) = mixed();
    let text = results.to_value().to_string();
    let before = text.replace(r#""stage":1"#, r#""stage":0"#).replace(r#""stage":2"#, r#""stage":1"#);
    assert_ne!(before, text);
    assert_eq!(Results::from_value(&json(&before)).unwrap().to_value().to_string(), text);
}

#[test]
fn what_is_no_result_is_refused_and_the_place_is_named() {
    let (_, results) = mixed();
    let whole = results.to_value();
    let with = |key: &str, value: Value| {
        let entries = whole.as_map().unwrap().iter().map(|(key, value)| (key.clone(), value.clone()));
        Value::map(entries.chain([(key.into(), value)]))
    };
    for (value, part) in [
        (json("[]"), "there is no `version`"),
        (with("version", Value::Int(2)), "version 2 is not known, 1 is"),
        (with("tasks", Value::Null), "there is no list `tasks`"),
        (with("tasks", json("[{}]")), "task 0: there is no text `id`"),
        (
            with("tasks", json(r#"[{"id": "a", "task_type": "x", "stage": 1, "depends_on": ["b"]}]"#)),
            "task 0: it depends on \"b\", which is no task",
        ),
        (with("records", json(r#"[{"outcomes": []}]"#)), "record 0: there are 0 outcomes for 4 tasks"),
        (
            with("records", json(r#"[{"outcomes": [{"status": "maybe"}]}]"#)),
            "record 0: unknown status `maybe`",
        ),
        (
            with("records", json(r#"[{"outcomes": [{"status": "skipped", "by": 0, "reason": "rain"}]}]"#)),
            "record 0: unknown reason `rain`",
        ),
    ] {
        let error = Results::from_value(&value).unwrap_err().to_string();
        assert!(error.starts_with("not evaluation results: ") && error.contains(part), "{error}");
    }
}

#[test]
fn labels_come_back_and_rows_without_any_are_written_as_before() {
    let plain = one_task("p");
    let with = labelled(&plain, |_| Labels { cluster: Some("doc".into()), ..case(1, 2) });
    assert_eq!(read_back(&with).rows()[0].labels, with.rows()[0].labels);
    assert_eq!(read_back(&plain).rows()[0].labels, None);
    assert!(!plain.to_value().to_string().contains("trial"));
}

#[test]
fn a_trial_that_is_no_number_from_1_is_refused() {
    let text = labelled(&one_task("p"), |_| case(1, 2)).to_value().to_string();
    for wrong in ["0", "-1", "\"2\"", "4294967296"] {
        let text = text.replace(r#""trial":2"#, &format!(r#""trial":{wrong}"#));
        let error = Results::from_value(&from_json(&text).unwrap()).unwrap_err();
        assert!(error.to_string().contains("a `trial` is a number from 1"), "{error}");
    }
}
