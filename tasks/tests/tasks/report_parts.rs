//! What reports tell of trials, of measured numbers and of what tasks are for.

use std::num::NonZeroU32;
use std::sync::Arc;

use scouter_engine::Outcome;
use scouter_tasks::report::{Form, Report};
use scouter_tasks::result::{Labels, Options, Results, Row, compare};
use scouter_tasks::suite::Suite;
use scouter_tasks::value::quoted;

use crate::support::{row, run, suite};

const HOSTILE: &str = "@someone <b>|`x`\n]]>&";

/// A check of a reply, and one of a number.
fn checks() -> Suite {
    suite(&format!(
        "
- {{task_type: Assertion, id: right, description: {}, context_path: reply, operator: Equals, expected_value: 'yes'}}
- {{task_type: Assertion, id: size, context_path: size, operator: LessThan, expected_value: 9}}
",
        quoted(HOSTILE)
    ))
}

/// A record with this reply, and its length.
fn context(reply: &str) -> String {
    format!(r#"{{"reply": {}, "size": {}}}"#, quoted(reply), reply.len())
}

/// Results of cases, each with the replies of its trials.
fn trials(suite: &Suite, cases: &[(&str, &[&str])]) -> Arc<Results> {
    let all = cases.iter().flat_map(|(case, replies)| replies.iter().zip(1..).map(move |at| (case, at)));
    let rows = all.zip(1..).map(|((case, (reply, trial)), number)| {
        let report = run(suite, &context(reply));
        let labels = Labels { case: None, trial: NonZeroU32::new(trial), cluster: None };
        Row { labels: Some(Box::new(labels)), ..row(Some(case), number, report.outcomes) }
    });
    Arc::new(Results::new(suite.tasks.clone(), rows.collect(), false))
}

/// Results of records with these replies.
fn replies(suite: &Suite, replies: &[&str]) -> Arc<Results> {
    let rows = replies.iter().zip(1..).map(|(reply, number)| {
        let report = run(suite, &context(reply));
        row(Some(&number.to_string()), number, report.outcomes)
    });
    Arc::new(Results::new(suite.tasks.clone(), rows.collect(), false))
}

fn write(form: Form, results: &Arc<Results>, baseline: Option<&Arc<Results>>) -> String {
    let comparison = baseline.map(|baseline| compare(results, baseline, Options::default()));
    form.write(&Report { results, comparison: comparison.as_ref(), title: None })
}

/// Three cases of four trials: solved, solved in three, never solved.
fn three_cases() -> Arc<Results> {
    let (yes, no) = ("yes", "no");
    trials(&checks(), &[("sure", &[yes; 4]), ("now and then", &[yes, yes, no, yes]), ("never", &[no; 4])])
}

fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part} in {text}");
    }
}

