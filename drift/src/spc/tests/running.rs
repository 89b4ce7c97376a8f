use crate::spc::{Cusum, Ewma, Rules, SettingError};

fn last(rules: &Rules, scores: &[f64]) -> Vec<usize> {
    rules.alerts(scores).filter_map(|alert| alert.points.last().copied()).collect()
}

#[test]
fn settings_that_no_chart_has_are_refused() {
    assert_eq!(Cusum::new(-0.1, 5.0), Err(SettingError::Reference(-0.1)));
    assert_eq!(Cusum::new(0.5, f64::INFINITY), Err(SettingError::Decision(f64::INFINITY)));
    assert_eq!(Ewma::new(1.1, 3.0), Err(SettingError::Weight(1.1)));
    assert_eq!(Ewma::new(0.1, -3.0), Err(SettingError::Width(-3.0)));
    assert!(Cusum::new(f64::NAN, 5.0).is_err() && Ewma::new(f64::NAN, 3.0).is_err());
}

#[test]
fn kept_settings_that_no_chart_has_are_refused() {
    let wrong = |text: &str| serde_json::from_str::<Rules>(text).unwrap_err().to_string();
    assert!(wrong(r#"{"cusum": {"reference": 0.5, "decision": 0.0}}"#).contains("`decision` is `0`"));
    assert!(wrong(r#"{"ewma": {"weight": 0.0, "width": 3.0}}"#).contains("`weight` is `0`"));
}

#[test]
fn settings_survive_json() {
    for rules in [Rules::Cusum(Cusum::new(0.25, 8.0).unwrap()), Rules::Ewma(Ewma::new(0.4, 3.054).unwrap())] {
        let text = serde_json::to_string(&rules).unwrap();
        assert_eq!(serde_json::from_str::<Rules>(&text).unwrap(), rules);
    }
}

#[test]
fn points_as_far_away_as_numbers_go_leave_the_sums_and_averages_numbers() {
    let scores = [f64::MAX, f64::MAX, -f64::MAX, -f64::MAX, 0.0];
    let mut sums = Cusum::default().begin();
    let mut average = Ewma::default().begin();
    for score in scores {
        sums.push(score);
        average.push(score);
        assert!(sums.sums().0.is_finite() && sums.sums().1.is_finite() && average.average().is_finite());
    }
}

#[test]
fn a_small_lasting_change_is_seen_that_no_single_point_shows() {
    let moved = [0.9, 1.2, 0.8, 1.1, 1.0, 1.3, 0.7, 1.2, 1.0, 0.9, 1.1, 1.2, 0.9, 1.0];
    assert_eq!(last(&Rules::Cusum(Cusum::default()), &moved)[0], 9);
    assert_eq!(last(&Rules::Ewma(Ewma::default()), &moved)[0], 7);
}
