//! How a provider is reached.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::Url;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Secret;

/// How a provider is reached, where it differs from the usual.
///
/// Headers and proxy are read from files and never written into them: they may hold keys.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Connection {
    /// The address that paths are added to, such as `http://localhost:11434/v1`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "read_address")]
    pub base_url: Option<String>,
    /// How long one attempt may take; in files, in seconds.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "write_seconds",
        deserialize_with = "read_seconds"
    )]
    pub timeout: Option<Duration>,
    /// Headers to add. Their values count as secrets, since they often are.
    #[serde(skip_serializing)]
    pub headers: BTreeMap<String, Secret>,
    /// The address of a proxy for everything. It may hold a password.
    #[serde(skip_serializing)]
    pub proxy: Option<Secret>,
}

#[expect(clippy::ref_option, reason = "the form that serde asks for")]
fn write_seconds<S: Serializer>(timeout: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    timeout.map(|timeout| timeout.as_secs_f64()).serialize(serializer)
}

fn read_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let Some(seconds) = Option::<f64>::deserialize(deserializer)? else { return Ok(None) };
    let timeout = Duration::try_from_secs_f64(seconds).ok().filter(|timeout| !timeout.is_zero());
    let wrong =
        || serde::de::Error::custom(format!("a positive number of seconds is needed, not `{seconds}`"));
    timeout.ok_or_else(wrong).map(Some)
}

impl Connection {
    /// Whether nothing of it would stand in a file.
    pub(crate) fn is_unwritten(&self) -> bool {
        self.base_url.is_none() && self.timeout.is_none()
    }

    /// This connection where it says something, `usual` where it does not. Headers add up.
    #[must_use]
    pub fn over(&self, usual: &Self) -> Self {
        let mut headers = self.headers.clone();
        for (name, value) in &usual.headers {
            // Names of headers are not told apart by case.
            if !self.headers.keys().any(|near| near.eq_ignore_ascii_case(name)) {
                headers.insert(name.clone(), value.clone());
            }
        }
        Self {
            base_url: self.base_url.clone().or_else(|| usual.base_url.clone()),
            timeout: self.timeout.or(usual.timeout),
            headers,
            proxy: self.proxy.clone().or_else(|| usual.proxy.clone()),
        }
    }
}

fn read_address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let Some(address) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    match check_address(&address) {
        Ok(()) => Ok(Some(address)),
        Err(why) => Err(serde::de::Error::custom(format!("`base_url` {why}"))),
    }
}

/// An address as it may be shown: a user and a password in it are hidden.
pub fn without_password(address: &str) -> String {
    if !address.contains('@') {
        return address.to_owned();
    }
    let Some(mut url) = Url::parse(address).ok().filter(Url::has_host) else { return "***".to_owned() };
    if url.username().is_empty() && url.password().is_none() {
        return address.to_owned();
    }
    match url.set_username("***").and_then(|()| url.set_password(None)) {
        Ok(()) => url.to_string(),
        Err(()) => "***".to_owned(),
    }
}

/// Whether something is an address of HTTP that may be shown: it stands in prompts, results and messages.
///
/// # Errors
/// With what is wrong, to be read after the name of the field. A password is not in it.
pub fn check_address(address: &str) -> Result<(), String> {
    parse_address(address).map(drop)
}

/// The same, for whoever goes there.
pub(super) fn parse_address(address: &str) -> Result<Url, String> {
    let shown = || without_password(address);
    if !address.starts_with("http://") && !address.starts_with("https://") {
        return Err(format!("must begin with http:// or https://, and is `{}`", shown()));
    }
    let url = Url::parse(address).map_err(|error| format!("is no address (`{}`): {error}", shown()))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            "has a user or a password in it, which would be shown with it: give `headers` or a key instead"
                .to_owned(),
        );
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_an_address_is_refused_and_not_shown() {
        for wrong in [
            "https://me:secret@example.com/v1",
            "https://secret@h",
            "https://me:secret@h:99999/v1",
            "me:secret@h",
        ] {
            let why = check_address(wrong).unwrap_err();
            assert!(!why.contains("secret"), "{why}");
            let file = format!(r#"{{"base_url": "{wrong}"}}"#);
            let told = serde_json::from_str::<Connection>(&file).unwrap_err().to_string();
            assert!(told.contains("base_url") && !told.contains("secret"), "{told}");
        }
        assert_eq!(check_address("http://localhost:1/v1"), Ok(()));
        assert_eq!(without_password("https://me:secret@example.com/v1"), "https://***@example.com/v1");
        assert_eq!(without_password("http://localhost:1/a@b"), "http://localhost:1/a@b");
        assert!(check_address("localhost:1").unwrap_err().contains("`localhost:1`"));
    }

    #[test]
    fn names_of_headers_are_not_told_apart_by_case() {
        let with = |name: &str, value: &str| Connection {
            headers: [(name.to_owned(), Secret::new(value))].into(),
            ..Connection::default()
        };
        let both = with("X-Team", "near").over(&with("x-team", "usual"));
        assert_eq!(both, with("X-Team", "near"));
    }

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
    fn a_file_has_no_headers_and_no_proxy() {
        let text =
            r#"{"base_url": "http://a", "timeout": 1.5, "headers": {"x": "secret-1"}, "proxy": "secret-2"}"#;
        let connection: Connection = serde_json::from_str(text).unwrap();
        assert_eq!(connection.headers["x"].reveal(), "secret-1");
        let written = serde_json::to_string(&connection).unwrap();
        assert_eq!(written, r#"{"base_url":"http://a","timeout":1.5}"#);
        assert!(serde_json::from_str::<Connection>(r#"{"timeout": 0}"#).is_err());
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
