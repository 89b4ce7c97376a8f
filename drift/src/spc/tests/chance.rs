//! The share of false alarms is at most what is promised, however long the chart and however short the baseline.

use crate::{
    spc::{ChartPoints, Limits, Rules, SpcBaseline, Subgroups},
    tests::Draw,
};

const CHARTS: u32 = 1500;

/// The share of charts without a change whose p-value is at most 0.05.
fn false_alarms(size: usize, subgroups: usize, points: usize, limits: Limits) -> f64 {
    let mut draw = Draw(41);
    let alarms = (0..CHARTS).filter(|_| {
        let mut rows = |n: usize| -> Vec<f64> { (0..n * size).map(|_| draw.normal()).collect() };
        let baseline = SpcBaseline::new(&Subgroups::of(&rows(subgroups)[..], size), limits).unwrap();
        let chart = baseline.chart(&rows(points)[..], &Rules::default()).unwrap();
        baseline.p_value(&chart.scores) <= 0.05
    });
    f64::from(u32::try_from(alarms.count()).unwrap()) / f64::from(CHARTS)
}

#[test]
fn charts_of_400_points_on_which_nothing_changes_alarm_in_no_more_than_five_percent() {
    for (size, subgroups) in [(5, 25), (5, 200), (25, 40), (1, 100)] {
        let rate = false_alarms(size, subgroups, 400, Limits::SubgroupMeans);
        assert!(rate < 0.065, "{size} {subgroups}: {rate}");
    }
}

#[test]
fn long_charts_do_not_alarm_by_what_the_baseline_was_off_by() {
    let rate = false_alarms(5, 40, 4000, Limits::SubgroupMeans);
    assert!((0.02..0.065).contains(&rate), "{rate}");
}

#[test]
fn wide_limits_alarm_hardly_ever() {
    assert!(false_alarms(5, 40, 400, Limits::Individual) < 0.001);
}

/// How many points are beyond, of how many, and the chance of that many or more.
const SCIPY: [(usize, usize, f64); 5] = [
    (1, 10, 0.026_672_310_491_361_82),
    (2, 40, 0.005_310_689_003_274_493),
    (3, 400, 0.095_326_434_521_507_34),
    (9, 1000, 0.001_879_145_004_884_442),
    (40, 10_000, 0.011_228_358_826_811_611),
];

/// A baseline of so many subgroups that it is the truth: `scipy.stats.binom.sf(seen - 1, n, 2 * scipy.stats.norm.sf(3))`.
#[test]
fn of_a_known_process_it_is_the_binomial_chance_of_scipy() {
    let baseline = SpcBaseline {
        subgroups: u64::MAX,
        ..SpcBaseline::of_numbers(&[1.0, 2.0, 4.0, 3.0, 5.0, 1.0][..], Some(2), Limits::default()).unwrap()
    };
    for (seen, n, expected) in SCIPY {
        let scores: Vec<f64> = (0..n).map(|i| if i < seen { 3.5 } else { 0.5 }).collect();
        let found = baseline.p_value(&scores);
        assert!((found / expected - 1.0).abs() < 1e-6, "{seen} of {n}: {found}, not {expected}");
    }
}

#[test]
fn points_that_left_a_constant_have_no_chance() {
    let flat = SpcBaseline::of_numbers(&[5.0; 100][..], Some(5), Limits::default()).unwrap();
    let mut points = ChartPoints::new(5);
    points.add(&[6.0; 50]);
    let chart = flat.judge(points, &Rules::default()).unwrap();
    assert!(flat.p_value(&chart.scores) < 1e-12);
}
