//! Who did what.

use chrono::{DateTime, Utc};

use super::{Store, StoreError};

/// One thing that somebody did.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AuditRow {
    /// When.
    pub at: DateTime<Utc>,
    /// Who: a user, the prefix of a key, or what is neither.
    pub actor: String,
    /// What: a word, or an operation of the API.
    pub action: String,
    /// To whom or what.
    pub subject: String,
    /// Which roles were given, or from which to which they were changed; empty where nothing is to be said.
    pub detail: String,
}

impl Store {
    /// Writes down what somebody did.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn note(&self, actor: &str, action: &str, subject: &str) -> Result<(), StoreError> {
        let note = sqlx::query("INSERT INTO audit (actor, action, subject) VALUES ($1, $2, $3)");
        note.bind(actor).bind(action).bind(subject).execute(&self.pool).await?;
        Ok(())
    }

    /// What was done last, newest first.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn audit(&self, most: i64) -> Result<Vec<AuditRow>, StoreError> {
        let rows =
            sqlx::query_as("SELECT at, actor, action, subject, detail FROM audit ORDER BY id DESC LIMIT $1");
        Ok(rows.bind(most).fetch_all(&self.pool).await?)
    }
}
