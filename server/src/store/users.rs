//! Who is let in, and by which password.

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use uuid::Uuid;

use super::retry::retried;
use super::{Store, StoreError};
use crate::access::Grants;

/// A user, but for the password.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct UserRow {
    /// What the user is called.
    pub name: String,
    /// Whether another password is to be set before anything else is done.
    pub one_time: bool,
    /// What the user may do.
    #[sqlx(json)]
    pub grants: Grants,
    /// When the user was made.
    pub created: DateTime<Utc>,
    /// Since when the user is let in no more.
    pub revoked: Option<DateTime<Utc>>,
}

/// What a password is compared with.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PasswordRow {
    /// Whose.
    pub uid: Uuid,
    /// Its hash.
    pub password: String,
    /// Whether it is only good for setting another.
    pub one_time: bool,
}

/// A password as it is kept.
#[derive(Debug, Clone, Copy)]
pub struct NewPassword<'a> {
    /// Its hash.
    pub hash: &'a str,
    /// Whether it is only good for setting another.
    pub one_time: bool,
}

impl Store {
    /// Whether there is any user, revoked ones included.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn has_users(&self) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar("SELECT EXISTS (SELECT FROM users)").fetch_one(&self.pool).await?)
    }

    /// Adds a user, with an identifier of their own. Whether the name was free.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn add_user(
        &self,
        actor: &str,
        uid: Uuid,
        name: &str,
        password: NewPassword<'_>,
        grants: &Grants,
    ) -> Result<bool, StoreError> {
        let add = || {
            sqlx::query(
                "WITH added AS (
                     INSERT INTO users (uid, name, password, one_time, grants) VALUES ($6, $2, $3, $4, $5)
                     ON CONFLICT DO NOTHING
                     RETURNING name, grants
                 )
                 INSERT INTO audit (actor, action, subject, detail)
                 SELECT $1, 'user_created', name, grants_told(grants) FROM added",
            )
            .bind(actor)
            .bind(name)
            .bind(password.hash)
            .bind(password.one_time)
            .bind(Json(grants))
            .bind(uid)
            .execute(&self.pool)
        };
        retried(add).await.map(|done| done.rows_affected() > 0)
    }

    /// Users, by name.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn users(&self, most: i64) -> Result<Vec<UserRow>, StoreError> {
        let users = sqlx::query_as(
            "SELECT name, one_time, grants, created, revoked FROM users ORDER BY name LIMIT $1",
        );
        Ok(users.bind(most).fetch_all(&self.pool).await?)
    }

    /// What the password of a user is compared with; none where nobody of that name is let in.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn password(&self, name: &str) -> Result<Option<PasswordRow>, StoreError> {
        let row =
            sqlx::query_as("SELECT uid, password, one_time FROM users WHERE name = $1 AND revoked IS NULL");
        Ok(row.bind(name).fetch_optional(&self.pool).await?)
    }

    /// Sets the password of a user and ends all sessions; only where it still is what `before` says, if that is given. Whether it was set.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn set_password(
        &self,
        actor: &str,
        name: &str,
        password: NewPassword<'_>,
        before: Option<&str>,
    ) -> Result<bool, StoreError> {
        let set = || {
            sqlx::query(
                "WITH changed AS (
                     UPDATE users SET password = $3, one_time = $4
                     WHERE name = $2 AND revoked IS NULL AND ($5::text IS NULL OR password = $5)
                     RETURNING uid, name
                 ), ended AS (
                     UPDATE sessions SET ended = now() FROM changed
                     WHERE sessions.holder = changed.uid AND sessions.ended IS NULL
                 )
                 INSERT INTO audit (actor, action, subject) SELECT $1, 'password_changed', name FROM changed",
            )
            .bind(actor)
            .bind(name)
            .bind(password.hash)
            .bind(password.one_time)
            .bind(before)
            .execute(&self.pool)
        };
        retried(set).await.map(|done| done.rows_affected() > 0)
    }

    /// Has a user who is let in do what these grants say and nothing else. Whether there was one to change.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn set_user_grants(
        &self,
        actor: &str,
        name: &str,
        grants: &Grants,
    ) -> Result<bool, StoreError> {
        let set = || {
            sqlx::query(
                "WITH was AS (
                     SELECT uid, grants FROM users WHERE name = $2 AND revoked IS NULL FOR UPDATE
                 ), changed AS (
                     UPDATE users SET grants = $3 FROM was WHERE users.uid = was.uid
                     RETURNING users.name, was.grants AS from_these, users.grants AS to_these
                 )
                 INSERT INTO audit (actor, action, subject, detail)
                 SELECT $1, 'user_changed', name,
                     'from ' || grants_told(from_these) || ' to ' || grants_told(to_these)
                 FROM changed",
            )
            .bind(actor)
            .bind(name)
            .bind(Json(grants))
            .execute(&self.pool)
        };
        retried(set).await.map(|done| done.rows_affected() > 0)
    }

    /// Lets a user in no more, and ends all sessions. Whether there was one to revoke.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn revoke_user(&self, actor: &str, name: &str) -> Result<bool, StoreError> {
        let revoke = || {
            sqlx::query(
                "WITH gone AS (
                     UPDATE users SET revoked = now() WHERE name = $2 AND revoked IS NULL RETURNING uid, name
                 ), ended AS (
                     UPDATE sessions SET ended = now() FROM gone
                     WHERE sessions.holder = gone.uid AND sessions.ended IS NULL
                 )
                 INSERT INTO audit (actor, action, subject) SELECT $1, 'user_revoked', name FROM gone",
            )
            .bind(actor)
            .bind(name)
            .execute(&self.pool)
        };
        retried(revoke).await.map(|done| done.rows_affected() > 0)
    }
}
