//! Profiles of the population stability index, and what later data come to.

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use scouter_drift::{
    Absent,
    psi::{BinForm, Binning, Bins, Counts, Part, PsiBaseline, PsiDrift, Threshold, ZeroBins},
};
use serde::{Deserialize, Serialize};

use super::{Document, FeatureMap, Identity, PsiAlertConfig, TextLengths, is_watched, written::short_value};

/// How a profile is made, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PsiConfig {
    /// Whose it is.
    #[serde(flatten)]
    pub identity: Identity,
    /// When is looked, and who is told.
    pub alert_config: PsiAlertConfig,
    /// Columns of numbers that are categories.
    pub categorical_features: Vec<String>,
    /// How numbers are cut into bins.
    pub binning_strategy: Binning,
    /// What is done about empty bins.
    pub zero_bins: ZeroBins,
    /// How many categories of a feature have a bin of their own; the rarer ones share one.
    pub max_categories: usize,
    /// The bins of texts; none before there is a profile.
    pub feature_map: Option<FeatureMap>,
    /// Columns of texts that are taken as their lengths.
    #[serde(skip_serializing_if = "TextLengths::is_empty")]
    pub text_lengths: TextLengths,
}

impl Default for PsiConfig {
    fn default() -> Self {
        Self {
            identity: Identity::default(),
            alert_config: PsiAlertConfig::default(),
            categorical_features: Vec::new(),
            binning_strategy: Binning::default(),
            zero_bins: ZeroBins::default(),
            max_categories: 100,
            feature_map: None,
            text_lengths: TextLengths::new(),
        }
    }
}

impl Document for PsiConfig {
    const KIND: &'static str = "psi_drift_config";
}

/// A feature as it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PsiFeature {
    /// Its name.
    pub id: String,
    /// When it was looked at.
    pub timestamp: DateTime<Utc>,
    /// Its bins and their counts.
    #[serde(flatten)]
    pub baseline: PsiBaseline,
}

impl PsiFeature {
    /// How many values the baseline has; rows without one do not count.
    pub fn values(&self) -> u64 {
        self.baseline.counts.rows() - self.baseline.counts.missing
    }
}

/// How all features were.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PsiProfile {
    /// The version of the package that made it.
    pub scouter_version: String,
    /// How it was made.
    pub config: PsiConfig,
    /// The features.
    pub features: IndexMap<String, PsiFeature>,
    /// Columns of which there is no baseline, and why.
    #[serde(default)]
    pub absent: IndexMap<String, Absent>,
}

impl Document for PsiProfile {
    const KIND: &'static str = "psi_drift_profile";
}

/// How far a feature is from its baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PsiFeatureDrift {
    /// The index and what it is made of.
    #[serde(flatten)]
    pub drift: PsiDrift,
    /// The p-value after the correction for many features; none of features that are not watched.
    pub adjusted_p_value: Option<f64>,
    /// Whether it counts as drift: by the corrected p-value, or, where the threshold is a number, by the index. Never of features
    /// that are not watched, nor of those with too few rows.
    pub drifted_after_correction: bool,
    /// Why nothing is said of drift, neither that there is any nor that there is none: fewer rows than the alerts want, in the baseline
    /// or now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub too_few: Option<Absent>,
    /// Rows of the baseline.
    pub baseline_rows: u64,
    /// Those of them without a value; zero in maps that were written before they told.
    #[serde(default)]
    pub baseline_missing: u64,
    /// How later rows fall into the bins.
    pub counts: Counts,
    /// Bins that the rule wanted and there are none of, since values repeat too often.
    pub merged_bins: usize,
    /// The bins of the baseline.
    #[serde(default)]
    pub bins: Vec<BinForm>,
}

impl PsiFeatureDrift {
    /// What a part of the counts is called: the limits of its bin, or its category.
    pub fn label(&self, part: Part) -> String {
        part_label(&self.bins, part)
    }
}

