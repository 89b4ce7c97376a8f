//! Whose profile it is.

use indexmap::IndexMap;
use scouter_drift::column::TextLength;
use scouter_engine::nearest;
use semver::Version;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What stands for a space or a name that was not given.
const MISSING: &str = "__missing__";
/// How long a space or a name may be.
const LONGEST: usize = 128;
/// How much of one that cannot be one is shown.
const SHOWN: usize = 60;

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
        let missing = || MISSING.to_owned();
        Self { space: missing(), name: missing(), version: "0.1.0".to_owned(), uid: String::new() }
    }
}

/// A space, a name or a version that cannot be one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IdentityError {
    /// A space or a name has other characters than it may, or too many.
    #[error(
        "`{field}` cannot be `{text}`: it has 1 to {LONGEST} letters (a to z, A to Z), digits, `_`, `-` and `.`, and begins with neither of the \
         last two"
    )]
    Name {
        /// `space` or `name`.
        field: &'static str,
        /// How it begins.
        text: String,
    },
    /// The space or the name was not given.
    #[error(
        "`{field}` was not given: a profile is found by its space and its name, so give its configuration both, such as \
         `space=\"shop\", name=\"recommender\"`"
    )]
    Missing {
        /// `space` or `name`.
        field: &'static str,
    },
    /// The version is no semantic one.
    #[error("`version` cannot be `{text}`: it is a semantic version such as 1.2.3 ({why})")]
    Version {
        /// How it begins.
        text: String,
        /// What is wrong.
        why: String,
    },
}

impl Identity {
    /// Checks what a profile is to be found by.
    ///
    /// # Errors
    /// The space or the name was not given, or one of them or the version cannot be one.
    pub fn check(&self) -> Result<(), IdentityError> {
        for (field, text) in [("space", &self.space), ("name", &self.name)] {
            if text == MISSING {
                return Err(IdentityError::Missing { field });
            }
            check_name(field, text)?;
        }
        check_version(&self.version)
    }
}

/// Checks a space or a name.
///
/// # Errors
/// It has other characters than it may, or too many.
pub fn check_name(field: &'static str, text: &str) -> Result<(), IdentityError> {
    let fits = |(at, one): (usize, char)| {
        one.is_ascii_alphanumeric() || one == '_' || at > 0 && matches!(one, '-' | '.')
    };
    if (1..=LONGEST).contains(&text.len()) && text.char_indices().all(fits) {
        Ok(())
    } else {
        Err(IdentityError::Name { field, text: shown(text) })
    }
}

/// Checks a version.
///
/// # Errors
/// It is no [semantic one](https://semver.org).
pub fn check_version(text: &str) -> Result<(), IdentityError> {
    let wrong = |error: semver::Error| IdentityError::Version { text: shown(text), why: error.to_string() };
    Version::parse(text).map(drop).map_err(wrong)
}

fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).flat_map(char::escape_debug).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
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
#[error("{what_for} `{name}`: there is no such feature; {meant}")]
pub struct UnknownFeature {
    /// What is to be done with it, in words.
    pub what_for: &'static str,
    /// What it is called.
    pub name: String,
    /// Which was meant perhaps.
    pub meant: String,
}

/// Which feature was meant by a name that none has: the nearest, or those that there are.
pub fn meant(name: &str, features: &[&str]) -> String {
    const MOST: usize = 8;
    if let Some(near) = nearest(name, features.iter().copied()) {
        return format!("did you mean `{near}`?");
    }
    let first: Vec<String> = features.iter().take(MOST).map(|name| format!("`{name}`")).collect();
    match (&first[..], features.len().saturating_sub(MOST)) {
        ([], _) => "there is none".to_owned(),
        (_, 0) => format!("there are {}", first.join(", ")),
        (_, more) => format!("there are {} and {more} more", first.join(", ")),
    }
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
            let meant = meant(name, &features.collect::<Vec<_>>());
            Err(UnknownFeature { what_for, name: name.clone(), meant })
        }
    }
}
