//! What access tokens are signed with. There is none that everybody knows: it comes from the environment, or is made and kept in a file.

use std::fs::{self, DirBuilder, File, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use scouter_providers::Secret;
use tempfile::NamedTempFile;

use super::random::{self, NoRandomness};
use crate::writable::try_writing;

/// The file in the data directory.
pub(crate) const FILE: &str = "signing.key";
/// How many bytes a secret has at least: as many as what is signed with it (RFC 7518, section 3.2).
const LEAST: usize = 32;

/// Where it comes from.
#[derive(Debug, Clone)]
pub enum SecretSource {
    /// It is given.
    Given(Secret),
    /// From a file in this directory, which is made where there is none.
    Directory(PathBuf),
    /// One that is forgotten when the server ends.
    Forgotten,
}

/// What access tokens are signed with.
#[derive(Clone)]
pub struct SigningSecret(Vec<u8>);

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// It is so short that it may be guessed.
    #[error(
        "the signing secret {place} has less than {LEAST} bytes: set one that nobody guesses, such as what `openssl rand -base64 48` prints"
    )]
    Short {
        /// Where it stands.
        place: String,
    },
    /// Others can read it.
    #[error("others can read the signing secret `{}`: remove it, so that a new one is made, since they may have", .0.display())]
    Readable(PathBuf),
    /// It cannot be read or written.
    #[error("failed to keep the signing secret in `{}`: {cause}", .path.display())]
    File {
        /// Where.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// The system has no random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl SigningSecret {
    /// That of a source.
    ///
    /// # Errors
    /// It is too short, cannot be read or written, or others can read it.
    pub fn of(source: &SecretSource) -> Result<Self, SecretError> {
        match source {
            SecretSource::Given(secret) => {
                long_enough(secret.reveal().as_bytes().to_vec(), || "SCOUTER_SIGNING_SECRET".to_owned())
            }
            SecretSource::Directory(directory) => kept_in(directory),
            SecretSource::Forgotten => Ok(Self(random::bytes::<LEAST>()?.to_vec())),
        }
    }

    /// Looks whether that of a source can be had, and makes none: whether there is one.
    ///
    /// # Errors
    /// It is too short, cannot be read, or others can read it; or there is none, and none can be kept there.
    pub(crate) fn look(source: &SecretSource) -> Result<bool, SecretError> {
        if let SecretSource::Directory(directory) = source
            && !directory.join(FILE).exists()
        {
            let failed = |cause| SecretError::File { path: directory.join(FILE), cause };
            return try_writing(directory).map(|()| false).map_err(failed);
        }
        Self::of(source).map(|_| true)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningSecret")
    }
}

fn long_enough(secret: Vec<u8>, place: impl FnOnce() -> String) -> Result<SigningSecret, SecretError> {
    if secret.len() < LEAST { Err(SecretError::Short { place: place() }) } else { Ok(SigningSecret(secret)) }
}

/// That of a directory. Of servers that start at once in one, all have the one that was written first.
fn kept_in(directory: &Path) -> Result<SigningSecret, SecretError> {
    let path = directory.join(FILE);
    let failed = |cause| SecretError::File { path: path.clone(), cause };
    DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(failed)?;
    match fs::exists(&path) {
        Ok(true) => {}
        Ok(false) => make(directory, &path)?,
        Err(cause) => return Err(failed(cause)),
    }
    let mut file = File::open(&path).map_err(failed)?;
    if file.metadata().map_err(failed)?.mode() & 0o077 != 0 {
        return Err(SecretError::Readable(path));
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(failed)?;
    long_enough(text.trim().as_bytes().to_vec(), || format!("in `{}`", path.display()))
}

/// Writes a new one, whole before it has its name.
fn make(directory: &Path, path: &Path) -> Result<(), SecretError> {
    let text = random::text::<64>()?;
    let write = || {
        let mut file = NamedTempFile::new_in(directory)?;
        file.as_file().set_permissions(Permissions::from_mode(0o600))?;
        writeln!(file, "{text}")?;
        file.as_file().sync_all()?;
        match file.persist_noclobber(path) {
            Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => Err(error.error),
            _ => Ok(()),
        }
    };
    write().map_err(|cause| SecretError::File { path: path.to_owned(), cause })
}
