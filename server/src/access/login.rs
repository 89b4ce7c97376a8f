//! From a password to tokens, and on from there.

use std::time::Duration;

use scouter_tasks::result::NewUid;
use scouter_wire::access::{ChangePassword, Login, Tokens};
use tokio::time::Instant;
use uuid::Uuid;

use super::caller::Access;
use super::password::{self, Unfit, check_name, check_password};
use super::random::{self, NoRandomness};
use super::token;
use crate::store::{NewPassword, PasswordRow, Refreshed, StoreError};

/// How long a session lasts, however often it is refreshed.
const SESSION: Duration = Duration::from_hours(30 * 24);

/// Why there are no tokens.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// Nobody has that name and that password.
    #[error("the name or the password is wrong")]
    Wrong,
    /// The password is only good for setting another.
    #[error("the password of `{0}` is good for setting another and nothing else: `POST /v1/auth/password`")]
    OneTime(String),
    /// Wrong passwords were given too often.
    #[error("wrong passwords were given for that name: wait {} s before the next one", .0.as_secs() + 1)]
    Wait(Duration),
    /// The refresh token is not good.
    #[error("the refresh token is not known here, or its session is over: log in again")]
    Refresh,
    /// The refresh token was used before.
    #[error(
        "the refresh token was used before, so that somebody else may have it: its session is ended, log in again"
    )]
    UsedBefore,
    /// The new password can be none.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// The system has no random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The token cannot be signed.
    #[error("the access token cannot be signed")]
    NotSigned,
    /// The database cannot be reached.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Access {
    /// Tokens for a name and a password.
    ///
    /// # Errors
    /// They are wrong, were so too often, or the password is to be changed.
    pub async fn log_in(&self, login: Login) -> Result<Tokens, LoginError> {
        let Login { username, password } = login;
        let holder = self.known(&username, password.0).await?;
        if holder.one_time {
            return Err(LoginError::OneTime(username));
        }
        self.begin(&holder).await
    }

    /// Sets another password, and logs in with it. All sessions of before are ended.
    ///
    /// # Errors
    /// The name or the password is wrong, was so too often, or the new one can be none.
    pub async fn change_password(&self, change: ChangePassword) -> Result<Tokens, LoginError> {
        let ChangePassword { username, password, new_password } = change;
        check_password(&new_password.0)?;
        if password.0 == new_password.0 {
            return Err(Unfit::Same.into());
        }
        let holder = self.known(&username, password.0).await?;
        let hash = {
            let _place = self.passwords.acquire().await;
            password::hash_aside(new_password.0).await?
        };
        let new = NewPassword { hash: &hash, one_time: false };
        if !self.store.set_password(&username, &username, new, Some(&holder.password)).await? {
            return Err(LoginError::Wrong);
        }
        self.begin(&PasswordRow { password: hash, one_time: false, ..holder }).await
    }

    /// Tokens for a refresh token, which is good once.
    ///
    /// # Errors
    /// It is not good.
    pub async fn refresh(&self, token: &str) -> Result<Tokens, LoginError> {
        let new = random::text::<52>()?;
        match self.store.refresh(&random::kept(token), &random::kept(&new)).await? {
            Refreshed::GoesOn(session) => self.tokens_of(session, new),
            Refreshed::UsedBefore => Err(LoginError::UsedBefore),
            Refreshed::Unknown => Err(LoginError::Refresh),
        }
    }

    /// Ends the session of a refresh token.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn log_out(&self, token: &str) -> Result<(), LoginError> {
        self.store.end_session(&random::kept(token)).await?;
        Ok(())
    }

    /// Who has this name and this password.
    async fn known(&self, name: &str, password: String) -> Result<PasswordRow, LoginError> {
        // Nobody is called so, and what is counted by name would have no bound.
        if check_name(name).is_err() {
            return Err(LoginError::Wrong);
        }
        // With a place, so that nobody tries many at once before the first is known to be wrong.
        let _place = self.passwords.acquire().await;
        if let Some(wait) = self.attempts.wait(name, Instant::now()) {
            return Err(LoginError::Wait(wait));
        }
        let row = self.store.password(name).await?;
        let right = password::is_right(password, row.as_ref().map(|row| row.password.clone())).await;
        match row {
            Some(row) if right => {
                self.attempts.succeeded(name);
                Ok(row)
            }
            row => {
                self.attempts.failed(name, Instant::now());
                // Of nobody: what was given as a name may be a password.
                if row.is_some() {
                    self.store.note(name, "login_failed", "").await?;
                }
                Err(LoginError::Wrong)
            }
        }
    }

    async fn begin(&self, holder: &PasswordRow) -> Result<Tokens, LoginError> {
        let refresh = random::text::<52>()?;
        let session = self.clock.new_uid();
        if !self.store.begin_session(session, holder, SESSION, &random::kept(&refresh)).await? {
            return Err(LoginError::Wrong);
        }
        self.tokens_of(session, refresh)
    }

    fn tokens_of(&self, session: Uuid, refresh: String) -> Result<Tokens, LoginError> {
        let access = self.tokens.sign(session, self.clock.now()).ok_or(LoginError::NotSigned)?;
        Ok(Tokens::bearer(access, refresh, token::LASTS.as_secs()))
    }
}
