//! What two profiles have in common that are the same.

use std::fmt::Write;

use ring::digest::{SHA256, digest};
use scouter_tasks::profile::{Content, DocumentError};

use super::Profile;

impl Profile {
    /// The SHA-256 of what it says, in hexadecimal: all of it but its uid, which version of the package made it, and when. What runs again
    /// over the same data makes the same profile. It holds within one version of the server: a later one may know more of a profile.
    ///
    /// # Errors
    /// It has no form in JSON.
    pub fn content_hash(&self) -> Result<String, DocumentError> {
        let content = match self.clone() {
            Self::Psi(profile) => Self::Psi(profile.content()),
            Self::Spc(profile) => Self::Spc(profile.content()),
            Self::Custom(profile) => Self::Custom(profile.content()),
            Self::GenAI(profile) => Self::GenAI(profile.content()),
        };
        let hash = digest(&SHA256, content.write()?.as_bytes());
        let mut hexadecimal = String::with_capacity(64);
        for byte in hash.as_ref() {
            // Writing to a text does not fail.
            let _ = write!(hexadecimal, "{byte:02x}");
        }
        Ok(hexadecimal)
    }
}
