//! What is watched.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
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

/// How many uids beside its own mean a profile: the newest.
const UIDS: i64 = 1000;

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
    /// What their names may belong to.
    pub spaces: Option<Vec<String>>,
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
    /// Its uid means another profile.
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
            let mut transaction = self.pool.begin().await?;
            alone(&mut transaction, &key.space, &key.name, &key.kind).await?;
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
            let mut transaction = self.pool.begin().await?;
            let found: Option<(String, String, String)> =
                sqlx::query_as("SELECT space, name, kind FROM profiles WHERE uid = $1")
                    .bind(uid)
                    .fetch_optional(&mut *transaction)
                    .await?;
            let Some((space, name, kind)) = found else { return Ok(false) };
            alone(&mut transaction, &space, &name, &kind).await?;
            activate(&mut transaction, uid, activation).await?;
            transaction.commit().await?;
            Ok(true)
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

    /// Has a uid mean a profile, beside the profile's own, unless it means one already.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn add_uid(&self, profile: Uuid, uid: Uuid) -> Result<(), StoreError> {
        retried(|| async {
            let mut transaction = self.pool.begin().await?;
            sqlx::query(
                "INSERT INTO profile_uids (uid, profile) SELECT $1::uuid, $2::uuid
                 WHERE NOT EXISTS (SELECT FROM profiles WHERE uid = $1) ON CONFLICT DO NOTHING",
            )
            .bind(uid)
            .bind(profile)
            .execute(&mut *transaction)
            .await?;
            sqlx::query(
                "DELETE FROM profile_uids WHERE uid = ANY (ARRAY(
                     SELECT uid FROM profile_uids WHERE profile = $1 ORDER BY uid DESC OFFSET $2
                 ))",
            )
            .bind(profile)
            .bind(UIDS)
            .execute(&mut *transaction)
            .await?;
            transaction.commit().await?;
            Ok(())
        })
        .await
    }

    /// The uid of the profile that a uid means; the same where it is its own, whatever else it means, or means none.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn meant_profile(&self, uid: Uuid) -> Result<Uuid, StoreError> {
        let meant = sqlx::query_scalar(
            "SELECT profile FROM profile_uids WHERE uid = $1 AND NOT EXISTS (SELECT FROM profiles WHERE uid = $1)",
        );
        Ok(meant.bind(uid).fetch_optional(&self.pool).await?.unwrap_or(uid))
    }

    /// What the name of the profile that a uid means belongs to.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn profile_space(&self, uid: Uuid) -> Result<Option<String>, StoreError> {
        let space = sqlx::query_scalar("SELECT space FROM profiles WHERE uid = $1");
        Ok(space.bind(self.meant_profile(uid).await?).fetch_optional(&self.pool).await?)
    }

    /// Which profile each of these uids means, and whether that is active. Those that mean none are left out.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn meant_profiles(&self, uids: &[Uuid]) -> Result<Vec<(Uuid, Uuid, bool)>, StoreError> {
        let meant = sqlx::query_as(
            "SELECT asked, own.uid, own.active FROM unnest($1::uuid[]) AS asked
             LEFT JOIN profile_uids AS further
                 ON further.uid = asked AND NOT EXISTS (SELECT FROM profiles WHERE profiles.uid = asked)
             JOIN profiles AS own ON own.uid = coalesce(further.profile, asked)",
        );
        Ok(meant.bind(uids).fetch_all(&self.pool).await?)
    }

    /// The document of a profile, as JSON.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn profile_document(&self, uid: Uuid) -> Result<Option<String>, StoreError> {
        let document = || {
            sqlx::query_scalar("SELECT document FROM profiles WHERE uid = $1")
                .bind(uid)
                .fetch_optional(&self.pool)
        };
        retried(document).await
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
                 AND ($9::text[] IS NULL OR space = ANY($9))
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
        .bind(most)
        .bind(&which.spaces);
        Ok(rows.fetch_all(&self.pool).await?)
    }
}

/// Waits until nobody else registers or switches a profile of this space, name and kind: two that switch each other off at the same time must
/// not both be on. What is read after it is what the others left.
async fn alone(on: &mut PgConnection, space: &str, name: &str, kind: &str) -> Result<(), sqlx::Error> {
    // Two names may share a number, and then wait for one another without need.
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended(jsonb_build_array($1::text, $2::text, $3::text)::text, 0))")
        .bind(space)
        .bind(name)
        .bind(kind)
        .execute(on)
        .await
        .map(drop)
}

async fn insert(
    on: &mut PgConnection,
    uid: Uuid,
    key: &Key,
    document: &str,
) -> Result<AddedProfile, sqlx::Error> {
    let new = sqlx::query(
        "INSERT INTO profiles (uid, space, name, kind, version, document, active)
         SELECT $1::uuid, $2::text, $3::text, $4::text, $5::text, $6::text, false
         WHERE NOT EXISTS (SELECT FROM profile_uids WHERE uid = $1) ON CONFLICT DO NOTHING",
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

async fn activate(on: &mut PgConnection, uid: Uuid, activation: Activation) -> Result<(), sqlx::Error> {
    let active = match activation {
        Activation::Unchanged => return Ok(()),
        Activation::Off => false,
        Activation::On | Activation::OnAlone => true,
    };
    sqlx::query("UPDATE profiles SET active = $2 WHERE uid = $1 AND active <> $2")
        .bind(uid)
        .bind(active)
        .execute(&mut *on)
        .await?;
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
    Ok(())
}
