//! What is said, in a few words, of what a window came to: to those who are told that something drifts.

use std::collections::BTreeMap;

use super::{CustomMap, PsiMap, SpcMap};
use crate::counted::counted;
use crate::result::short_number;

/// Features or metrics that could be looked at. For those that drifted, what is said of them.
pub type JudgedFeatures = BTreeMap<String, Option<String>>;

impl PsiMap {
    /// The features of which there is an index.
    pub fn judged(&self) -> JudgedFeatures {
        let judged = self.features.iter().map(|(name, feature)| {
            let said = || {
                let psi = short_number(feature.drift.psi);
                match feature.adjusted_p_value {
                    Some(p) => format!("PSI {psi}, p = {}", short_number(p)),
                    None => format!("PSI {psi}"),
                }
            };
            (name.clone(), feature.drifted_after_correction.then(said))
        });
        judged.collect()
    }
}

impl SpcMap {
    /// The features that are on a chart.
    pub fn judged(&self) -> JudgedFeatures {
        let judged = self.features.iter().map(|(name, feature)| {
            let broken = feature.drift.alert_count();
            let said = || {
                let points = counted(feature.drift.means.len(), "point");
                let broken = counted(broken, "time");
                let newest = feature.drift.means.last().map(|mean| short_number(*mean)).unwrap_or_default();
                let centre = feature.baseline.map(|baseline| short_number(baseline.center));
                let centre = centre.map(|centre| format!(", centre {centre}")).unwrap_or_default();
                let p_value = self.alpha.and(feature.p_value).map(short_number);
                let p_value = p_value.map(|p_value| format!("p = {p_value}, ")).unwrap_or_default();
                format!("{p_value}rules broken {broken} over {points}; newest {newest}{centre}")
            };
            (name.clone(), self.has_drifted(feature).then(said))
        });
        judged.collect()
    }
}

impl CustomMap {
    /// The metrics of which the window says something.
    pub fn judged(&self) -> JudgedFeatures {
        let judged = self.metrics.iter().map(|(name, check)| {
            let said = || {
                let baseline = short_number(check.value - check.difference);
                format!(
                    "{} over {}, baseline {baseline}",
                    short_number(check.value),
                    counted(check.count, "value")
                )
            };
            (name.clone(), check.alert.then(said))
        });
        judged.collect()
    }
}
