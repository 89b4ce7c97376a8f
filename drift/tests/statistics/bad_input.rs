//! What raters and judges with nothing to say are answered.

use scouter_drift::Absent;
use scouter_drift::statistics::Alpha;
use scouter_drift::statistics::agreement::{Scale, fleiss, krippendorff};
use scouter_drift::statistics::calibration::Confusion;
use scouter_drift::statistics::kappa::cohen;

const NONE: [[u64; 2]; 0] = [];

#[test]
fn no_items_have_no_agreement() {
    assert_eq!(cohen(&NONE, Alpha::USUAL), Err(Absent::NoRows));
    assert_eq!(cohen(&[[0, 0], [0, 0]], Alpha::USUAL), Err(Absent::NoRows));
    assert_eq!(fleiss(&NONE), Err(Absent::NoRows));
    assert_eq!(krippendorff(&[[1.0]], Scale::Nominal), Err(Absent::TooFew { needed: 2, found: 0 }));
}

#[test]
fn raters_who_know_one_category_have_no_agreement_beyond_chance() {
    assert_eq!(cohen(&[[9, 0], [0, 0]], Alpha::USUAL), Err(Absent::Constant));
    assert_eq!(fleiss(&[[3, 0], [3, 0]]), Err(Absent::Constant));
    assert_eq!(krippendorff(&[[1.0, 1.0], [1.0, 1.0]], Scale::Interval), Err(Absent::Constant));
}

#[test]
fn raters_who_agree_on_a_few_items_may_still_disagree_on_others() {
    let full = cohen(&[[5, 0], [0, 7]], Alpha::USUAL).unwrap();
    assert_eq!((full.kappa, full.interval.high), (1.0, 1.0));
    assert!((full.interval.low - 0.417).abs() < 0.001, "{full:?}");
}

#[test]
fn tables_that_are_not_square_are_refused() {
    assert_eq!(cohen(&[[1, 2, 3], [4, 5, 6]], Alpha::USUAL), Err(Absent::Mismatch { left: 2, right: 3 }));
}

#[test]
fn items_with_other_numbers_of_ratings_are_refused() {
    assert_eq!(fleiss(&[[2, 1], [2, 2]]), Err(Absent::Mismatch { left: 3, right: 4 }));
    assert_eq!(fleiss(&[[1, 0], [0, 1]]), Err(Absent::TooFew { needed: 2, found: 1 }));
}

#[test]
fn a_judge_without_labels_of_both_kinds_is_not_corrected() {
    let judge = Confusion { true_passes: 9, false_fails: 1, ..Confusion::default() };
    assert_eq!(judge.correct(5, 10, Alpha::USUAL), Err(Absent::NoRows));
    assert_eq!(judge.specificity(Alpha::USUAL), Err(Absent::NoRows));
}

#[test]
fn a_judge_that_tosses_coins_is_not_corrected() {
    let judge = Confusion { true_passes: 5, false_fails: 5, false_passes: 5, true_fails: 5 };
    assert_eq!(judge.correct(5, 10, Alpha::USUAL), Err(Absent::Chance));
}

#[test]
fn a_corrected_rate_stays_between_0_and_1() {
    let judge = Confusion { true_passes: 90, false_fails: 10, false_passes: 20, true_fails: 80 };
    let [none, all] = [9, 46].map(|passed| judge.correct(passed, 50, Alpha::USUAL).unwrap());
    assert_eq!((none.rate, none.interval.low, all.rate, all.interval.high), (0.0, 0.0, 1.0, 1.0));
    assert!(none.interval.high > 0.0 && all.interval.low < 1.0);
}

#[test]
fn counts_of_parts_are_those_of_the_whole() {
    let mut parts = Confusion::default();
    parts.add(true, true);
    let mut later = Confusion::default();
    later.add(false, true);
    later.add(false, false);
    later.add(true, false);
    parts.merge(later);
    assert_eq!(parts, Confusion { true_passes: 1, false_fails: 1, false_passes: 1, true_fails: 1 });
}
