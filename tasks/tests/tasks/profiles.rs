//! Profiles of evaluations: documents that come back as they were, and run what a dataset runs.

use std::sync::Arc;

use scouter_drift::custom::{AlertCondition, AlertThreshold};
use scouter_tasks::profile::{
    Dispatch, DocumentError, EvalTasks, FORMAT, GenAIAlertConfig, GenAIConfig, GenAIProfile, RateCondition,
    SampleRatio, read, write,
};
use scouter_tasks::result::plan_text;
use scouter_tasks::suite::{Kinds, compile, entry, read_entries};
use scouter_tasks::task::{Head, Task};
use scouter_tasks::value::{Map, Value, from_saved_json, to_json};

use crate::origins::Fields;
use crate::support::{evaluate, json, read as tasks, suite};

/// Written by `tests/golden/genai_profile_1.py`.
const GOLDEN: &str = include_str!("../../../tests/golden/genai_profile_1.json");

fn golden() -> Value {
    from_saved_json(GOLDEN).unwrap()
}

fn profile(document: &Value) -> GenAIProfile {
    read(document).unwrap_or_else(|error| panic!("{error}"))
}

/// The golden document with another value at a path of keys.
fn with(keys: &[&str], value: Value) -> Value {
    fn set(at: &Value, keys: &[&str], value: Value) -> Value {
        let Some((key, rest)) = keys.split_first() else { return value };
        let own = set(at.get(key).unwrap_or(&Value::Null), rest, value);
        let map = at.as_map().into_iter().flat_map(Map::iter).filter(|(name, _)| name.as_str() != *key);
        let map = map.map(|(name, value)| (name.clone(), value.clone()));
        Value::map(map.chain([((*key).into(), own)]))
    }
    set(&golden(), keys, value)
}

#[track_caller]
fn damaged(keys: &[&str], value: &str, part: &str) {
    let error = read::<GenAIProfile>(&with(keys, json(value))).unwrap_err().to_string();
    assert!(error.starts_with("it is damaged: ") && error.contains(part), "{error}");
}

#[test]
fn a_profile_that_was_kept_is_read_and_written_as_it_was() {
    let written = write(&profile(&golden())).unwrap();
    assert!(written.is_same(&golden()), "{written}");
}

#[test]
fn numbers_of_tasks_come_back_exactly() {
    let text = to_json(&write(&profile(&golden())).unwrap());
    assert!(text.contains("1180591620717411303424") && text.contains("0.10e0"), "{text}");
    assert_eq!(profile(&from_saved_json(&text).unwrap()), profile(&golden()));
}

#[test]
fn what_a_server_needs_is_there() {
    let GenAIConfig { identity, sample_ratio, alert_config } = profile(&golden()).config;
    assert_eq!((identity.space.as_str(), identity.name.as_str()), ("production", "support_agent"));
    assert_eq!(identity.uid, "0195a5c0-0000-7000-8000-000000000001");
    assert_eq!(sample_ratio, SampleRatio::new(0.1).unwrap());
    assert_eq!(alert_config.schedule.as_str(), "0 */6 * * *");
    assert_eq!(alert_config.dispatch_config, Dispatch::Slack { channel: "#ml-alerts".to_owned() });
    let condition = alert_config.alert_condition.unwrap().get();
    assert!(condition.should_alert(0.74) && !condition.should_alert(0.76));
}

