//! The share of false alarms is what is promised, over many pairs of samples without drift.

use crate::{
    psi::{Binning, PsiBaseline, Threshold, ZeroBins},
    tests::Draw,
};

const PAIRS: u32 = 4000;

fn false_alarms(baseline_rows: usize, current_rows: usize, threshold: Threshold) -> f64 {
    let mut draw = Draw(20_240_611);
    let mut sample = |rows: usize| -> Vec<f64> { (0..rows).map(|_| draw.uniform()).collect() };
    let alarms = (0..PAIRS).filter(|_| {
        let before = sample(baseline_rows);
        let baseline = PsiBaseline::of_numbers(&before[..], Binning::default(), ZeroBins::default()).unwrap();
        let counts = baseline.count_numbers(&sample(current_rows)[..]).unwrap();
        baseline.compare(&counts, threshold).unwrap().drifted
    });
    alarms.count() as f64 / f64::from(PAIRS)
}

#[test]
fn five_percent_of_equal_samples_alarm_at_five_percent() {
    let rate = false_alarms(2000, 2000, Threshold::default());
    assert!((rate - 0.05).abs() < 0.01, "{rate}");
}

#[test]
fn five_percent_of_larger_windows_alarm_at_five_percent() {
    let rate = false_alarms(2000, 10_000, Threshold::default());
    assert!((rate - 0.05).abs() < 0.01, "{rate}");
}
