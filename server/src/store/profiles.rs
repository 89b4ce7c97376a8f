//! What is watched.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

use super::retry::retried;
use super::{Store, StoreError};

/// What a profile is found by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// What the name belongs to, such as a team.
    pub space: String,
    /// The model or service.
    pub name: String,
    /// How it is watched: a word such as `psi`.
    pub kind: String,
    /// Its semantic version.
    pub version: String,
}

/// A profile, but for its document.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ProfileRow {
    /// What records refer to it by.
    pub uid: Uuid,
    /// What the name belongs to.
    pub space: String,
    /// The model or service.
    pub name: String,
    /// How it is watched. A later version may have kinds that are not known here.
    pub kind: String,
    /// Its semantic version.
    pub version: String,
    /// Whether records are taken in and drift is looked for.
    pub active: bool,
    /// When it was registered.
    pub created: DateTime<Utc>,
}

/// Which profiles are listed: those that have everything that is given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Which {
    /// What the name belongs to.
    pub space: Option<String>,
    /// The model or service.
    pub name: Option<String>,
    /// How they are watched.
    pub kind: Option<String>,
    /// Their version.
    pub version: Option<String>,
    /// Whether they are active.
    pub active: Option<bool>,
}

/// What became of a profile that was to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddedProfile {
    /// It is there now.
    New,
    /// There is one of its space, name, kind and version: its uid and document.
    There {
        /// Its uid.
        uid: Uuid,
        /// Its document.
        document: String,
    },
    /// Another profile has its uid.
    UidTaken,
}

/// Whether a profile is to be switched on, and others off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Activation {
    /// It stays as it is; a new one is off.
    #[default]
    Unchanged,
    /// Off.
    Off,
    /// On.
    On,
    /// On, and all other versions of the same space, name and kind off.
    OnAlone,
}

impl Store {
    /// Adds a profile.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn add_profile(
        &self,
        uid: Uuid,
        key: &Key,
        document: &str,
        activation: Activation,
    ) -> Result<AddedProfile, StoreError> {
        retried(|| async {
            let mut transaction = self.serializable().await?;
            let added = insert(&mut transaction, uid, key, document).await?;
            if added == AddedProfile::New {
                activate(&mut transaction, uid, activation).await?;
            }
            transaction.commit().await?;
            Ok(added)
        })
        .await
    }

    /// Switches a profile on or off. Whether there is one.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn activate_profile(&self, uid: Uuid, activation: Activation) -> Result<bool, StoreError> {
        retried(|| async {
            let mut transaction = self.serializable().await?;
            let there = activate(&mut transaction, uid, activation).await?;
            transaction.commit().await?;
            Ok(there)
        })
        .await
    }

    /// A profile by its uid.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn profile(&self, uid: Uuid) -> Result<Option<ProfileRow>, StoreError> {
        let row = sqlx::query_as(
            "SELECT uid, space, name, kind, version, active, created FROM profiles WHERE uid = $1",
        );
        Ok(row.bind(uid).fetch_optional(&self.pool).await?)
    }

    /// Whether each of these profiles is active. Those that are not there are left out.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn active_profiles(&self, uids: &[Uuid]) -> Result<Vec<(Uuid, bool)>, StoreError> {
        let active = sqlx::query_as("SELECT uid, active FROM profiles WHERE uid = ANY($1)");
        Ok(active.bind(uids).fetch_all(&self.pool).await?)
    }

    /// The document of a profile, as JSON.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn profile_document(&self, uid: Uuid) -> Result<Option<String>, StoreError> {
        let document = sqlx::query_scalar("SELECT document FROM profiles WHERE uid = $1");
        Ok(document.bind(uid).fetch_optional(&self.pool).await?)
    }

    /// Profiles, newest first, from behind one of them on.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn profiles(
        &self,
        which: &Which,
        behind: Option<(DateTime<Utc>, Uuid)>,
        most: i64,
    ) -> Result<Vec<ProfileRow>, StoreError> {
        let (created, uid) = behind.unzip();
        let rows = sqlx::query_as(
            "SELECT uid, space, name, kind, version, active, created FROM profiles
             WHERE ($1::text IS NULL OR space = $1)
                 AND ($2::text IS NULL OR name = $2)
                 AND ($3::text IS NULL OR kind = $3)
                 AND ($4::text IS NULL OR version = $4)
                 AND ($5::bool IS NULL OR active = $5)
                 AND ($6::timestamptz IS NULL OR (created, uid) < ($6, $7))
             ORDER BY created DESC, uid DESC
             LIMIT $8",
        )
        .bind(&which.space)
        .bind(&which.name)
        .bind(&which.kind)
        .bind(&which.version)
        .bind(which.active)
        .bind(created)
        .bind(uid)
        .bind(most);
        Ok(rows.fetch_all(&self.pool).await?)
    }

    /// Two that switch each other off at the same time must not both be on.
    async fn serializable(&self) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
        self.pool.begin_with("BEGIN ISOLATION LEVEL SERIALIZABLE").await
    }
}

async fn insert(
    on: &mut PgConnection,
    uid: Uuid,
    key: &Key,
    document: &str,
) -> Result<AddedProfile, sqlx::Error> {
    let new = sqlx::query(
        "INSERT INTO profiles (uid, space, name, kind, version, document, active)
         VALUES ($1, $2, $3, $4, $5, $6, false) ON CONFLICT DO NOTHING",
    )
    .bind(uid)
    .bind(&key.space)
    .bind(&key.name)
    .bind(&key.kind)
    .bind(&key.version)
    .bind(document)
    .execute(&mut *on)
    .await?;
    if new.rows_affected() > 0 {
        return Ok(AddedProfile::New);
    }
    let there: Option<(Uuid, String)> = sqlx::query_as(
        "SELECT uid, document FROM profiles
         WHERE space = $1 AND name = $2 AND kind = $3 AND version = $4",
    )
    .bind(&key.space)
    .bind(&key.name)
    .bind(&key.kind)
    .bind(&key.version)
    .fetch_optional(on)
    .await?;
    Ok(there.map_or(AddedProfile::UidTaken, |(uid, document)| AddedProfile::There { uid, document }))
}

async fn activate(on: &mut PgConnection, uid: Uuid, activation: Activation) -> Result<bool, sqlx::Error> {
    let active = match activation {
        Activation::Unchanged => None,
        Activation::Off => Some(false),
        Activation::On | Activation::OnAlone => Some(true),
    };
    let there = sqlx::query("UPDATE profiles SET active = coalesce($2, active) WHERE uid = $1");
    let there = there.bind(uid).bind(active).execute(&mut *on).await?.rows_affected() > 0;
    if activation == Activation::OnAlone {
        sqlx::query(
            "UPDATE profiles AS other SET active = false FROM profiles AS own
             WHERE own.uid = $1 AND other.uid <> $1 AND other.active
                 AND (other.space, other.name, other.kind) = (own.space, own.name, own.kind)",
        )
        .bind(uid)
        .execute(on)
        .await?;
    }
    Ok(there)
}
