use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use scouter_providers::Secret;
use tempfile::TempDir;

use crate::access::{SecretError, SecretSource, SigningSecret};

fn of(dir: &TempDir) -> Result<SigningSecret, SecretError> {
    SigningSecret::of(&SecretSource::Directory(dir.path().join("data")))
}

#[test]
fn a_secret_is_made_once_for_a_directory_and_nobody_else_can_read_it() {
    let dirs = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    let [first, again, other] = [&dirs[0], &dirs[0], &dirs[1]].map(|dir| of(dir).unwrap());
    assert!(first.bytes() == again.bytes() && first.bytes() != other.bytes());
    let file = dirs[0].path().join("data/signing.key");
    assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(dirs[0].path().join("data")).unwrap().count(), 1);
}

#[test]
fn a_secret_that_others_can_read_is_refused() {
    let dir = TempDir::new().unwrap();
    of(&dir).unwrap();
    let file = dir.path().join("data/signing.key");
    fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
    let error = of(&dir).unwrap_err().to_string();
    assert!(error.contains("others can read") && error.contains("signing.key"), "{error}");
}

#[test]
fn a_secret_that_may_be_guessed_is_refused() {
    let dir = TempDir::new().unwrap();
    of(&dir).unwrap();
    fs::write(dir.path().join("data/signing.key"), "changeme\n").unwrap();
    assert!(matches!(of(&dir), Err(SecretError::Short { .. })));
    let given = |text: &str| SigningSecret::of(&SecretSource::Given(Secret::new(text)));
    assert!(given(&"x".repeat(31)).unwrap_err().to_string().contains("SCOUTER_SIGNING_SECRET"));
    assert!(given(&"x".repeat(32)).is_ok());
}

#[test]
fn a_directory_that_cannot_be_written_is_told() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = SigningSecret::of(&SecretSource::Directory(file.path().to_owned())).unwrap_err().to_string();
    assert!(error.starts_with("failed to keep the signing secret in"), "{error}");
}

#[test]
fn servers_that_start_at_once_have_the_same_secret() {
    let dir = TempDir::new().unwrap();
    let secrets: Vec<_> = std::thread::scope(|threads| {
        let starts: Vec<_> = (0..8).map(|_| threads.spawn(|| of(&dir).unwrap())).collect();
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });
    assert!(secrets.iter().all(|secret| secret.bytes() == secrets[0].bytes()));
}
