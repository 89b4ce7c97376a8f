//! Logins, and the refresh tokens by which they go on.

use std::time::Duration;

use sqlx::PgConnection;
use uuid::Uuid;

use super::retry::retried;
use super::{PasswordRow, Store, StoreError};
use crate::access::Grants;

/// How many sessions of a user are kept: those beyond it that began longest ago are forgotten.
const MOST: i64 = 1000;

/// Who has a session or a key.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct HolderRow {
    /// What the holder is called.
    pub name: String,
    /// What the holder may do.
    #[sqlx(json)]
    pub grants: Grants,
}

/// What became of a refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refreshed {
    /// The session goes on with the new one.
    GoesOn(Uuid),
    /// It was used before: somebody has it who should not, so its session is ended.
    UsedBefore,
    /// There is none, or its session is over.
    Unknown,
}

impl Store {
    /// Begins a session with this identifier that lasts so long, with its first refresh token. Whether it did: not where the user's password is another by now.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn begin_session(
        &self,
        session: Uuid,
        holder: &PasswordRow,
        lasts: Duration,
        token: &[u8],
    ) -> Result<bool, StoreError> {
        retried(|| async {
            let mut transaction = self.pool.begin().await?;
            forget(&mut transaction, holder.uid).await?;
            let began = sqlx::query(
                "WITH let_in AS (
                     SELECT uid, name FROM users WHERE uid = $1 AND password = $2 AND revoked IS NULL
                 ), told AS (
                     INSERT INTO audit (actor, action, subject) SELECT name, 'login', '' FROM let_in
                 )
                 INSERT INTO sessions (uid, holder, expires)
                 SELECT $4, uid, now() + $3 * interval '1 second' FROM let_in",
            )
            .bind(holder.uid)
            .bind(&holder.password)
            .bind(lasts.as_secs_f64())
            .bind(session)
            .execute(&mut *transaction)
            .await?
            .rows_affected()
                > 0;
            if began {
                add_token(&mut transaction, session, token).await?;
            }
            transaction.commit().await?;
            Ok(began)
        })
        .await
    }

    /// Gives a new refresh token for one that was not used yet. One that was ends its session.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn refresh(&self, used: &[u8], new: &[u8]) -> Result<Refreshed, StoreError> {
        retried(|| async {
            let mut transaction = self.pool.begin().await?;
            let session: Option<Uuid> = sqlx::query_scalar(
                "UPDATE refresh_tokens SET used = now()
                 FROM sessions JOIN users ON users.uid = holder
                 WHERE hash = $1 AND used IS NULL AND sessions.uid = session
                     AND ended IS NULL AND expires > now() AND revoked IS NULL
                 RETURNING session",
            )
            .bind(used)
            .fetch_optional(&mut *transaction)
            .await?;
            let became = match session {
                Some(session) => {
                    add_token(&mut transaction, session, new).await?;
                    Refreshed::GoesOn(session)
                }
                None if ended_by_reuse(&mut transaction, used).await? => Refreshed::UsedBefore,
                None => Refreshed::Unknown,
            };
            transaction.commit().await?;
            Ok(became)
        })
        .await
    }

    /// Ends the session that a refresh token belongs to, used or not. Whether there was one.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn end_session(&self, token: &[u8]) -> Result<bool, StoreError> {
        let end = || {
            sqlx::query(
                "WITH gone AS (
                     UPDATE sessions SET ended = now() FROM refresh_tokens
                     WHERE hash = $1 AND sessions.uid = session AND ended IS NULL
                     RETURNING holder
                 )
                 INSERT INTO audit (actor, action, subject)
                 SELECT name, 'logout', '' FROM gone JOIN users ON users.uid = holder",
            )
            .bind(token)
            .execute(&self.pool)
        };
        retried(end).await.map(|done| done.rows_affected() > 0)
    }

    /// Who has a session that is not over.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn session_holder(&self, session: Uuid) -> Result<Option<HolderRow>, StoreError> {
        let holder = sqlx::query_as(
            "SELECT name, grants FROM sessions JOIN users ON users.uid = holder
             WHERE sessions.uid = $1 AND ended IS NULL AND expires > now() AND revoked IS NULL",
        );
        Ok(holder.bind(session).fetch_optional(&self.pool).await?)
    }
}

/// Forgets the sessions of a user that are over by their time, and those that are too many.
async fn forget(on: &mut PgConnection, holder: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query(
        "DELETE FROM sessions
         WHERE holder = $1
             AND (expires < now() OR uid IN (SELECT uid FROM sessions WHERE holder = $1 ORDER BY began DESC OFFSET $2))",
    )
    .bind(holder)
    .bind(MOST - 1)
    .execute(on)
    .await
    .map(drop)
}

async fn add_token(on: &mut PgConnection, session: Uuid, token: &[u8]) -> Result<(), sqlx::Error> {
    let add = sqlx::query("INSERT INTO refresh_tokens (hash, session) VALUES ($1, $2)");
    add.bind(token).bind(session).execute(on).await.map(drop)
}

async fn ended_by_reuse(on: &mut PgConnection, token: &[u8]) -> Result<bool, sqlx::Error> {
    let reused = sqlx::query_scalar(
        "WITH gone AS (
             UPDATE sessions SET ended = now() FROM refresh_tokens
             WHERE hash = $1 AND used IS NOT NULL AND sessions.uid = session AND ended IS NULL
             RETURNING holder
         ), told AS (
             INSERT INTO audit (actor, action, subject)
             SELECT name, 'refresh_token_reused', '' FROM gone JOIN users ON users.uid = holder
         )
         SELECT EXISTS (SELECT FROM gone)",
    );
    reused.bind(token).fetch_one(on).await
}
