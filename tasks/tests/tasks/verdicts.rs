//! What a comparison says: more than chance, or not.

use std::num::NonZeroU32;
use std::sync::Arc;

use scouter_tasks::records::{BadRecord, Flaw, Unit};
use scouter_tasks::result::{
    ClusterBy, Comparison, ComparisonOutcome, ComparisonVerdict, Correction, Labels, Options, Results, Row,
    Side, Status, Trend, Validity, headline, summary_text, task_table,
};
use scouter_tasks::suite::TaskInfo;
use uuid::Uuid;

use crate::support::row;
use crate::synthetic::{against, cluster, labelled, one_task, outcome, statuses, tasks};

/// Pairs of which so many were gained, lost, passed and failed on both sides.
fn pairs(gained: usize, lost: usize, passed: usize, failed: usize, options: Options) -> Comparison {
    let side = |parts: [(&str, usize); 4]| -> Results {
        one_task(&parts.map(|(letter, count)| letter.repeat(count)).concat())
    };
    let before = side([("f", gained), ("p", lost), ("p", passed), ("f", failed)]);
    let now = side([("p", gained), ("f", lost), ("p", passed), ("f", failed)]);
    against(&now, &before, options)
}

fn threshold(threshold: f64) -> Options {
    Options { threshold, ..Options::default() }
}

#[test]
fn the_verdict_follows_the_direction_where_chance_is_ruled_out() {
    let better = pairs(360, 76, 382, 501, threshold(0.05));
    let rate = better.tasks[0].rate.unwrap();
    assert_eq!((rate.gained, rate.lost, rate.records), (360, 76, 1319));
    assert!(rate.adjusted_p < 1e-40);
    assert_eq!(better.verdict(), ComparisonVerdict::Improved);
    assert_eq!(pairs(76, 360, 382, 501, threshold(0.05)).verdict(), ComparisonVerdict::Regressed);
}

#[test]
fn a_change_of_a_few_points_is_found_where_there_are_enough_records() {
    let worse = pairs(152, 209, 306, 652, threshold(0.05));
    assert_eq!(format!("{:.5}", worse.tasks[0].rate.unwrap().p), "0.00315");
    assert_eq!(worse.verdict(), ComparisonVerdict::Regressed);
}

#[test]
fn few_records_do_not_tell_though_nothing_changed() {
    let few = pairs(0, 0, 10, 0, threshold(0.05));
    let rate = few.tasks[0].rate.unwrap();
    assert_eq!((rate.verdict, rate.records_needed), (ComparisonVerdict::Inconclusive, Some(73)));
    assert_eq!(pairs(0, 0, 73, 0, threshold(0.05)).verdict(), ComparisonVerdict::Unchanged);
}

#[test]
fn without_a_threshold_no_number_of_records_shows_that_nothing_changes() {
    let same = pairs(0, 0, 1_000, 0, threshold(0.0));
    assert_eq!(same.verdict(), ComparisonVerdict::Inconclusive);
    assert_eq!(same.overall.unwrap().records_needed, None);
    assert!(summary_text(&same).contains("set `regression_threshold`"), "{}", summary_text(&same));
}

#[test]
fn a_change_that_is_sure_to_be_within_the_threshold_is_none() {
    // More than chance, but never more than three points.
    let slight = |threshold_: f64| pairs(120, 60, 4_000, 1_000, threshold(threshold_)).tasks[0].rate.unwrap();
    assert!(slight(0.0).p < 0.001);
    assert_eq!(slight(0.0).verdict, ComparisonVerdict::Improved);
    assert_eq!(slight(0.03).verdict, ComparisonVerdict::Unchanged);
}

#[test]
fn as_many_records_as_an_inconclusive_comparison_asks_for_would_decide_it() {
    let rate = pairs(12, 6, 50, 32, threshold(0.02)).tasks[0].rate.unwrap();
    assert_eq!(rate.verdict, ComparisonVerdict::Inconclusive);
    let times = usize::try_from(rate.records_needed.unwrap()).unwrap().div_ceil(100);
    assert!(times > 1);
    let more = pairs(12 * times, 6 * times, 50 * times, 32 * times, threshold(0.02));
    assert_eq!(more.verdict(), ComparisonVerdict::Improved);
}

