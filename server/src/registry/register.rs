//! Profiles come in.

use scouter_engine::Clock;
use scouter_tasks::result::NewUid;
use scouter_tasks::task::ConfigError;
use semver::Version;
use uuid::Uuid;

use super::{Profile, RegisterError};
use crate::store::{Activation, AddedProfile, Key, Store, StoreError, Which};

/// How many versions are looked at for one that is free.
const VERSIONS: i64 = 1000;

/// A profile that is registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// What records are to refer to it by.
    pub uid: Uuid,
    /// Its semantic version.
    pub version: String,
    /// Whether it was not there before.
    pub new: bool,
}

/// Registers a profile. Where one of the same space, name, kind and version is there that says the same, it is that one, and is meant by the uid that was
/// sent too: it may stand in a file. A uid that means another profile, as where a configuration is used again, is replaced by a new one.
///
/// # Errors
/// Its space, name, version or uid cannot be one; it wants a single bin, or its tasks do not run; one is there that says something else; the database cannot
/// be reached.
pub async fn register(
    store: &Store,
    clock: &dyn Clock,
    mut profile: Profile,
    activation: Activation,
) -> Result<Registered, RegisterError> {
    check(&profile)?;
    let key = profile.key();
    let given: Option<Uuid> = match profile.identity().uid.as_str() {
        "" => None,
        given => Some(given.parse().map_err(|_| RegisterError::Uid(given.to_owned()))?),
    };
    let mut uid = given.unwrap_or_else(|| clock.new_uid());
    loop {
        profile.identity_mut().uid = uid.to_string();
        match store.add_profile(uid, &key, &profile.write()?, activation).await? {
            AddedProfile::New => return Ok(Registered { uid, version: key.version, new: true }),
            AddedProfile::UidTaken => uid = clock.new_uid(),
            AddedProfile::There { uid, document } => {
                let there = Profile::read(&document).map_err(|error| StoreError::Damaged {
                    what: format!("profile `{uid}`"),
                    why: error.to_string(),
                })?;
                // What is there is hashed anew: an earlier version may have known less of a profile.
                if there.content_hash()? != profile.content_hash()? {
                    return Err(other(store, key).await?);
                }
                if let Some(given) = given.filter(|given| *given != uid) {
                    store.add_uid(uid, given).await?;
                }
                store.activate_profile(uid, activation).await?;
                return Ok(Registered { uid, version: key.version, new: false });
            }
        }
    }
}

/// Whether a profile may come in. What is stored is read without this: it was sound to the version that let it in, and its records go on.
fn check(profile: &Profile) -> Result<(), RegisterError> {
    profile.identity().check()?;
    match profile {
        Profile::Psi(profile) => profile.config.binning_strategy.check()?,
        Profile::GenAI(profile) => {
            profile.tasks.suite().map_err(ConfigError::clone)?;
        }
        Profile::Spc(_) | Profile::Custom(_) => {}
    }
    Ok(())
}

/// Names a version that is free: the one after the highest that is there.
async fn other(store: &Store, key: Key) -> Result<RegisterError, StoreError> {
    let Key { space, name, kind, version } = key;
    let which =
        Which { space: Some(space.clone()), name: Some(name.clone()), kind: Some(kind), ..Which::default() };
    let there = store.profiles(&which, None, VERSIONS).await?;
    let highest = there.iter().filter_map(|row| Version::parse(&row.version).ok()).max();
    let free = highest.map_or_else(|| Version::new(0, 1, 0), after);
    Ok(RegisterError::Other { space, name, version, free: free.to_string() })
}

fn after(Version { major, minor, patch, .. }: Version) -> Version {
    match (patch.checked_add(1), minor.checked_add(1)) {
        (Some(patch), _) => Version::new(major, minor, patch),
        (None, Some(minor)) => Version::new(major, minor, 0),
        (None, None) => Version::new(major.saturating_add(1), 0, 0),
    }
}
