//! What holds for every operator once it is a task.

use scouter_tasks::operator::{Operator, Scope};
use scouter_tasks::result::Status;
use scouter_tasks::suite::{Format, Kinds, Suite, compile, read_text};
use scouter_tasks::value::Value;

use crate::support::{json, run, told};

/// One task for every operator, by the expected value of its example.
fn all() -> Suite {
    some(|_| true, &[])
}

/// As [`all`], for some operators alone; `more` fields on each.
fn some(wanted: impl Fn(Operator) -> bool, more: &[(&str, Value)]) -> Suite {
    let task = |operator: &Operator| {
        let fields = [
            ("task_type", "Assertion".into()),
            ("id", operator.to_string().into()),
            ("context_path", "value".into()),
            ("operator", operator.to_string().into()),
            ("expected_value", json(operator.row().passes.expected.unwrap_or("null"))),
        ];
        Value::map(fields.into_iter().chain(more.iter().cloned()))
    };
    let file = Value::map([(
        "tasks",
        Value::list(Operator::ALL.iter().filter(|operator| wanted(**operator)).map(task)),
    )])
    .to_string();
    compile(&read_text(&file, Format::Json, &Kinds::default()).unwrap()).unwrap()
}

fn id(operator: Operator) -> String {
    operator.to_string().to_lowercase()
}

#[test]
fn a_missing_path_fails_under_every_operator_but_not_exists() {
    let suite = all();
    let report = run(&suite, "{}");
    for &operator in Operator::ALL {
        let (status, message) = told(&suite, &report, &id(operator));
        let expected = if operator == Operator::NotExists { Status::Passed } else { Status::Failed };
        assert_eq!(status, expected, "{operator}");
        assert_eq!(message, "`value` is missing", "{operator}");
    }
}

#[test]
fn a_value_of_any_kind_is_judged_by_every_operator_and_none_errors() {
    let suite = all();
    for value in ["null", "true", "5", "NaN", r#""zz""#, "[]", "[null]", "[{}]", "[[]]", r#"{"a": 1}"#] {
        let report = run(&suite, &format!(r#"{{"value": {value}}}"#));
        for &operator in Operator::ALL {
            let (status, message) = told(&suite, &report, &id(operator));
            assert!(status.counts() && !message.is_empty(), "{operator} on {value}: {status} {message}");
        }
    }
}

#[test]
fn a_value_of_the_wrong_kind_fails_and_the_message_names_the_kind() {
    let suite = all();
    for (value, kind) in
        [("null", "null"), ("true", "a boolean"), ("5", "a number"), (r#"{"zzz": 1}"#, "an object")]
    {
        let report = run(&suite, &format!(r#"{{"value": {value}}}"#));
        for &operator in Operator::ALL {
            let check = operator.prepare(&json(operator.row().passes.expected.unwrap_or("null"))).unwrap();
            if check.judge(&json(value)).is_err() {
                let (status, message) = told(&suite, &report, &id(operator));
                assert_eq!(status, Status::Failed, "{operator} on {value}");
                assert!(message.contains(&format!("is {kind}, not ")), "{operator}: {message}");
            }
        }
    }
}

#[test]
fn an_empty_array_passes_no_operator_that_judges_items() {
    let of_items = |operator: Operator| operator.row().scope == Scope::Items;
    for each in [json(r#""all""#), json(r#""any""#), json(r#""none""#), json("1")] {
        let suite = some(of_items, &[("each", each.clone())]);
        let report = run(&suite, r#"{"value": []}"#);
        for &operator in Operator::ALL.iter().filter(|operator| of_items(**operator)) {
            let (status, message) = told(&suite, &report, &id(operator));
            assert_eq!(status, Status::Failed, "{operator} with {each}");
            assert!(message.contains("the array is empty"), "{operator}: {message}");
        }
    }
}
