//! Keys and tokens, which never show themselves.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer};

/// What is printed in the place of a secret.
const HIDDEN: &str = "***";

/// A key or a token. It has no form as text but through [`Secret::reveal`].
///
/// ```
/// use scouter_providers::Secret;
///
/// let key = Secret::new("sk-very-long-and-secret");
/// assert_eq!(format!("{key:?} {key}"), "*** ***");
/// assert_eq!(key.redact("wrong key: sk-very-long-and-secret"), "wrong key: ***");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret(Arc<str>);

impl Secret {
    /// Texts shorter than this are not looked for in messages, where they would be found by chance.
    const SHORTEST_SOUGHT: usize = 6;

    /// Texts shorter than this are not looked for in what a model says: who has a server of their own may call the key by its name.
    const SHORTEST_SAID: usize = 16;

    /// Hides a text.
    pub fn new(text: &str) -> Self {
        Self(text.trim().into())
    }

    /// Whether a model would not say it by chance.
    pub(crate) fn is_unlikely(&self) -> bool {
        self.0.len() >= Self::SHORTEST_SAID
    }

    /// What is left without a scheme such as `Bearer` before it: the key alone.
    pub(crate) fn bare(&self) -> Self {
        self.0.split_once(' ').map_or_else(|| self.clone(), |(_, key)| Self::new(key))
    }

    /// Whether a text may hold the secret, with or without a scheme before it. Where not, nothing need be copied.
    pub(crate) fn may_be_in(&self, text: &str) -> bool {
        text.contains(self.0.split_once(' ').map_or(&*self.0, |(_, key)| key.trim()))
    }

    /// The text itself, for the one place that sends it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The text without the secret: providers repeat keys in their messages.
    pub fn redact(&self, text: &str) -> String {
        if self.0.len() < Self::SHORTEST_SOUGHT { text.to_owned() } else { text.replace(&*self.0, HIDDEN) }
    }
}

/// Secrets are read from files; none is ever written into one.
impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::new(&text))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_shown_in_no_form() {
        let secret = Secret::new("sk-123456789");
        for shown in [format!("{secret}"), format!("{secret:?}"), format!("{:#?}", Some(&secret))] {
            assert!(!shown.contains("123"), "{shown}");
        }
    }

    #[test]
    fn a_secret_too_short_to_be_one_leaves_texts_alone() {
        assert_eq!(Secret::new("a").redact("banana"), "banana");
        assert_eq!(Secret::new("").redact("banana"), "banana");
    }

    #[test]
    fn a_key_is_seen_with_and_without_the_scheme_that_it_is_sent_with() {
        let sent = Secret::new("Bearer sk-123456789");
        assert!(sent.may_be_in("wrong: Bearer sk-123456789") && sent.may_be_in("wrong: sk-123456789"));
        assert!(!sent.may_be_in("wrong: Bearer sk-987654321"));
    }

    #[test]
    fn the_line_end_of_a_file_is_not_part_of_a_key() {
        assert_eq!(Secret::new("sk-123456789\n").reveal(), "sk-123456789");
    }
}
