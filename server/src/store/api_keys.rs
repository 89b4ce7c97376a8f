//! What services are let in by.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use super::retry::retried;
use super::{HolderRow, Store, StoreError};
use crate::access::Grants;

/// A key as it is kept.
#[derive(Debug, Clone, Copy)]
pub struct NewKey<'a> {
    /// How it begins.
    pub prefix: &'a str,
    /// SHA-256 of all of it.
    pub hash: &'a [u8],
    /// What it is for.
    pub name: &'a str,
    /// After how many days it is not good any more; none where it always is.
    pub days: Option<u32>,
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct KeyRow {
    /// How it begins.
    pub prefix: String,
    /// What it is for.
    pub name: String,
    /// What its holder may do.
    #[sqlx(json)]
    pub grants: Grants,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// Until when it is good.
    pub expires: Option<DateTime<Utc>>,
    /// Since when it is not any more.
    pub revoked: Option<DateTime<Utc>>,
}

impl Store {
    /// Adds a key. Whether its prefix was free.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn add_key(&self, actor: &str, key: NewKey<'_>, grants: &Grants) -> Result<bool, StoreError> {
        let add = || {
            sqlx::query(
                "WITH added AS (
                     INSERT INTO api_keys (prefix, hash, name, grants, expires)
                     VALUES ($2, $3, $4, $5, now() + $6 * interval '1 day')
                     ON CONFLICT DO NOTHING
                     RETURNING prefix, grants
                 )
                 INSERT INTO audit (actor, action, subject, detail)
                 SELECT $1, 'key_created', prefix, grants_told(grants) FROM added",
            )
            .bind(actor)
            .bind(key.prefix)
            .bind(key.hash)
            .bind(key.name)
            .bind(Json(grants))
            .bind(key.days.map(f64::from))
            .execute(&self.pool)
        };
        retried(add).await.map(|done| done.rows_affected() > 0)
    }

    /// Keys, newest first.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn keys(&self, most: i64) -> Result<Vec<KeyRow>, StoreError> {
        let keys = sqlx::query_as(
            "SELECT prefix, name, grants, created, expires, revoked FROM api_keys
             ORDER BY created DESC, prefix LIMIT $1",
        );
        Ok(keys.bind(most).fetch_all(&self.pool).await?)
    }

    /// A key by its prefix.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn key(&self, prefix: &str) -> Result<Option<KeyRow>, StoreError> {
        let key = sqlx::query_as(
            "SELECT prefix, name, grants, created, expires, revoked FROM api_keys WHERE prefix = $1",
        );
        Ok(key.bind(prefix).fetch_optional(&self.pool).await?)
    }

    /// Makes a key good for nothing, by its prefix. Whether there was one to revoke.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn revoke_key(&self, actor: &str, prefix: &str) -> Result<bool, StoreError> {
        let revoke = || {
            sqlx::query(
                "WITH gone AS (
                     UPDATE api_keys SET revoked = now() WHERE prefix = $2 AND revoked IS NULL RETURNING prefix
                 )
                 INSERT INTO audit (actor, action, subject) SELECT $1, 'key_revoked', prefix FROM gone",
            )
            .bind(actor)
            .bind(prefix)
            .execute(&self.pool)
        };
        retried(revoke).await.map(|done| done.rows_affected() > 0)
    }

    /// Has a key that was not revoked be for what these grants say and nothing else; only where they still are what `before` says, if that is given. Whether there
    /// was one to change.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn set_key_grants(
        &self,
        actor: &str,
        prefix: &str,
        grants: &Grants,
        before: Option<&Grants>,
    ) -> Result<bool, StoreError> {
        let set = || {
            sqlx::query(
                "WITH was AS (
                     SELECT prefix, grants FROM api_keys WHERE prefix = $2 AND revoked IS NULL FOR UPDATE
                 ), changed AS (
                     UPDATE api_keys SET grants = $3 FROM was
                     WHERE api_keys.prefix = was.prefix AND ($4::jsonb IS NULL OR was.grants = $4)
                     RETURNING was.prefix, was.grants AS from_these, api_keys.grants AS to_these
                 )
                 INSERT INTO audit (actor, action, subject, detail)
                 SELECT $1, 'key_changed', prefix,
                     'from ' || grants_told(from_these) || ' to ' || grants_told(to_these)
                 FROM changed",
            )
            .bind(actor)
            .bind(prefix)
            .bind(Json(grants))
            .bind(before.map(Json))
            .execute(&self.pool)
        };
        retried(set).await.map(|done| done.rows_affected() > 0)
    }

    /// Who has a key that is good.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn key_holder(&self, hash: &[u8]) -> Result<Option<HolderRow>, StoreError> {
        let holder = sqlx::query_as(
            "SELECT prefix AS name, grants FROM api_keys
             WHERE hash = $1 AND revoked IS NULL AND (expires IS NULL OR expires > now())",
        );
        Ok(holder.bind(hash).fetch_optional(&self.pool).await?)
    }
}
