//! The average number of points to a false alarm is what theory says, over many simulated processes that do not change.

use crate::{
    spc::{Cusum, Ewma, Rules, Zone},
    tests::{Draw, golden},
};

const RUNS: u32 = 4000;

/// The mean of how many points it takes to an alarm of a chart that is begun anew for each run.
fn average<C: FnMut(f64) -> bool>(begin: impl Fn() -> C) -> f64 {
    let mut draw = Draw(77);
    let points = (0..RUNS).map(|_| {
        let mut alarms = begin();
        (1..100_000).find(|_| alarms(draw.normal())).map_or(f64::INFINITY, f64::from)
    });
    points.sum::<f64>() / f64::from(RUNS)
}

/// Run lengths are about exponential, so their mean is known to `1/√RUNS` of it, which is 1.6 %.
#[track_caller]
fn near(found: f64, theory: f64) {
    assert!((found / theory - 1.0).abs() < 0.05, "{found} is not {theory}");
}

#[test]
fn one_point_beyond_three_deviations_takes_370_points() {
    near(average(|| |z| Zone::of(z) == Zone::Zone4), 370.398);
}

/// A chart that is looked at anew at every point, as far back as rules look.
fn by_rules(rules: Rules) -> impl FnMut(f64) -> bool {
    let mut window = Vec::new();
    move |z| {
        if window.len() == 16 {
            window.remove(0);
        }
        window.push(z);
        let last = window.len() - 1;
        rules.alerts(&window).any(|alert| alert.points.last() == Some(&last))
    }
}

#[test]
fn western_electric_rules_take_92_points() {
    near(average(|| by_rules(Rules::WesternElectric)), 91.75);
}

#[test]
fn the_rule_of_eight_numbers_and_the_tests_of_nelson_take_as_many_points_as_with_numpy() {
    let golden = &golden("run_lengths")[0];
    near(average(|| by_rules(Rules::default())), golden["digits"].as_f64().unwrap());
    near(average(|| by_rules(Rules::Nelson)), golden["nelson"].as_f64().unwrap());
}

#[test]
fn the_cumulative_sum_takes_465_points() {
    let begin = || {
        let mut chart = Cusum::default().begin();
        move |z| chart.push(z).is_some()
    };
    near(average(begin), 465.0);
}

#[test]
fn the_cumulative_sum_finds_one_deviation_after_ten_points() {
    let begin = || {
        let mut chart = Cusum::default().begin();
        move |z| chart.push(z + 1.0).is_some()
    };
    near(average(begin), 10.4);
}

#[test]
fn the_weighted_average_takes_500_points() {
    let begin = || {
        let mut chart = Ewma::new(0.4, 3.054).unwrap().begin();
        move |z| chart.push(z).is_some()
    };
    near(average(begin), 500.0);
}
