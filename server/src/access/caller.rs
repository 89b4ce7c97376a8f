//! Who a request is from.

use std::sync::Arc;

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Uri};
use scouter_engine::Clock;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::attempts::Attempts;
use super::grants::Grants;
use super::key::Key;
use super::local::{self, NotLocal};
use super::password::AT_ONCE;
use super::random;
use super::secret::SigningSecret;
use super::token::{NotGood, Tokens};
use crate::store::{HolderRow, Store, StoreError};

/// What whoever says nothing is called where that is let in.
const LOCAL: &str = "(this machine)";
/// The longest token or key that is looked at.
const LONGEST: usize = 4096;

/// Who is let in.
#[derive(Debug)]
pub struct Access {
    /// Whether requests of this machine are let in that do not say who they are from.
    pub(super) open: bool,
    pub(super) tokens: Tokens,
    /// Places to look at a password.
    pub(super) passwords: Semaphore,
    pub(super) attempts: Attempts,
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
}

/// Who a request is from, and what they may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// A user, the prefix of a key, or what is neither.
    pub name: String,
    /// What they may do.
    pub grants: Grants,
}

/// Why a request is not let in.
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    /// It does not say who it is from.
    #[error("who asks is not said: send `Authorization: Bearer` with an API key or an access token")]
    Missing,
    /// It says so in a way that is not known here.
    #[error("`Authorization` is `Bearer` with an API key or an access token")]
    Scheme,
    /// A token that was good.
    #[error("the access token has expired: refresh it, or log in again")]
    Expired,
    /// Nobody's.
    #[error("the API key or the access token is not known here, was revoked, or its time is over")]
    Unknown,
    /// It may come from another machine.
    #[error(transparent)]
    NotLocal(#[from] NotLocal),
    /// The database cannot be reached.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Access {
    /// Lets in who has a token or a key, and whoever is on this machine where it is `open`.
    pub fn new(store: Store, clock: Arc<dyn Clock>, secret: &SigningSecret, open: bool) -> Self {
        let (tokens, passwords) = (Tokens::new(secret), Semaphore::new(AT_ONCE));
        Self { open, tokens, passwords, attempts: Attempts::default(), store, clock }
    }

    /// Who a request is from. What it says is looked at even where it need not say anything. It is looked up each time, so that what was
    /// revoked is good for nothing from then on.
    ///
    /// # Errors
    /// It is not let in.
    pub async fn caller(&self, uri: &Uri, headers: &HeaderMap) -> Result<Caller, Denied> {
        let Some(said) = headers.get(AUTHORIZATION) else {
            if !self.open {
                return Err(Denied::Missing);
            }
            local::check(uri, headers)?;
            return Ok(Caller { name: LOCAL.to_owned(), grants: Grants::everything() });
        };
        let said = said.to_str().ok().and_then(|said| said.split_once(' ')).ok_or(Denied::Scheme)?;
        let (scheme, credentials) = (said.0, said.1.trim());
        if !scheme.eq_ignore_ascii_case("bearer") || credentials.len() > LONGEST {
            return Err(Denied::Scheme);
        }
        let holder = if Key::is_meant(credentials) {
            self.store.key_holder(&random::kept(credentials)).await?
        } else {
            self.store.session_holder(self.session(credentials)?).await?
        };
        let HolderRow { name, grants } = holder.ok_or(Denied::Unknown)?;
        Ok(Caller { name, grants })
    }

    fn session(&self, token: &str) -> Result<Uuid, Denied> {
        self.tokens.read(token, self.clock.now()).map_err(|error| match error {
            NotGood::Expired => Denied::Expired,
            NotGood::Unknown => Denied::Unknown,
        })
    }
}
