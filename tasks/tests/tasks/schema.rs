//! The published JSON Schema of task files: what it admits is what the reader admits.

use std::fs;
use std::path::{Path, PathBuf};

use scouter_tasks::suite::{Format, Kinds, read_text, schema};
use serde_json::{Value as Json, json};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn admits(file: &Json) -> Result<(), String> {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let errors: Vec<String> = validator.iter_errors(file).map(|error| error.to_string()).collect();
    if errors.is_empty() { Ok(()) } else { Err(errors.join("\n")) }
}

fn task(fields: &Json) -> Json {
    let mut task = json!({"task_type": "Assertion", "id": "a", "operator": "Exists"});
    let own = task.as_object_mut().unwrap();
    for (key, value) in fields.as_object().unwrap() {
        own.insert(key.clone(), value.clone());
    }
    json!({"tasks": [task]})
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the switch that renews the file is for this test alone")]
fn the_published_schema_is_up_to_date() {
    let path = root().join("docs/reference/task-file.schema.json");
    let text = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    if std::env::var("SCOUTER_UPDATE").is_ok_and(|value| value == "1") {
        fs::write(&path, &text).unwrap();
    }
    let published = fs::read_to_string(&path).unwrap_or_default();
    assert!(published == text, "docs/reference/task-file.schema.json is stale: run `just docs`");
}

#[test]
fn the_suite_of_an_example_is_admitted() {
    let text = fs::read_to_string(root().join("examples/gsm8k_regression/suite.yaml")).unwrap();
    assert_eq!(admits(&serde_saphyr::from_str(&text).unwrap()), Ok(()));
    assert!(read_text(&text, Format::Yaml, &Kinds::default()).is_ok());
}

#[test]
fn every_trace_assertion_and_filter_is_admitted() {
    let filters = json!([
        {"ByName": {"name": "a"}}, {"ByNamePattern": {"pattern": "a.*"}}, {"WithAttribute": {"key": "k"}},
        {"WithAttributeValue": {"key": "k", "value": [1]}}, {"WithStatus": {"status": "Error"}},
        {"WithDuration": {"min_ms": 1, "max_ms": null}}, {"Sequence": {"names": ["a", "b"]}},
        {"Or": {"filters": [{"Not": {"filter": {"ByName": {"name": "a"}}}}]}},
        {"HasAncestor": {"filter": {"ByName": {"name": "a"}}}}, {"HasDescendant": {"filter": {"ByName": {"name": "a"}}}},
        {"ChildCount": {"min": 1}}, {"Depth": {"max": 2}}
    ]);
    let filter = json!({"And": {"filters": filters}});
    let assertions = [
        json!({"SpanSequence": {"span_names": ["a"]}}),
        json!({"SpanSet": {"span_names": ["a"]}}),
        json!({"SpanCount": {"filter": filter}}),
        json!({"SpanExists": {"filter": filter}}),
        json!({"SpanAttribute": {"filter": filter, "attribute_key": "k"}}),
        json!({"SpanDuration": {"filter": filter}}),
        json!({"SpanAggregation": {"filter": filter, "attribute_key": "k", "aggregation": "Sum"}}),
        json!({"TraceDuration": {}}),
        json!({"TraceSpanCount": {}}),
        json!({"TraceErrorCount": {}}),
        json!({"TraceServiceCount": {}}),
        json!({"TraceMaxDepth": {}}),
        json!({"TraceAttribute": {"attribute_key": "k"}}),
        json!({"ToolCalls": {"expected": [{"name": "a", "arguments": {"x": 1}}], "mode": "Superset", "arguments": "Partial"}}),
    ];
    let entries = assertions.into_iter().zip(1..).map(|(assertion, number)| {
        json!({"task_type": "TraceAssertion", "id": format!("t{number}"), "operator": "Exists", "assertion": assertion})
    });
    let file = json!({ "tasks": entries.collect::<Vec<_>>() });
    assert_eq!(admits(&file), Ok(()));
    assert!(read_text(&file.to_string(), Format::Json, &Kinds::default()).is_ok());
}

#[test]
fn every_form_of_each_is_admitted_and_no_other() {
    for each in [json!("all"), json!("any"), json!("none"), json!(3)] {
        assert_eq!(admits(&task(&json!({ "each": each }))), Ok(()));
    }
    for each in [json!("some"), json!(0), json!(1.5)] {
        assert!(admits(&task(&json!({ "each": each }))).is_err(), "{each}");
    }
}

#[test]
fn what_the_reader_refuses_the_schema_refuses() {
    for fields in [
        json!({"expected": 1}),
        json!({"operator": "Equal"}),
        json!({"task_type": "Asertion"}),
        json!({"condition": "yes"}),
        json!({"id": 5}),
        json!({"assertion": {"TraceDuration": {}}}),
        json!({"task_type": "TraceAssertion", "assertion": {"SpanCount": {"filter": {"ByName": {"nme": "a"}}}}}),
    ] {
        let file = task(&fields);
        assert!(admits(&file).is_err(), "{file}");
        assert!(read_text(&file.to_string(), Format::Json, &Kinds::default()).is_err(), "{file}");
    }
    assert!(admits(&json!({"tasks": [], "other": 1})).is_err());
}

fn judge(output_type: &Json, more: &Json) -> Json {
    let prompt = json!({"model": "m", "provider": "openai", "messages": "${first} ${second}", "output_type": output_type});
    let mut judge = json!({"task_type": "LLMJudge", "id": "j", "operator": "Exists", "prompt": prompt});
    for (key, value) in more.as_object().unwrap() {
        judge.as_object_mut().unwrap().insert(key.clone(), value.clone());
    }
    json!({"tasks": [judge]})
}

#[test]
fn every_form_of_a_judge_is_admitted() {
    let juror = json!({"provider": "gemini", "model": "m", "settings": {"temperature": 0}, "base_url": "http://localhost"});
    let counts =
        json!({"true_passes": 9, "false_fails": 1, "false_passes": 2, "true_fails": 8, "least_kappa": 0.5});
    for (output_type, more) in [
        (json!("Score"), json!({"jury": ["anthropic/claude", juror], "combine": "mean"})),
        (json!("Preference"), json!({"pair": {"new": "a.b", "old": "c"}, "seed": 3})),
        (json!({"rubric": {"a": "x", "b": {"description": "y", "weight": 2}}, "scale": [0, 9]}), json!({})),
        (json!({"labels": ["a", "b"]}), json!({"calibration": counts})),
        (json!({"labels": {"a": "x", "b": null}}), json!({})),
    ] {
        let file = judge(&output_type, &more);
        assert_eq!(admits(&file), Ok(()));
        assert!(read_text(&file.to_string(), Format::Json, &Kinds::default()).is_ok(), "{file}");
    }
}

#[test]
fn forms_of_a_judge_that_the_reader_refuses_the_schema_refuses() {
    for (output_type, more) in [
        (json!("Score"), json!({"jury": ["claude"]})),
        (json!("Score"), json!({"jury": [{"model": "m"}]})),
        (json!("Score"), json!({"combine": "median"})),
        (json!("Preference"), json!({"pair": {"new": "a"}})),
        (json!("Preference"), json!({"seed": -1})),
        (json!("Preferenc"), json!({})),
        (json!({"labels": ["a"]}), json!({})),
        (json!({"rubric": {}}), json!({})),
        (json!("Score"), json!({"calibration": {"true_passes": 9, "least_kappa": 0.5}})),
    ] {
        let file = judge(&output_type, &more);
        assert!(admits(&file).is_err(), "{file}");
        assert!(read_text(&file.to_string(), Format::Json, &Kinds::default()).is_err(), "{file}");
    }
}
