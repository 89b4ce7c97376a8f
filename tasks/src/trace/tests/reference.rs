//! The examples of the reference page, read and compiled.

use std::collections::HashSet;

use serde::Deserialize;

use crate::trace::TraceAssertion;
use crate::value::Value;

const PAGE: &str = include_str!("../../../../docs/reference/trace-assertions.md");

/// A task as a file has it, no more than the examples use.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    task_type: String,
    id: String,
    assertion: TraceAssertion,
    operator: String,
    #[serde(rename = "expected_value")]
    _expected_value: Value,
}

fn examples() -> Vec<Example> {
    let blocks = PAGE.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks
        .map(|yaml| serde_saphyr::from_str(yaml).unwrap_or_else(|error| panic!("{yaml}: {error}")))
        .collect()
}

#[test]
fn every_example_compiles() {
    for task in examples() {
        assert_eq!(task.task_type, "TraceAssertion");
        assert!(task.operator.starts_with(|first: char| first.is_ascii_uppercase()), "{}", task.operator);
        task.assertion.compile().unwrap_or_else(|mistakes| panic!("{}: {mistakes:?}", task.id));
    }
}

#[test]
fn every_measure_and_every_filter_has_an_example() {
    let shown = examples().into_iter().map(|task| task.assertion).collect::<Vec<_>>();
    let shown = format!("{shown:?}");
    let shown: HashSet<&str> = shown.split(|letter: char| !letter.is_alphanumeric()).collect();
    let schema = schemars::schema_for!(TraceAssertion);
    let filters = &schema.get("$defs").unwrap()["SpanFilter"]["oneOf"];
    let kinds = [schema.get("oneOf").unwrap(), filters];
    for kind in kinds.into_iter().flat_map(|kinds| kinds.as_array().unwrap()) {
        let name = kind["properties"].as_object().unwrap().keys().next().unwrap();
        assert!(shown.contains(name.as_str()), "no example of {name}");
    }
}