#[test]
fn trials_are_told_in_every_form() {
    // 7 of 12 trials pass; at least one of four in 2 of 3 cases, all of four in 1. The cases' rates are
    // 1, 0.75 and 0: numpy.std([1, .75, 0], ddof=1) / 3 ** .5 = 0.3005.
    let results = three_cases();
    has(
        &write(Form::Html, &results, None),
        &["12 trials of 3 cases", "58.3%", "±30.0 points", "66.7%", "33.3%", "3&#x2f;4 passed"],
    );
    has(
        &write(Form::Markdown, &results, None),
        &[
            "whole records pass 58.3% ±30.0 points (standard error)",
            "at least once in 4: 66.7% (pass@4) · every time of 4: 33.3% (pass^4) · 1 flaky case: `now and then`",
            "| `right` | 3 | 12 | 58.3% | ±30.0 | 4 | 66.7% | 33.3% | 1 |",
        ],
    );
    let xml = write(Form::Junit, &results, None);
    for (name, value) in [("trials_mean", "0.583333"), ("pass_at_k", "0.666667"), ("pass_hat_k", "0.333333")]
    {
        has(&xml, &[&format!(r#"<property name="{name}" value="{value}"/>"#)]);
    }
    has(&xml, &[r#"name="trials_standard_error" value="0.300"#, r#"name="flaky_cases" value="1""#]);
}

#[test]
fn one_trial_of_each_case_is_not_told_of() {
    let results = replies(&checks(), &["yes", "no"]);
    for (form, word) in [(Form::Html, "id=\"trials\""), (Form::Markdown, "pass^"), (Form::Junit, "pass_hat")]
    {
        assert!(!write(form, &results, None).contains(word), "{form:?}");
    }
}

#[test]
fn trials_of_one_record_have_names_of_their_own() {
    let xml = write(Form::Junit, &three_cases(), None);
    assert_eq!(xml.matches(r#"classname="right" name="sure (trial 2)""#).count(), 1);
}

#[test]
fn a_trial_is_linked_only_where_its_record_is_listed() {
    let suite = checks();
    let long = "x".repeat(200);
    let names: Vec<String> = (0..4_000).map(|at| format!("{at:0>400}")).collect();
    let replies = ["yes", long.as_str()];
    let cases: Vec<(&str, &[&str])> = names.iter().map(|name| (name.as_str(), &replies[..])).collect();
    let page = write(Form::Html, &trials(&suite, &cases), None);
    let links = page.split("class=\"turn").skip(1).filter_map(|rest| rest.split(r##"href="#"##).nth(1));
    let mut linked = 0;
    for place in page.split(r#"<a class="turn"#).skip(1) {
        let target = place.split(r##"href="#"##).nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        assert!(page.contains(&format!(r#" id="{target}""#)), "{target}");
        linked += 1;
    }
    assert!(linked > 0 && links.count() > 0 && page.contains(r#"<span class="turn"#));
    assert!(page.contains("and 3900 more not shown"), "flaky cases are bounded");
}

#[test]
fn numbers_that_changed_are_told_with_their_direction() {
    let suite = checks();
    let before = replies(&suite, &["yes", "yes", "yes", "yes", "yes", "no"]);
    let now = replies(&suite, &["yes!", "yes!!", "yes!", "yes!!", "yes!", "no!!"]);
    // scipy.stats.ttest_rel([4, 5, 4, 5, 4, 4], [3, 3, 3, 3, 3, 2]).confidence_interval() = 0.925, 2.075
    let cells = "| `size` | 6 | 2.8333 | 4.3333 | +1.5000 | +0.9252 to +2.0748 | higher |";
    has(&write(Form::Markdown, &now, Some(&before)), &[cells]);
    has(&write(Form::Markdown, &before, Some(&now)), &["| −1.5000 | −2.0748 to −0.9252 | lower |"]);
    has(&write(Form::Markdown, &now, Some(&now)), &["| 0 | 0 to 0 | same |"]);
    has(
        &write(Form::Html, &now, Some(&before)),
        &["Measured numbers", "+0.9252 to +2.0748", r#"<span class="way higher">higher</span>"#],
    );
    let xml = write(Form::Junit, &now, Some(&before));
    has(&xml, &[r#"name="mean_change" value="1.5""#, r#"name="mean_direction" value="higher""#]);
}

#[test]
fn without_a_baseline_or_numbers_there_is_no_table_of_them() {
    let suite = suite(
        "- {task_type: Assertion, id: right, context_path: reply, operator: Equals, expected_value: 'yes'}",
    );
    let results = replies(&suite, &["yes", "no"]);
    for baseline in [None, Some(&results)] {
        assert!(!write(Form::Markdown, &results, baseline).contains("measured by"));
        assert!(!write(Form::Html, &results, baseline).contains("Measured numbers"));
    }
}

#[test]
fn what_a_task_is_for_is_told_and_is_but_text() {
    let results = replies(&checks(), &["yes", "no"]);
    let page = write(Form::Html, &results, None);
    assert!(!page.contains("<b>"), "{page}");
    let about = "@someone &lt;b&gt;|`x`\n]]&gt;&amp;";
    // In the table, in the record that failed, and in the drawing.
    assert_eq!(page.matches(about).count(), 3, "{page}");
    has(
        &write(Form::Markdown, &results, None),
        &["| `right`<br>@\u{2060}someone \\<b\\>\\|\\`x\\`\\\\n\\]\\]\\>\\& | 1 | 1 |"],
    );
    has(
        &write(Form::Junit, &results, None),
        &[r#"name="description" value="@someone &lt;b&gt;|`x`\n]]&gt;&amp;""#],
    );
}

#[test]
fn markdown_of_all_there_is_and_all_too_long_fits_a_comment() {
    let ids: Vec<String> = (0..300).map(|at| format!("{at}{}", "|é`".repeat(80))).collect();
    let tasks: Vec<String> = ids
        .iter()
        .map(|id| {
            let about = quoted(&"*_".repeat(200));
            format!(
                "- {{task_type: Assertion, id: {}, description: {about}, context_path: size, operator: LessThan, expected_value: 3}}\n",
                quoted(id)
            )
        })
        .collect();
    let suite = suite(&tasks.concat());
    let names: Vec<String> = (0..40).map(|at| format!("{at}{}", "|`é".repeat(80))).collect();
    let cases: Vec<(&str, &[&str])> = names.iter().map(|name| (name.as_str(), &["no", "yes"][..])).collect();
    let (now, before) = (trials(&suite, &cases[..30]), trials(&suite, &cases[10..]));
    let text = write(Form::Markdown, &now, Some(&before));
    assert!((50_000..=60_000).contains(&text.len()), "{}", text.len());
    has(
        &text,
        &["more tasks.\n", "more records.\n", "` | and 290 more |", "20 records only in the baseline"],
    );
    assert!(text.ends_with("</details>\n"));
}

#[test]
fn a_tick_beside_a_baseline_is_for_a_whole_run_that_passes() {
    let suite = checks();
    let before = replies(&suite, &["no"; 40]);
    let head = |results: Results| {
        let text = write(Form::Markdown, &Arc::new(results), Some(&before));
        text.lines().nth(2).unwrap_or_default().to_owned()
    };
    let better = replies(&suite, &["yes"; 40]);
    let rows = better.rows();
    assert!(head((*better).clone()).starts_with("**✅ improved: 80 checks passed"));
    // What single records came to is in the comparison.
    let mostly = replies(&suite, &[["no"].as_slice(), ["yes"; 39].as_slice()].concat());
    assert!(head((*mostly).clone()).starts_with("**✅ improved: 1 of 80 checks failed"));
    let fewer = Results::new(suite.tasks.clone(), rows[1..].to_vec(), false);
    assert!(head(fewer).starts_with("**❔ improved: "));
    let stopped = Results::new(suite.tasks.clone(), rows.to_vec(), true);
    assert!(head(stopped).starts_with("**❌ improved: "));
}

#[test]
fn what_a_stopped_run_did_not_come_to_is_an_error_in_junit() {
    let suite = checks();
    let mut rows = replies(&suite, &["yes"; 2]).rows().to_vec();
    rows[1].outcomes = vec![Outcome::Cancelled; 2];
    let xml = write(Form::Junit, &Arc::new(Results::new(suite.tasks.clone(), rows, true)), None);
    assert!(xml.contains(r#"tests="4" failures="0" errors="2">"#), "{xml}");
    assert!(xml.contains(r#"<error message="right: the run was stopped before" type="cancelled">"#), "{xml}");
}
