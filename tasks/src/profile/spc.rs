//! Profiles of control charts, and later rows on them.

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use scouter_drift::{
    Absent,
    spc::{Limits, SpcBaseline, SpcDrift, Zone},
    statistics::{Alpha, adjust::holm},
};
use serde::{Deserialize, Serialize};

use super::{Document, FeatureMap, Identity, SpcAlertConfig, TextLengths, is_watched};

/// How a profile is made, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SpcConfig {
    /// Whose it is.
    #[serde(flatten)]
    pub identity: Identity,
    /// Rows in each subgroup; none where it is to fit the rows of the baseline.
    pub sample_size: Option<usize>,
    /// What the limits are limits of.
    pub limits: Limits,
    /// When is looked, and who is told.
    pub alert_config: SpcAlertConfig,
    /// The numbers of texts; none before there is a profile.
    pub feature_map: Option<FeatureMap>,
    /// Columns of texts that are taken as their lengths.
    #[serde(skip_serializing_if = "TextLengths::is_empty")]
    pub text_lengths: TextLengths,
}

impl Default for SpcConfig {
    fn default() -> Self {
        Self {
            identity: Identity::default(),
            sample_size: Some(25),
            limits: Limits::default(),
            alert_config: SpcAlertConfig::default(),
            feature_map: None,
            text_lengths: TextLengths::new(),
        }
    }
}

impl Document for SpcConfig {
    const KIND: &'static str = "spc_drift_config";
}

/// A feature as it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpcFeature {
    /// Its name.
    pub id: String,
    /// When it was looked at.
    pub timestamp: DateTime<Utc>,
    /// The centre and the limits of its chart.
    #[serde(flatten)]
    pub baseline: SpcBaseline,
}

/// How all features were.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpcProfile {
    /// The version of the package that made it.
    pub scouter_version: String,
    /// How it was made.
    pub config: SpcConfig,
    /// The features.
    pub features: IndexMap<String, SpcFeature>,
    /// Columns of which there is no chart, and why.
    #[serde(default)]
    pub absent: IndexMap<String, Absent>,
}

impl Document for SpcProfile {
    const KIND: &'static str = "spc_drift_profile";
}

/// Later rows of a feature on its chart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpcFeatureDrift {
    /// Subgroups and alerts.
    #[serde(flatten)]
    pub drift: SpcDrift,
    /// The zone of every subgroup's mean, from −4 to 4: below the centre negative, on it 0.
    pub zones: Vec<i8>,
    /// Whether the feature is watched.
    pub monitored: bool,
    /// How likely so many points beyond three standard deviations are where nothing changes, corrected for many features (Holm). None of
    /// features that are not watched, and of maps from before it was worked out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p_value: Option<f64>,
    /// The chart that the points are on.
    #[serde(default)]
    pub baseline: Option<SpcBaseline>,
}

/// Later rows on all charts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpcMap {
    /// Whose profile it is.
    #[serde(flatten)]
    pub identity: Identity,
    /// The features.
    pub features: IndexMap<String, SpcFeatureDrift>,
    /// Features that could not be put on a chart, and why.
    #[serde(default)]
    pub absent: IndexMap<String, Absent>,
    /// Features that are watched and have a baseline, and could not be compared with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<String>,
    /// The share of false alarms, where features drift by their p-value and not by any alert.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alpha: Option<Alpha>,
    /// Whether features drift by their S chart too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub spread: bool,
}

impl Document for SpcMap {
    const KIND: &'static str = "spc_drift_map";
}

impl SpcProfile {
    /// The profile of columns with these charts, or with the reason for which there is none.
    pub fn of(
        columns: impl IntoIterator<Item = (String, Result<SpcBaseline, Absent>)>,
        config: &SpcConfig,
        timestamp: DateTime<Utc>,
    ) -> Self {
        let (mut features, mut absent) = (IndexMap::new(), IndexMap::new());
        for (name, baseline) in columns {
            match baseline {
                Ok(baseline) => {
                    features.insert(name.clone(), SpcFeature { id: name, timestamp, baseline });
                }
                Err(why) => {
                    absent.insert(name, why);
                }
            }
        }
        Self {
            scouter_version: env!("CARGO_PKG_VERSION").to_owned(),
            config: config.clone(),
            features,
            absent,
        }
    }

    /// The features with too few values for a chart: how many they have, and how many are needed.
    pub fn few(&self) -> impl Iterator<Item = (&str, u64, u64)> {
        self.absent.iter().filter_map(|(name, why)| match why {
            Absent::TooFew { needed, found } => Some((name.as_str(), *found, *needed)),
            _ => None,
        })
    }

    /// Puts what later rows came to together.
    pub fn compare(&self, charts: impl IntoIterator<Item = (String, Result<SpcDrift, Absent>)>) -> SpcMap {
        let wanted = &self.config.alert_config.features_to_monitor;
        let mut map = SpcMap {
            identity: self.config.identity.clone(),
            features: IndexMap::new(),
            absent: self.absent.clone(),
            lost: Vec::new(),
            alpha: self.config.alert_config.alpha,
            spread: self.config.alert_config.spread,
        };
        for (name, chart) in charts {
            let monitored = is_watched(wanted, &name);
            match chart {
                Ok(drift) => {
                    let zones = drift.scores.iter().map(|score| zone(*score)).collect();
                    let baseline = self.features.get(&name).map(|feature| feature.baseline);
                    let p_value = baseline.filter(|_| monitored).map(|chart| chart.p_value(&drift.scores));
                    map.features.insert(name, SpcFeatureDrift { drift, zones, monitored, p_value, baseline });
                }
                Err(absent) => {
                    if monitored {
                        map.lost.push(name.clone());
                    }
                    map.absent.insert(name, absent);
                }
            }
        }
        // A chart has no correction of its own: the chance that any alarms falsely is kept.
        let mut p_values: Vec<&mut f64> =
            map.features.values_mut().filter_map(|chart| chart.p_value.as_mut()).collect();
        let adjusted = holm(&p_values.iter().map(|p_value| **p_value).collect::<Vec<_>>());
        p_values.iter_mut().zip(adjusted).for_each(|(p_value, adjusted)| **p_value = adjusted);
        map
    }
}

fn zone(score: f64) -> i8 {
    let zone = match Zone::of(score) {
        Zone::Zone1 => 1,
        Zone::Zone2 => 2,
        Zone::Zone3 => 3,
        Zone::Zone4 => 4,
    };
    if score > 0.0 {
        zone
    } else if score < 0.0 {
        -zone
    } else {
        0
    }
}

impl SpcMap {
    /// Whether a feature has drifted, of those that are watched: by the p-value where a share of false alarms is set, by any alert
    /// otherwise, of the S chart too where that counts. The one rule for maps, their pages, jobs of the server and drift tasks.
    pub fn has_drifted(&self, chart: &SpcFeatureDrift) -> bool {
        chart.monitored
            && match (self.alpha, chart.p_value) {
                (Some(alpha), Some(p_value)) => p_value <= alpha.get(),
                (None, _) | (_, None) => {
                    chart.drift.alert_count() > 0 || (self.spread && !chart.drift.deviations_out.is_empty())
                }
            }
    }

    /// The features that have drifted.
    pub fn drifted(&self) -> impl Iterator<Item = &str> {
        self.features.iter().filter(|(_, chart)| self.has_drifted(chart)).map(|(name, _)| name.as_str())
    }
}
