//! The share of false alarms is what is promised, over many pairs of samples without drift.

use crate::{
    psi::{Binning, Counts, PsiBaseline, PsiDrift, Sizes, Threshold, ZeroBins},
    tests::Draw,
};

const PAIRS: u32 = 4000;

/// The share of pairs of samples without drift of which this is true.
fn share(
    baseline_rows: usize,
    current_rows: usize,
    alarms: impl Fn(&PsiBaseline, &Counts, PsiDrift) -> bool,
) -> f64 {
    let mut draw = Draw(20_240_611);
    let mut sample = |rows: usize| -> Vec<f64> { (0..rows).map(|_| draw.uniform()).collect() };
    let all = (0..PAIRS).filter(|_| {
        let before = sample(baseline_rows);
        let baseline = PsiBaseline::of_numbers(&before[..], Binning::default(), ZeroBins::default()).unwrap();
        let counts = baseline.count_numbers(&sample(current_rows)[..]).unwrap();
        let drift = baseline.compare(&counts, Threshold::default()).unwrap();
        alarms(&baseline, &counts, drift)
    });
    all.count() as f64 / f64::from(PAIRS)
}

/// The share of pairs whose index is beyond what the threshold is for such sizes.
fn beyond(baseline_rows: usize, current_rows: usize, limit: impl Fn(usize, Sizes) -> f64) -> f64 {
    share(baseline_rows, current_rows, |baseline, counts, drift| {
        drift.psi > limit(drift.terms.len(), baseline.sizes(counts))
    })
}

/// The share of pairs that are said to have drifted.
fn false_alarms(baseline_rows: usize, current_rows: usize) -> f64 {
    share(baseline_rows, current_rows, |_, _, drift| drift.drifted)
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
fn the_index_is_beyond_its_threshold_as_often() {
    for rows in [2000, 10_000] {
        let rate = beyond(2000, rows, |bins, sizes| Threshold::default().value(bins, sizes));
        assert!((rate - 0.05).abs() < 0.01, "{rate}");
    }
}

#[test]
fn a_threshold_that_takes_the_baseline_for_the_truth_alarms_without_drift() {
    let of_truth = |bins, sizes| Threshold::default().value(bins, Sizes { baseline: None, ..sizes });
    let (equal, larger) = (beyond(2000, 2000, of_truth), beyond(2000, 10_000, of_truth));
    assert!((equal - 0.47).abs() < 0.03 && (larger - 0.97).abs() < 0.02, "{equal} {larger}");
}
