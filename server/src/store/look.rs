//! What a database is like, without changing it: which Postgres, what one may do there, and which tables there are.

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection};

use super::StoreError;

/// What this version knows of tables.
pub(super) fn migrations() -> Migrator {
    let mut migrations: Migrator = sqlx::migrate!();
    // Those of a later version stay: versions follow one another without a gap.
    migrations.set_ignore_missing(true);
    migrations
}

/// The oldest Postgres that the statements run on.
const OLDEST: i32 = 140_000;

/// What a database is like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Of the Postgres.
    pub postgres: Facts,
    /// Of the tables.
    pub schema: Schema,
    /// Of what may be done with them.
    pub rights: Rights,
}

/// What a Postgres is like, and what one may do there.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "a database says yes or no to each by itself")]
pub struct Facts {
    /// Its version as a number: 170002 is 17.2.
    pub number: i32,
    /// Its version, as it says it.
    pub version: String,
    /// Whether what is committed is on its disk.
    pub fsync: bool,
    /// Whether it only follows another one, so that nothing can be written.
    pub standby: bool,
    /// Whether tables may be made.
    pub creates: bool,
    /// Whether tables may be made that go with their session.
    pub temporary: bool,
    /// How many connections it takes, of everybody.
    pub connections: i32,
}

/// Which tables there are. Versions are those of migrations, which follow one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    /// The version of the tables; none where there are none.
    pub at: Option<i64>,
    /// What this program knows and the tables have not, in order.
    pub missing: Vec<(i64, String)>,
    /// The version of this program.
    pub own: i64,
}

/// What the user of a session may do with the tables.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Rights {
    /// The user.
    pub user: String,
    /// Whose tables there are beside the user's own: only an owner can make days and drop them, or change a table.
    pub owners: Vec<String>,
    /// Tables that the user may not read and write.
    pub closed: Vec<String>,
}

/// The tables, but for their days.
const TABLES: &[&str] = &[
    "profiles",
    "profile_uids",
    "records",
    "record_counts",
    "bin_counts",
    "eval_records",
    "requests",
    "drift_jobs",
    "drift_results",
    "drift_rollups",
    "alerts",
    "deliveries",
    "users",
    "api_keys",
    "sessions",
    "refresh_tokens",
    "audit",
];

impl Look {
    /// Looks at a database.
    ///
    /// # Errors
    /// It cannot be reached, is too old, or its tables are not those that this program or a later one makes.
    pub async fn at(options: &PgConnectOptions) -> Result<Self, StoreError> {
        let mut session = options.connect().await?;
        let postgres = Facts::of(&mut session).await?;
        let schema = Schema::of(&mut session).await?;
        let rights = Rights::of(&mut session).await?;
        session.close().await?;
        Ok(Self { postgres, schema, rights })
    }
}

impl Facts {
    /// Those of the Postgres of a session.
    ///
    /// # Errors
    /// It is too old.
    pub(super) async fn of(session: &mut PgConnection) -> Result<Self, StoreError> {
        let facts: Self = sqlx::query_as(
            "SELECT current_setting('server_version_num')::int AS number,
                 current_setting('server_version') AS version,
                 current_setting('fsync')::bool AS fsync,
                 pg_is_in_recovery() AS standby,
                 coalesce(has_schema_privilege(current_schema()::text, 'CREATE'), false) AS creates,
                 has_database_privilege(current_database()::text, 'TEMPORARY') AS temporary,
                 current_setting('max_connections')::int AS connections",
        )
        .fetch_one(session)
        .await?;
        if facts.number < OLDEST { Err(StoreError::TooOld { found: facts.version }) } else { Ok(facts) }
    }
}

impl Rights {
    async fn of(session: &mut PgConnection) -> Result<Self, StoreError> {
        let rights = sqlx::query_as(
            "WITH own AS (
                 SELECT oid, relname, relowner FROM pg_class WHERE relname = ANY($1) AND oid = to_regclass(quote_ident(relname))
             )
             SELECT current_user::text AS user,
                 ARRAY(SELECT DISTINCT pg_get_userbyid(relowner)::text FROM own WHERE NOT pg_has_role(relowner, 'USAGE') ORDER BY 1) AS owners,
                 ARRAY(
                     SELECT relname::text FROM own
                     WHERE NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')
                         AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'))
                     ORDER BY 1
                 ) AS closed",
        );
        Ok(rights.bind(TABLES.to_vec()).fetch_one(session).await?)
    }
}

impl Schema {
    /// That of the database of a session.
    ///
    /// # Errors
    /// A migration was changed after it ran, or broken off.
    pub(super) async fn of(session: &mut PgConnection) -> Result<Self, StoreError> {
        let there: bool = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL")
            .fetch_one(&mut *session)
            .await?;
        let ran: Vec<(i64, bool, Vec<u8>)> = if there {
            sqlx::query_as("SELECT version, success, checksum FROM _sqlx_migrations ORDER BY version")
                .fetch_all(session)
                .await?
        } else {
            Vec::new()
        };
        if let Some((version, ..)) = ran.iter().find(|(_, success, _)| !success) {
            return Err(MigrateError::Dirty(*version).into());
        }
        let (mut missing, mut own) = (Vec::new(), 0);
        for migration in migrations().iter() {
            own = own.max(migration.version);
            match ran.iter().find(|(version, ..)| *version == migration.version) {
                Some((version, _, checksum)) if checksum[..] != migration.checksum[..] => {
                    return Err(MigrateError::VersionMismatch(*version).into());
                }
                Some(_) => {}
                None => missing.push((migration.version, migration.description.to_string())),
            }
        }
        Ok(Self { at: ran.last().map(|(version, ..)| *version), missing, own })
    }
}