#[test]
fn what_errored_on_a_side_is_counted_and_tells_nothing() {
    let both =
        against(&one_task("pppee"), &one_task("ppeff"), Options { max_error_share: 1.0, ..threshold(0.1) });
    let tally = &both.tasks[0];
    assert_eq!((tally.baseline.of(Status::Errored), tally.comparison.of(Status::Errored)), (1, 2));
    let rate = tally.rate.unwrap();
    assert_eq!((rate.records, rate.gained, rate.lost), (2, 0, 0));
    assert_eq!(both.overall.unwrap().records, 2);
    assert!(task_table(&both, false, None).contains("1 → 2 errored"));
}

#[test]
fn too_many_errors_make_a_run_invalid_and_never_better() {
    let (good, bad) = ("p".repeat(100), "f".repeat(100));
    let of = |errors: usize| format!("{}{}", &good[errors..], "e".repeat(errors));
    let verdict = |errors| against(&one_task(&of(errors)), &one_task(&bad), threshold(0.05)).verdict();
    assert_eq!((verdict(5), verdict(6)), (ComparisonVerdict::Improved, ComparisonVerdict::Invalid));
}

/// Results of 100 records for tasks of these names, which all come out so.
fn hundred(names: &[&str], letters: &str) -> Results {
    let rows = (0..100).map(|at| row(Some(&format!("r{at}")), at, statuses(letters)));
    Results::new(tasks(names), rows.collect(), false)
}

#[test]
fn a_run_without_a_task_of_the_baseline_is_regressed_whatever_the_others_say() {
    let fewer = |before: &str| {
        against(&hundred(&["right"], "p"), &hundred(&["right", "quick"], before), threshold(0.05))
    };
    // Without the missing task they would be unchanged, improved.
    for before in ["pf", "ff"] {
        assert_eq!(fewer(before).verdict(), ComparisonVerdict::Regressed, "{before}");
        assert_eq!(headline(&fewer(before)), "no longer checked: `quick`");
    }
    let worse = against(&hundred(&["right"], "f"), &hundred(&["right", "quick"], "pp"), threshold(0.05));
    assert_eq!(
        headline(&worse),
        "worse than the baseline, by more than luck explains; no longer checked: `quick`"
    );
    let more = against(&hundred(&["right", "new"], "pf"), &hundred(&["right"], "p"), threshold(0.05));
    assert_eq!(more.verdict(), ComparisonVerdict::Unchanged);
}

#[test]
fn a_check_that_counted_and_only_reports_now_makes_nothing_better() {
    let (before, now) = (one_task(&"f".repeat(100)), one_task(&"p".repeat(100)));
    let only_reports = |results: &Results| {
        let advisory = || Some("its agreement with labels is below 0.6".to_owned());
        let tasks = results.tasks().iter().map(|task| TaskInfo { advisory: advisory(), ..task.clone() });
        Results::new(tasks.collect(), results.rows().to_vec(), false)
    };
    let both = against(&only_reports(&now), &before, threshold(0.05));
    assert_eq!(both.changed_tasks[0].what, "it counted, and only reports now");
    assert_ne!(both.verdict(), ComparisonVerdict::Improved);
    assert!(against(&only_reports(&now), &only_reports(&before), threshold(0.05)).changed_tasks.is_empty());
}

#[test]
fn a_broken_baseline_makes_a_comparison_invalid_and_nothing_better() {
    let broken = format!("{}{}", "e".repeat(950), "p".repeat(50));
    let (before, now) = (one_task(&broken), one_task(&"p".repeat(1_000)));
    let both = against(&now, &before, threshold(0.05));
    assert_eq!((both.validity(), both.verdict()), (Validity::TooManyErrors, ComparisonVerdict::Invalid));
    assert_eq!(both.error_share(), (Side::Baseline, 0.95));
    assert_eq!(
        headline(&both),
        "95% of the baseline's records errored, more than the 5% that may, so that they say nothing about quality"
    );
    // Even where so many may: the records that errored tell nothing.
    let both = against(&now, &before, Options { max_error_share: 1.0, ..threshold(0.05) });
    assert_eq!((both.trend(Trend::Improved), both.mean_delta()), (0, 0.0));
}

#[test]
fn what_got_worse_is_not_hidden_by_what_errored_before() {
    let of = |letters| {
        let rows = vec![row(Some("a"), 0, statuses(letters))];
        Results::new(tasks(&["first", "second"]), rows, false)
    };
    let both = against(&of("pf"), &of("ep"), Options { max_error_share: 1.0, ..threshold(0.05) });
    assert_eq!((both.pairs[0].trend, both.mean_delta()), (Trend::Regressed, -1.0));
}

