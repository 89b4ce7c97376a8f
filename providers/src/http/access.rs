//! One provider's address and key, and requests to it.

use std::borrow::Cow;
use std::sync::OnceLock;

use reqwest::Url;
use serde::Serialize;

use super::send::{Post, Posted};
use super::{Connection, Http};
use crate::{CallError, Credential, Environment, ErrorKind, Secret, Server};

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
    /// What a prompt says of its own, which goes before `connection`. It may come out of somebody else's file: at an
    /// address in it that is neither the provider's nor the account's, keys and headers of the account are not sent.
    pub prompt: Connection,
}

impl<'a> Account<'a> {
    /// An account as the environment has it.
    pub fn of(http: &'a Http, environment: &'a Environment) -> Self {
        let (connection, prompt) = (Connection::default(), Connection::default());
        Self { http, environment, credential: None, connection, prompt }
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
    prompt: Connection,
    credential: Option<Credential>,
    auth: Auth,
    /// The provider's own address.
    usual: String,
    /// The addresses that whoever has the key gave.
    known: Vec<String>,
    /// How requests go out that say no more than their prompt, which is as good as all of them: to find a way is to read
    /// several addresses.
    plain: OnceLock<Way>,
}

/// Where a provider keeps what an account needs.
pub(crate) struct Names {
    pub(crate) provider: &'static str,
    pub(crate) keys: &'static [&'static str],
    pub(crate) base_urls: &'static [&'static str],
    pub(crate) auth: Auth,
}

/// How one request goes out.
#[derive(Clone, Debug)]
struct Way {
    connection: Connection,
    /// Whether the account's key goes with it.
    trusted: bool,
    /// Whether it leads to the provider itself.
    usual: bool,
}

impl Access {
    /// The account's way to a provider, whose own address is `usual`.
    ///
    /// At another address than the provider's own a key is not needed: local servers have none.
    pub(crate) fn new(account: Account<'_>, names: &Names, usual: &str) -> Result<Self, CallError> {
        let Account { http, environment, credential, mut connection, prompt } = account;
        let from_environment = environment.get(names.base_urls).map(str::to_owned);
        let known = connection.base_url.iter().chain(&from_environment).cloned().collect();
        connection.base_url = connection.base_url.or(from_environment);
        let credential = credential.or_else(|| environment.secret(names.keys).map(Credential::Key));
        if credential.is_none() && connection.base_url.is_none() && prompt.base_url.is_none() {
            let keys: Vec<_> = names.keys.iter().map(|key| format!("`{key}`")).collect();
            let message = format!("set {} or give a key", keys.join(" or "));
            return Err(CallError::new(ErrorKind::NoKey, names.provider, message));
        }
        Ok(Self {
            provider: names.provider,
            http: http.clone(),
            connection,
            prompt,
            credential,
            auth: names.auth,
            usual: usual.to_owned(),
            known,
            plain: OnceLock::new(),
        })
    }

    /// Whether requests go to the provider itself.
    pub(crate) fn is_usual(&self, over: &Connection) -> bool {
        self.way(over).usual
    }

    /// How the key is sent.
    pub(crate) fn provider_auth(&self) -> Auth {
        self.auth
    }

