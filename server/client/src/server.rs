//! The address of the server, and calls of its API.

use std::fmt;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, Url};
use scouter_wire::problem::{Problem, ProblemCode};
use thiserror::Error;

use crate::inbox::Inbox;
use crate::session::Session;
use crate::unreached::why;

/// How long is waited for a connection, and for an answer: somewhat longer than a server takes at most.
const CONNECT: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(45);
/// The largest answer that is read.
const LARGEST: usize = 64 << 20;

/// A server, and who one is there. It is not shown by `Debug` who.
#[derive(Clone)]
pub struct Server {
    url: Url,
    /// What every request is sent with.
    headers: HeaderMap,
    session: Option<Session>,
    /// What stands in its place.
    inbox: Option<Inbox>,
}

/// Who one is.
#[derive(Clone)]
pub enum Auth {
    /// Nobody.
    None,
    /// Somebody with an API key, or a token that somebody else cares for.
    Token(String),
    /// Somebody with a password, who logs in.
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
    #[error("the token has characters that cannot be sent")]
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
        let (mut headers, mut session) = (HeaderMap::new(), None);
        match auth {
            Auth::None => {}
            Auth::Token(token) => {
                let who = HeaderValue::try_from(format!("Bearer {token}"));
                let mut who = who.map_err(|_| AddressError::Auth)?;
                who.set_sensitive(true);
                headers.insert(AUTHORIZATION, who);
            }
            Auth::Password { user, password } => session = Some(Session::new(user, password)),
        }
        Ok(Self { url, headers, session, inbox: None })
    }

    /// The same for queues, whose records stay in this place: nothing is sent.
    #[must_use]
    pub fn replaced_by(self, inbox: Inbox) -> Self {
        Self { inbox: Some(inbox), ..self }
    }

    /// What stands in its place, where something does.
    pub fn inbox(&self) -> Option<&Inbox> {
        self.inbox.as_ref()
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
        let client = self.client().map_err(|error| self.unreachable(&error))?;
        self.call_by(&client, method, path, body).await
    }

    /// The same by connections that are there.
    ///
    /// # Errors
    /// As there.
    pub(crate) async fn call_by(
        &self,
        client: &Client,
        method: &str,
        path: &str,
        body: Option<String>,
    ) -> Result<String, CallError> {
        let method =
            Method::from_bytes(method.as_bytes()).map_err(|error| CallError::Unreachable(why(&error)))?;
        let request = || self.request(client, method.clone(), path.trim_start_matches('/'), body.clone());
        let signed = self.signed(client, request()?).await?;
        match (self.answer(signed).await, &self.session) {
            // A token may have been revoked, or its server had another secret before: once more, with a new one.
            (Err(CallError::Problem(problem)), Some(_))
                if problem.status == StatusCode::UNAUTHORIZED.as_u16() =>
            {
                self.forget_tokens().await;
                let signed = self.signed(client, request()?).await?;
                self.answer(signed).await
            }
            (answer, _) => answer,
        }
    }

    /// A request as whoever one is sends it.
    ///
    /// # Errors
    /// There is no logging in.
    pub(crate) async fn signed(
        &self,
        client: &Client,
        request: RequestBuilder,
    ) -> Result<RequestBuilder, CallError> {
        let Some(session) = &self.session else { return Ok(request) };
        let ask = |path, body| async move {
            self.answer(self.request(client, Method::POST, path, Some(body))?).await
        };
        Ok(request.header(AUTHORIZATION, session.bearer(ask).await?))
    }

    /// Logs in anew before the next request. Whether that may help: a key stays the same.
    pub(crate) async fn forget_tokens(&self) -> bool {
        if let Some(session) = &self.session {
            session.forget().await;
        }
        self.session.is_some()
    }

    fn request(
        &self,
        client: &Client,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> Result<RequestBuilder, CallError> {
        let request = client.request(method, self.url(path).map_err(CallError::Unreachable)?);
        Ok(match body {
            Some(body) => {
                request.header(CONTENT_TYPE, HeaderValue::from_static("application/json")).body(body)
            }
            None => request,
        })
    }

    pub(crate) fn unreachable(&self, error: &(dyn std::error::Error + 'static)) -> CallError {
        CallError::Unreachable(format!("no answer from `{}`: {}", self.address(), why(error)))
    }

    /// A problem in the words of who asked: who says nothing of who they are hears where to say it, rather than by which header.
    pub(crate) fn told(&self, problem: Problem) -> Problem {
        let says_nothing = self.session.is_none() && !self.headers.contains_key(AUTHORIZATION);
        if problem.code != ProblemCode::Unauthenticated || !says_nothing {
            return problem;
        }
        let detail = "who asks is not said: give `HttpConfig` an `auth_token` (SCOUTER_AUTH_TOKEN), or a `username` and a `password` \
                      (SCOUTER_USERNAME, SCOUTER_PASSWORD)";
        Problem { detail: detail.to_owned(), ..problem }
    }

    async fn answer(&self, request: RequestBuilder) -> Result<String, CallError> {
        let response = request.send().await.map_err(|error| self.unreachable(&error))?;
        let status = response.status();
        let body = read(response).await.map_err(CallError::Unreachable)?;
        if status.is_success() {
            return String::from_utf8(body.into()).map_err(|error| self.unreachable(&error));
        }
        let problem = serde_json::from_slice::<Problem>(&body).unwrap_or_else(|_| {
            let code = ProblemCode::Other("unknown".to_owned());
            let detail = format!("`{}` answers as no server of Scouter does", self.address());
            Problem { status: status.as_u16(), ..Problem::new(code, detail) }
        });
        Err(CallError::Problem(self.told(problem)))
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
    while let Some(chunk) = response.chunk().await.map_err(|error| why(&error))? {
        if body.len() + chunk.len() > LARGEST {
            return Err(format!("the answer has more than {} MB", LARGEST >> 20));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