/// What a part of counts in these bins is called.
pub(super) fn part_label(bins: &[BinForm], part: Part) -> String {
    match part {
        Part::Other => "other categories".to_owned(),
        Part::Unseen => "unseen categories".to_owned(),
        Part::Missing => "missing".to_owned(),
        Part::Bin(at) => bins.get(at).map_or_else(|| format!("bin {at}"), bin_label),
    }
}

/// What a bin is called: its category, or its limits.
pub fn bin_label(bin: &BinForm) -> String {
    let written = |limit| short_value(bin.unit, limit);
    let limits = (bin.lower_limit.map(written), bin.upper_limit.map(written));
    match (&bin.category, limits) {
        (Some(category), _) => category.clone(),
        (None, (None, None)) => "all".to_owned(),
        (None, (None, Some(high))) => format!("≤ {high}"),
        (None, (Some(low), None)) => format!("> {low}"),
        (None, (Some(low), Some(high))) => format!("{low} to {high}"),
    }
}

/// How far all features are from their baselines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PsiMap {
    /// Whose profile it is.
    #[serde(flatten)]
    pub identity: Identity,
    /// The features.
    pub features: IndexMap<String, PsiFeatureDrift>,
    /// Features of which there is no index, and why.
    #[serde(default)]
    pub absent: IndexMap<String, Absent>,
    /// Features that are watched and have a baseline, and could not be compared with it, or have too few rows for anything to be said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<String>,
}

impl Document for PsiMap {
    const KIND: &'static str = "psi_drift_map";

    fn format(&self) -> i64 {
        let too_few = self.features.values().filter_map(|drift| drift.too_few);
        let mut reasons = too_few.chain(self.absent.values().copied());
        if reasons.any(|why| matches!(why, Absent::FewBefore { .. })) { 2 } else { 1 }
    }
}

impl PsiProfile {
    /// With fewer values little but an utter change is seen: ten bins want some rows each, then and now.
    pub const FEWEST_VALUES: u64 = 30;

    /// The profile of columns with these baselines, or with the reason for which there is none.
    pub fn of(
        columns: impl IntoIterator<Item = (String, Result<PsiBaseline, Absent>)>,
        config: &PsiConfig,
        timestamp: DateTime<Utc>,
    ) -> Self {
        let (mut features, mut absent) = (IndexMap::new(), IndexMap::new());
        let mut texts = FeatureMap::default();
        for (name, baseline) in columns {
            match baseline {
                Ok(baseline) => {
                    if let Bins::Category(bins) = &baseline.bins {
                        let numbered =
                            (0..).zip(bins.categories()).map(|(at, text)| (text.clone(), at)).collect();
                        texts.features.insert(name.clone(), numbered);
                    }
                    features.insert(name.clone(), PsiFeature { id: name, timestamp, baseline });
                }
                Err(why) => {
                    absent.insert(name, why);
                }
            }
        }
        let feature_map = (!texts.features.is_empty()).then_some(texts);
        Self {
            scouter_version: env!("CARGO_PKG_VERSION").to_owned(),
            config: PsiConfig { feature_map, ..config.clone() },
            features,
            absent,
        }
    }

    /// The features with fewer values than that, and how many they have.
    pub fn few(&self) -> impl Iterator<Item = (&str, u64)> {
        let values = self.features.iter().map(|(name, feature)| (name.as_str(), feature.values()));
        values.filter(|(_, values)| *values < Self::FEWEST_VALUES)
    }

    /// Compares the counts of later data with the baselines. Features without counts are left out.
    pub fn compare(&self, counts: impl IntoIterator<Item = (String, Counts)>) -> PsiMap {
        self.compare_least(counts, 0)
    }

    /// So many rows a baseline must have for drift from it to be judged: as many as the alerts want of a window (`min_values`), but no more than
    /// [`Self::FEWEST_VALUES`], for that is when whoever makes it is warned.
    pub fn fewest_before(&self) -> u64 {
        self.config.alert_config.min_values.min(Self::FEWEST_VALUES)
    }

