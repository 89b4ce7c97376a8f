//! Profiles and records for tests.

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use scouter_drift::column::Tally;
use scouter_drift::custom::{Aggregation, AlertCondition, AlertThreshold, CustomMetric};
use scouter_drift::psi::{Binning, PsiBaseline, ZeroBins};
use scouter_drift::spc::{Limits, SpcBaseline};
use scouter_tasks::profile::{
    CustomConfig, CustomProfile, FeatureMap, Identity, PsiConfig, PsiFeature, PsiProfile, SpcConfig,
    SpcFeature, SpcProfile,
};

fn identity(version: &str) -> Identity {
    Identity {
        space: "production".to_owned(),
        name: "my_model".to_owned(),
        version: version.to_owned(),
        uid: String::new(),
    }
}

/// A profile of a feature `x` of numbers, and `carrier` of texts.
pub(crate) fn psi(version: &str, values: &[f64]) -> PsiProfile {
    let config = PsiConfig { identity: identity(version), ..PsiConfig::default() };
    let feature = |id: &str, baseline| PsiFeature { id: id.to_owned(), timestamp: made(), baseline };
    let numbers = PsiBaseline::of_numbers(values, Binning::default(), ZeroBins::default()).unwrap();
    let mut tally = Tally::default();
    tally.add([Some("AA"), Some("ünï"), None]);
    let texts = PsiBaseline::of_categories(&tally, 10, ZeroBins::default()).unwrap();
    let features = IndexMap::from([
        ("x".to_owned(), feature("x", numbers)),
        ("carrier".to_owned(), feature("carrier", texts)),
    ]);
    PsiProfile { scouter_version: "0.1.0".to_owned(), config, features, absent: IndexMap::new() }
}

fn made() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap()
}

/// A profile of charts: a feature `x` of numbers in subgroups of 5, and `carrier` of texts, each alone.
pub(crate) fn spc(values: &[f64]) -> SpcProfile {
    let chart = |id: &str, values: &[f64], size| {
        let baseline = SpcBaseline::of_numbers(values, Some(size), Limits::default()).unwrap();
        (id.to_owned(), SpcFeature { id: id.to_owned(), timestamp: made(), baseline })
    };
    let mut config = SpcConfig { identity: identity("0.1.0"), sample_size: Some(5), ..SpcConfig::default() };
    let codes = IndexMap::from([("AA".to_owned(), 0), ("UA".to_owned(), 1)]);
    config.feature_map = Some(FeatureMap { features: IndexMap::from([("carrier".to_owned(), codes)]) });
    let carriers: Vec<f64> = (0..20).map(|i| f64::from(i % 2)).collect();
    SpcProfile {
        scouter_version: "0.1.0".to_owned(),
        config,
        features: IndexMap::from([chart("x", values, 5), chart("carrier", &carriers, 1)]),
        absent: IndexMap::new(),
    }
}

/// The document of a profile of evaluations, with numbers that no float is.
pub(crate) const GENAI: &str = include_str!("../../../tests/golden/genai_profile_1.json");

/// A profile of a metric `mae` that should be 1 at most, by its newest value.
pub(crate) fn custom() -> CustomProfile {
    let alert_condition =
        AlertCondition { baseline_value: 1.0, alert_threshold: AlertThreshold::Above, delta: None };
    let mae = CustomMetric {
        name: "mae".to_owned(),
        alert_condition,
        aggregation: Aggregation::Last,
        minimum_count: 1,
    };
    CustomProfile {
        scouter_version: "0.1.0".to_owned(),
        config: CustomConfig { identity: identity("0.1.0"), ..CustomConfig::default() },
        custom_metrics: vec![mae],
    }
}