#[test]
fn lost_records_count_as_errored() {
    let fewer = against(&one_task(&"p".repeat(90)), &one_task(&"f".repeat(100)), threshold(0.05));
    assert_eq!((fewer.validity(), fewer.error_share()), (Validity::TooManyErrors, (Side::Comparison, 0.1)));
    assert!(
        summary_text(&fewer).starts_with(
            "Verdict: invalid: 10% of the records errored or are lost, more than the 5% that may"
        )
    );
}

#[test]
fn runs_without_a_record_in_common_say_so_and_show_one_of_each() {
    let of = |ids: &[&str]| {
        let rows = ids.iter().zip(0..).map(|(&id, at)| row(Some(id), at, statuses("p")));
        Results::new(tasks(&["right"]), rows.collect(), false)
    };
    let both = against(&of(&["2025-1", "2025-2"]), &of(&["1", "2", "3"]), threshold(0.05));
    assert_eq!((both.validity(), both.verdict()), (Validity::Disjoint, ComparisonVerdict::Invalid));
    let told = "the runs have no record in common: this one has `2025-1`, the baseline has `1`; records are paired by \
                their ids, so give them the ids that they had";
    assert_eq!(headline(&both), told);
    assert!(!summary_text(&both).contains("errored"), "{}", summary_text(&both));
}

#[test]
fn runs_with_nothing_in_common_are_invalid() {
    let both = against(&one_task("nnn"), &one_task("nnn"), threshold(0.05));
    assert_eq!((both.validity(), both.verdict()), (Validity::NothingCompared, ComparisonVerdict::Invalid));
}

#[test]
fn where_no_check_that_counts_was_made_a_gate_makes_no_comparison() {
    let closed = || {
        let rows = (0..40).map(|at| row(Some(&format!("r{at}")), at, statuses("fs")));
        Results::new(tasks(&["gate", "right"]), rows.collect(), false)
    };
    let both = against(&closed(), &closed(), threshold(0.0));
    assert!(both.tasks[0].rate.is_some());
    assert_eq!(
        (both.validity(), both.outcome()),
        (Validity::NothingCompared, ComparisonOutcome::Inconclusive)
    );
}

#[test]
fn a_better_run_that_lost_a_record_does_not_pass() {
    let (before, now) = (one_task(&"f".repeat(100)), one_task(&"p".repeat(99)));
    let both = against(&now, &before, threshold(0.05));
    assert_eq!(
        (both.verdict(), both.outcome()),
        (ComparisonVerdict::Improved, ComparisonOutcome::Inconclusive)
    );
}

#[test]
fn clusters_that_move_together_are_weak_evidence() {
    // 5 documents of 20 records: each changed as a whole.
    let (before, now) = (one_task(&"f".repeat(100)), one_task(&"p".repeat(100)));
    let documents = |results: &Results| labelled(results, |at| cluster(at / 20));
    let verdict = |clusters| {
        let options = Options { clusters, ..threshold(0.05) };
        against(&documents(&now), &before, options).tasks[0].rate.unwrap()
    };
    let clustered = verdict(ClusterBy::Label);
    assert_eq!((clustered.clusters, clustered.p), (5, 0.0625));
    assert_eq!(clustered.verdict, ComparisonVerdict::Inconclusive);
    assert!(clustered.smallest.unwrap_or(1.0) > verdict(ClusterBy::Record).smallest.unwrap());
    assert_eq!(verdict(ClusterBy::Record).verdict, ComparisonVerdict::Improved);
}

#[test]
fn trials_of_one_record_are_paired_by_number_and_hang_together() {
    let trials = |letters: &str, order: &[u32]| {
        let rows = statuses(letters).into_iter().zip(order).zip(0..);
        let rows = rows.map(|((outcome, trial), number)| {
            let mut row = row(Some("a"), number, vec![outcome]);
            row.labels = Some(Box::new(Labels { trial: NonZeroU32::new(*trial), ..Labels::default() }));
            row
        });
        Results::new(tasks(&["right"]), rows.collect(), false)
    };
    let both = against(&trials("pff", &[3, 1, 2]), &trials("fpp", &[1, 2, 3]), threshold(0.05));
    let rate = both.tasks[0].rate.unwrap();
    assert_eq!((rate.records, rate.clusters, rate.gained, rate.lost), (3, 1, 0, 1));
}

