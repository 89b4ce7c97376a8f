//! A fresh Postgres for each test: a copy of one that was made once.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use scouter_server::postgres::{Cluster, ClusterOptions};
use scouter_server::store::Store;
use tempfile::TempDir;
use uuid::{ContextV7, Timestamp, Uuid};

/// What a database that is thrown away need not do.
const SETTINGS: &str = "fsync = off\nshared_buffers = '16MB'\n";

/// Half of a new cluster's files are those of databases that only new databases are made of.
const SMALLER: [&str; 4] = [
    "ALTER DATABASE template0 IS_TEMPLATE false",
    "ALTER DATABASE template1 IS_TEMPLATE false",
    "DROP DATABASE template0",
    "DROP DATABASE template1",
];

/// Options for a data directory, with the programs that tests are to run on.
#[expect(clippy::disallowed_methods, reason = "who runs the tests says it here alone")]
pub(crate) fn options(data: &Path) -> ClusterOptions {
    let mut options = ClusterOptions::new(data);
    options.binaries = std::env::var_os("SCOUTER_TEST_POSTGRES").map(PathBuf::from);
    options
}

/// A Postgres that ends with the test.
pub(crate) struct Server {
    pub(crate) cluster: Cluster,
    pub(crate) dir: TempDir,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let dir = TempDir::new().unwrap();
        copy(&template().await.join("postgres"), &dir.path().join("postgres"));
        let cluster = Cluster::start(options(dir.path())).await.unwrap();
        Self { cluster, dir }
    }

    pub(crate) async fn store(&self) -> Store {
        Store::connect(self.cluster.connect_options(), 5).await.unwrap()
    }
}

/// A store on a Postgres of its own, and a connection beside it.
pub(crate) async fn fresh() -> (Server, Store, sqlx::PgPool) {
    let server = Server::start().await;
    let store = server.store().await;
    let pool = sqlx::PgPool::connect_with(server.cluster.connect_options()).await.unwrap();
    (server, store, pool)
}

/// A cluster that nothing has happened to, made by the first test that wants one. Every test is a process of its own.
async fn template() -> PathBuf {
    let programs = options(Path::new("")).binaries.unwrap_or_default();
    let name = programs.display().to_string().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let template = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("template{name}"));
    let lock = File::create(template.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    if !template.join("whole").exists() {
        let _ = fs::remove_dir_all(&template);
        let cluster = Cluster::start(options(&template)).await.unwrap();
        let pool = sqlx::PgPool::connect_with(cluster.connect_options()).await.unwrap();
        for statement in SMALLER {
            sqlx::query(statement).execute(&pool).await.unwrap();
        }
        pool.close().await;
        cluster.stop().await.unwrap();
        let settings = template.join("postgres/postgresql.conf");
        let mut settings = OpenOptions::new().append(true).open(settings).unwrap();
        settings.write_all(SETTINGS.as_bytes()).unwrap();
        File::create(template.join("whole")).unwrap();
    }
    template
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    fs::set_permissions(to, fs::metadata(from).unwrap().permissions()).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (entry, to) = (entry.unwrap(), to);
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// The first line of `postmaster.pid`.
pub(crate) fn postmaster(data: &Path) -> i32 {
    let file = fs::read_to_string(data.join("postgres/postmaster.pid")).unwrap();
    file.lines().next().unwrap().parse().unwrap()
}

/// A uid of so many milliseconds after 1970.
pub(crate) fn uid_of(milliseconds: u64) -> Uuid {
    let context = ContextV7::new();
    let nanoseconds = u32::try_from(milliseconds % 1000).unwrap() * 1_000_000;
    Uuid::new_v7(Timestamp::from_unix(&context, milliseconds / 1000, nanoseconds))
}