    /// The watched features of whose drift nothing is ever said, however many rows come: their baselines have fewer than [`Self::fewest_before`].
    pub fn unjudged(&self) -> impl Iterator<Item = &str> {
        let (fewest, watched) = (self.fewest_before(), &self.config.alert_config.features_to_monitor);
        let features = self.features.iter();
        let few = features.filter(move |(name, feature)| {
            is_watched(watched, name) && feature.baseline.counts.rows() < fewest
        });
        few.map(|(name, _)| name.as_str())
    }

    /// The same of data that may be few: features with fewer rows than the alerts want (`min_values`), or with a baseline of fewer than
    /// [`Self::fewest_before`], keep their numbers, and nothing is said of their drift.
    pub fn compare_enough(&self, counts: impl IntoIterator<Item = (String, Counts)>) -> PsiMap {
        self.compare_least(counts, self.config.alert_config.min_values)
    }

    fn compare_least(&self, counts: impl IntoIterator<Item = (String, Counts)>, needed: u64) -> PsiMap {
        let alerts = &self.config.alert_config;
        let mut map = PsiMap {
            identity: self.config.identity.clone(),
            features: IndexMap::new(),
            absent: self.absent.clone(),
            lost: Vec::new(),
        };
        for (name, counts) in counts {
            let Some(PsiFeature { baseline, .. }) = self.features.get(&name) else { continue };
            match baseline.compare(&counts, alerts.threshold) {
                Ok(drift) => {
                    let (before, found) = (baseline.counts.rows(), counts.rows());
                    let needed_before = needed.min(self.fewest_before());
                    let too_few = if before < needed_before {
                        Some(Absent::FewBefore { needed: needed_before, found: before })
                    } else {
                        (found < needed).then_some(Absent::TooFew { needed, found })
                    };
                    if too_few.is_some() && is_watched(&alerts.features_to_monitor, &name) {
                        map.lost.push(name.clone());
                    }
                    let drift = PsiFeatureDrift {
                        drift,
                        adjusted_p_value: None,
                        drifted_after_correction: false,
                        too_few,
                        baseline_rows: before,
                        baseline_missing: baseline.counts.missing,
                        merged_bins: baseline.merged_bins(),
                        bins: baseline.bin_forms(),
                        counts,
                    };
                    map.features.insert(name, drift);
                }
                Err(absent) => {
                    if is_watched(&alerts.features_to_monitor, &name) {
                        map.lost.push(name.clone());
                    }
                    map.absent.insert(name, absent);
                }
            }
        }
        map.judge(alerts);
        map
    }
}

impl PsiMap {
    fn judge(&mut self, alerts: &PsiAlertConfig) {
        let watched = |name: &String| is_watched(&alerts.features_to_monitor, name);
        let features = self.features.iter_mut();
        let judged = features.filter(|(name, drift)| watched(name) && drift.too_few.is_none());
        let mut watched: Vec<_> = judged.map(|(_, drift)| drift).collect();
        let p_values: Vec<f64> = watched.iter().map(|drift| drift.drift.p_value).collect();
        for (drift, p_value) in watched.iter_mut().zip(alerts.correction.adjust(&p_values)) {
            drift.adjusted_p_value = Some(p_value);
            drift.drifted_after_correction = match alerts.threshold {
                Threshold::Fixed { .. } => drift.drift.drifted,
                Threshold::Normal { alpha } | Threshold::ChiSquare { alpha } => p_value < alpha.get(),
            };
        }
    }

    /// The features that drifted, of those that are watched.
    pub fn drifted(&self) -> impl Iterator<Item = &str> {
        let drifted = self.features.iter().filter(|(_, drift)| drift.drifted_after_correction);
        drifted.map(|(name, _)| name.as_str())
    }
}
