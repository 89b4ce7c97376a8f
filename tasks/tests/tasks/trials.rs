//! Several trials of each case.

use std::sync::Arc;

use scouter_tasks::result::{Asked, Labels, Results, Status, Trials, trials_table};

use crate::support::row;
use crate::synthetic::{case, labelled, one_task, statuses, tasks};

const RIGHT: Asked = Asked::Task(0);

/// Three cases of four trials each: always, half, never solved.
fn three() -> Trials {
    let results = labelled(&one_task("pppppfpfffff"), |at| case(at / 4, 1));
    Trials::of(&Arc::new(results))
}

#[test]
fn trials_are_gathered_by_case() {
    let trials = three();
    let cases: Vec<_> = trials.cases().iter().map(|case| (case.name.as_str(), case.rows.len())).collect();
    assert_eq!(cases, [("case 0", 4), ("case 1", 4), ("case 2", 4)]);
    assert_eq!((trials.unlabelled(), trials.usual(RIGHT)), (0, 4));
}

#[test]
fn a_record_without_a_label_is_its_own_case_and_is_counted() {
    let trials = Trials::of(&Arc::new(one_task("pf")));
    assert_eq!((trials.cases().len(), trials.unlabelled()), (2, 2));
    assert!(trials_table(&trials, None).ends_with("2 cases, 2 records; 2 records without a label of a case"));
}

#[test]
fn records_of_one_id_are_trials_of_it() {
    let rows = statuses("ppf").into_iter().zip(0..).map(|(outcome, at)| row(Some("a"), at, vec![outcome]));
    let trials = Trials::of(&Arc::new(Results::new(tasks(&["right"]), rows.collect(), false)));
    assert_eq!((trials.cases().len(), trials.cases()[0].rows.len()), (1, 3));
}

#[test]
fn a_label_and_an_id_that_read_alike_are_two_cases() {
    let mut first = row(Some("a"), 1, statuses("p"));
    first.labels = Some(Box::new(Labels { case: Some("7".into()), ..Labels::default() }));
    let rows = vec![first, row(Some("7"), 2, statuses("f"))];
    let trials = Trials::of(&Arc::new(Results::new(tasks(&["right"]), rows, false)));
    assert_eq!(trials.cases().iter().map(|case| case.rows.as_slice()).collect::<Vec<_>>(), [[0], [1]]);
    assert_eq!(trials.flaky(RIGHT).count(), 0);
}

#[test]
fn estimators_are_means_over_cases() {
    let trials = three();
    let value = |mean: Option<scouter_drift::statistics::trials::CaseMean>| mean.unwrap().value;
    assert!((trials.mean(RIGHT).unwrap().mean.value - 0.5).abs() < 1e-12);
    // Half of four: 5 of the 6 pairs have a pass, 1 has two.
    assert!((value(trials.pass_at(RIGHT, 2)) - (1.0 + 5.0 / 6.0) / 3.0).abs() < 1e-12);
    assert!((value(trials.pass_hat(RIGHT, 2)) - (1.0 + 1.0 / 6.0) / 3.0).abs() < 1e-12);
    assert!((value(trials.at_least(RIGHT, 2, None)) - 2.0 / 3.0).abs() < 1e-12);
    assert_eq!(trials.pass_hat(RIGHT, 5), None);
}

#[test]
fn the_usual_number_of_trials_is_that_of_most_cases() {
    let results = labelled(&one_task("ppfpppepee"), |at| case(at / 4, 1));
    // 4, 3 and 1 trials, since errors are none: the larger of what is as frequent.
    assert_eq!(Trials::of(&Arc::new(results)).usual(RIGHT), 4);
    let results = labelled(&one_task("eefppfpp"), |at| case(at / 2, 1));
    assert_eq!(Trials::of(&Arc::new(results)).usual(RIGHT), 2);
    assert_eq!(Trials::of(&Arc::new(one_task("ee"))).usual(RIGHT), 0);
}

#[test]
fn what_came_to_no_verdict_is_no_trial() {
    let results = labelled(&one_task("ppesffff"), |at| case(at / 4, 1));
    let trials = Trials::of(&Arc::new(results));
    let three = trials.pass_at(RIGHT, 3).unwrap();
    assert_eq!((three.cases, three.left_out, three.value), (1, 1, 0.0));
    assert!((trials.mean(RIGHT).unwrap().mean.value - 0.5).abs() < 1e-12);
}

#[test]
fn flaky_cases_are_those_that_go_both_ways() {
    let trials = three();
    let flaky: Vec<_> = trials.flaky(RIGHT).map(|case| case.name.as_str()).collect();
    assert_eq!(flaky, ["case 1"]);
}

#[test]
fn the_mode_is_the_most_frequent_status_unless_two_are() {
    let trials = three();
    let modes: Vec<_> = trials.cases().iter().map(|case| trials.mode(case, RIGHT)).collect();
    assert_eq!(modes, [Some(Status::Passed), None, Some(Status::Failed)]);
}

#[test]
fn a_record_passes_as_a_whole_where_all_that_was_judged_passed() {
    // A gate, which does not count, and two tasks.
    let whole = |letters: &str| {
        let results = Results::new(tasks(&["gate", "a", "b"]), vec![row(None, 1, statuses(letters))], false);
        let trials = Trials::of(&Arc::new(results));
        trials.mode(&trials.cases()[0], Asked::Record)
    };
    for (letters, status) in [
        ("ppp", Status::Passed),
        ("ppn", Status::Passed),
        ("pps", Status::Passed),
        ("ppf", Status::Failed),
        ("pef", Status::Failed),
        ("ppe", Status::Errored),
        ("fss", Status::Skipped),
        ("pnn", Status::NotApplicable),
    ] {
        assert_eq!(whole(letters), Some(status), "{letters}");
    }
}

#[test]
fn the_table_shows_what_all_trials_together_make() {
    let table = trials_table(&three(), None);
    let line = table.lines().find(|line| line.contains("right")).unwrap();
    let cells: Vec<&str> = line.split(['│', '┆']).map(str::trim).filter(|cell| !cell.is_empty()).collect();
    assert_eq!(cells[..5], ["right", "3", "12", "0.500", "0.289"]);
    assert_eq!(cells[7..], ["4", "0.667", "0.333", "1"]);
}
