//! A login, and the tokens that it gave: refreshed while that works, and given anew where it does not.

use std::fmt;
use std::time::Duration;

use reqwest::header::HeaderValue;
use scouter_wire::access::{Hidden, Login, Refresh, Tokens};
use scouter_wire::problem::ProblemCode;
use serde::Serialize;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::server::CallError;

/// So long before its end a token is not used any more.
const SPARE: Duration = Duration::from_secs(30);

/// Somebody with a password, and the tokens they have.
pub(crate) struct Session {
    login: Login,
    held: Mutex<Option<Held>>,
}

struct Held {
    bearer: HeaderValue,
    refresh: Hidden,
    until: Instant,
}

impl Session {
    /// Nobody has logged in yet.
    pub(crate) fn new(username: String, password: String) -> Self {
        Self { login: Login { username, password: Hidden(password) }, held: Mutex::default() }
    }

    /// What a request is sent with. `ask` posts a body to an operation.
    ///
    /// # Errors
    /// The server says no, or cannot be reached.
    pub(crate) async fn bearer<A>(
        &self,
        ask: impl Fn(&'static str, String) -> A,
    ) -> Result<HeaderValue, CallError>
    where
        A: Future<Output = Result<String, CallError>>,
    {
        // Held while it is asked: who comes meanwhile gets what this brings.
        let mut held = self.held.lock().await;
        if let Some(held) = held.as_ref().filter(|held| held.until > Instant::now()) {
            return Ok(held.bearer.clone());
        }
        // One that is used twice ends the session, so it is given away before.
        let refreshed = match held.take() {
            Some(Held { refresh, .. }) => {
                let refresh = Refresh { refresh_token: refresh };
                match ask("v1/auth/refresh", written(&refresh)?).await {
                    Ok(answer) => Some(answer),
                    Err(CallError::Problem(problem)) if problem.code == ProblemCode::Unauthenticated => None,
                    Err(error) => return Err(error),
                }
            }
            None => None,
        };
        let answer = match refreshed {
            Some(answer) => answer,
            None => ask("v1/auth/login", written(&self.login)?).await?,
        };
        let new = Held::read(&answer)?;
        Ok(held.insert(new).bearer.clone())
    }

    /// Tokens that are not accepted are not used again.
    pub(crate) async fn forget(&self) {
        *self.held.lock().await = None;
    }
}

impl Held {
    fn read(answer: &str) -> Result<Self, CallError> {
        let broken = || CallError::Unreachable("the answer to the login cannot be read".to_owned());
        let tokens: Tokens = serde_json::from_str(answer).map_err(|_| broken())?;
        let mut bearer =
            HeaderValue::try_from(format!("Bearer {}", tokens.access_token.0)).map_err(|_| broken())?;
        bearer.set_sensitive(true);
        let lasts = Duration::from_secs(tokens.expires_in.min(24 * 3600));
        let until = Instant::now() + lasts.saturating_sub(SPARE);
        Ok(Self { bearer, refresh: tokens.refresh_token, until })
    }
}

impl Clone for Session {
    /// The same login, without its tokens: in the child of a fork nobody might give the lock of the other one back.
    fn clone(&self) -> Self {
        Self { login: self.login.clone(), held: Mutex::default() }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Session").field(&self.login.username).finish()
    }
}

fn written(body: &impl Serialize) -> Result<String, CallError> {
    serde_json::to_string(body).map_err(|error| CallError::Unreachable(error.to_string()))
}
