//! Whose profile it is.

use indexmap::IndexMap;
use scouter_drift::column::TextLength;
use scouter_engine::nearest;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Whose profile it is: a name and a version within a space, and an identifier of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Identity {
    /// What the name belongs to, such as a team.
    pub space: String,
    /// The model or service.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What records, and everything else that belongs to it, refer to it by.
    pub uid: String,
}

impl Default for Identity {
    fn default() -> Self {
        let missing = || "__missing__".to_owned();
        Self { space: missing(), name: missing(), version: "0.1.0".to_owned(), uid: String::new() }
    }
}

/// Which number stands for which text, by feature.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureMap {
    /// Texts with their numbers, by feature.
    pub features: IndexMap<String, IndexMap<String, u64>>,
}

/// What is counted of the texts of features that are taken as their lengths.
pub type TextLengths = IndexMap<String, TextLength>;

/// Whether a feature is watched, of which these are: all where none is named.
pub(crate) fn is_watched(watched: &[String], feature: &str) -> bool {
    watched.is_empty() || watched.iter().any(|name| name == feature)
}

/// A feature is named that is not there.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{what_for} `{name}`: there is no such feature{}", hint(.near.as_deref()))]
pub struct UnknownFeature {
    /// What is to be done with it, in words.
    pub what_for: &'static str,
    /// What it is called.
    pub name: String,
    /// The nearest that is there.
    pub near: Option<String>,
}

fn hint(near: Option<&str>) -> String {
    near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

/// Checks that features are there with which something is to be done, such as `watch feature`.
///
/// # Errors
/// One is not.
pub fn check_features<'a>(
    what_for: &'static str,
    wanted: &[String],
    features: impl Iterator<Item = &'a str> + Clone,
) -> Result<(), UnknownFeature> {
    match wanted.iter().find(|name| !features.clone().any(|feature| feature == name.as_str())) {
        None => Ok(()),
        Some(name) => {
            let near = nearest(name, features).map(str::to_owned);
            Err(UnknownFeature { what_for, name: name.clone(), near })
        }
    }
}
