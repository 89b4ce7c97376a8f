//! The share of false alarms is what is promised, over many pairs of samples without drift.

use crate::{
    psi::{Binning, PsiBaseline, Sizes, Threshold, ZeroBins},
    tests::Draw,
};

const PAIRS: u32 = 4000;

/// The share of pairs whose index is beyond what the threshold is for such sizes.
fn beyond(baseline_rows: usize, current_rows: usize, limit: impl Fn(usize, Sizes) -> f64) -> f64 {
    let mut draw = Draw(20_240_611);
    let mut sample = |rows: usize| -> Vec<f64> { (0..rows).map(|_| draw.uniform()).collect() };
    let alarms = (0..PAIRS).filter(|_| {
        let before = sample(baseline_rows);
        let baseline = PsiBaseline::of_numbers(&before[..], Binning::default(), ZeroBins::default()).unwrap();
        let counts = baseline.count_numbers(&sample(current_rows)[..]).unwrap();
        let drift = baseline.compare(&counts, Threshold::default()).unwrap();
        drift.psi > limit(drift.terms.len(), baseline.sizes(&counts))
    });
    alarms.count() as f64 / f64::from(PAIRS)
}

fn false_alarms(baseline_rows: usize, current_rows: usize) -> f64 {
    beyond(baseline_rows, current_rows, |bins, sizes| Threshold::default().value(bins, sizes))
}

#[test]
fn five_percent_of_equal_samples_alarm_at_five_percent() {
    let rate = false_alarms(2000, 2000);
    assert!((rate - 0.05).abs() < 0.01, "{rate}");
}

#[test]
fn five_percent_of_larger_windows_alarm_at_five_percent() {
    let rate = false_alarms(2000, 10_000);
    assert!((rate - 0.05).abs() < 0.01, "{rate}");
}

#[test]
fn a_threshold_that_takes_the_baseline_for_the_truth_alarms_without_drift() {
    let of_truth = |bins, sizes| Threshold::default().value(bins, Sizes { baseline: None, ..sizes });
    let (equal, larger) = (beyond(2000, 2000, of_truth), beyond(2000, 10_000, of_truth));
    assert!((equal - 0.47).abs() < 0.03 && (larger - 0.97).abs() < 0.02, "{equal} {larger}");
}
