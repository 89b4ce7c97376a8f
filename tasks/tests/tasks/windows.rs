//! Tasks that look at all records at once: what they measure, and what they say of input that says nothing.

use std::sync::Arc;

use chrono::DateTime;
use indexmap::IndexMap;
use scouter_drift::custom::{Aggregation, AlertCondition, AlertThreshold, CustomMetric};
use scouter_drift::psi::{Binning, PsiBaseline, ZeroBins};
use scouter_drift::spc::{Limits, SpcBaseline};
use scouter_engine::RunCx;
use scouter_tasks::profile::{
    self, CustomConfig, CustomProfile, Document, PsiConfig, PsiFeature, PsiProfile, SpcConfig, SpcFeature,
    SpcProfile,
};
use scouter_tasks::report::{Form, Report};
use scouter_tasks::result::{Results, Row, Shown, Status, message, plan_text, records_table};
use scouter_tasks::subject::Subject;
use scouter_tasks::suite::{Format, Kinds, Sample, Suite, check, compile, read_text};
use scouter_tasks::task::ConfigError;
use scouter_tasks::value::{Value, from_json};
use scouter_tasks::window::{Cell, Holds, Window, cancelled, judge};
use uuid::Uuid;

use crate::support::{json, row};

/// The tasks, with `$delay` for a profile of numbers from 0 to 999, `$carrier` for one of two carriers, `$chart` for the control chart of
/// delays and `$rate` for bounds of a pass rate.
fn tasks(yaml: &str) -> Result<Suite, ConfigError> {
    let yaml = yaml
        .replace("$delay", &psi(&[("delay", numbers(0..1000))]))
        .replace("$carrier", &psi(&[("carrier", carriers())]))
        .replace("$chart", &chart())
        .replace("$rate", &rate());
    compile(&read_text(&format!("tasks:\n{yaml}"), Format::Yaml, &Kinds::default())?)
}

fn suite(yaml: &str) -> Suite {
    tasks(yaml).unwrap_or_else(|error| panic!("{error}"))
}

fn numbers(range: std::ops::Range<i32>) -> PsiBaseline {
    let values: Vec<f64> = range.map(f64::from).collect();
    PsiBaseline::of_numbers(&values[..], Binning::default(), ZeroBins::default()).unwrap()
}

fn carriers() -> PsiBaseline {
    let mut tally = scouter_drift::column::Tally::default();
    tally.add((0..200).map(|at| Some(if at % 2 == 0 { "AA" } else { "UA" })));
    PsiBaseline::of_categories(&tally, 10, ZeroBins::default()).unwrap()
}

fn document<D: Document>(data: &D) -> String {
    profile::write(data).unwrap().to_string()
}

fn psi(features: &[(&str, PsiBaseline)]) -> String {
    let feature = |(id, baseline): &(&str, PsiBaseline)| {
        let feature =
            PsiFeature { id: (*id).to_owned(), timestamp: DateTime::UNIX_EPOCH, baseline: baseline.clone() };
        ((*id).to_owned(), feature)
    };
    document(&PsiProfile {
        scouter_version: "1".to_owned(),
        config: PsiConfig::default(),
        features: features.iter().map(feature).collect(),
        absent: IndexMap::new(),
    })
}

fn chart() -> String {
    let before: Vec<f64> = (0..500).map(|i| f64::from(i % 5)).collect();
    let baseline = SpcBaseline::of_numbers(&before[..], Some(5), Limits::default()).unwrap();
    let feature = SpcFeature { id: "delay".to_owned(), timestamp: DateTime::UNIX_EPOCH, baseline };
    document(&SpcProfile {
        scouter_version: "1".to_owned(),
        config: SpcConfig::default(),
        features: [("delay".to_owned(), feature)].into_iter().collect(),
        absent: IndexMap::new(),
    })
}

