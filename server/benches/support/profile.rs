//! The profile that is measured with.

use chrono::DateTime;
use indexmap::IndexMap;
use scouter_drift::psi::{Binning, PsiBaseline, ZeroBins};
use scouter_server::registry::Profile;
use scouter_tasks::profile::{Identity, PsiAlertConfig, PsiConfig, PsiFeature, PsiProfile};

use super::outcome::Outcome;

/// The names of so many features.
pub(crate) fn names(features: usize) -> Vec<String> {
    (0..features).map(|at| format!("feature_{at}")).collect()
}

/// One of the stability index, of so many features that are numbers from 1 to 100. It is due once a year: never while something is measured.
pub(crate) fn profile(name: &str, features: usize) -> Outcome<Profile> {
    let numbers: Vec<f64> = (1..=100).map(f64::from).collect();
    let baseline = PsiBaseline::of_numbers(&numbers[..], Binning::default(), ZeroBins::default())?;
    let feature = |id: String| {
        let timestamp = DateTime::UNIX_EPOCH;
        (id.clone(), PsiFeature { id, timestamp, baseline: baseline.clone() })
    };
    let identity = Identity { space: "bench".to_owned(), name: name.to_owned(), ..Identity::default() };
    let alert_config = PsiAlertConfig { schedule: "0 0 1 1 *".parse()?, ..PsiAlertConfig::default() };
    Ok(Profile::Psi(PsiProfile {
        scouter_version: String::new(),
        config: PsiConfig { identity, alert_config, ..PsiConfig::default() },
        features: names(features).into_iter().map(feature).collect(),
        absent: IndexMap::new(),
    }))
}