#[test]
fn what_is_not_said_has_its_usual_value() {
    let document = json(r#"{"format": 1, "kind": "genai_eval_config", "name": "agent"}"#);
    let config: GenAIConfig = read(&document).unwrap();
    assert_eq!(config.sample_ratio, SampleRatio::ALL);
    assert_eq!(config.alert_config, GenAIAlertConfig::default());
    assert_eq!(config.alert_config.alert_condition, None);
}

const TASKS: &str = "
- {task_type: Assertion, id: answered, context_path: reply, operator: IsNotEmpty, condition: true}
- {task_type: Assertion, id: short, context_path: reply, operator: HasLengthLessThan, expected_value: 10, depends_on: [answered]}
";

#[test]
fn a_profile_has_the_plan_of_a_dataset_and_comes_to_the_same() {
    let kept = EvalTasks::new(&tasks(TASKS).unwrap()).unwrap();
    let plain = suite(TASKS);
    let kept = kept.suite().unwrap();
    assert_eq!(plan_text(kept), plan_text(&plain));
    let records =
        [("a", r#"{"reply": "yes"}"#), ("b", r#"{"reply": ""}"#), ("c", r#"{"reply": "much too long"}"#)];
    let [on_profile, on_dataset] = [kept, &plain].map(|suite| evaluate(suite, &records).to_value());
    assert!(on_profile.is_same(&on_dataset), "{on_profile}");
}

#[test]
fn the_tasks_stand_in_it_as_in_a_task_file() {
    let specs = tasks(TASKS).unwrap();
    let entries: Vec<Value> = specs.iter().map(|task| entry(task.as_ref()).unwrap()).collect();
    let document = with(&["tasks"], Value::list(entries.clone()));
    assert!(write(&profile(&document)).unwrap().get("tasks").unwrap().is_same(&Value::list(entries.clone())));
    let again = read_entries(&entries, &Kinds::default()).unwrap();
    let again = again.iter().map(|task| entry(task.as_ref()).unwrap());
    assert!(Value::list(again).is_same(&Value::list(entries)));
}

#[test]
fn a_later_format_says_so() {
    let later = FORMAT + 1;
    let error = read::<GenAIProfile>(&with(&["format"], Value::Int(later))).unwrap_err();
    assert_eq!(error, DocumentError::Newer(later));
}

#[test]
fn another_kind_says_so() {
    let error = read::<GenAIConfig>(&golden()).unwrap_err().to_string();
    assert_eq!(error, "it is a `genai_eval_profile`, not a `genai_eval_config`");
}

#[test]
fn every_member_that_is_damaged_is_told() {
    damaged(&["config", "sample_ratio"], "1.5", "`sample_ratio` is `1.5`: it must be from 0 to 1");
    damaged(&["config", "sample_ratio"], "NaN", "`sample_ratio` is `NaN`");
    damaged(&["config", "sample_ratio"], "-0.1", "`sample_ratio` is `-0.1`");
    damaged(&["config", "sample_ratio"], r#""half""#, "half");
    damaged(&["config", "alert_config", "schedule"], r#""daily""#, "read `daily` as a cron expression");
    damaged(&["config", "alert_config", "dispatch_config"], r#""Pager""#, "Pager");
    let condition = ["config", "alert_config", "alert_condition"];
    let at = |key| [&condition[..], &[key]].concat();
    damaged(&at("baseline_value"), "80", "`baseline_value` is `80`: a pass rate is from 0 to 1");
    damaged(&at("baseline_value"), "NaN", "`baseline_value` is `NaN`");
    damaged(&at("delta"), "-0.05", "`delta` is `-0.05`");
    damaged(&at("alert_threshold"), r#""Under""#, "Under");
    damaged(&["config", "uid"], "7", "expected a string");
    damaged(&["config"], "null", "expected");
    damaged(&["alias"], "7", "expected a string");
    damaged(&["scouter_version"], "null", "expected a string");
    damaged(&["tasks"], "null", "expected a sequence");
}

#[test]
fn tasks_that_are_damaged_are_named() {
    damaged(&["tasks"], "[7]", "task `#0`: expected an object, got a number");
    damaged(&["tasks"], r#"[{"id": "a"}]"#, "task `a`, field `task_type`: missing");
    damaged(&["tasks"], r#"[{"id": "a", "task_type": "Asertion"}]"#, "did you mean `Assertion`?");
}

#[test]
fn tasks_that_do_not_run_are_read_as_they_were_stored_and_say_why_they_do_not() {
    let broken = r#"[
        {"task_type": "Assertion", "id": "a", "operator": "Exists", "depends_on": ["b", "nobody"]},
        {"task_type": "Assertion", "id": "b", "operator": "MatchesRegex", "expected_value": "("}
    ]"#;
    for (tasks, problems) in [
        ("[]", &["there are no tasks: give at least one"][..]),
        (broken, &["task `a`, field `depends_on`: ", "task `b`, field `expected_value`: "]),
    ] {
        let document = with(&["tasks"], json(tasks));
        let read = profile(&document);
        assert_eq!(profile(&write(&read).unwrap()), read);
        let told = read.tasks.suite().unwrap_err().to_string();
        assert!(problems.iter().all(|problem| told.contains(problem)), "{told}");
        assert!(EvalTasks::new(read.tasks.specs()).is_err());
    }
}

#[test]
fn a_prompt_that_stands_in_another_file_is_refused() {
    let judge =
        r#"[{"task_type": "LLMJudge", "id": "a", "operator": "Exists", "prompt": {"path": "prompt.yaml"}}]"#;
    damaged(
        &["tasks"],
        judge,
        "task `a`, field `prompt`: `prompt.yaml` is beside a file, and this text stands in none",
    );
}

#[test]
fn a_task_that_looks_at_all_records_is_refused() {
    let baseline = r#"{"format": 1, "kind": "custom_drift_profile", "scouter_version": "0.1.0", "config": {}, "custom_metrics": [
        {"format": 1, "name": "n", "alert_condition": {"baseline_value": 1.0, "alert_threshold": "Below", "delta": null}}
    ]}"#;
    let drift = format!("- {{task_type: Drift, id: Moved, baseline: {baseline}}}");
    let error = EvalTasks::new(&tasks(&drift).unwrap()).unwrap_err();
    let told = &error.problems[0];
    assert_eq!(told.task.as_deref(), Some("moved"));
    assert!(told.message.starts_with("it looks at all records at once"), "{error}");
}

#[test]
fn a_task_that_lives_in_code_alone_is_refused_with_all_else_that_is_wrong() {
    let in_code: Arc<dyn Task> = Arc::new(Fields(Head::new("mine")));
    let mut all =
        tasks("- {task_type: Assertion, id: a, operator: MatchesRegex, expected_value: '('}").unwrap();
    all.push(in_code.clone());
    assert!(compile(&[in_code]).is_ok(), "a dataset takes it");
    let named: Vec<_> =
        EvalTasks::new(&all).unwrap_err().problems.into_iter().filter_map(|problem| problem.task).collect();
    assert_eq!(named, ["mine", "a"]);
}

#[test]
fn a_condition_of_a_pass_rate_is_a_share() {
    let of = |baseline_value, delta| {
        RateCondition::new(AlertCondition { baseline_value, alert_threshold: AlertThreshold::Below, delta })
    };
    assert!(of(0.0, None).is_ok() && of(1.0, Some(1.0)).is_ok());
    assert!(of(1.01, None).is_err() && of(-0.01, None).is_err());
    assert!(of(0.5, Some(-0.1)).is_err() && of(0.5, Some(f64::INFINITY)).is_err());
}
