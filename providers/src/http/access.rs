//! One provider's address and key, and requests to it.

use reqwest::header::HeaderName;
use serde_json::Value;

use super::send::{Post, Posted};
use super::{Connection, Http};
use crate::{CallError, Credential, Environment, ErrorKind, Secret};

/// What a model or an embedder is made with.
#[derive(Clone, Debug)]
pub struct Account<'a> {
    /// Where connections are kept.
    pub http: &'a Http,
    /// Keys and addresses under the providers' own names.
    pub environment: &'a Environment,
    /// A key that goes before those of the environment.
    pub credential: Option<Credential>,
    /// An address, headers and so on that go before those of the environment.
    pub connection: Connection,
}

impl<'a> Account<'a> {
    /// An account as the environment has it.
    pub fn of(http: &'a Http, environment: &'a Environment) -> Self {
        Self { http, environment, credential: None, connection: Connection::default() }
    }
}

/// How a key is sent.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Auth {
    /// `authorization: Bearer …`
    Bearer,
    /// In a header of its own.
    Header(&'static str),
}

/// A provider as one account reaches it.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    pub(crate) provider: &'static str,
    http: Http,
    connection: Connection,
    credential: Option<Credential>,
    auth: Auth,
    usual: String,
}

/// Where a provider keeps what an account needs.
pub(crate) struct Names {
    pub(crate) provider: &'static str,
    pub(crate) keys: &'static [&'static str],
    pub(crate) base_urls: &'static [&'static str],
    pub(crate) auth: Auth,
}

impl Access {
    /// The account's way to a provider, whose own address is `usual`.
    ///
    /// At another address than the provider's own a key is not needed: local servers have none.
    pub(crate) fn new(account: Account<'_>, names: &Names, usual: &str) -> Result<Self, CallError> {
        let Account { http, environment, credential, mut connection } = account;
        if connection.base_url.is_none() {
            connection.base_url = environment.get(names.base_urls).map(str::to_owned);
        }
        let credential = credential.or_else(|| environment.secret(names.keys).map(Credential::Key));
        if credential.is_none() && connection.base_url.is_none() {
            let keys: Vec<_> = names.keys.iter().map(|key| format!("`{key}`")).collect();
            let message = format!("set {} or give a key", keys.join(" or "));
            return Err(CallError::new(ErrorKind::NoKey, names.provider, message));
        }
        let provider = names.provider;
        Ok(Self {
            provider,
            http: http.clone(),
            connection,
            credential,
            auth: names.auth,
            usual: usual.to_owned(),
        })
    }

    /// Whether requests go to the provider's own address.
    pub(crate) fn is_usual(&self, over: &Connection) -> bool {
        over.base_url.is_none() && self.connection.base_url.is_none()
    }

    /// How the key is sent.
    pub(crate) fn provider_auth(&self) -> Auth {
        self.auth
    }

    /// Sends `body` to `path` under the address that counts.
    pub(crate) async fn post(
        &self,
        over: &Connection,
        path: &str,
        headers: &[(&'static str, &'static str)],
        body: &Value,
    ) -> Result<Posted, CallError> {
        let connection = over.over(&self.connection);
        let base = connection.base_url.as_deref().unwrap_or(&self.usual).trim_end_matches('/');
        let mut all: Vec<_> = headers.iter().map(|(name, value)| (*name, Secret::new(value))).collect();
        let key = match &self.credential {
            None => None,
            Some(Credential::Key(key)) => Some(key.clone()),
            Some(Credential::Tokens(tokens)) => Some(tokens.token().await?),
        };
        if let Some(key) = key {
            all.push(match self.auth {
                Auth::Bearer => ("authorization", Secret::new(&format!("Bearer {}", key.reveal()))),
                Auth::Header(name) => (name, key),
            });
        }
        // A header that the caller gives goes before ours of the same name.
        all.retain(|(name, _)| {
            !connection
                .headers
                .keys()
                .any(|given| HeaderName::from_bytes(given.as_bytes()).is_ok_and(|given| given == *name))
        });
        let url = format!("{base}{path}");
        Post { provider: self.provider, url, headers: all, connection, body }.send(&self.http).await
    }

    /// The reply has another form than the provider's.
    pub(crate) fn unexpected(&self, posted: &Posted, missing: &str) -> CallError {
        CallError::new(ErrorKind::UnexpectedReply, self.provider, format!("`{missing}` is missing")).with(
            |details| {
                details.attempts = 1;
                details.raw = Some(posted.raw.clone());
            },
        )
    }

    /// The request cannot be put in the provider's words.
    pub(crate) fn unsupported(&self, what: &str) -> CallError {
        CallError::new(ErrorKind::Configuration, self.provider, what)
    }
}
