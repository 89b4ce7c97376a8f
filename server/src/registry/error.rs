//! Why a profile is not registered.

use scouter_drift::psi::SingleBin;
use scouter_tasks::profile::{DocumentError, IdentityError};
use scouter_tasks::task::ConfigError;

use crate::store::StoreError;

/// Why a profile is not registered.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// Its space, name or version cannot be one.
    #[error("register the profile: {0}")]
    Identity(#[from] IdentityError),
    /// Its uid is none.
    #[error("register the profile: its uid `{0}` is no UUID; leave it empty to be given one")]
    Uid(String),
    /// Its numbers would fall into a single bin.
    #[error("register the profile: {0}")]
    SingleBin(#[from] SingleBin),
    /// Its tasks do not run.
    #[error("register the profile: {0}")]
    Tasks(#[from] ConfigError),
    /// There is one of its space, name, kind and version that says something else.
    #[error(
        "register the profile: version {version} of `{name}` in `{space}` is there with other content; give this one another version, \
         such as {free}"
    )]
    Other {
        /// Its space.
        space: String,
        /// Its name.
        name: String,
        /// Its version.
        version: String,
        /// A version that is free.
        free: String,
    },
    /// It has no form in JSON.
    #[error("register the profile: {0}")]
    Document(#[from] DocumentError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}
