//! Two runs against each other.

use std::sync::Arc;

use scouter_tasks::result::{
    Comparison, Options, Results, Side, Status, Trend, comparison_table, status_changes_table, summary_text,
    task_table,
};
use scouter_tasks::suite::Suite;

use crate::support::{evaluate, suite};

const TASKS: &str = "
- {task_type: Assertion, id: gate, context_path: reply, operator: IsNotEmpty, condition: true}
- {task_type: Assertion, id: right, context_path: x, operator: Equals, expected_value: '${truth}', depends_on: [gate]}
- {task_type: Assertion, id: small, context_path: x, operator: LessThan, expected_value: 10, depends_on: [gate]}
";

const GOOD: &str = r#"{"reply": "a", "x": 1, "truth": 1}"#;
const WRONG: &str = r#"{"reply": "a", "x": 2, "truth": 1}"#;
const BROKEN: &str = r#"{"reply": "a", "x": 1}"#;
const SILENT: &str = r#"{"reply": "", "x": 1, "truth": 1}"#;

fn tasks() -> Suite {
    suite(TASKS)
}

fn compare(after: &Results, before: &Results, threshold: f64) -> Comparison {
    let options = Options { threshold, ..Options::default() };
    scouter_tasks::result::compare(&Arc::new(after.clone()), &Arc::new(before.clone()), options)
}

fn against(after: &[(&str, &str)], before: &[(&str, &str)]) -> Comparison {
    let suite = tasks();
    compare(&evaluate(&suite, after), &evaluate(&suite, before), 0.05)
}

#[test]
fn records_are_paired_by_id_whatever_their_order() {
    let both = against(&[("b", GOOD), ("a", WRONG)], &[("a", GOOD), ("b", GOOD)]);
    let trends: Vec<_> = (0..2).map(|at| (both.record(at), both.pairs[at].trend)).collect();
    assert_eq!(trends, [("b".into(), Trend::Unchanged), ("a".into(), Trend::Regressed)]);
    let changes: Vec<_> =
        both.changes().map(|of| (both.task_id(of.task), of.baseline, of.comparison)).collect();
    assert_eq!(changes, [("right", Status::Passed, Status::Failed)]);
}

#[test]
fn records_without_an_id_are_paired_by_their_place() {
    let both = against(&[("", GOOD), ("", WRONG)], &[("", GOOD), ("", GOOD)]);
    assert_eq!(both.pairs.len(), 2);
    assert_eq!(both.trend(Trend::Regressed), 1);
}

#[test]
fn a_lost_record_is_a_regression() {
    let both = against(&[("a", GOOD), ("c", GOOD)], &[("a", GOOD), ("b", GOOD)]);
    assert_eq!(both.lost_records().collect::<Vec<_>>(), ["b"]);
    assert_eq!(both.new_records().collect::<Vec<_>>(), ["c"]);
    assert!(both.regressed());
    assert!(!against(&[("a", GOOD), ("b", GOOD)], &[("a", GOOD)]).regressed());
}

#[test]
fn a_task_that_errors_now_has_not_passed() {
    let both = against(&[("a", BROKEN)], &[("a", GOOD)]);
    let pair = &both.pairs[0];
    assert_eq!((pair.baseline_passed, pair.comparison_passed, pair.compared), (2, 1, 2));
    assert!(both.regressed());
}

#[test]
fn a_failed_check_that_errors_now_is_a_regression() {
    let both = against(&[("a", BROKEN)], &[("a", WRONG)]);
    assert_eq!(both.pairs[0].trend, Trend::Regressed);
}

#[test]
fn a_task_that_is_there_no_more_is_a_regression() {
    let before = evaluate(&tasks(), &[("a", GOOD)]);
    let fewer = suite(
        "\n- {task_type: Assertion, id: small, context_path: x, operator: LessThan, expected_value: 10}\n",
    );
    let after = evaluate(&fewer, &[("a", GOOD)]);
    assert!(compare(&after, &before, 0.05).regressed());
    assert!(!compare(&before, &after, 0.05).regressed());
}

#[test]
fn a_gate_that_closes_now_is_a_regression_though_nothing_failed() {
    let both = against(&[("a", SILENT)], &[("a", GOOD)]);
    let pair = &both.pairs[0];
    assert_eq!((pair.baseline_rate(), pair.comparison_rate()), (1.0, 0.0));
    assert!(both.regressed());
}

#[test]
fn gates_do_not_count_in_the_rates() {
    let both = against(&[("a", GOOD)], &[("a", GOOD)]);
    assert_eq!((both.pairs[0].compared, both.tasks_of(0).count()), (2, 3));
}

