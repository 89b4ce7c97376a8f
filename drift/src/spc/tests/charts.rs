use crate::{
    Absent,
    spc::{
        AlertKind, DigitRule, Limits, Rule, Rules, SpcBaseline, SpcDrift, Subgroups, Zone, sample_size, trend,
    },
};
use proptest::prelude::*;

fn baseline(values: &[f64], size: usize) -> Result<SpcBaseline, Absent> {
    SpcBaseline::new(&Subgroups::of(values, size), Limits::default())
}

#[test]
fn rows_that_do_not_fit_into_subgroups_are_not_read() {
    let groups = Subgroups::of(&[1.0, 3.0, 2.0][..], 2);
    let kept = serde_json::to_value(&groups).unwrap();
    assert_eq!(serde_json::from_value::<Subgroups>(kept.clone()).unwrap(), groups);
    let averages = |means: u64, deviations: u64| serde_json::json!({"means": means, "mean": 2.0, "deviations": deviations, "deviation": 1.0});
    let changed = [
        ("size", serde_json::json!(0)),
        ("size", serde_json::json!(1)),
        ("averages", averages(u64::MAX, 1)),
        ("averages", averages(1, 2)),
        ("left_out", serde_json::json!(u64::MAX)),
        ("unused", serde_json::json!(u64::MAX)),
    ];
    for (field, value) in changed {
        let mut damaged = kept.clone();
        damaged[field] = value;
        assert!(serde_json::from_value::<Subgroups>(damaged).is_err(), "{field}");
    }
}

#[test]
fn no_rows_have_no_limits() {
    assert_eq!(baseline(&[], 25), Err(Absent::NoRows));
}

#[test]
fn one_row_is_too_few_for_limits() {
    assert_eq!(baseline(&[1.0], 25), Err(Absent::TooFew { needed: 25, found: 1 }));
}

#[test]
fn missing_values_alone_have_no_limits() {
    assert_eq!(baseline(&[f64::NAN; 60], 25), Err(Absent::NoFinite));
}

#[test]
fn a_constant_baseline_alarms_at_any_change_and_not_before() {
    let chart = baseline(&[4.0; 100], 5).unwrap();
    assert!(chart.chart(&[4.0; 50][..], &Rules::default()).unwrap().alerts.is_empty());
    let moved = chart.chart(&[4.0, 4.0, 4.0, 4.0, 4.1][..], &Rules::default()).unwrap();
    assert_eq!(moved.alerts[0].kind, AlertKind::OutOfBounds);
    let text = serde_json::to_string(&moved).unwrap();
    assert_eq!(serde_json::from_str::<SpcDrift>(&text).unwrap(), moved);
}

#[test]
fn a_constant_that_has_no_exact_binary_form_stays_silent() {
    for (value, size) in
        [0.1, 0.3, 1e-9, -123.456, 7e200].into_iter().flat_map(|v| [1, 5, 25].map(|n| (v, n)))
    {
        let rows = vec![value; 1000];
        let chart = baseline(&rows, size).unwrap();
        assert_eq!(chart.center.to_bits(), value.to_bits(), "{value} by {size}");
        let later = chart.chart(&rows[..333], &Rules::default()).unwrap();
        assert_eq!((later.alerts.len(), later.deviations_out.len()), (0, 0), "{value} by {size}");
        // What rounding makes of a sum is no change; a billionth is one.
        assert_eq!(chart.score(value * (1.0 + f64::EPSILON)).to_bits(), 0, "{value} by {size}");
        assert!(chart.score(value * (1.0 + 1e-9)).abs() > 3.0, "{value} by {size}");
    }
}

#[test]
fn a_baseline_that_differs_by_rounding_alone_stays_silent() {
    let rows: Vec<f64> = (0..100).map(|i| if i % 2 == 0 { 0.3 } else { 0.1 + 0.2 }).collect();
    let later = [0.1 + 0.2; 50];
    let chart = baseline(&rows, 5).unwrap().chart(&later[..], &Rules::default()).unwrap();
    assert_eq!((chart.alerts.len(), chart.deviations_out.len()), (0, 0));
}

#[test]
fn alerts_are_bounded_and_the_rest_is_counted() {
    let before: Vec<f64> = (0..1000).map(|i| f64::from(i % 5)).collect();
    let after = vec![9.0; 10_000];
    let drift = baseline(&before, 1).unwrap().chart(&after[..], &Rules::default()).unwrap();
    let all = Rules::default().alerts(&drift.scores).count();
    assert_eq!((drift.alerts.len() as u64, drift.more_alerts), (1000, all as u64 - 1000));
    assert_eq!(drift.alert_count(), all as u64);
}

#[test]
fn sums_beyond_the_largest_number_have_a_mean() {
    assert_eq!(Subgroups::of(&[f64::MAX; 4][..], 4).grand_mean(), Ok(f64::MAX));
}

#[test]
fn sample_sizes_leave_enough_subgroups() {
    assert_eq!([10, 100, 500, 1_000_000].map(sample_size), [1, 4, 20, 25]);
}

