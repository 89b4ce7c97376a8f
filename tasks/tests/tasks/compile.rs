//! Errors of configuration: all of them at once, each with its task and field, before anything runs.

use std::sync::Arc;

use scouter_tasks::operator::Operator;
use scouter_tasks::suite::compile;
use scouter_tasks::task::{AssertionSpec, Each, Head, Task};

use crate::support::{problems, run, suite, told};

/// The only problem of a suite.
fn problem(yaml: &str) -> (String, String, String) {
    let mut all = problems(yaml);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

/// A list of tasks that check nothing in particular: each id with what it depends on.
fn graph(tasks: &[(&str, &str)]) -> String {
    let task = |(id, depends_on): &(&str, &str)| {
        format!("- {{task_type: Assertion, id: {id}, operator: Exists, depends_on: [{depends_on}]}}\n")
    };
    tasks.iter().map(task).collect()
}

#[test]
fn every_problem_is_told_at_once_with_task_and_field() {
    let all = problems(
        "
- {task_type: Assertion, id: path, context_path: 'a..b', operator: Exists}
- {task_type: Assertion, id: pattern, operator: Matches, expected_value: '(?=x)', item_context_path: 'x['}
- {task_type: Assertion, id: template, operator: Equals, expected_value: ['${', '${a..b}']}
- {task_type: Assertion, id: lost, operator: Exists, depends_on: [pattren]}
- {task_type: Assertion, id: path, operator: GreaterThan, expected_value: []}
- task_type: TraceAssertion
  id: trace
  operator: InRange
  expected_value: [2, 1]
  assertion: {SpanCount: {filter: {ByNamePattern: {pattern: '('}}}}
",
    );
    let places: Vec<(&str, &str)> = all.iter().map(|(task, field, _)| (&**task, &**field)).collect();
    assert_eq!(
        places,
        [
            ("path", "context_path"),
            ("path", "expected_value"),
            ("path", "id"),
            ("pattern", "item_context_path"),
            ("pattern", "expected_value"),
            ("template", "expected_value"),
            ("template", "expected_value"),
            ("lost", "depends_on"),
            ("trace", "assertion.filter.pattern"),
            ("trace", "expected_value"),
        ],
        "{all:#?}"
    );
    assert!(all[7].2.contains("did you mean `pattern`?"), "{}", all[7].2);
}

#[test]
fn a_path_deeper_than_any_value_is_refused_wherever_it_stands() {
    let deep = format!("a{}", ".a".repeat(200_000));
    let all = problems(&format!(
        "- {{task_type: Assertion, id: a, operator: Equals, context_path: '{deep}', item_context_path: '$.{deep}', expected_value: '${{{deep}}}'}}"
    ));
    let fields: Vec<&str> = all.iter().map(|(_, field, _)| field.as_str()).collect();
    assert_eq!(fields, ["context_path", "item_context_path", "expected_value"]);
    assert!(all.iter().all(|(.., message)| message.contains("more than 256 steps")), "{all:?}");
}

#[test]
fn no_tasks_are_an_error() {
    let (task, _, message) = problem("  []");
    assert_eq!((task.as_str(), message.as_str()), ("", "there are no tasks: give at least one"));
}

#[test]
fn a_cycle_is_shown_as_its_path() {
    let (task, field, message) = problem(&graph(&[("a", "c"), ("b", "a"), ("c", "b")]));
    assert_eq!((task.as_str(), field.as_str()), ("a", "depends_on"));
    assert_eq!(message, "`a` depends on itself: a → c → b → a");
}

#[test]
fn a_task_that_depends_on_itself_is_a_cycle_of_one() {
    let (_, _, message) = problem(&graph(&[("a", "a")]));
    assert_eq!(message, "`a` depends on itself: a → a");
}

#[test]
fn an_unknown_dependency_is_not_a_cycle_and_offers_the_nearest_id() {
    let (task, field, message) = problem(&graph(&[("not_empty", ""), ("b", "not_emtpy")]));
    assert_eq!((task.as_str(), field.as_str()), ("b", "depends_on"));
    assert_eq!(message, "`b` depends on `not_emtpy`, which does not exist; did you mean `not_empty`?");
}

#[test]
fn ids_that_differ_in_case_alone_are_duplicates() {
    let (task, field, message) = problem(&graph(&[("Check", ""), ("CHECK", "")]));
    assert_eq!((task.as_str(), field.as_str()), ("check", "id"));
    assert_eq!(message, "the id `check` is used more than once");
}

#[test]
fn dependencies_are_as_blind_to_case_as_ids() {
    let suite = suite(&graph(&[("Gate", ""), ("b", "GATE")]));
    assert_eq!(suite.plan.nodes[1].parents.len(), 1);
}

#[test]
fn tasks_from_code_are_as_blind_to_case_as_those_from_files() {
    let task = |id: &str, depends_on: &[&str]| -> Arc<dyn Task> {
        let depends_on = depends_on.iter().map(|&name| name.to_owned()).collect();
        let head = Head { id: id.to_owned(), depends_on, ..Head::default() };
        Arc::new(AssertionSpec {
            head,
            context_path: None,
            item_context_path: None,
            operator: Operator::Exists,
            expected_value: None,
            each: Each::All,
        })
    };
    assert!(compile(&[task("Gate", &[]), task("B", &["GATE"])]).is_ok());
    let error = compile(&[task("A", &[]), task("a", &[])]).unwrap_err();
    assert_eq!(error.problems[0].task.as_deref(), Some("a"));
}

#[test]
fn an_empty_id_is_refused() {
    assert_eq!(problem(&graph(&[("' '", "")])).1, "id");
}

#[test]
fn patterns_that_cannot_be_compiled_are_found_before_anything_runs() {
    for (pattern, part) in [
        ("(a", "unclosed group"),
        ("(?!secret)", "look-ahead"),
        (r"(a)\\1", "back-references"),
        (r"\\w{1000}{1000}", "more than 10485760 bytes"),
    ] {
        let yaml =
            format!("- {{task_type: Assertion, id: a, operator: Matches, expected_value: \"{pattern}\"}}");
        let (_, field, message) = problem(&yaml);
        assert_eq!(field, "expected_value");
        assert!(message.contains(part), "{pattern}: {message}");
    }
}

#[test]
fn a_pattern_from_the_record_that_does_not_compile_errors_its_task_alone() {
    let suite = suite(
        "
- {task_type: Assertion, id: pattern, context_path: text, operator: Matches, expected_value: '${pattern}'}
- {task_type: Assertion, id: other, context_path: text, operator: Equals, expected_value: x}
",
    );
    let report = run(&suite, r#"{"text": "x", "pattern": "("}"#);
    let (status, message) = told(&suite, &report, "pattern");
    assert_eq!(status.as_str(), "errored");
    assert!(message.starts_with("failed to use the expected value `\"(\"`"), "{message}");
    assert_eq!(told(&suite, &report, "other").0.as_str(), "passed");
}

#[test]
fn the_error_of_a_suite_reads_as_a_list() {
    let error = crate::support::read(
        "
- {task_type: Assertion, id: a, operator: Equal}
- {task_type: Assertion, id: b, operator: Equals, depend_on: [a]}
",
    )
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "2 problems:\n  - task `a`, field `operator`: unknown operator `Equal`, did you mean `Equals`?\n  \
         - task `b`, field `depend_on`: unknown field `depend_on`; did you mean `depends_on`?"
    );
}
