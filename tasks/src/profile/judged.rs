//! What is said, in a few words, of what a window came to: to those who are told that something drifts, or drifts no more.

use std::collections::BTreeMap;

use scouter_drift::psi::Part;

use super::{CustomMap, PsiFeatureDrift, PsiMap, SpcMap, written::short_value};
use crate::counted::counted;
use crate::result::{short_number, told_p_value};

/// Features or metrics that could be looked at, and what is said of each.
pub type JudgedFeatures = BTreeMap<String, Judged>;

/// What a window says of a feature or a metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Whether it drifted.
    pub drifted: bool,
    /// What it came to, in a few words.
    pub said: String,
}

impl PsiMap {
    /// The features of which there is an index, and rows enough to go by it.
    pub fn judged(&self) -> JudgedFeatures {
        let enough = self.features.iter().filter(|(_, feature)| feature.too_few.is_none());
        let judged = enough.map(|(name, feature)| {
            let psi = short_number(feature.drift.psi);
            let said = match feature.adjusted_p_value {
                Some(p) => format!("PSI {psi}, {}", told_p_value(p)),
                None => format!("PSI {psi}"),
            };
            let said = said + &carried_by(feature).unwrap_or_default();
            (name.clone(), Judged { drifted: feature.drifted_after_correction, said })
        });
        judged.collect()
    }
}

/// Where a feature drifted, and nothing adds more to its index than rows without a value or with a category that the baseline does not know: that these do.
/// Both shares are told, for values that come back are drift as much as values that go.
fn carried_by(feature: &PsiFeatureDrift) -> Option<String> {
    if !feature.drifted_after_correction {
        return None;
    }
    let most = feature.drift.terms.iter().max_by(|a, b| a.term.total_cmp(&b.term))?;
    let (before, now, by) = match most.part {
        Part::Missing => (feature.baseline_missing, feature.counts.missing, "rows without a value"),
        Part::Unseen => (0, feature.counts.unseen, "rows of categories that the baseline does not know"),
        Part::Bin(_) | Part::Other => return None,
    };
    let share = |count: u64, rows: u64| short_number(100.0 * count as f64 / rows as f64);
    let (before, now) = (share(before, feature.baseline_rows), share(now, feature.counts.rows()));
    Some(format!(", most of it by {by}: {before} % of the baseline, {now} % now"))
}

impl SpcMap {
    /// The features that are on a chart.
    pub fn judged(&self) -> JudgedFeatures {
        let judged = self.features.iter().map(|(name, feature)| {
            let broken = feature.drift.alert_count();
            let points = counted(feature.drift.means.len(), "point");
            let broken = counted(broken, "time");
            let unit = feature.baseline.map(|baseline| baseline.unit).unwrap_or_default();
            let newest = feature.drift.means.last().map(|mean| short_value(unit, *mean)).unwrap_or_default();
            let centre = feature.baseline.map(|baseline| short_value(unit, baseline.center));
            let centre = centre.map(|centre| format!(", centre {centre}")).unwrap_or_default();
            let p_value = self.alpha.and(feature.p_value);
            let p_value = p_value.map(|p| format!("{}, ", told_p_value(p))).unwrap_or_default();
            let out = feature.drift.deviations_out.len();
            let spread = if self.spread && out > 0 {
                format!(", spread beyond its limits {}", counted(out, "time"))
            } else {
                String::new()
            };
            let said =
                format!("{p_value}rules broken {broken}{spread} over {points}; newest {newest}{centre}");
            (name.clone(), Judged { drifted: self.has_drifted(feature), said })
        });
        judged.collect()
    }
}

impl CustomMap {
    /// The metrics of which the window says something.
    pub fn judged(&self) -> JudgedFeatures {
        let judged = self.metrics.iter().map(|(name, check)| {
            let baseline = short_number(check.value - check.difference);
            let values = counted(check.count, "value");
            let said = format!("{} over {values}, baseline {baseline}", short_number(check.value));
            (name.clone(), Judged { drifted: check.alert, said })
        });
        judged.collect()
    }
}
