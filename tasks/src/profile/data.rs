//! What data look like, column by column.

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use scouter_drift::profile::{NumericStats, Pairs, Statistic, TextStats};
use serde::{Deserialize, Serialize};

use super::{ColumnStats, DataState, Document};

/// What a column looks like. Which statistics it has says what it holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeatureProfile {
    /// Its name.
    pub id: String,
    /// When it was looked at.
    pub timestamp: DateTime<Utc>,
    /// Of numbers and booleans.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numeric_stats: Option<NumericStats>,
    /// Of texts and categories.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub string_stats: Option<TextStats>,
    /// Of moments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub datetime_stats: Option<TimeStats>,
    /// How it hangs together with other columns: Pearson's correlation of numbers with numbers, Cramér's V of texts with texts. None
    /// where that was not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlations: Option<IndexMap<String, Statistic>>,
    /// Spearman's correlation with other columns of numbers; none where it was not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spearman: Option<IndexMap<String, Statistic>>,
}

impl FeatureProfile {
    /// A column that looks like this, without correlations.
    pub fn of(id: String, timestamp: DateTime<Utc>, stats: ColumnStats) -> Self {
        let (numeric_stats, string_stats, datetime_stats) = stats;
        Self {
            id,
            timestamp,
            numeric_stats,
            string_stats,
            datetime_stats,
            correlations: None,
            spearman: None,
        }
    }
}

/// What a column of moments looks like, in microseconds since 1970 in UTC.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TimeStats(pub NumericStats);

/// What all columns look like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DataProfile {
    /// The version of the package that made it.
    pub scouter_version: String,
    /// How many rows there are.
    pub rows: u64,
    /// The columns.
    pub features: IndexMap<String, FeatureProfile>,
    /// What is kept for it to be put together with others; none where that was not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<DataState>,
}

impl DataProfile {
    /// Tells how columns hang together: Pearson's correlations and Cramér's V, and Spearman's correlations of numbers.
    pub fn relate(&mut self, (mut linear, mut ranked): (Pairs, Pairs)) {
        for (name, feature) in &mut self.features {
            let of = |pairs: &mut Pairs| pairs.swap_remove(name).unwrap_or_default();
            feature.correlations = Some(of(&mut linear));
            feature.spearman = feature.numeric_stats.is_some().then(|| of(&mut ranked));
        }
    }
}

impl Document for DataProfile {
    const KIND: &'static str = "data_profile";
}
