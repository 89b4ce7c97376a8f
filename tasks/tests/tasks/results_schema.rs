//! The published JSON Schema of results: what is written fits it.

use scouter_engine::{ErrorKind, NodeError, Outcome, Output, Position, SkipReason};
use scouter_providers::chat::{ChatReply, LogProb};
use scouter_providers::layers::Used;
use scouter_tasks::call::Call;
use scouter_tasks::measured::Measured;
use scouter_tasks::result::Results;
use scouter_tasks::value::Value;
use serde_json::Value as Json;

use crate::support::{evaluate, row, suite};

fn problems(results: &Json) -> Vec<String> {
    let schema: Json =
        serde_json::from_str(include_str!("../../../docs/reference/results.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    validator.iter_errors(results).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// Results with every status and reason there is.
fn every_form() -> Json {
    let suite = suite(
        "
- {task_type: Assertion, id: gate, context_path: reply, operator: IsNotEmpty, condition: true}
- {task_type: Assertion, id: right, context_path: answer, operator: Equals, expected_value: '${truth}', depends_on: [gate]}
- {task_type: TraceAssertion, id: quick, assertion: TraceDuration, operator: LessThan, expected_value: 1}
- {task_type: Assertion, id: after, operator: Exists, depends_on: [quick]}
",
    );
    let judged = [
        ("passed", r#"{"reply": "é", "answer": 1180591620717411303424, "truth": 1180591620717411303424}"#),
        ("", r#"{"reply": "", "answer": [1, {"a": null}], "truth": 2}"#),
    ];
    let mut rows = evaluate(&suite, &judged).rows().to_vec();
    let by = Position::new(0);
    let errored = NodeError::of(ErrorKind::Panicked, "answer").with_detail("Traceback …");
    let log_probs = vec![LogProb { token: "4".to_owned(), log_prob: -0.5 }];
    let call = Call::new("openai", ChatReply { log_probs, ..ChatReply::of_text("m", "4") });
    let value = Output { value: Measured::of(Value::Int(1)).with_call(call), verdict: None };
    let of_errors = [Outcome::Errored(errored), Outcome::Cancelled, Outcome::Done(value), Outcome::Cancelled];
    rows.push(row(None, 8, of_errors.into()));
    let skips = [SkipReason::UpstreamErrored { by }, SkipReason::UpstreamSkipped { by }];
    let skips = skips.into_iter().chain([SkipReason::GateClosed { by }; 2]).map(Outcome::Skipped);
    rows.push(row(Some("skipped"), 9, skips.collect()));
    let mut results = Results::new(suite.tasks.clone(), rows, true);
    results.stopped = Some("failed to get an answer".to_owned());
    results.used = Some(Used { calls: 1, tokens: 12, ..Used::default() });
    serde_json::from_str(&results.to_value().to_string()).unwrap()
}

#[test]
fn results_of_every_form_fit_the_published_schema() {
    assert_eq!(problems(&every_form()), [""; 0]);
}

#[test]
fn files_from_before_the_plan_was_written_fit_it_too() {
    let mut results = every_form();
    for task in results["tasks"].as_array_mut().unwrap() {
        assert!(task.as_object_mut().unwrap().remove("depends_on").is_some());
    }
    assert_eq!(problems(&results), [""; 0]);
}

#[test]
fn what_the_reader_would_not_understand_does_not_fit() {
    for (place, wrong) in [
        ("/version", "2"),
        ("/cancelled", "null"),
        ("/tasks/0/stage", "-1"),
        ("/tasks/1/depends_on", r#"["gate", 1]"#),
        ("/records/0/uid", r#""mine""#),
        ("/records/0/outcomes/0/status", r#""maybe""#),
        ("/records/0/outcomes/0/message", "null"),
        ("/records/2/outcomes/0/kind", r#""bored""#),
        ("/records/2/outcomes/2/call/origin", r#""a friend""#),
        ("/records/3/outcomes/0/by", r#""gate""#),
        ("/records/2/outcomes/2/call/log_probs/0", r#"["4"]"#),
        ("/used/calls", "-1"),
    ] {
        let mut results = every_form();
        *results.pointer_mut(place).unwrap() = serde_json::from_str(wrong).unwrap();
        assert!(!problems(&results).is_empty(), "{place} may not be {wrong}");
    }
}