fn rate() -> String {
    let condition =
        AlertCondition { baseline_value: 0.9, alert_threshold: AlertThreshold::Below, delta: Some(0.05) };
    let metric = CustomMetric {
        name: "rate".to_owned(),
        alert_condition: condition,
        aggregation: Aggregation::Mean,
        minimum_count: 10,
    };
    document(&CustomProfile {
        scouter_version: "1".to_owned(),
        config: CustomConfig::default(),
        custom_metrics: vec![metric],
    })
}

/// The results of a suite over these records.
fn evaluate(suite: &Suite, contexts: impl IntoIterator<Item = String>) -> Results {
    let plan = suite.window.as_deref().expect("tasks that look at all records");
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut window = Window::new(plan);
    let rows = contexts.into_iter().zip(1..).map(|(context, number)| {
        let subject = Subject::new(&suite.reads, &json(&context));
        let mut report = runtime.block_on(scouter_engine::run(&suite.graph, &subject, &RunCx::default()));
        suite.trim(&mut report);
        let name = format!("r{number}");
        let mut row = Row { cells: plan.cells(&subject), ..row(Some(&name), number, report.outcomes) };
        window.add(plan, &mut row);
        row
    });
    let rows: Vec<Row> = rows.collect();
    let mut results = Results::new(suite.tasks.clone(), rows, false);
    results.window = Some(Arc::new(judge(plan, window, DateTime::UNIX_EPOCH)));
    results
}