#[test]
fn what_errors_on_both_sides_is_not_compared() {
    let both = against(&[("a", BROKEN)], &[("a", BROKEN)]);
    assert_eq!((both.pairs[0].compared, both.pairs[0].delta()), (1, 0.0));
    assert!(!both.regressed());
}

#[test]
fn tasks_of_one_run_only_are_listed_and_not_compared() {
    let before = suite(&format!("{TASKS}- {{task_type: Assertion, id: old, operator: Exists}}\n"));
    let after = suite(&format!("{TASKS}- {{task_type: Assertion, id: new, operator: Exists}}\n"));
    let both = compare(&evaluate(&after, &[("a", GOOD)]), &evaluate(&before, &[("a", GOOD)]), 0.0);
    let missing: Vec<_> =
        both.missing_tasks.iter().map(|task| (task.task_id.as_str(), task.present_in)).collect();
    assert_eq!(missing, [("old", Side::Baseline), ("new", Side::Comparison)]);
    assert_eq!(both.tasks_of(0).count(), 3);
}

/// A record whose `right` of this many tasks pass.
fn passing(right: usize, of: usize) -> Results {
    let task = |at: usize| {
        let limit = if at < right { 0 } else { 2 };
        format!(
            "- {{task_type: Assertion, id: t{at}, context_path: x, operator: GreaterThan, expected_value: {limit}}}\n"
        )
    };
    let tasks: String = (0..of).map(task).collect();
    evaluate(&suite(&tasks), &[("a", GOOD)])
}

#[test]
fn a_fall_of_just_the_threshold_is_no_regression() {
    // 19/20 − 20/20 is −0.05000000000000004 in floats.
    let trend =
        |right, of, threshold| compare(&passing(right, of), &passing(of, of), threshold).pairs[0].trend;
    assert_eq!(trend(19, 20, 0.05), Trend::Unchanged);
    assert_eq!(trend(18, 20, 0.05), Trend::Regressed);
    assert_eq!(trend(19, 20, 0.0), Trend::Regressed);
    assert_eq!(compare(&passing(20, 20), &passing(19, 20), 0.05).pairs[0].trend, Trend::Unchanged);
    assert_eq!(compare(&passing(20, 20), &passing(18, 20), 0.05).pairs[0].trend, Trend::Improved);
}

#[test]
fn each_task_is_tallied_over_all_pairs() {
    let both =
        against(&[("a", WRONG), ("b", GOOD), ("c", SILENT)], &[("a", GOOD), ("b", GOOD), ("c", SILENT)]);
    let right = both.tasks.iter().find(|tally| both.task_id(tally.task) == "right").unwrap();
    assert_eq!((right.judged, right.baseline_passed, right.comparison_passed, right.changed), (2, 2, 1, 1));
}

fn three() -> Comparison {
    against(
        &[("same", GOOD), ("better", GOOD), ("worse", WRONG), ("new", GOOD)],
        &[("same", GOOD), ("better", WRONG), ("worse", GOOD), ("lost", GOOD)],
    )
}

#[test]
fn the_table_shows_regressions_then_improvements_then_the_rest() {
    let table = comparison_table(&three(), 10, false, None);
    let order: Vec<_> =
        ["worse", "better", "same"].iter().map(|record| table.find(record).unwrap()).collect();
    assert!(order.is_sorted(), "{table}");
    assert!(table.contains("100.0% (2/2)") && table.contains("−50.0"), "{table}");
}

#[test]
fn a_table_that_is_cut_says_how_much_is_left() {
    let table = comparison_table(&three(), 2, false, None);
    assert!(table.ends_with("… and 1 more record"), "{table}");
    assert!(!table.contains("same"), "{table}");
    let table = status_changes_table(&three(), 1, None);
    assert!(table.ends_with("… and 1 more change"), "{table}");
}

#[test]
fn the_task_table_counts_changed_records() {
    let table = task_table(&three(), false, None);
    let right = table.lines().find(|line| line.contains("right")).unwrap();
    assert!(right.contains("66.7% (2/3)") && right.contains("±0.0 (") && right.contains(" 2 "), "{table}");
}

#[test]
fn the_summary_names_what_is_lost() {
    let text = summary_text(&three());
    assert!(
        text.contains("1 regressed, 1 improved, 1 unchanged of 3 in both runs (threshold: 5 points)"),
        "{text}"
    );
    assert!(text.contains("Records lost   `lost`, only in the baseline"), "{text}");
    assert!(text.contains("Records new    `new`, only in this run"), "{text}");
}

#[test]
fn a_threshold_is_printed_as_it_was_given() {
    let same = passing(1, 1);
    assert!(summary_text(&compare(&same, &same, 0.07)).contains("(threshold: 7 points)"));
    assert!(summary_text(&compare(&same, &same, 0.0001)).contains("(threshold: 0.01 points)"));
}
