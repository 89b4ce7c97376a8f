use super::*;
use crate::Absent;
use proptest::prelude::*;

fn condition(alert_threshold: AlertThreshold, delta: Option<f64>) -> AlertCondition {
    AlertCondition { baseline_value: 10.0, alert_threshold, delta }
}

fn window(values: &[f64]) -> Window {
    let mut window = Window::default();
    window.add(values);
    window
}

#[test]
fn a_value_on_the_bound_is_no_alert() {
    let outside = condition(AlertThreshold::Outside, Some(2.0));
    assert!(!outside.should_alert(12.0) && !outside.should_alert(8.0));
}

#[test]
fn outside_alerts_on_both_sides() {
    let outside = condition(AlertThreshold::Outside, Some(2.0));
    assert!(outside.should_alert(12.1) && outside.should_alert(7.9));
}

#[test]
fn above_is_silent_below() {
    let above = condition(AlertThreshold::Above, None);
    assert!(above.should_alert(10.1) && !above.should_alert(-100.0));
}

#[test]
fn what_is_not_a_number_is_an_alert_on_every_side() {
    for side in [AlertThreshold::Above, AlertThreshold::Below, AlertThreshold::Outside] {
        assert!(condition(side, Some(1.0)).should_alert(f64::NAN));
    }
}

fn metric(aggregation: Aggregation, minimum_count: u64) -> CustomMetric {
    CustomMetric {
        name: "latency".to_owned(),
        alert_condition: condition(AlertThreshold::Above, Some(1.0)),
        aggregation,
        minimum_count,
    }
}

#[test]
fn fewer_values_than_wanted_say_nothing() {
    let found = metric(Aggregation::Max, 3).check(&window(&[99.0, 99.0, f64::NAN]));
    assert_eq!(found, Err(Absent::TooFew { needed: 3, found: 2 }));
}

#[test]
fn a_count_is_judged_however_small_it_is() {
    let calls = CustomMetric {
        alert_condition: condition(AlertThreshold::Below, Some(1.0)),
        ..metric(Aggregation::Count, 1)
    };
    let found = calls.check(&window(&[])).unwrap();
    assert_eq!((found.count, found.alert), (0, true));
}

#[test]
fn an_empty_window_has_no_mean_but_a_count() {
    assert_eq!(window(&[]).value(Aggregation::Mean), Err(Absent::NoRows));
    assert_eq!(window(&[]).value(Aggregation::Count), Ok(0.0));
}

#[test]
fn one_slow_request_shows_in_the_quantile_that_is_asked_for() {
    let mut values = vec![5.0; 98];
    values.extend([50.0; 2]);
    let quantile =
        |probability| metric(Aggregation::Quantile { probability }, 1).check(&window(&values)).unwrap();
    assert!(!quantile(0.5).alert && quantile(0.99).alert);
}

#[test]
fn metrics_without_aggregation_take_the_mean() {
    let text = r#"{"format":1,"name":"mae","alert_condition":{"baseline_value":1.0,"alert_threshold":"Above","delta":null}}"#;
    let metric: CustomMetric = serde_json::from_str(text).unwrap();
    assert_eq!((metric.aggregation, metric.minimum_count), (Aggregation::Mean, 1));
}

proptest! {
    #[test]
    fn windows_that_follow_each_other_merge_to_one(values in proptest::collection::vec(prop_oneof![9 => -9.0..9.0, 1 => Just(f64::NAN)], 0..100), cut in 0_usize..100) {
        let cut = cut.min(values.len());
        let mut merged = window(&values[..cut]);
        merged.merge(&window(&values[cut..]));
        let whole = window(&values);
        let half = Aggregation::Quantile { probability: 0.5 };
        for aggregation in [Aggregation::Last, Aggregation::Min, Aggregation::Max, Aggregation::Count, half] {
            prop_assert_eq!(merged.value(aggregation), whole.value(aggregation));
        }
        if let (Ok(a), Ok(b)) = (merged.value(Aggregation::Mean), whole.value(Aggregation::Mean)) {
            prop_assert!((a - b).abs() < 1e-12);
        }
    }
}

fn kept() -> serde_json::Value {
    serde_json::to_value(metric(Aggregation::Quantile { probability: 0.99 }, 5)).unwrap()
}

fn refused(form: &serde_json::Value) -> String {
    serde_json::from_value::<CustomMetric>(form.clone()).unwrap_err().to_string()
}

#[test]
fn a_newer_format_is_refused_by_name_whatever_else_it_holds() {
    let error = serde_json::from_str::<CustomMetric>(r#"{"alert_condition": 3, "format": 2}"#)
        .unwrap_err()
        .to_string();
    assert!(error.contains("written in format `2`, newer than `1`"), "{error}");
}

#[test]
fn a_metric_without_a_condition_is_refused() {
    let mut form = kept();
    form.as_object_mut().unwrap().remove("alert_condition");
    assert!(refused(&form).contains("missing field `alert_condition`"));
}

#[test]
fn a_delta_below_zero_is_refused() {
    let mut form = kept();
    form["alert_condition"]["delta"] = (-0.5).into();
    assert!(refused(&form).contains("`latency` has a delta of `-0.5`"));
}

#[test]
fn a_quantile_beyond_one_is_refused() {
    let mut form = kept();
    form["aggregation"]["quantile"]["probability"] = 1.5.into();
    assert!(refused(&form).contains("quantile `1.5`"));
}

#[test]
fn a_baseline_that_is_no_number_makes_no_metric() {
    let mut none = metric(Aggregation::Mean, 1);
    none.alert_condition.baseline_value = f64::NAN;
    assert!(matches!(none.checked(), Err(MetricError::Baseline { .. })));
}

#[test]
fn a_metric_without_a_name_is_none() {
    let none = CustomMetric { name: " ".to_owned(), ..metric(Aggregation::Mean, 1) };
    assert_eq!(none.checked(), Err(MetricError::Name));
}

proptest! {
    #[test]
    fn metrics_survive_json_to_the_last_bit(baseline in any::<f64>().prop_filter("finite", |v| v.is_finite()), delta in proptest::option::of(0.0..1e6), minimum_count in any::<u64>(), probability in 0.0..=1.0) {
        let whole = CustomMetric {
            alert_condition: AlertCondition { baseline_value: baseline, delta, alert_threshold: AlertThreshold::Outside },
            ..metric(Aggregation::Quantile { probability }, minimum_count)
        };
        let text = serde_json::to_string(&whole).unwrap();
        prop_assert_eq!(serde_json::from_str::<CustomMetric>(&text).unwrap(), whole);
    }
}