fn delays(range: std::ops::Range<i32>) -> impl Iterator<Item = String> {
    range.map(|delay| format!(r#"{{"delay": {delay}}}"#))
}

/// The status and the message of a task that looks at all records.
fn told(results: &Results, id: &str) -> (Status, String) {
    let window = results.window.as_deref().unwrap();
    let at = window.find_task(id).unwrap();
    let outcome = &window.rows()[0].outcomes[at];
    (Status::of(outcome), message(window.tasks(), outcome, &window.tasks()[at]))
}

fn found(results: &Results, id: &str) -> Value {
    let window = results.window.as_deref().unwrap();
    let at = window.find_task(id).unwrap();
    window.rows()[0].outcomes[at].output().unwrap().value.found().unwrap().clone()
}

const DRIFT: &str = "- {task_type: Drift, id: drift, baseline: $delay, column: delay}\n";

#[test]
fn a_column_like_its_baseline_passes_and_says_how_many_values_it_has() {
    let results = evaluate(&suite(DRIFT), delays(0..1000));
    let passed = "`drifted`: `false` equals `false`; 1,000 values of 1,000 records";
    assert_eq!(told(&results, "drift"), (Status::Passed, passed.to_owned()));
}

#[test]
fn a_column_that_moved_fails_and_is_named() {
    let (status, message) = told(&evaluate(&suite(DRIFT), delays(500..1500)), "drift");
    assert_eq!(status, Status::Failed);
    assert!(message.ends_with("; 1,000 values of 1,000 records; drifted: `delay`"), "{message}");
}

#[test]
fn what_is_measured_is_what_the_formula_says() {
    // Ten deciles of 100 rows each; now 0, 0, 0, 0, 0, 100, …, and 500 beyond the last edge, which adds to the last bin.
    let found = found(&evaluate(&suite(DRIFT), delays(500..1500)), "drift");
    let counts = [0, 0, 0, 0, 0, 100, 100, 100, 100, 600];
    // Jeffreys' half a row in each bin, on both sides, since some are empty.
    let psi: f64 = counts
        .map(|count| {
            let (p, q) = (100.5 / 1005.0, (f64::from(count) + 0.5) / 1005.0);
            (p - q) * f64::ln(p / q)
        })
        .iter()
        .sum();
    let read = |path: &str| scouter_tasks::path::Path::parse(path).unwrap().read(&found);
    let scouter_tasks::path::Read::Found(Value::Float(measured)) = read("psi.max") else { panic!("{found}") };
    assert!((measured - psi).abs() < 1e-12, "{measured} {psi}");
    assert_eq!(found.get("records"), Some(&Value::Int(1000)));
}

#[test]
fn an_assertion_judges_what_a_drift_task_measured() {
    let yaml = format!(
        "{DRIFT}- {{task_type: Assertion, id: small, context_path: drift.psi.max, operator: LessThan, expected_value: 0.2, depends_on: [drift]}}\n"
    );
    assert_eq!(told(&evaluate(&suite(&yaml), delays(0..1000)), "small").0, Status::Passed);
    let (status, message) = told(&evaluate(&suite(&yaml), delays(500..1500)), "small");
    assert_eq!(status, Status::Failed);
    assert!(message.starts_with("`drift.psi.max`: "), "{message}");
}

#[test]
fn a_drift_task_is_judged_as_it_says() {
    let yaml = "- {task_type: Drift, id: drift, baseline: $delay, column: delay, context_path: psi.max, operator: GreaterThan, expected_value: 0.2}\n";
    assert_eq!(told(&evaluate(&suite(yaml), delays(500..1500)), "drift").0, Status::Passed);
}

#[test]
fn what_depends_on_a_gate_over_all_records_is_skipped_where_it_fails() {
    let yaml = "
- {task_type: Drift, id: same, baseline: $delay, column: delay, condition: true}
- {task_type: Drift, id: charted, baseline: $chart, column: delay, context_path: alerts.max, operator: LessThan, expected_value: 1, depends_on: [same]}
";
    let results = evaluate(&suite(yaml), delays(500..1500));
    assert_eq!(told(&results, "charted"), (Status::Skipped, "the gate `same` did not pass".to_owned()));
}

#[test]
fn a_gate_of_single_records_says_which_are_in_the_column() {
    let yaml = "
- {task_type: Assertion, id: flown, context_path: flown, operator: Equals, expected_value: true, condition: true}
- {task_type: Drift, id: drift, baseline: $delay, column: delay, depends_on: [flown]}
";
    let flown = |range: std::ops::Range<i32>, flown: bool| {
        range.map(move |delay| format!(r#"{{"delay": {delay}, "flown": {flown}}}"#))
    };
    let results = evaluate(&suite(yaml), flown(0..1000, true).chain(flown(5000..5300, false)));
    let (status, message) = told(&results, "drift");
    assert_eq!(
        (status, message.contains("1,000 values of 1,300 records")),
        (Status::Passed, true),
        "{message}"
    );
    assert_eq!(
        found(&results, "drift").get("features").and_then(|all| all.get("delay")?.get("left_out")),
        Some(&Value::Int(300))
    );
}

#[test]
fn the_pass_rate_of_a_task_is_held_against_its_bounds() {
    let yaml = "
- {task_type: Assertion, id: quick, context_path: delay, operator: LessThan, expected_value: 80}
- {task_type: Drift, id: rate, baseline: $rate, column: {pass_rate_of: quick}}
";
    assert_eq!(told(&evaluate(&suite(yaml), delays(0..84)), "rate").0, Status::Passed);
    let results = evaluate(&suite(yaml), delays(0..100));
    assert_eq!(told(&results, "rate").0, Status::Failed);
    assert_eq!(
        found(&results, "rate").get("features").and_then(|all| all.get("rate")?.get("value")),
        Some(&Value::Float(0.8))
    );
}

#[test]
fn the_values_of_a_task_are_held_against_an_earlier_run() {
    let checks = "- {task_type: Assertion, id: score, context_path: delay, operator: IsPositive}\n";
    let drift = "- {task_type: Drift, id: drift, baseline: $earlier, column: {value_of: score}}\n";
    let own = format!("{checks}{DRIFT}");
    let earlier = evaluate(&suite(&own), delays(0..400));
    let yaml = format!("{checks}{}", drift.replace("$earlier", &earlier.to_value().to_string()));
    assert_eq!(told(&evaluate(&suite(&yaml), delays(0..400)), "drift").0, Status::Passed);
    assert_eq!(told(&evaluate(&suite(&yaml), delays(200..600)), "drift").0, Status::Failed);
}

#[test]
fn an_earlier_run_is_cut_to_the_records_that_gates_let_through_now() {
    let checks = "
- {task_type: Assertion, id: flown, context_path: flown, operator: Equals, expected_value: true, condition: true}
- {task_type: Assertion, id: score, context_path: delay, operator: IsPositive}
";
    let records = || {
        (0..800).map(|at| format!(r#"{{"delay": {}, "flown": {}}}"#, at % 400 - at / 400 * 5000, at < 400))
    };
    let earlier = evaluate(&suite(&format!("{checks}{DRIFT}")), records());
    let yaml = format!(
        "{checks}- {{task_type: Drift, id: drift, baseline: {}, column: {{value_of: score}}, depends_on: [flown]}}\n",
        earlier.to_value()
    );
    let (status, message) = told(&evaluate(&suite(&yaml), records()), "drift");
    assert_eq!(status, Status::Passed, "{message}");
}

#[test]
fn an_earlier_run_of_other_or_of_cancelled_records_is_no_baseline() {
    let checks = "- {task_type: Assertion, id: score, context_path: delay, operator: IsPositive}\n";
    let earlier = evaluate(&suite(&format!("{checks}{DRIFT}")), delays(0..400));
    let mut ended = earlier.clone();
    ended.cancelled = true;
    for (results, depends_on, says) in [
        (&ended, "[]", "`baseline`: the run was ended before all of its records were done"),
        (&earlier, "[flown]", "`depends_on`: the earlier run has no task of the id `flown`"),
    ] {
        let yaml = format!(
            "- {{task_type: Drift, id: d, baseline: {}, column: {{value_of: score}}, depends_on: {depends_on}}}",
            results.to_value()
        );
        let error = tasks(&yaml).expect_err(&yaml).to_string();
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn charts_must_say_what_is_judged() {
    let error = tasks("- {task_type: Drift, id: d, baseline: $chart, column: delay}").expect_err("a chart");
    assert!(
        error
            .to_string()
            .contains("`context_path`: say what is judged, such as `p_value.min` or `alerts.max`"),
        "{error}"
    );
}

#[test]
fn points_that_leave_their_chart_fail() {
    let yaml = "- {task_type: Drift, id: chart, baseline: $chart, column: delay, context_path: alerts.max, operator: LessThan, expected_value: 1}\n";
    let within = (0..100).map(|i| format!(r#"{{"delay": {}}}"#, i % 5));
    assert_eq!(told(&evaluate(&suite(yaml), within), "chart").0, Status::Passed);
    let beyond = (0..100).map(|i| format!(r#"{{"delay": {}}}"#, i % 5 + 3));
    assert_eq!(told(&evaluate(&suite(yaml), beyond), "chart").0, Status::Failed);
}

#[test]
fn charts_can_be_judged_by_how_likely_they_are() {
    let yaml = "- {task_type: Drift, id: chart, baseline: $chart, column: delay, context_path: p_value.min, operator: GreaterThan, expected_value: 0.05}\n";
    let within = (0..100).map(|i| format!(r#"{{"delay": {}}}"#, i % 5));
    assert_eq!(told(&evaluate(&suite(yaml), within), "chart").0, Status::Passed);
    let beyond = (0..100).map(|i| format!(r#"{{"delay": {}}}"#, i % 5 + 3));
    assert_eq!(told(&evaluate(&suite(yaml), beyond), "chart").0, Status::Failed);
}

#[test]
fn without_columns_the_features_of_the_baseline_are_fields() {
    let yaml = "- {task_type: Drift, id: drift, baseline: $carrier}\n";
    let carriers = |one: &'static str, other: &'static str| {
        (0..100).map(move |at| format!(r#"{{"carrier": "{}"}}"#, if at % 2 == 0 { one } else { other }))
    };
    assert_eq!(told(&evaluate(&suite(yaml), carriers("AA", "UA")), "drift").0, Status::Passed);
    let results = evaluate(&suite(yaml), carriers("AA", "ZZ"));
    assert_eq!(told(&results, "drift").0, Status::Failed);
    let unseen =
        found(&results, "drift").get("features").and_then(|all| all.get("carrier")?.get("unseen").cloned());
    assert_eq!(unseen, Some(Value::Int(50)));
}

#[test]
fn numbers_that_are_categories_are_spelled_as_profiles_spell_them() {
    for (value, text) in [
        (Value::Int(9_007_199_254_740_993), "9007199254740993"),
        (Value::Int(-5), "-5"),
        (Value::Float(1.0), "1"),
        (Value::Float(-0.0), "0"),
        (Value::Float(0.5), "0.5"),
        (Value::Bool(true), "1"),
    ] {
        assert_eq!(Cell::of(&value, Holds::Texts), Cell::Text(text.into()));
    }
}

#[test]
fn a_column_that_says_nothing_errors_and_never_passes() {
    let no = |context: &str, times: usize| vec![context.to_owned(); times];
    for (contexts, says) in [
        (delays(0..29).collect(), "`delay` has 29 values in 29 records, at least 30 are needed"),
        (no("{}", 100), "`delay` is missing in all 100 records"),
        (no(r#"{"delay": null}"#, 100), "`delay` is missing in all 100 records"),
        (
            delays(0..100).chain(no(r#"{"delay": "late"}"#, 3)).collect(),
            "`delay` is one of numbers, and 3 of 103 records have something else, first `r101`: text",
        ),
        (
            no(r#"{"delay": [1]}"#, 100),
            "`delay` is one of numbers, and 100 of 100 records have something else, first `r1`: an array",
        ),
        (Vec::new(), "`delay` has no values"),
    ] {
        let (status, message) = told(&evaluate(&suite(DRIFT), contexts), "drift");
        assert_eq!(
            (status, message),
            (Status::Errored, format!("failed to compare with the baseline: {says}"))
        );
    }
}

#[test]
fn records_that_are_all_left_out_are_no_pass() {
    let yaml = "
- {task_type: Assertion, id: flown, context_path: flown, operator: Exists, condition: true}
- {task_type: Drift, id: drift, baseline: $delay, column: delay, depends_on: [flown]}
";
    let (status, message) = told(&evaluate(&suite(yaml), delays(0..100)), "drift");
    let says = "`delay` has no values (100 of 100 records are left out by the tasks before)";
    assert_eq!((status, message), (Status::Errored, format!("failed to compare with the baseline: {says}")));
}

#[test]
fn how_many_values_are_needed_can_be_said() {
    let yaml = "- {task_type: Drift, id: drift, baseline: $delay, column: delay, min_values: 900}\n";
    assert_eq!(told(&evaluate(&suite(yaml), delays(0..800)), "drift").0, Status::Errored);
}

/// The paths to all that there is in a value, but for what is in its arrays.
fn places(value: &Value, before: &str) -> Vec<String> {
    let Some(map) = value.as_map() else { return vec![before.to_owned()] };
    let inside = map.iter().flat_map(|(key, inside)| {
        let path = if before.is_empty() { key.to_string() } else { format!("{before}.{key}") };
        places(inside, &path)
    });
    inside.collect()
}

#[test]
fn all_that_a_drift_task_measures_can_be_judged() {
    let quick =
        "- {task_type: Assertion, id: quick, context_path: delay, operator: LessThan, expected_value: 80}\n";
    for drift in [
        "baseline: $delay, column: delay",
        "baseline: $chart, column: delay",
        "baseline: $rate, column: {pass_rate_of: quick}",
    ] {
        let judging = |path: &str| {
            suite(&format!(
                "{quick}- {{task_type: Drift, id: drift, {drift}, context_path: {path}, operator: Exists}}\n"
            ))
        };
        let measured = found(&evaluate(&judging("drifted"), delays(0..100)), "drift");
        for path in places(&measured, "") {
            judging(&path);
        }
    }
}

#[test]
fn the_items_of_what_a_drift_task_lists_can_be_judged() {
    for path in
        ["features.delay.bins[0].term", "features.delay.bins[*].current", "drifted_features[0]", "$..psi"]
    {
        suite(&format!(
            "- {{task_type: Drift, id: drift, baseline: $delay, column: delay, context_path: '{path}', operator: Exists}}\n"
        ));
    }
}

#[test]
fn a_path_to_what_is_not_measured_is_told_with_the_nearest_before_it_runs() {
    let judging = |baseline: &str, path: &str| {
        format!(
            "- {{task_type: Drift, id: d, baseline: {baseline}, column: delay, context_path: {path}, operator: Exists}}"
        )
    };
    let reading = "- {task_type: Assertion, id: a, context_path: drift.features.delay.pis, operator: Exists, depends_on: [drift]}";
    for (yaml, task, says) in [
        (judging("$delay", "psi.maxx"), "d", "nothing is measured at `psi.maxx`; did you mean `psi.max`?"),
        (judging("$delay", "alerts.max"), "d", "nothing is measured at `alerts`; did you mean `psi.max`?"),
        (
            judging("$chart", "size"),
            "d",
            "nothing is measured at `size`; there is `method`, `drifted`, `records`, `values`, `drifted_features` and 4 more",
        ),
        (
            format!("{DRIFT}{reading}"),
            "a",
            "`drift.features.delay.pis` leads nowhere in what `drift` makes: nothing is measured at `features.delay.pis`; \
             did you mean `features.delay.psi`?",
        ),
    ] {
        let error = tasks(&yaml).expect_err(&yaml);
        let [problem] = &error.problems[..] else { panic!("{error}") };
        let named = (problem.task.as_deref(), problem.field.as_deref());
        assert_eq!((named, problem.message.as_str()), ((Some(task), Some("context_path")), says));
    }
}

#[test]
fn what_a_drift_task_cannot_be_is_told_before_it_runs() {
    let record =
        "- {task_type: Assertion, id: right, context_path: right, operator: Equals, expected_value: true}\n";
    for (yaml, task, field, says) in [
        (
            "- {task_type: Drift, id: d, baseline: $delay, columns: {dellay: x}}".to_owned(),
            "d",
            "columns",
            "the baseline has no feature `dellay`; did you mean `delay`?",
        ),
        (
            format!("- {{task_type: Drift, id: d, baseline: {}, column: x}}", psi(&[("x", numbers(0..3))])),
            "d",
            "baseline",
            "`x` had 3 values then, at least 30 are needed (`min_values`)",
        ),
        (
            "- {task_type: Drift, id: d, baseline: $delay, column: delay, min_values: 1001}".to_owned(),
            "d",
            "baseline",
            "`delay` had 1,000 values then, at least 1,001 are needed (`min_values`)",
        ),
        (
            format!("{record}- {{task_type: Drift, id: d, baseline: $delay, column: {{value_of: rigth}}}}"),
            "d",
            "columns",
            "no task of this suite that looks at single records has the id `rigth`; did you mean `right`?",
        ),
        (
            format!(
                "{record}- {{task_type: Drift, id: d, baseline: $carrier, column: {{pass_rate_of: right}}}}"
            ),
            "d",
            "columns",
            "a pass rate is made of numbers, and the baseline is one of categories",
        ),
        (
            format!(
                "{DRIFT}- {{task_type: LLMJudge, id: j, prompt: {{model: m, provider: openai, messages: hi}}, operator: Exists, depends_on: [drift]}}"
            ),
            "j",
            "depends_on",
            "`j` looks at single records, and `drift` at all of them when these are done",
        ),
        (
            format!(
                "{record}{DRIFT}- {{task_type: Assertion, id: both, operator: Exists, depends_on: [drift, right]}}"
            ),
            "both",
            "depends_on",
            "`both` looks at all records, since it depends on a task that does, and `right` at single ones",
        ),
        (
            format!(
                "{DRIFT}- {{task_type: Assertion, id: a, context_path: delay, operator: Exists, depends_on: [drift]}}"
            ),
            "a",
            "context_path",
            "`delay` leads nowhere: `a` looks at all records, and sees only what the tasks made that it depends on",
        ),
        (
            format!("{DRIFT}- {{task_type: Assertion, id: drift, operator: Exists}}"),
            "drift",
            "id",
            "the id `drift` is used more than once",
        ),
        (
            "- {task_type: Drift, id: d, baseline: $delay, column: delay, depends_on: [nobody]}".to_owned(),
            "d",
            "depends_on",
            "`d` depends on `nobody`, which does not exist",
        ),
    ] {
        let error = tasks(&yaml).expect_err(&yaml);
        let problem = &error.problems[0];
        let named = (problem.task.as_deref(), problem.field.as_deref());
        assert_eq!((named, problem.message.as_str()), ((Some(task), Some(field)), says));
    }
}

#[test]
fn a_file_whose_drift_task_makes_no_sense_is_refused_with_the_reason() {
    for (yaml, says) in [
        (
            "baseline: {kind: data_profile, format: 1}",
            "`baseline`: it is a `data_profile`, and no profile of drift",
        ),
        (
            "baseline: 7",
            "`baseline`: it is neither a profile of drift nor results: not evaluation results: there is no `version`",
        ),
        (
            "baseline: $delay, column: delay, columns: {delay: delay}",
            "`columns`: give either `column` or `columns`",
        ),
        ("baseline: $delay, column: delay, min_values: 0", "`min_values`: it must be at least 1"),
        (
            "baseline: {version: 1, tasks: [], records: []}",
            "`column`: say which: results of a run are compared by `value_of` or `pass_rate_of` a task",
        ),
        (
            "baseline: {version: 1, tasks: [], records: []}, column: delay",
            "`column`: results do not hold fields of records such as `delay`: give `value_of` a task that looks at it, or a profile",
        ),
        (
            "baseline: $delay, column: {of: x}",
            "a column is the path of a field, or an object with the id of a task as its `value_of` or `pass_rate_of`",
        ),
    ] {
        let error = tasks(&format!("- {{task_type: Drift, id: d, {yaml}}}")).expect_err(yaml);
        assert!(error.to_string().contains(says), "{error}\n{says}");
    }
}

#[test]
fn a_baseline_may_stand_in_a_file_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("delay.json"), psi(&[("delay", numbers(0..1000))])).unwrap();
    let file = dir.path().join("suite.yaml");
    std::fs::write(
        &file,
        "tasks:\n- {task_type: Drift, id: drift, baseline: {path: delay.json}, column: delay}\n",
    )
    .unwrap();
    let suite = compile(&scouter_tasks::suite::read_file(&file, &Kinds::default()).unwrap()).unwrap();
    assert_eq!(told(&evaluate(&suite, delays(0..1000)), "drift").0, Status::Passed);
}

#[test]
fn a_run_that_was_stopped_judges_nothing_of_all_records() {
    let suite = suite(DRIFT);
    let results = cancelled(suite.window.as_deref().unwrap(), DateTime::UNIX_EPOCH);
    assert_eq!(Status::of(&results.rows()[0].outcomes[0]), Status::Cancelled);
}

#[test]
fn results_of_all_records_survive_json() {
    let results = evaluate(&suite(DRIFT), delays(500..1500));
    let read = Results::from_value(&from_json(&results.to_value().to_string()).unwrap()).unwrap();
    assert_eq!(read.to_value(), results.to_value());
    assert_eq!(told(&read, "drift"), told(&results, "drift"));
    assert_eq!(found(&read, "drift"), found(&results, "drift"));
}

#[test]
fn results_of_all_records_fit_the_published_schema() {
    let schema = include_str!("../../../docs/reference/results.schema.json");
    let validator = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    let results = evaluate(&suite(DRIFT), delays(500..1500)).to_value().to_string();
    let problems: Vec<String> = validator
        .iter_errors(&serde_json::from_str(&results).unwrap())
        .map(|error| error.to_string())
        .collect();
    assert_eq!(problems, [""; 0]);
}

const PLAN: &str = "\
Execution plan: 3 tasks in 3 stages

Stage 1
└─ right (Assertion) [gate]

Over all records, when these are done:

Stage 2
└─ drift (Drift) over the records that right let through

Stage 3
└─ small (Assertion) after drift

Longest chain: drift → small
";

#[test]
fn the_plan_shows_what_looks_at_all_records() {
    let yaml = "
- {task_type: Assertion, id: small, context_path: drift.psi.max, operator: LessThan, expected_value: 0.2, depends_on: [drift]}
- {task_type: Drift, id: drift, baseline: $delay, column: delay, depends_on: [right]}
- {task_type: Assertion, id: right, context_path: right, operator: Exists, condition: true}
";
    assert_eq!(plan_text(&suite(yaml)), PLAN);
}

#[test]
fn a_misspelt_field_of_a_column_is_found_before_anything_runs() {
    let yaml = "- {task_type: Drift, id: drift, baseline: $delay, column: dellay}\n";
    let suite = suite(yaml);
    let tasks: Vec<_> = suite.all_specs().cloned().collect();
    let sample = |context: &str| Sample { context: json(context), ..Sample::default() };
    let checked = check(&tasks, &[sample(r#"{"delay": 1}"#), sample(r#"{"delay": 2}"#)], 2).unwrap();
    let found: Vec<String> = checked.findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "error: task `drift`, field `columns`: `dellay` is missing in all 2 sample records that it reaches; did you mean `delay`?"
        ]
    );
}

#[test]
fn a_field_of_another_type_is_found_before_anything_runs() {
    let suite = suite(DRIFT);
    let tasks: Vec<_> = suite.all_specs().cloned().collect();
    let sample = Sample { context: json(r#"{"delay": "1"}"#), ..Sample::default() };
    let checked = check(&tasks, &[sample], 1).unwrap();
    assert_eq!(
        checked.findings[0].message,
        "`delay` is to be one of numbers, and is text in the one sample record that it reaches"
    );
}

#[test]
fn every_report_tells_of_all_records() {
    let yaml =
        format!("- {{task_type: Assertion, id: there, context_path: delay, operator: Exists}}\n{DRIFT}");
    let results = Arc::new(evaluate(&suite(&yaml), delays(500..1500)));
    let report = Report { results: &results, comparison: None, title: None };
    let html = Form::Html.write(&report);
    assert!(html.contains("1,000 checks passed; 1 failed of 1 check of all records together"), "{html}");
    assert!(html.contains("delay: shares of bins in the baseline and now") && html.contains("PSI"));
    let markdown = Form::Markdown.write(&report);
    assert!(markdown.starts_with("### Evaluation report\n\n**❌ "), "{markdown}");
    assert!(
        markdown.contains("| all records together | status | check |\n|---|---|---|\n| `drift` | failed | `"),
        "{markdown}"
    );
    let junit = Form::Junit.write(&report);
    assert!(
        junit.contains(r#"<testsuites name="Evaluation report" tests="1001" failures="1" errors="0">"#),
        "{junit}"
    );
    assert!(junit.contains(r#"<testcase classname="drift" name="all records">"#));
    let shown = Shown { records: 1, width: None, intervals: None };
    let table = records_table(&results, shown);
    assert!(
        table.contains("all records together")
            && table.contains("1,000 values of 1,000 records; drifted: `delay`"),
        "{table}"
    );
}

#[test]
fn a_suite_may_look_at_all_records_alone() {
    let results = evaluate(&suite(DRIFT), delays(0..1000));
    assert_eq!((results.tasks().len(), results.rows()[0].uid), (0, Uuid::from_u128(1)));
}
