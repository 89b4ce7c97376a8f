//! What two profiles have in common that are the same.

use std::fmt::Write;

use chrono::{DateTime, Utc};
use ring::digest::{SHA256, digest};
use scouter_tasks::profile::DocumentError;

use super::Profile;

impl Profile {
    /// The SHA-256 of what it says, in hexadecimal: all of it but its uid, which version of the package made it, and when. What runs again
    /// over the same data makes the same profile. It holds within one version of the server: a later one may know more of a profile.
    ///
    /// # Errors
    /// It has no form in JSON.
    pub fn content_hash(&self) -> Result<String, DocumentError> {
        let mut plain = self.clone();
        plain.identity_mut().uid.clear();
        *plain.made_by() = String::new();
        plain.made_at().for_each(|timestamp| *timestamp = DateTime::UNIX_EPOCH);
        let hash = digest(&SHA256, plain.write()?.as_bytes());
        let mut hexadecimal = String::with_capacity(64);
        for byte in hash.as_ref() {
            // Writing to a text does not fail.
            let _ = write!(hexadecimal, "{byte:02x}");
        }
        Ok(hexadecimal)
    }

    fn made_by(&mut self) -> &mut String {
        match self {
            Self::Psi(profile) => &mut profile.scouter_version,
            Self::Spc(profile) => &mut profile.scouter_version,
            Self::Custom(profile) => &mut profile.scouter_version,
            Self::GenAI(profile) => &mut profile.scouter_version,
        }
    }

    fn made_at(&mut self) -> Box<dyn Iterator<Item = &mut DateTime<Utc>> + '_> {
        match self {
            Self::Psi(profile) => {
                Box::new(profile.features.values_mut().map(|feature| &mut feature.timestamp))
            }
            Self::Spc(profile) => {
                Box::new(profile.features.values_mut().map(|feature| &mut feature.timestamp))
            }
            Self::Custom(_) | Self::GenAI(_) => Box::new(std::iter::empty()),
        }
    }
}
