//! API keys.

use super::random::{self, NoRandomness};

/// What all keys begin with, so that they are found where they should not be.
const SCOUTER: &str = "scouter_";

/// How long what a key is for may be, and for how many days it may be good: 100 years.
const LONGEST_NAME: usize = 128;
const MOST_DAYS: u32 = 36_500;

/// What can be no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoKey {
    /// What it is for.
    #[error("what a key is for has 1 to {LONGEST_NAME} bytes, and no control characters")]
    Name,
    /// How long it is good.
    #[error("a key is good for 1 to {MOST_DAYS} days, or always")]
    Days,
}

/// Whether there can be a key for this, that is good for so long.
///
/// # Errors
/// There cannot.
pub fn check_key(name: &str, days: Option<u32>) -> Result<(), NoKey> {
    if name.is_empty() || name.len() > LONGEST_NAME || name.contains(char::is_control) {
        return Err(NoKey::Name);
    }
    if days.is_some_and(|days| !(1..=MOST_DAYS).contains(&days)) { Err(NoKey::Days) } else { Ok(()) }
}

/// A key, which is shown once: `scouter_`, by which it is told from others, `_`, and 260 random bits.
pub struct Key(String);

/// What names a key: of a whole one what stands before its secret, which nobody is to be shown.
///
/// ```
/// use scouter_server::access::named;
///
/// assert_eq!(named("scouter_4hnz83nu_v9pu4"), "scouter_4hnz83nu");
/// assert_eq!(named("scouter_4hnz83nu"), "scouter_4hnz83nu");
/// ```
pub fn named(key: &str) -> &str {
    key.match_indices('_').nth(1).map_or(key, |(at, _)| &key[..at])
}

impl Key {
    /// A new one.
    ///
    /// # Errors
    /// The system has no random bytes.
    pub fn new() -> Result<Self, NoRandomness> {
        Ok(Self(format!("{SCOUTER}{}_{}", random::text::<8>()?, random::text::<52>()?)))
    }

    /// What may be shown of it.
    pub fn prefix(&self) -> &str {
        self.0.rsplit_once('_').map_or("", |(prefix, _)| prefix)
    }

    /// What is kept of it.
    pub fn hash(&self) -> Vec<u8> {
        random::kept(&self.0)
    }

    /// All of it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether a text is meant as one.
    pub(super) fn is_meant(text: &str) -> bool {
        text.starts_with(SCOUTER)
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Key").field(&self.prefix()).finish()
    }
}
