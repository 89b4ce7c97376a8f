//! Passwords: which can be one, and their hashes. A hash takes 19 MB and some 30 ms, so that few are made at once, on threads that may block.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::task::spawn_blocking;

use super::random::{self, NoRandomness};

/// How many characters a password has at least, and bytes at most.
const LEAST: usize = 12;
const MOST: usize = 1024;
/// How long a name may be.
const LONGEST_NAME: usize = 64;
/// How many passwords are looked at at once.
pub(super) const AT_ONCE: usize = 2;

/// What nobody's password is, at the cost of all others: who asks does not learn by the time it takes which names there are.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGlzIGhlcmU$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What can be no name or no password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// A name.
    #[error("a name has 1 to {LONGEST_NAME} of the characters `a` to `z`, `0` to `9`, `.`, `_`, `-` and `@`")]
    Name,
    /// A password.
    #[error("a password has at least {LEAST} characters, and at most {MOST} bytes")]
    Password,
    /// A password that is the one before.
    #[error("the new password is the old one")]
    Same,
    /// The library refuses it.
    #[error("the password cannot be hashed")]
    Hash,
    /// The system has no random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// Whether somebody can be called so.
///
/// # Errors
/// Nobody can.
pub fn check_name(name: &str) -> Result<(), Unfit> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-@".contains(&byte);
    let is_one = !name.is_empty() && name.len() <= LONGEST_NAME && name.bytes().all(fits);
    if is_one { Ok(()) } else { Err(Unfit::Name) }
}

/// Whether this can be a password. What makes one hard to guess is its length, so nothing is said of which characters it has (NIST SP 800-63B).
///
/// # Errors
/// It cannot.
pub fn check_password(password: &str) -> Result<(), Unfit> {
    if password.chars().count() >= LEAST && password.len() <= MOST { Ok(()) } else { Err(Unfit::Password) }
}

/// A password that is good for setting another: four groups of five random characters.
///
/// # Errors
/// The system has no random bytes.
pub fn one_time() -> Result<String, NoRandomness> {
    let groups: Result<Vec<_>, _> = (0..4).map(|_| random::text::<5>()).collect();
    Ok(groups?.join("-"))
}

/// The hash of a password: Argon2id with a salt of its own, in the form of PHC. It blocks.
///
/// # Errors
/// The library refuses it.
pub fn hash(password: &str) -> Result<String, Unfit> {
    let hashed = Argon2::default().hash_password(password.as_bytes()).map_err(|_| Unfit::Hash)?;
    Ok(hashed.to_string())
}

/// Whether a password is the one that was hashed. Where none was, it takes as long to say no.
pub(super) async fn is_right(password: String, hash: Option<String>) -> bool {
    let look = move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODYS.to_owned());
        let right = PasswordHash::new(&hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
        known && right
    };
    aside(look).await.unwrap_or(false)
}

/// The hash of a password, made where nobody waits for it.
///
/// # Errors
/// The library refuses it.
pub(super) async fn hash_aside(password: String) -> Result<String, Unfit> {
    aside(move || hash(&password)).await.unwrap_or(Err(Unfit::Hash))
}

async fn aside<T: Send + 'static>(look: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    spawn_blocking(look).await.ok()
}
