//! One alarm among many features: how their p-values are corrected for being many.

use serde::{Deserialize, Serialize};

use crate::statistics::adjust::{benjamini_hochberg, holm};

/// What is done about many features being tested at once. At a level of 5 %, one of twenty features that did not change
/// alarms where nothing is done.
///
/// ```
/// use scouter_drift::Correction;
///
/// assert_eq!(Correction::Holm.adjust(&[0.01, 0.04, 0.03]), [0.03, 0.06, 0.06]);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Correction {
    /// Every feature is judged as if it were alone.
    #[default]
    None,
    /// The chance of any false alarm stays at the level.
    Holm,
    /// The share of false alarms among all alarms stays at the level.
    BenjaminiHochberg,
}

impl Correction {
    /// P-values that can be compared with the level one by one, in the order of the given ones.
    pub fn adjust(self, p_values: &[f64]) -> Vec<f64> {
        match self {
            Self::None => p_values.to_vec(),
            Self::Holm => holm(p_values),
            Self::BenjaminiHochberg => benjamini_hochberg(p_values),
        }
    }
}
