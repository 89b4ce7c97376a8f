//! The data directory, which one server has at a time.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::account::Account;
use super::error::ClusterError;

/// How long the path of a socket may be on any system, less the name of the socket itself.
const LONGEST_SOCKETS: usize = 103 - "/.s.PGSQL.5432".len();

/// The file in which Postgres says which version wrote the data.
const VERSION: &str = "postgres/PG_VERSION";

/// The file that is locked by who has the directory.
const LOCK: &str = "scouter.lock";

/// The version of Postgres that wrote the data in a directory; none where there are none.
pub(super) fn version(path: &Path) -> Option<u32> {
    fs::read_to_string(path.join(VERSION)).ok()?.trim().parse().ok()
}

/// Whether there are data of a server in a directory.
pub(super) fn holds_data(path: &Path) -> bool {
    path.join(VERSION).exists()
}

/// The data directory. Whoever has it is the only one.
#[derive(Debug)]
pub(super) struct Directory {
    path: PathBuf,
    /// The system takes the lock back from a process that ends, however it does.
    _lock: File,
}

impl Directory {
    /// Takes the directory, which is made where there is none.
    pub(super) fn take(path: &Path) -> Result<Self, ClusterError> {
        private(path)?;
        // Postgres has another folder to work in, so that no path may be relative to this one.
        let path = path.canonicalize().map_err(ClusterError::io("open", path))?;
        let lock = lock(&path)?;
        Ok(Self { path, _lock: lock })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What Postgres calls its data directory.
    pub(super) fn cluster(&self) -> PathBuf {
        self.path.join("postgres")
    }

    /// The version of Postgres that wrote the data; none where there are none.
    pub(super) fn version(&self) -> Option<u32> {
        version(&self.path)
    }

    /// Gives the data to whom Postgres runs as, and lets it through to them. Nothing else changes hands: the directory may be one that others
    /// have something in.
    pub(super) fn open_to(&self, account: &Account) -> Result<(), ClusterError> {
        if !account.reaches(&self.path) && self.is_own()? {
            account.give_alone(&self.path)?;
        }
        if !account.reaches(&self.path) {
            let dir = self.path.clone();
            return Err(match self.version() {
                Some(_) => ClusterError::Apart { dir },
                None => ClusterError::Closed { dir },
            });
        }
        let cluster = self.cluster();
        if cluster.exists() { account.give(&cluster) } else { Ok(()) }
    }

    /// Whether there is nothing in it but what is made here.
    fn is_own(&self) -> Result<bool, ClusterError> {
        let failed = || ClusterError::io("read", &self.path);
        for entry in fs::read_dir(&self.path).map_err(failed())? {
            let name = entry.map_err(failed())?.file_name();
            if !["postgres", "postgres.new", "run", LOCK, crate::access::SECRET_FILE]
                .iter()
                .any(|own| name == *own)
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A new and empty folder for sockets.
    pub(super) fn sockets(&self, account: &Account) -> Result<Sockets, ClusterError> {
        let inside = self.path.join("run");
        let sockets = if inside.as_os_str().len() <= LONGEST_SOCKETS {
            match fs::remove_dir_all(&inside) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(ClusterError::io("empty", &inside)(error));
                }
                _ => private(&inside)?,
            }
            Sockets::Inside(inside)
        } else {
            let dir = tempfile::Builder::new().prefix("scouter-").tempdir();
            Sockets::Elsewhere(dir.map_err(ClusterError::io("make a folder in", std::env::temp_dir()))?)
        };
        account.give(sockets.path())?;
        Ok(sockets)
    }
}

/// The folder that Postgres has its socket in, which nobody else may enter.
#[derive(Debug)]
pub(super) enum Sockets {
    /// In the data directory.
    Inside(PathBuf),
    /// Where the path of the data directory is too long for a socket; it goes away with this.
    Elsewhere(TempDir),
}

impl Sockets {
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Inside(path) => path,
            Self::Elsewhere(dir) => dir.path(),
        }
    }
}

/// Makes a folder that is nobody else's; one that is there stays as it is.
pub(super) fn private(path: &Path) -> Result<(), ClusterError> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(ClusterError::io("make", path))
}

/// That a server has a directory. Nothing is made in it, and it is not taken.
pub(super) fn in_use(dir: &Path) -> Option<ClusterError> {
    let mut file = File::open(dir.join(LOCK)).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => {
            Some(ClusterError::InUse { dir: dir.to_owned(), by: holder(&mut file) })
        }
        // What cannot be known is found out by whoever takes it.
        Ok(()) | Err(TryLockError::Error(_)) => None,
    }
}

/// The process whose lock it is. That only helps people.
fn holder(lock: &mut File) -> Option<u32> {
    let mut pid = String::new();
    let _ = lock.read_to_string(&mut pid);
    pid.trim().parse().ok()
}

fn lock(dir: &Path) -> Result<File, ClusterError> {
    let path = dir.join(LOCK);
    let open = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path);
    let mut file = open.map_err(ClusterError::io("open", &path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(ClusterError::InUse { dir: dir.to_owned(), by: holder(&mut file) });
        }
        Err(TryLockError::Error(error)) => return Err(ClusterError::io("lock", &path)(error)),
    }
    let name = |file: &mut File| {
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "{}", std::process::id())
    };
    // On a disk that is full the lock holds without a name on it.
    let _ = name(&mut file);
    Ok(file)
}
