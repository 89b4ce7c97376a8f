//! How a provider is reached.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::Secret;

/// How a provider is reached, where it differs from the usual.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Connection {
    /// The address that paths are added to, such as `http://localhost:11434/v1`.
    pub base_url: Option<String>,
    /// How long one attempt may take.
    pub timeout: Option<Duration>,
    /// Headers to add. Their values count as secrets, since they often are.
    pub headers: BTreeMap<String, Secret>,
    /// The address of a proxy for everything. It may hold a password.
    pub proxy: Option<Secret>,
}

impl Connection {
    /// This connection where it says something, `usual` where it does not. Headers add up.
    #[must_use]
    pub fn over(&self, usual: &Self) -> Self {
        let mut headers = usual.headers.clone();
        headers.extend(self.headers.clone());
        Self {
            base_url: self.base_url.clone().or_else(|| usual.base_url.clone()),
            timeout: self.timeout.or(usual.timeout),
            headers,
            proxy: self.proxy.clone().or_else(|| usual.proxy.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearer_connection_wins_and_headers_add_up() {
        let usual = Connection {
            base_url: Some("http://a".into()),
            headers: [("x".into(), Secret::new("1")), ("y".into(), Secret::new("1"))].into(),
            ..Connection::default()
        };
        let near = Connection {
            base_url: Some("http://b".into()),
            headers: [("x".into(), Secret::new("2"))].into(),
            ..Connection::default()
        };
        let both = near.over(&usual);
        assert_eq!(both.base_url.as_deref(), Some("http://b"));
        assert_eq!(both.headers["x"].reveal(), "2");
        assert_eq!(both.headers["y"].reveal(), "1");
    }

    #[test]
    fn headers_are_not_shown() {
        let connection = Connection {
            headers: [("api-key".into(), Secret::new("abcdef"))].into(),
            ..Connection::default()
        };
        assert!(!format!("{connection:?}").contains("abcdef"));
    }
}
