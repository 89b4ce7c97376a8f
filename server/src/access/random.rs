//! Texts that nobody guesses, and what is kept of them.

use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};

/// 32 characters that are not taken for one another.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// The system has no random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system has no random bytes")]
pub struct NoRandomness;

/// Random bytes.
///
/// # Errors
/// The system has none.
#[expect(clippy::disallowed_methods, reason = "this is the owner of what nobody may guess")]
pub(super) fn bytes<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// A text of so many characters, each of which has five random bits.
///
/// # Errors
/// The system has no random bytes.
pub(super) fn text<const N: usize>() -> Result<String, NoRandomness> {
    let drawn = bytes::<N>()?.into_iter();
    Ok(drawn.map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect())
}

/// What is kept of a text that has so many random bits that nobody tries them all: SHA-256 of it.
pub(super) fn kept(text: &str) -> Vec<u8> {
    digest(&SHA256, text.as_bytes()).as_ref().to_vec()
}