    fn way(&self, over: &Connection) -> Cow<'_, Way> {
        let nothing = Connection::default();
        if *over == nothing || *over == self.prompt {
            Cow::Borrowed(self.plain.get_or_init(|| self.find(&nothing)))
        } else {
            Cow::Owned(self.find(over))
        }
    }

    fn find(&self, over: &Connection) -> Way {
        let near = over.over(&self.prompt);
        let connection = near.over(&self.connection);
        let trusted = near.base_url.as_deref().is_none_or(|address| {
            is_at(address, &self.usual) || self.known.iter().any(|known| is_same(address, known))
        });
        let usual = connection.base_url.as_deref().is_none_or(|address| is_at(address, &self.usual));
        let headers = if trusted { connection.headers } else { near.headers };
        Way { connection: Connection { headers, ..connection }, trusted, usual }
    }

    /// Where requests go.
    pub(crate) fn server(&self, over: &Connection) -> Option<Server> {
        let nearest =
            [over, &self.prompt, &self.connection].into_iter().find_map(|near| near.base_url.as_deref());
        let url = Url::parse(nearest.unwrap_or(&self.usual)).ok()?;
        // An address of IPv6 has brackets in a URL alone.
        let address = url.host_str()?.trim_matches(['[', ']']).to_owned();
        Some(Server { address, port: url.port_or_known_default()? })
    }

    /// Whether a request can go out, as far as that shows before it does.
    pub(crate) fn check(&self, over: &Connection) -> Result<(), CallError> {
        let way = self.way(over);
        let key = match &self.credential {
            Some(Credential::Key(key)) => Some(key.clone()),
            _ => None,
        };
        self.request(&way, key, "", &[]).ready(&self.http).map(drop)
    }

    /// Sends `body` to `path` under the address that counts.
    pub(crate) async fn post(
        &self,
        over: &Connection,
        path: &str,
        headers: &[(&'static str, &'static str)],
        body: &(impl Serialize + Sync),
    ) -> Result<Posted, CallError> {
        // Every value that was turned into text before has a form as JSON.
        let body = serde_json::to_vec(body).unwrap_or_default();
        let way = self.way(over);
        let withheld = !way.trusted && self.credential.is_some();
        let key = match &self.credential {
            Some(Credential::Key(key)) => Some(key.clone()),
            Some(Credential::Tokens(tokens)) if way.trusted => Some(tokens.token().await?),
            _ => None,
        };
        let answer = self.request(&way, key, path, headers).send(&self.http, body).await;
        answer.map_err(|error| {
            if withheld && error.kind() == ErrorKind::Unauthorized {
                return error.with(|details| details.message.push_str(WITHHELD));
            }
            error
        })
    }

    fn request<'b>(
        &'b self,
        Way { connection, trusted, .. }: &'b Way,
        key: Option<Secret>,
        path: &str,
        headers: &[(&'static str, &'static str)],
    ) -> Post<'b> {
        let base = connection.base_url.as_deref().unwrap_or(&self.usual).trim_end_matches('/');
        let mut all: Vec<_> = headers.iter().map(|(name, value)| (*name, Secret::new(value))).collect();
        if let Some(key) = key.filter(|_| *trusted) {
            all.push(match self.auth {
                Auth::Bearer => ("authorization", Secret::new(&format!("Bearer {}", key.reveal()))),
                Auth::Header(name) => (name, key),
            });
        }
        // A header that the caller gives goes before ours of the same name.
        all.retain(|(name, _)| !connection.headers.keys().any(|given| given.eq_ignore_ascii_case(name)));
        let url = format!("{base}{path}");
        Post { provider: self.provider, url, headers: all, connection }
    }

    /// The reply has another form than the provider's.
    pub(crate) fn unexpected(&self, posted: &Posted, missing: &str) -> CallError {
        CallError::new(ErrorKind::UnexpectedReply, self.provider, format!("`{missing}` is missing")).with(
            |details| {
                details.attempts = 1;
                details.unpriced = 1;
                details.raw = Some(posted.raw.clone());
            },
        )
    }

    /// The request cannot be put in the provider's words.
    pub(crate) fn unsupported(&self, what: impl Into<String>) -> CallError {
        CallError::new(ErrorKind::Configuration, self.provider, what)
    }
}

/// What is added where a key might have helped that was not sent.
const WITHHELD: &str = "; no key was sent, since the address stands in the prompt and is neither the provider's nor the run's: \
give the address to the run, or the prompt a header with the key";

/// Whether an address is at another one's host, or at a part of it such as `eu.api.openai.com`.
fn is_at(address: &str, usual: &str) -> bool {
    let (Ok(address), Ok(usual)) = (Url::parse(address), Url::parse(usual)) else { return false };
    let (Some(host), Some(own)) = (address.host_str(), usual.host_str()) else { return false };
    let within = host.strip_suffix(own).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    within
        && address.scheme() == usual.scheme()
        && address.port_or_known_default() == usual.port_or_known_default()
}

/// Whether two addresses have the same origin: scheme, host and port.
fn is_same(address: &str, known: &str) -> bool {
    let (Ok(address), Ok(known)) = (Url::parse(address), Url::parse(known)) else { return false };
    address.origin() == known.origin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_providers_host_is_the_providers_and_a_name_that_ends_alike_is_not() {
        let usual = "https://api.openai.com/v1";
        assert!(is_at("https://api.openai.com:443/v1/", usual));
        assert!(is_at("https://eu.api.openai.com/v1", usual));
        assert!(!is_at("https://evilapi.openai.com.example/v1", usual));
        assert!(!is_at("https://notapi.openai.com/v1", usual));
        assert!(!is_at("http://api.openai.com/v1", usual));
        assert!(!is_at("https://api.openai.com:8443/v1", usual));
        assert!(!is_at("https://api.openai.com@example.com/v1", usual));
    }
}
