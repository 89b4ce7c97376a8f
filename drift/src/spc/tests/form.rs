use crate::spc::{Limits, SpcBaseline, SpcFormError, Subgroups, form::Kept};
use proptest::prelude::*;

fn baseline(values: &[f64], size: usize) -> SpcBaseline {
    SpcBaseline::new(&Subgroups::of(values, size), Limits::SubgroupMeans).unwrap()
}

fn kept() -> serde_json::Value {
    serde_json::to_value(baseline(&[1.0, 2.0, 4.0, 3.0], 2)).unwrap()
}

fn refused(form: &serde_json::Value) -> String {
    serde_json::from_value::<SpcBaseline>(form.clone()).unwrap_err().to_string()
}

proptest! {
    #[test]
    fn baselines_survive_json_to_the_last_bit(values in proptest::collection::vec(-1e9..1e9, 8..60), size in 1_usize..5) {
        let whole = baseline(&values, size);
        let text = serde_json::to_string(&whole).unwrap();
        prop_assert_eq!(serde_json::from_str::<SpcBaseline>(&text).unwrap(), whole);
    }
}

#[test]
fn a_constant_survives_json() {
    let flat = baseline(&[5.0; 10], 5);
    let text = serde_json::to_string(&flat).unwrap();
    assert_eq!(serde_json::from_str::<SpcBaseline>(&text).unwrap(), flat);
}

#[test]
fn a_newer_format_is_refused_by_name_whatever_else_it_holds() {
    let text = r#"{"center": "at nine", "lines": [], "format": 9}"#;
    let error = serde_json::from_str::<SpcBaseline>(text).unwrap_err().to_string();
    assert!(error.contains("written in format `9`, newer than `1`"), "{error}");
}

#[test]
fn a_format_is_demanded() {
    let mut form = kept();
    form.as_object_mut().unwrap().remove("format");
    assert!(refused(&form).contains("missing field `format`"));
    form["format"] = 0.into();
    assert!(refused(&form).contains("no format `0`"));
}

#[test]
fn a_missing_limit_is_named() {
    let mut form = kept();
    form.as_object_mut().unwrap().remove("two_lcl");
    assert!(refused(&form).contains("missing field `two_lcl`"));
}

#[test]
fn limits_out_of_order_are_refused() {
    let mut form = kept();
    form["two_ucl"] = (-9.0).into();
    assert!(refused(&form).contains("ascending order"));
}

#[test]
fn limits_without_end_are_refused() {
    let whole = baseline(&[1.0, 2.0, 4.0, 3.0], 2);
    for infinite in [
        SpcBaseline { three_ucl: f64::INFINITY, ..whole },
        SpcBaseline { three_lcl: f64::NEG_INFINITY, ..whole },
        SpcBaseline { deviation_ucl: f64::INFINITY, ..whole },
    ] {
        assert_eq!(SpcBaseline::try_from(Kept::from(infinite)), Err(SpcFormError::Infinite));
    }
}

#[test]
fn deviations_below_zero_are_refused() {
    let mut form = kept();
    form["deviation_lcl"] = (-1.0).into();
    assert!(refused(&form).contains("below zero"));
}

#[test]
fn a_sample_size_of_nothing_is_refused() {
    let mut form = kept();
    form["sample_size"] = 0.into();
    assert!(refused(&form).contains("sample_size"));
}

#[test]
fn limits_beyond_the_largest_number_make_no_baseline() {
    let far = Subgroups::of(&[f64::MAX, -f64::MAX, f64::MAX, f64::MAX][..], 2);
    assert_eq!(SpcBaseline::new(&far, Limits::Individual), Err(crate::Absent::Overflow));
}
