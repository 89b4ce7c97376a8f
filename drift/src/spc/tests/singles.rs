use crate::{
    Absent,
    spc::{Limits, Rules, SpcBaseline, Subgroups, sample_size},
    tests::Draw,
};
use proptest::prelude::*;

#[test]
fn few_rows_are_looked_at_one_by_one() {
    assert_eq!([0, 49, 50, 624, 1_000_000].map(sample_size), [1, 1, 2, 24, 25]);
}

#[test]
fn one_single_value_has_a_mean_and_no_range() {
    let one = Subgroups::of(&[4.0][..], 1);
    assert_eq!(one.grand_mean(), Ok(4.0));
    assert_eq!(SpcBaseline::new(&one, Limits::default()), Err(Absent::TooFew { needed: 2, found: 1 }));
}

#[test]
fn missing_values_stand_between_no_two_single_values() {
    let some = Subgroups::of(&[1.0, f64::NAN, 4.0, f64::INFINITY][..], 1);
    assert_eq!((some.mean_deviation(), some.count(), some.left_out(), some.unused()), (Ok(3.0), 2, 2, 0));
}

#[test]
fn a_jump_is_seen_on_the_chart_of_moving_ranges() {
    let before: Vec<f64> = (0..100).map(|i| f64::from(i % 3)).collect();
    let baseline = SpcBaseline::new(&Subgroups::of(&before[..], 1), Limits::default()).unwrap();
    let chart = baseline.chart(&[1.0, 0.0, 30.0, 29.0][..], &Rules::WesternElectric).unwrap();
    assert_eq!(
        (chart.deviations.as_slice(), chart.deviations_out.as_slice()),
        (&[1.0, 30.0, 1.0][..], &[2][..])
    );
    assert_eq!(chart.alerts[0].points, [2]);
    assert_eq!(chart.spread_alerts().map(|alert| alert.points).collect::<Vec<_>>(), [[1, 2]]);
}

#[test]
fn single_values_alarm_falsely_as_often_as_theory_says() {
    let mut draw = Draw(4);
    let mut normals = |count: usize| -> Vec<f64> { (0..count).map(|_| draw.normal()).collect() };
    let baseline = SpcBaseline::new(&Subgroups::of(&normals(400_000)[..], 1), Limits::default()).unwrap();
    let later = normals(400_000);
    let beyond = later.iter().filter(|v| baseline.score(**v).abs() > 3.0).count() as f64 / 400_000.0;
    assert!((beyond / 0.002_699_8 - 1.0).abs() < 0.1, "{beyond}");
}

proptest! {
    #[test]
    fn single_values_in_any_parts_are_those_of_the_whole(values in proptest::collection::vec(prop_oneof![9 => -9.0..9.0, 1 => Just(f64::NAN)], 0..300), cuts in proptest::collection::vec(0_usize..300, 0..4)) {
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(values.len())).chain([0, values.len()]).collect();
        cuts.sort_unstable();
        let mut merged = Subgroups::new(1);
        for pair in cuts.windows(2) {
            merged.merge(&Subgroups::of(&values[pair[0]..pair[1]], 1)).unwrap();
        }
        let whole = Subgroups::of(&values[..], 1);
        prop_assert_eq!((merged.count(), merged.left_out()), (whole.count(), whole.left_out()));
        prop_assert!((merged.grand_mean().unwrap_or(0.0) - whole.grand_mean().unwrap_or(0.0)).abs() < 1e-12);
        prop_assert!((merged.mean_deviation().unwrap_or(0.0) - whole.mean_deviation().unwrap_or(0.0)).abs() < 1e-12);
    }
}
