//! The window that is open: what came since the last one ended, as the job would find it if it ran now. Nothing is claimed and nothing written.

use uuid::Uuid;

use super::carried::Carried;
use super::find::{JobError, LONGEST_WINDOW};
use super::gathered::{Gathered, gather};
use crate::registry::{Layout, Profile};
use crate::store::{Awaited, Measures, OpenRow, Reader, Store, Window};

/// A window that no job has looked at yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Open {
    /// From where the last window ended, until now.
    pub window: Window,
    /// How many rows there are: one or more.
    pub rows: u64,
    /// What they come to.
    pub measures: Measures,
}

/// Looks at the open window of a profile. None where nothing came, where no job was ever planned, and where there is more than can be told
/// at once: [`Awaited::MOST`] rows at most are looked at, and half a second long.
///
/// # Errors
/// The database cannot be reached, or what it holds does not fit the profile.
pub async fn open(store: &Store, uid: Uuid, profile: &Profile) -> Result<Option<Open>, JobError> {
    let Some(OpenRow { began, ended, carried }) = store.open_window(uid).await? else { return Ok(None) };
    let layout = Layout::of(profile);
    let carried = Carried::read(uid, carried.as_deref(), ended - LONGEST_WINDOW);
    let awaited = Awaited { profile: uid, ended, reader: Reader::Asker };
    match gather(store, awaited, profile, &layout, &carried).await {
        Ok(Gathered { rows: 0, .. }) => Ok(None),
        Ok(Gathered { rows, measures, .. }) => {
            Ok(Some(Open { window: Window { began, ended }, rows, measures }))
        }
        Err(error) if error.is_too_much() => Ok(None),
        Err(error) => Err(error),
    }
}
