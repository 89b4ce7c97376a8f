//! Runs that are found sixty-four points at a time are those that are counted point by point.

use crate::spc::{Alert, AlertKind, DigitRule, Rule, Rules, Side, Zone, ZoneRule};
use proptest::prelude::*;

/// How many points up to one are on its side of a zone, and on changing sides.
fn counted(zone: Zone, scores: &[f64]) -> (usize, usize) {
    let sides: Vec<Option<Side>> = scores.iter().rev().map(|score| zone.beyond(*score)).collect();
    let (Some(Some(side)), beyond) = (sides.first(), sides.iter().take_while(|side| side.is_some())) else {
        return (0, 0);
    };
    let in_a_row = beyond.clone().take_while(|other| **other == Some(*side)).count();
    let sides: Vec<_> = beyond.collect();
    let in_turn = 1 + sides.windows(2).take_while(|two| two[0] != two[1]).count();
    (in_a_row, in_turn)
}

fn point_by_point(rule: DigitRule, watched: &[Zone], scores: &[f64]) -> Vec<Alert> {
    let mut alerts = Vec::new();
    for at in 0..scores.len() {
        let points = |length: usize| (at + 1 - length..=at).collect::<Vec<_>>();
        for (zone, test) in Zone::ALL.into_iter().zip(rule.zones).filter(|(zone, _)| watched.contains(zone)) {
            let kind = |kind| if zone == Zone::Zone4 { AlertKind::OutOfBounds } else { kind };
            let (in_a_row, in_turn) = counted(zone, &scores[..=at]);
            let ZoneRule { consecutive, alternating } = test;
            if consecutive > 0 && in_a_row >= consecutive {
                let (rule, kind) = (Rule::Consecutive { points: consecutive }, kind(AlertKind::Consecutive));
                alerts.push(Alert { rule, kind, zone: Some(zone), points: points(consecutive) });
            }
            if alternating > 0 && in_turn >= alternating && (consecutive, alternating) != (1, 1) {
                let (rule, kind) = (Rule::Alternating { points: alternating }, kind(AlertKind::Alternating));
                alerts.push(Alert { rule, kind, zone: Some(zone), points: points(alternating) });
            }
        }
        if at >= 6
            && [f64::gt, f64::lt]
                .iter()
                .any(|goes| scores[at - 6..=at].windows(2).all(|two| goes(&two[1], &two[0])))
        {
            alerts.push(Alert {
                rule: Rule::Trend { points: 7 },
                kind: AlertKind::Trend,
                zone: None,
                points: points(7),
            });
        }
    }
    alerts
}

/// Stretches of points that stay on one side, change sides, rise, or go anywhere.
fn scores() -> impl Strategy<Value = Vec<f64>> {
    let stretch =
        (0..4, 1_usize..150, prop::sample::select(vec![0.0, 0.4, 1.0, 1.2, 2.3, 3.0, 3.1, -0.4, -2.3]));
    let stretch = stretch.prop_map(|(kind, length, height)| {
        let at = move |i: usize| match kind {
            0 => height,
            1 => height * if i.is_multiple_of(2) { 1.0 } else { -1.0 },
            2 => height + i as f64 / 64.0,
            // Within the first zone, on sides that change by fours.
            _ => {
                if (i / 4).is_multiple_of(2) {
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
    let points = || prop_oneof![4 => 0_usize..12, 1 => 60_usize..140];
    let zone =
        (points(), points()).prop_map(|(consecutive, alternating)| ZoneRule { consecutive, alternating });
    let zones = [zone.clone(), zone.clone(), zone.clone(), zone];
    prop_oneof![1 => Just(DigitRule::default()), 2 => zones.prop_map(|zones| DigitRule { zones })]
}

proptest! {
    #[test]
    fn runs_found_together_are_those_counted_point_by_point(
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
fn a_run_goes_on_where_the_next_points_are_looked_at() {
    // Seven points on one side end the first sixty-four, and the eighth is the next.
    let mut scores = vec![0.0; 57];
    scores.extend([0.5; 8]);
    let alerts: Vec<_> = Rules::default().alerts(&scores).map(|alert| alert.points).collect();
    assert_eq!(alerts, [(57..65).collect::<Vec<_>>()]);
}