/// Results of records without ids, of which each has its trials; of a single one there is no number.
fn unnamed(records: &[&str]) -> Results {
    let rows = records.iter().zip(0..).flat_map(|(letters, number)| {
        let several = letters.len() > 1;
        statuses(letters).into_iter().zip(1..).map(move |(outcome, trial)| {
            let mut row = row(None, number, vec![outcome]);
            let trial = NonZeroU32::new(trial).filter(|_| several);
            row.labels = Some(Box::new(Labels { trial, ..Labels::default() }));
            row
        })
    });
    Results::new(tasks(&["right"]), rows.collect(), false)
}

#[test]
fn records_without_an_id_are_paired_by_their_place_and_the_trial() {
    let before = unnamed(&["ppp", "fff", "pfp"]);
    for now in [unnamed(&["ppppp", "fffff", "pfpff"]), unnamed(&["p", "f", "p"])] {
        let both = against(&now, &before, Options { max_error_share: 1.0, ..threshold(0.05) });
        assert_eq!((both.pairs.len(), both.changes().count()), (now.rows().len().min(9), 0));
    }
}

#[test]
fn trials_of_a_record_without_an_id_hang_together_whatever_process_ran_them() {
    let run = |records: &[&str]| {
        let results = unnamed(records);
        let rows = results.rows().iter().zip(0_u128..);
        let rows = rows.map(|(row, number)| Row { uid: Uuid::from_u128(number), ..row.clone() });
        Results::new(results.tasks().clone(), rows.collect(), false)
    };
    let both = against(&run(&["ppp", "pff"]), &run(&["fff", "fff"]), threshold(0.05));
    assert_eq!(both.overall.unwrap().clusters, 2);
}

#[test]
fn records_without_an_id_are_not_compared_where_others_were_left_out() {
    let left_out = |numbers: &[u64]| {
        let mut results = unnamed(&["p", "f", "p"]);
        for number in numbers {
            let flaw = Flaw::from("it is no object".to_owned());
            results.bad.add(BadRecord { unit: Unit::Line, number: *number, flaw });
        }
        results
    };
    let validity = |now, before| against(&left_out(now), &left_out(before), threshold(0.05)).validity();
    assert_eq!(validity(&[2], &[]), Validity::PlacesUnknown);
    assert_eq!(validity(&[2], &[3]), Validity::PlacesUnknown);
    assert_eq!(validity(&[2], &[2]), Validity::Valid);
    let mut named = one_task("pfp");
    named.bad = left_out(&[2]).bad;
    assert_eq!(against(&named, &one_task("pfp"), threshold(0.05)).validity(), Validity::Valid);
}

