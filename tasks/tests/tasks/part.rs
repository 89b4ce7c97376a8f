//! Some of the tasks of a run, as if there had been no others.

use scouter_engine::Position;
use scouter_tasks::result::{Results, Status, message};

use crate::support::{evaluate, suite};

/// `first`, two tasks behind it, and `last` behind these.
const CHAIN: &str = "
- {task_type: Assertion, id: first, context_path: a, operator: Equals, expected_value: 1, condition: true}
- {task_type: Assertion, id: inner, context_path: b, operator: Equals, expected_value: 1, depends_on: [first], condition: true}
- {task_type: Assertion, id: other, context_path: b, operator: Equals, expected_value: 1, depends_on: [first]}
- {task_type: Assertion, id: last, context_path: b, operator: Equals, expected_value: 1, depends_on: [first, inner, other]}
";

fn first_and_last(context: &str) -> Results {
    evaluate(&suite(CHAIN), &[("0", context)]).only(&["first".to_owned(), "last".to_owned()])
}

#[test]
fn tasks_that_are_left_out_are_neither_shown_nor_counted() {
    let results = first_and_last(r#"{"a": 1, "b": 1}"#);
    let ids: Vec<&str> = results.tasks().iter().map(|task| task.id.as_str()).collect();
    assert_eq!(ids, ["first", "last"]);
    assert_eq!(results.rows()[0].outcomes.len(), 2);
    assert_eq!((results.counts().of(Status::Passed), results.counts().counted()), (1, 1));
}

#[test]
fn a_task_depends_on_what_is_left_of_those_above_it() {
    let results = first_and_last(r#"{"a": 1, "b": 1}"#);
    let last = &results.tasks()[1];
    assert_eq!((last.stage, &last.depends_on[..]), (2, &[Position::new(0)][..]));
}

#[test]
fn a_task_that_was_skipped_names_the_same_cause() {
    let results = first_and_last(r#"{"a": 2, "b": 1}"#);
    let (last, outcome) = (&results.tasks()[1], &results.rows()[0].outcomes[1]);
    assert_eq!(Status::of(outcome), Status::Skipped);
    assert_eq!(message(results.tasks(), outcome, last), "the gate `first` did not pass");
}
