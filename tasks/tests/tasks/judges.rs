//! Judges: what they ask, and what becomes of the reply.

use std::sync::Arc;

use scouter_engine::{Cancel, Outcome, Report, RunCx};
use scouter_providers::chat::{ChatModel, ChatReply, ChatRequest};
use scouter_providers::layers::Budget;
use scouter_providers::{CallError, ErrorKind, ScriptedModel};
use scouter_tasks::call::Origin;
use scouter_tasks::measured::Measured;
use scouter_tasks::models::{ModelOptions, Models};
use scouter_tasks::result::{Results, Status};
use scouter_tasks::subject::Subject;
use scouter_tasks::suite::Suite;
use scouter_tasks::value::Value;

use crate::support::{json, problems, row, suite, told};

const JUDGE: &str = "
- task_type: LLMJudge
  id: quality
  prompt: {model: m, provider: openai, messages: 'Rate ${response}.', output_type: Score}
  context_path: score
  operator: GreaterThanOrEqual
  expected_value: 4
";

fn scored(score: i64) -> ChatReply {
    ChatReply::of_text("m", format!(r#"{{"reason": "because", "score": {score}}}"#))
}

struct Run {
    report: Report<Measured>,
    cancel: Cancel,
    models: Arc<Models>,
}

fn run(suite: &Suite, model: Arc<ScriptedModel>, context: &str, options: ModelOptions) -> Run {
    let options = ModelOptions { instead: Some(model as Arc<ChatModel>), ..options };
    let cancel = Cancel::default();
    let models = Models::open(suite, &options, false, &cancel).unwrap().unwrap();
    let subject = Subject { models: Some(models.clone()), ..Subject::new(&suite.reads, &json(context)) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let cx = RunCx { cancel: cancel.clone(), ..RunCx::default() };
    let mut report = runtime.block_on(scouter_engine::run(&suite.graph, &subject, &cx));
    suite.trim(&mut report);
    Run { report, cancel, models }
}

fn replies(replies: impl IntoIterator<Item = Result<ChatReply, CallError>>) -> Arc<ScriptedModel> {
    Arc::new(ScriptedModel::replies(replies))
}

fn said(request: &ChatRequest) -> &str {
    request.messages[0].as_text().unwrap()
}

#[test]
fn the_score_is_judged_and_the_reason_told() {
    let suite = suite(JUDGE);
    let model = replies([Ok(scored(3))]);
    let done = run(&suite, model.clone(), r#"{"response": "yes"}"#, ModelOptions::default());
    assert_eq!(said(&model.asked()[0]), "Rate yes.");
    let (status, message) = told(&suite, &done.report, "quality");
    assert_eq!(status, Status::Failed);
    assert!(message.starts_with("`score`: ") && message.ends_with("; the reason: because"), "{message}");
    let measured = &done.report.outcomes[0].output().unwrap().value;
    assert_eq!(*measured.actual(), Value::Int(3));
    assert_eq!(*measured.output(), json(r#"{"reason": "because", "score": 3}"#));
    assert_eq!(measured.call().unwrap().origin, Origin::Live);
}

#[test]
fn results_with_a_call_are_read_as_they_were_written() {
    let suite = suite(JUDGE);
    let done = run(&suite, replies([Ok(scored(5))]), r#"{"response": "yes"}"#, ModelOptions::default());
    let results = Results::new(suite.tasks.clone(), vec![row(None, 1, done.report.outcomes)], false);
    let again = Results::from_value(&json(&results.to_value().to_string())).unwrap();
    assert_eq!(again.to_value(), results.to_value());
    assert_eq!(again.spending().calls, 1);
}

#[test]
fn a_key_that_is_not_accepted_stops_the_run() {
    let suite = suite(&format!(
        "{JUDGE}- {{task_type: Assertion, id: there, context_path: response, operator: Exists}}\n"
    ));
    let refused = Err(CallError::new(ErrorKind::Unauthorized, "openai", "no such key"));
    let done = run(&suite, replies([refused]), r#"{"response": "yes"}"#, ModelOptions::default());
    assert!(done.cancel.is_cancelled());
    assert_eq!(done.models.stopped().map(CallError::kind), Some(ErrorKind::Unauthorized));
    assert!(matches!(done.report.outcomes[0], Outcome::Errored(_)));
    assert_eq!(told(&suite, &done.report, "there").0, Status::Passed);
}

#[test]
fn a_budget_that_is_used_up_stops_the_run() {
    let second = JUDGE.replace("id: quality", "id: again") + "  depends_on: [quality]\n";
    let suite = suite(&format!("{JUDGE}{second}"));
    let budget = Some(Budget { calls: Some(1), ..Budget::default() });
    let options = ModelOptions { budget, ..ModelOptions::default() };
    let done = run(&suite, replies([Ok(scored(5)), Ok(scored(5))]), r#"{"response": "yes"}"#, options);
    assert!(done.cancel.is_cancelled());
    assert_eq!(told(&suite, &done.report, "quality").0, Status::Passed);
    assert!(told(&suite, &done.report, "again").1.contains("the budget of calls is used up"));
}

#[test]
fn a_raw_reply_is_kept_where_it_is_of_no_use() {
    let suite = suite(JUDGE);
    let model = replies([Ok(ChatReply::of_text("m", "none")), Ok(ChatReply::of_text("m", "still none"))]);
    let done = run(&suite, model, r#"{"response": "yes"}"#, ModelOptions::default());
    let Outcome::Errored(error) = &done.report.outcomes[0] else { panic!("{:?}", done.report) };
    assert_eq!(error.detail(), Some("still none"));
}

#[test]
fn what_is_wrong_with_a_prompt_is_told_with_its_task() {
    let wrong = |from: &str, to: &str| problems(&JUDGE.replace(from, to));
    let of = |field: &str| ("quality".to_owned(), field.to_owned());
    for (from, to, field, why) in [
        ("provider: openai, ", "", "prompt", "say whose model it is"),
        ("Rate ${response}.", "Rate ${response.", "prompt", "write `$${`"),
        ("output_type: Score", "output_type: {name: x, schema: {type: strng}}", "prompt", "output_type"),
        ("context_path: score", "context_path: scor", "context_path", "did you mean `score`?"),
        (", output_type: Score", "", "context_path", "without an `output_type`"),
        ("expected_value: 4", "timeout: 0", "timeout", "positive number of seconds"),
        ("model: m", "modle: m", "prompt", "modle"),
    ] {
        let found = wrong(from, to);
        let told = found.iter().filter(|(task, place, _)| (task.clone(), place.clone()) == of(field));
        assert!(told.map(|(_, _, message)| message).any(|message| message.contains(why)), "{found:?}");
    }
}

const LABELS: &str = "{labels: [billing, other]}";
const RUBRIC: &str = "{rubric: {clarity: Is it clear?, depth: Is it deep?}}";
const TONE: &str = "{name: n, schema: {type: object, properties: {tone: {$ref: '#/$defs/tone'}, loud: {type: boolean}, \
     share: {type: number, minimum: 0, maximum: 1}}, $defs: {tone: {enum: [kind, rude]}}}}";

/// A judge whose replies have this form, and what is expected of them.
fn judging(form: &str, path: &str, operator: &str, expected: &str) -> String {
    format!(
        "
- task_type: LLMJudge
  id: judge
  prompt: {{model: m, provider: openai, messages: 'Judge ${{response}}.', output_type: {form}}}
  context_path: {path}
  operator: {operator}
  expected_value: {expected}
"
    )
}

#[test]
fn what_no_reply_can_meet_is_told_with_what_is_possible() {
    for (form, path, operator, expected, why) in [
        (
            LABELS,
            "label",
            "Equals",
            "biling",
            "it is one of `\"billing\"`, `\"other\"`; did you mean `billing`?",
        ),
        (LABELS, "label", "NotEqual", "biling", "`label` is never `\"biling\"`"),
        (LABELS, "label", "IsOneOf", "[billing, refund]", "`label` is never `\"refund\"`"),
        (LABELS, "label", "StartsWith", "x", "no reply can pass: `label` is one of"),
        (LABELS, "label", "GreaterThan", "3", "no reply can pass: `label` is one of"),
        (RUBRIC, "depth.score", "GreaterThanOrEqual", "7", "`depth.score` is a whole number from 1 to 5"),
        (RUBRIC, "depth.score", "Equals", "2.5", "`depth.score` is a whole number from 1 to 5"),
        (RUBRIC, "score", "GreaterThan", "5", "no reply can pass: `score` is a number from 1 to 5"),
        (RUBRIC, "score", "InRange", "[6, 9]", "no reply can pass: `score` is a number from 1 to 5"),
        ("Preference", "winner", "Equals", "left", "`\"first\"`, `\"second\"`, `\"tie\"`"),
        (TONE, "tone", "Equals", "kindly", "did you mean `kind`?"),
        (TONE, "loud", "Equals", "'no'", "`loud` is one of `true`, `false`"),
        (TONE, "share", "GreaterThanOrEqual", "80", "`share` is a number from 0 to 1"),
        (
            "Score",
            "score",
            "Equals",
            "'4'",
            "`score` is never `\"4\"`, it is a whole number; without quotes `4`",
        ),
        ("Score", "score", "GreaterThan", "'4'", "`score` is a whole number; without quotes `4` is a number"),
        ("Score", "score", "Equals", "0.8", "no reply can pass: `score` is a whole number"),
        ("Score", "score", "InRange", "[4.2, 4.8]", "no reply can pass: `score` is a whole number"),
        ("Score", "score", "Contains", "good", "no reply can pass: `score` is a whole number"),
        ("Score", "score", "HasLengthGreaterThan", "2", "no reply can pass: `score` is a whole number"),
        ("Score", "reason", "Equals", "4", "`reason` is never `4`, it is text"),
        ("Score", "reason", "GreaterThan", "4", "no reply can pass: `reason` is text"),
        ("Score", "reason", "IsBoolean", "true", "no reply can pass: `reason` is text"),
    ] {
        let found = problems(&judging(form, path, operator, expected));
        let [(task, field, message)] = &found[..] else { panic!("{found:?}") };
        assert_eq!((task.as_str(), field.as_str()), ("judge", "expected_value"));
        assert!(message.contains(why), "{message}");
    }
}

#[test]
fn what_some_reply_can_meet_is_taken() {
    for (form, path, operator, expected) in [
        (LABELS, "label", "NotEqual", "billing"),
        (LABELS, "label", "EqualsIgnoreCase", "BILLING"),
        (LABELS, "label", "Equals", "'${label}'"),
        (LABELS, "reason", "Equals", "biling"),
        (RUBRIC, "score", "Equals", "4.5"),
        (RUBRIC, "score", "InRange", "[5, 9]"),
        (RUBRIC, "depth.score", "IsOneOf", "[1, 9]"),
        ("Score", "score", "GreaterThanOrEqual", "70"),
        ("Score", "score", "GreaterThan", "4.5"),
        ("Score", "score", "Equals", "4.0"),
        ("Score", "score", "InRange", "[3.5, 4.5]"),
        ("Score", "score", "NotOneOf", "[1, 2]"),
        ("Score", "score", "IsZero", "true"),
        ("Score", "reason", "IsNumeric", "true"),
        ("Score", "reason", "ContainsAny", "[short, 4]"),
        ("Score", "reason", "IsBefore", "'2026-01-01'"),
        (TONE, "share", "LessThan", "0.1"),
    ] {
        suite(&judging(form, path, operator, expected));
    }
}

#[test]
fn the_mean_of_a_jury_lies_between_what_each_can_say() {
    let jury = "  jury: [anthropic/m]\n  combine: mean\n";
    let mean = |expected: &str| judging(RUBRIC, "depth.score", "Equals", expected) + jury;
    suite(&mean("4.5"));
    assert!(problems(&mean("5.5"))[0].2.contains("a number from 1 to 5"));
}

#[test]
fn a_member_that_a_criterion_does_not_have_is_told() {
    let found = problems(&judging(RUBRIC, "depth.scor", "GreaterThan", "3"));
    let told = "`depth` of the reply has no `scor`; did you mean `score`?";
    assert_eq!(found, [("judge".to_owned(), "context_path".to_owned(), told.to_owned())]);
}

#[test]
fn a_path_into_a_reply_that_its_form_does_not_have_is_told_of_the_task_that_reads_it() {
    let reading = |jury: &str, path: &str| {
        let judge = judging("Score", "score", "Equals", "4");
        format!(
            "{judge}{jury}- {{task_type: Assertion, id: reads, context_path: {path}, operator: Exists, depends_on: [judge]}}"
        )
    };
    let found = problems(&reading("", "judge.scor"));
    let told =
        "`judge.scor` leads nowhere in what `judge` makes: the reply has no `scor`; did you mean `score`?";
    assert_eq!(found, [("reads".to_owned(), "context_path".to_owned(), told.to_owned())]);
    suite(&reading("", "judge.score"));
    suite(&reading("  jury: [anthropic/m]\n", "judge.agreement"));
}

#[test]
fn a_path_that_leads_nowhere_in_a_reply_is_told_once_however_often_it_stands_there() {
    let judge = judging("Score", "score", "Equals", "4");
    let reads = "{task_type: Assertion, id: reads, context_path: answer, operator: Equals, \
        expected_value: '${judge.scor} of ${judge.scor}', depends_on: [judge]}";
    assert_eq!(problems(&format!("{judge}- {reads}")).len(), 1);
}

#[test]
fn without_a_key_no_record_is_run() {
    let suite = suite(&format!("{JUDGE}{}", JUDGE.replace("id: quality", "id: other")));
    let error = Models::open(&suite, &ModelOptions::default(), false, &Cancel::default()).unwrap_err();
    let tasks: Vec<_> = error.problems.iter().map(|problem| problem.task.as_deref().unwrap()).collect();
    assert_eq!(tasks, ["quality", "other"]);
    assert!(error.to_string().contains("set `OPENAI_API_KEY` or give a key"), "{error}");
}

#[test]
fn replies_that_are_kept_need_no_key() {
    let suite = suite(JUDGE);
    let opened =
        |options: &ModelOptions, remembers| Models::open(&suite, options, remembers, &Cancel::default());
    let folder = tempfile::tempdir().unwrap();
    let cached = ModelOptions { cache: Some(folder.path().join("cache")), ..ModelOptions::default() };
    assert!(opened(&cached, false).is_ok());
    assert!(opened(&ModelOptions::default(), true).is_ok());
}

#[test]
fn a_suite_that_asks_nobody_needs_no_key() {
    let suite = suite("- {task_type: Assertion, id: there, operator: Exists}");
    assert!(Models::open(&suite, &ModelOptions::default(), false, &Cancel::default()).unwrap().is_none());
}

#[test]
fn a_judge_without_models_is_an_error_of_its_record() {
    let suite = suite(JUDGE);
    let report = crate::support::run(&suite, r#"{"response": "yes"}"#);
    assert!(told(&suite, &report, "quality").1.contains("this run has none"));
}
