//! The address of the server, and calls of its API.

use std::fmt;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD as BASE64;
use bytes::{Bytes, BytesMut};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response, Url};
use scouter_wire::problem::{Problem, ProblemCode};
use thiserror::Error;

/// How long is waited for a connection, and for an answer: somewhat longer than a server takes at most.
const CONNECT: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(45);
/// The largest answer that is read.
const LARGEST: usize = 64 << 20;

/// A server, and who one is there. It is not shown by `Debug` who.
#[derive(Clone)]
pub struct Server {
    url: Url,
    headers: HeaderMap,
}

/// Who one is.
#[derive(Clone)]
pub enum Auth {
    /// Nobody.
    None,
    /// Somebody with a token.
    Token(String),
    /// Somebody with a password.
    Password {
        /// The name.
        user: String,
        /// The password.
        password: String,
    },
}

/// An address of a server that is none.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AddressError {
    /// It is no URL of a server.
    #[error(
        "`{0}` is no address of a server: it has the form `http://host:8000` or `https://host`, and who one is stands beside it"
    )]
    Url(String),
    /// What cannot stand in a header.
    #[error("the token or the password has characters that cannot be sent")]
    Auth,
}

/// Why a call brought nothing.
#[derive(Debug, Error)]
pub enum CallError {
    /// The server says no.
    #[error("{} ({}, HTTP {})", .0.detail, .0.code.as_str(), .0.status)]
    Problem(Problem),
    /// There was no answer, or none of Scouter's server.
    #[error("{0}")]
    Unreachable(String),
}

impl Server {
    /// A server at an address.
    ///
    /// # Errors
    /// It is none.
    pub fn new(address: &str, auth: Auth) -> Result<Self, AddressError> {
        let wrong = || AddressError::Url(address.to_owned());
        let mut url: Url = address.trim().parse().map_err(|_| wrong())?;
        let is_server = matches!(url.scheme(), "http" | "https") && url.has_host();
        // What is in the address is shown in messages.
        if !is_server || !url.username().is_empty() || url.password().is_some() {
            return Err(wrong());
        }
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        let who = match auth {
            Auth::None => None,
            Auth::Token(token) => Some(format!("Bearer {token}")),
            Auth::Password { user, password } => {
                Some(format!("Basic {}", BASE64.encode(format!("{user}:{password}"))))
            }
        };
        let mut headers = HeaderMap::new();
        if let Some(who) = who {
            let mut who = HeaderValue::try_from(who).map_err(|_| AddressError::Auth)?;
            who.set_sensitive(true);
            headers.insert(AUTHORIZATION, who);
        }
        Ok(Self { url, headers })
    }

    /// Its address.
    pub fn address(&self) -> &str {
        self.url.as_str().trim_end_matches('/')
    }

    /// Connections to it, for one runtime.
    pub(crate) fn client(&self) -> Result<Client, reqwest::Error> {
        // An error means that the process has chosen already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .no_proxy()
            // Tokens would follow to another host.
            .redirect(Policy::none())
            .connect_timeout(CONNECT)
            .timeout(PATIENCE)
            .default_headers(self.headers.clone())
            .user_agent(concat!("scouter/", env!("CARGO_PKG_VERSION")));
        if self.url.scheme() == "http" {
            // Nobody's certificate is looked at, so none of the system's are read.
            builder = builder.tls_certs_only([]);
        }
        builder.build()
    }

    pub(crate) fn url(&self, path: &str) -> Result<Url, String> {
        self.url.join(path).map_err(|error| format!("`{path}`: {error}"))
    }

    /// Calls an operation of the API, with and for JSON.
    ///
    /// # Errors
    /// The server says no, or cannot be reached.
    pub async fn call(&self, method: &str, path: &str, body: Option<String>) -> Result<String, CallError> {
        let unreachable = |error: &dyn std::error::Error| {
            CallError::Unreachable(format!("no answer from `{}`: {}", self.address(), causes(error)))
        };
        let method = Method::from_bytes(method.as_bytes()).map_err(|error| unreachable(&error))?;
        let url = self.url(path.trim_start_matches('/')).map_err(CallError::Unreachable)?;
        let client = self.client().map_err(|error| unreachable(&error))?;
        let mut request = client.request(method, url);
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, HeaderValue::from_static("application/json")).body(body);
        }
        let response = request.send().await.map_err(|error| unreachable(&error))?;
        let status = response.status();
        let body = read(response).await.map_err(CallError::Unreachable)?;
        if status.is_success() {
            return String::from_utf8(body.into()).map_err(|error| unreachable(&error));
        }
        let problem = serde_json::from_slice::<Problem>(&body).unwrap_or_else(|_| {
            let code = ProblemCode::Other("unknown".to_owned());
            let detail = format!("`{}` answers as no server of Scouter does", self.address());
            Problem { status: status.as_u16(), ..Problem::new(code, detail) }
        });
        Err(CallError::Problem(problem))
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("url", &self.address()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Token(_) => "Token",
            Self::Password { .. } => "Password",
        })
    }
}

/// The body of an answer.
pub(crate) async fn read(mut response: Response) -> Result<Bytes, String> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| causes(&error))? {
        if body.len() + chunk.len() > LARGEST {
            return Err(format!("the answer has more than {} MB", LARGEST >> 20));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// An error and all that caused it, in one line.
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = error.source();
    }
    text
}