#[test]
fn a_change_of_spread_alone_is_seen_on_the_s_chart() {
    let narrow: Vec<f64> = (0..250).map(|i| f64::from(i % 5)).collect();
    let wide: Vec<f64> = (0..50).map(|i| f64::from(i % 5) * 6.0 - 10.0).collect();
    let drift = baseline(&narrow, 5).unwrap().chart(&wide[..], &Rules::default()).unwrap();
    assert_eq!(drift.deviations_out.len(), 10);
    assert_eq!((drift.alert_count(), drift.spread_alerts().count()), (0, 10));
    let last = drift.spread_alerts().last().unwrap();
    assert_eq!(
        (last.rule, last.kind, last.zone, last.points),
        (Rule::Spread, AlertKind::Spread, None, vec![9])
    );
}

#[test]
fn one_point_far_out_is_one_alert() {
    let alerts = Rules::default().alerts(&[0.1, 3.5, -0.1]);
    let zones: Vec<_> = alerts.map(|alert| (alert.kind, alert.zone, alert.points)).collect();
    assert_eq!(zones, [(AlertKind::OutOfBounds, Some(Zone::Zone4), vec![1])]);
}

#[test]
fn zones_that_are_not_watched_are_silent() {
    let rules = Rules::Digits { rule: DigitRule::default(), zones_to_monitor: vec![Zone::Zone1] };
    assert_eq!(rules.alerts(&[0.1, 3.5, -0.1]).count(), 0);
}

#[test]
fn points_that_change_sides_sixteen_times_are_an_alert() {
    let scores: Vec<f64> = (0..16).map(|i| if i % 2 == 0 { 0.5 } else { -0.5 }).collect();
    let alerts: Vec<_> = Rules::default().alerts(&scores).collect();
    assert_eq!(alerts.len(), 1);
    assert_eq!((alerts[0].rule, alerts[0].points.len()), (Rule::Alternating { points: 16 }, 16));
}

#[test]
fn seven_falling_points_are_a_trend_without_a_zone() {
    let alerts: Vec<_> = Rules::default().alerts(&[0.6, 0.5, 0.4, 0.3, 0.2, 0.1, -0.1]).collect();
    assert_eq!((alerts.len(), alerts[0].kind, alerts[0].zone), (1, AlertKind::Trend, None));
}

#[test]
fn equal_neighbours_break_a_trend() {
    assert_eq!(trend(&[0.1, 0.2, 0.3, 0.3, 0.4, 0.5, 0.6, 0.7], 7).count(), 0);
}

#[test]
fn a_rule_is_read_and_written_alike() {
    let text = "8 16 4 8 2 4 1 1";
    assert_eq!(text.parse::<DigitRule>().unwrap(), DigitRule::default());
    assert_eq!(DigitRule::default().to_string(), text);
}

#[test]
fn a_rule_of_seven_numbers_is_refused() {
    let error = "8 16 4 8 2 4 1".parse::<DigitRule>().unwrap_err().to_string();
    assert!(error.contains("`7` numbers where there are eight"), "{error}");
}

#[test]
fn a_rule_with_a_word_is_refused_by_that_word() {
    let error = "8 16 four 8 2 4 1 1".parse::<DigitRule>().unwrap_err().to_string();
    assert!(error.contains("`four`"), "{error}");
}

#[test]
fn zero_switches_a_test_off() {
    let rule: DigitRule = "0 0 0 0 0 0 0 1".parse().unwrap();
    assert_eq!(rule.alerts(&[2.5; 30], &Zone::ALL).count(), 0);
    assert_eq!(rule.alerts(&[3.5; 3], &Zone::ALL).count(), 3);
}

#[test]
fn a_baseline_survives_json() {
    let kept = baseline(&[0.1, 0.7, 0.3, 0.9, 0.5, 0.2], 2).unwrap();
    let text = serde_json::to_string(&kept).unwrap();
    assert_eq!(serde_json::from_str::<SpcBaseline>(&text).unwrap(), kept);
}

proptest! {
    #[test]
    fn parts_cut_between_subgroups_merge_to_the_whole(values in proptest::collection::vec(-1e3..1e3, 0..400), size in 2_usize..9, cut in 0_usize..60) {
        let cut = (cut * size).min(values.len() / size * size);
        let mut merged = Subgroups::of(&values[..cut], size);
        merged.merge(&Subgroups::of(&values[cut..], size)).unwrap();
        let whole = Subgroups::of(&values[..], size);
        prop_assert_eq!((merged.count(), merged.unused()), (whole.count(), whole.unused()));
        if let (Ok(a), Ok(b)) = (merged.grand_mean(), whole.grand_mean()) {
            prop_assert!((a - b).abs() < 1e-9);
            prop_assert!((merged.mean_deviation().unwrap() - whole.mean_deviation().unwrap()).abs() < 1e-9);
        }
    }

    #[test]
    fn chunks_that_follow_each_other_are_grouped_as_one(values in proptest::collection::vec(prop_oneof![9 => -9.0..9.0, 1 => Just(f64::NAN)], 0..200), size in 2_usize..9, chunk in 1_usize..20) {
        let mut parts = Subgroups::new(size);
        values.chunks(chunk).for_each(|part| parts.add(part, |_| ()));
        let whole = Subgroups::of(&values[..], size);
        prop_assert_eq!((parts.count(), parts.unused(), parts.left_out()), (whole.count(), whole.unused(), whole.left_out()));
        prop_assert!((parts.grand_mean().unwrap_or(0.0) - whole.grand_mean().unwrap_or(0.0)).abs() < 1e-12);
    }
}
