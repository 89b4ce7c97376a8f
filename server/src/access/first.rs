//! The first administrator.

use scouter_engine::Clock;
use scouter_tasks::result::NewUid;

use super::grants::Grants;
use super::password::{self, Unfit, hash_aside};
use crate::store::{NewPassword, Store, StoreError};

/// What the first administrator is called.
const NAME: &str = "admin";
/// Who makes one.
const ACTOR: &str = "(first start)";

/// A user who was made just now. The password is known nowhere else.
#[derive(Clone, PartialEq, Eq)]
pub struct FirstUser {
    /// What the user is called.
    pub name: &'static str,
    /// The password, which is good for setting another.
    pub password: String,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub enum FirstError {
    /// There is no password.
    #[error(transparent)]
    Password(#[from] Unfit),
    /// The database cannot be reached.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl FirstUser {
    /// Makes an administrator where there are no users at all; of servers that start at once, one does.
    ///
    /// # Errors
    /// The database cannot be reached, or the system has no random bytes.
    pub async fn make(store: &Store, clock: &dyn Clock) -> Result<Option<Self>, FirstError> {
        if store.has_users().await? {
            return Ok(None);
        }
        let password = password::one_time().map_err(Unfit::from)?;
        let hash = hash_aside(password.clone()).await?;
        let new = NewPassword { hash: &hash, one_time: true };
        let added = store.add_user(ACTOR, clock.new_uid(), NAME, new, &Grants::everything()).await?;
        Ok(added.then_some(Self { name: NAME, password }))
    }
}

impl std::fmt::Debug for FirstUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FirstUser").field("name", &self.name).finish_non_exhaustive()
    }
}