#[test]
fn of_many_tasks_one_by_chance_is_no_verdict() {
    // 6 gained and none lost is p = 0.03 on its own, but not one of 10 tasks.
    let names: Vec<String> = (0..10).map(|at| format!("t{at}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let results = |first: Status| {
        let rows = (0..100_u128).map(|at| {
            let mut outcomes = statuses("pppppppppp");
            if at < 6 {
                outcomes[0] = outcome(first);
            }
            row(Some(&format!("r{at}")), at, outcomes)
        });
        Results::new(tasks(&names), rows.collect(), false)
    };
    let (before, now) = (results(Status::Failed), results(Status::Passed));
    let verdict = |correction| {
        let both = against(&now, &before, Options { correction, ..threshold(0.0) });
        (both.tasks[0].rate.unwrap().adjusted_p, both.tasks[0].verdict())
    };
    let (alone, improved) = verdict(Correction::None);
    assert!((alone - 0.03125).abs() < 1e-12);
    assert_eq!(improved, ComparisonVerdict::Improved);
    for correction in [Correction::Holm, Correction::Bh] {
        assert!(verdict(correction).0 > 0.05);
        assert_eq!(verdict(correction).1, ComparisonVerdict::Inconclusive);
    }
}

#[test]
fn a_gate_that_closes_now_makes_the_whole_worse() {
    let results = |letters: &str| {
        let rows = (0..40).map(|at| row(Some(&format!("r{at}")), at, statuses(letters)));
        Results::new(tasks(&["gate", "right"]), rows.collect(), false)
    };
    let both = against(&results("fs"), &results("pp"), threshold(0.05));
    assert_eq!(both.tasks[1].rate, None);
    assert_eq!(both.overall.unwrap().verdict, ComparisonVerdict::Regressed);
}

#[test]
fn what_was_skipped_because_its_gate_errored_is_lost_to_the_error() {
    let results = |letters: &str| {
        let rows = (0..40).map(|at| row(Some(&format!("r{at}")), at, statuses(letters)));
        Results::new(tasks(&["gate", "right"]), rows.collect(), false)
    };
    let both = against(&results("es"), &results("pp"), Options { max_error_share: 1.0, ..threshold(0.05) });
    assert_eq!((both.overall, both.verdict()), (None, ComparisonVerdict::Invalid));
    assert_eq!(both.trend(Trend::Regressed), 40);
}

#[test]
fn rows_of_one_id_are_paired_in_their_order() {
    let results = |letters: &str| {
        let rows = statuses(letters).into_iter().zip(0..);
        let rows = rows.map(|(outcome, number)| row(Some("same"), number, vec![outcome]));
        Results::new(tasks(&["right"]), rows.collect(), false)
    };
    let both = against(&results("pf"), &results("pff"), threshold(0.05));
    assert_eq!(both.changes().count(), 0);
    assert_eq!((both.pairs.len(), both.lost_records().len()), (2, 1));
}

#[test]
fn a_comparison_is_equal_to_the_same_one_and_to_no_other() {
    let one = || pairs(3, 1, 4, 2, threshold(0.05));
    assert_eq!(one(), one());
    assert_ne!(one(), pairs(1, 3, 4, 2, threshold(0.05)));
    assert_ne!(one(), pairs(3, 1, 4, 2, threshold(0.06)));
}

#[test]
fn two_halves_of_one_model_are_said_to_differ_no_more_often_than_the_level() {
    const DRAWS: u32 = 2_000;
    let mut state = 99_u64;
    let mut chance = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / (1_u64 << 31) as f64
    };
    let (mut improved, mut regressed) = (0, 0);
    let three = tasks(&["a", "b", "c"]);
    for _ in 0..DRAWS {
        // Two samples of one model: each record has its own difficulty, the same in both.
        let difficulty: Vec<[f64; 3]> = (0..100).map(|_| [chance(), chance(), chance()]).collect();
        let mut sample = || {
            let rows = difficulty.iter().zip(0..).map(|(solved, at)| {
                let outcomes = solved.iter().map(|solved| outcome_of(chance() < *solved)).collect();
                row(None, at, outcomes)
            });
            Arc::new(Results::new(three.clone(), rows.collect(), false))
        };
        let (now, before) = (sample(), sample());
        match scouter_tasks::result::compare(&now, &before, Options::default()).verdict() {
            ComparisonVerdict::Improved => improved += 1,
            ComparisonVerdict::Regressed => regressed += 1,
            _ => {}
        }
    }
    // At most 5 % of either kind together; three standard errors of that are 1.5 %.
    let share = |count: u32| f64::from(count) / f64::from(DRAWS);
    assert!(share(improved) <= 0.025 + 0.0105, "{improved} of {DRAWS}");
    assert!(
        (0.01..=0.05 + 0.015).contains(&share(improved + regressed)),
        "{improved} + {regressed} of {DRAWS}"
    );
}

fn outcome_of(passed: bool) -> scouter_engine::Outcome<scouter_tasks::measured::Measured> {
    outcome(if passed { Status::Passed } else { Status::Failed })
}

#[test]
fn the_headline_says_what_the_verdict_means_without_statistics() {
    let say = |gained, lost, passed| headline(&pairs(gained, lost, passed, 0, threshold(0.05)));
    assert_eq!(say(30, 0, 30), "better than the baseline, by more than luck explains");
    assert_eq!(say(0, 30, 30), "worse than the baseline, by more than luck explains");
    assert_eq!(say(0, 0, 100), "as good as the baseline: the change is surely no more than 5 points");
    assert_eq!(say(0, 0, 10), "too few records to tell better from worse; about 73 like these would decide");
    let same = pairs(2, 2, 10, 0, threshold(0.0));
    assert!(
        headline(&same).starts_with("what got better and what got worse cancel out"),
        "{}",
        headline(&same)
    );
}

#[test]
fn a_verdict_that_only_tasks_make_says_what_all_together_say() {
    // Of 80 records one task gains 40 and the other loses 40: all together nothing changed.
    let of = |swapped: usize| {
        let rows = (0..80_usize).map(|at| {
            let mut both = vec![outcome(Status::Passed), outcome(Status::Failed)];
            if at < swapped {
                both.reverse();
            }
            row(Some(&at.to_string()), at as u128, both)
        });
        Results::new(tasks(&["first", "second"]), rows.collect(), false)
    };
    assert_eq!(
        headline(&against(&of(0), &of(40), threshold(0.05))),
        "worse than the baseline in `second`, by more than luck explains; all tasks together: unchanged"
    );
}
