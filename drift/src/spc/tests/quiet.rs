//! Charts whose quiet points are passed over have the alerts of charts that are read point by point.

use crate::spc::{Alert, DigitRule, Rules, Zone, ZoneRule, trend};
use proptest::prelude::*;

/// The alerts of both tests, by the points at which they are seen.
fn point_by_point(rule: DigitRule, watched: &[Zone], scores: &[f64]) -> Vec<Alert> {
    let mut alerts: Vec<_> = rule.alerts(scores, watched).chain(trend(scores, 7)).collect();
    alerts.sort_by_key(|alert| alert.points.last().copied());
    alerts
}

/// Stretches of points that stay on one side, change sides, rise, or go anywhere.
fn scores() -> impl Strategy<Value = Vec<f64>> {
    let stretch =
        (0..4, 1_usize..90, prop::sample::select(vec![0.0, 0.4, 1.0, 1.2, 2.3, 3.0, 3.1, -0.4, -2.3]));
    let stretch = stretch.prop_map(|(kind, length, height)| {
        let at = move |i: usize| match kind {
            0 => height,
            1 => height * if i % 2 == 0 { 1.0 } else { -1.0 },
            2 => height + i as f64 / 64.0,
            // Within the first zone, on sides that change by fours: it breaks no rule.
            _ => {
                if i / 4 % 2 == 0 {
                    0.3 - (i % 2) as f64 / 8.0
                } else {
                    -0.3
                }
            }
        };
        (0..length).map(at).collect::<Vec<_>>()
    });
    prop::collection::vec(stretch, 0..8).prop_map(|stretches| stretches.concat())
}

fn rule() -> impl Strategy<Value = DigitRule> {
    let points = || prop_oneof![4 => 0_usize..12, 1 => 60_usize..70];
    let zone =
        (points(), points()).prop_map(|(consecutive, alternating)| ZoneRule { consecutive, alternating });
    let zones = [zone.clone(), zone.clone(), zone.clone(), zone];
    prop_oneof![1 => Just(DigitRule::default()), 2 => zones.prop_map(|zones| DigitRule { zones })]
}

proptest! {
    #[test]
    fn points_that_are_passed_over_break_no_rule(
        rule in rule(),
        zones_to_monitor in prop::sample::subsequence(Zone::ALL.to_vec(), 0..=4),
        scores in scores(),
    ) {
        let expected = point_by_point(rule, &zones_to_monitor, &scores);
        let alerts: Vec<_> = Rules::Digits { rule, zones_to_monitor }.alerts(&scores).collect();
        prop_assert_eq!(alerts, expected);
    }
}

#[test]
fn a_run_that_begins_in_quiet_points_is_seen_in_the_next_ones() {
    // Seven points on one side end the first sixty-four, and the eighth is the next.
    let mut scores = vec![0.0; 57];
    scores.extend([0.5; 8]);
    let alerts: Vec<_> = Rules::default().alerts(&scores).map(|alert| alert.points).collect();
    assert_eq!(alerts, [(57..65).collect::<Vec<_>>()]);
}
