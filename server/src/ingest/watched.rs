//! What ingest knows of profiles: which there are, whether they take records, and what their records look like as rows.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use scouter_drift::psi::Bins;
use tokio::time::Instant;
use uuid::Uuid;

use crate::registry::{Kind, Layout, Profile};
use crate::store::{Store, StoreError};

/// For how long it is believed that a profile takes records. So late is one that is switched off; that one does not is looked up each time, so
/// that one that is switched on takes the next record.
const BELIEVED: Duration = Duration::from_secs(1);
/// How many features the profiles that are kept have at most; one that is not kept is read again each time.
const KEPT: usize = 1_000_000;

/// A profile, as far as its records are concerned.
#[derive(Debug)]
pub(super) struct Watched {
    /// What its name belongs to.
    pub(super) space: String,
    /// How it is watched.
    pub(super) kind: Kind,
    /// Where everything stands in its rows.
    pub(super) layout: Layout,
    /// What its features are counted by, in the order of the profile; only of the stability index.
    pub(super) bins: Vec<Bins>,
    /// Features that it knows and has no baseline of: nothing would be done with their values.
    pub(super) absent: HashSet<String>,
}

/// Whether a profile takes records.
#[derive(Debug, Clone)]
pub(super) enum Standing {
    /// It does. Its rows go by this uid, beside which others may mean it.
    Active(Uuid, Arc<Watched>),
    /// It does not.
    Inactive,
    /// There is none.
    Unknown,
    /// This version cannot read it.
    Unreadable(String),
}

/// The profiles that records came for, as they were a moment ago.
#[derive(Debug)]
pub(super) struct Profiles {
    store: Store,
    kept: Mutex<Cache>,
}

/// Profiles, and how many features they have together.
#[derive(Debug, Default)]
pub(super) struct Cache {
    pub(super) kept: HashMap<Uuid, Kept>,
    size: usize,
}

/// What is known of a profile. It is kept by every uid that it was asked for by, and by its own.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    /// Its own.
    pub(super) uid: Uuid,
    /// What never changes of it.
    pub(super) read: Result<Arc<Watched>, String>,
    pub(super) active: bool,
    pub(super) found: Instant,
}

impl Watched {
    /// That of a profile.
    pub(super) fn of(profile: &Profile) -> Self {
        let absent = match profile {
            Profile::Psi(profile) => profile.absent.keys().cloned().collect(),
            Profile::Spc(profile) => profile.absent.keys().cloned().collect(),
            Profile::Custom(_) | Profile::GenAI(_) => HashSet::new(),
        };
        let space = profile.identity().space.clone();
        let bins = match profile {
            Profile::Psi(profile) => {
                profile.features.values().map(|feature| feature.baseline.bins.clone()).collect()
            }
            Profile::Spc(_) | Profile::Custom(_) | Profile::GenAI(_) => Vec::new(),
        };
        Self { space, kind: profile.kind(), layout: Layout::of(profile), bins, absent }
    }
}

impl Kept {
    /// How many features it has, and one for itself. Four bins take as much room as a feature.
    fn size(&self) -> usize {
        let size = |watched: &Arc<Watched>| {
            let bins = watched.layout.counts.last().map_or(0, |(_, last)| last.end) / 4;
            1 + watched.layout.places.len() + bins + watched.absent.len()
        };
        self.read.as_ref().map_or(1, size)
    }

    fn standing(&self) -> Standing {
        match &self.read {
            _ if !self.active => Standing::Inactive,
            Ok(watched) => Standing::Active(self.uid, Arc::clone(watched)),
            Err(why) => Standing::Unreadable(why.clone()),
        }
    }
}

impl Profiles {
    /// Those of a database.
    pub(super) fn of(store: Store) -> Self {
        Self { store, kept: Mutex::default() }
    }

    /// How the profiles stand that these uids mean.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub(super) async fn standing(&self, uids: &HashSet<Uuid>) -> Result<HashMap<Uuid, Standing>, StoreError> {
        let now = Instant::now();
        let (mut known, mut asked) = (HashMap::new(), Vec::new());
        {
            let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            for uid in uids {
                let believed = |kept: &&Kept| kept.active && now.duration_since(kept.found) < BELIEVED;
                match kept.kept.get(uid).filter(believed) {
                    Some(kept) => {
                        known.insert(*uid, kept.standing());
                    }
                    None => asked.push(*uid),
                }
            }
        }
        if asked.is_empty() {
            return Ok(known);
        }
        for (sent, uid, active) in self.store.meant_profiles(&asked).await? {
            known.insert(sent, self.found(sent, uid, active, now).await?);
        }
        for uid in asked {
            known.entry(uid).or_insert(Standing::Unknown);
        }
        Ok(known)
    }

    /// What is known of a profile, as it was found before.
    pub(super) fn known(&self, uid: Uuid) -> Option<Arc<Watched>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.own(uid)?.read.as_ref().ok().cloned()
    }

    /// Keeps what was found of the profile that a uid means, with what is known of it already or stands in its document.
    async fn found(
        &self,
        sent: Uuid,
        uid: Uuid,
        active: bool,
        found: Instant,
    ) -> Result<Standing, StoreError> {
        let before = {
            let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.own(uid).map(|kept| kept.read.clone())
        };
        let read = match before {
            Some(read) => read,
            None => match self.store.profile_document(uid).await? {
                None => return Ok(Standing::Unknown),
                Some(document) => match Profile::read(&document) {
                    Ok(profile) => Ok(Arc::new(Watched::of(&profile))),
                    Err(error) => Err(error.to_string()),
                },
            },
        };
        let new = Kept { uid, read, active, found };
        let standing = new.standing();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if sent != uid {
            kept.keep(sent, new.clone(), KEPT);
        }
        kept.keep(uid, new, KEPT);
        Ok(standing)
    }
}

impl Cache {
    /// The profile whose own uid this is.
    fn own(&self, uid: Uuid) -> Option<&Kept> {
        self.kept.get(&uid).filter(|kept| kept.uid == uid)
    }

    /// Keeps a profile, in place of those that were found longest ago where all together have more than so many features.
    pub(super) fn keep(&mut self, uid: Uuid, new: Kept, most: usize) {
        self.size += new.size();
        self.size -= self.kept.insert(uid, new).map_or(0, |before| before.size());
        if self.size <= most {
            return;
        }
        let mut oldest: Vec<_> = self.kept.iter().map(|(uid, kept)| (kept.found, *uid)).collect();
        oldest.sort_unstable();
        for (_, uid) in oldest {
            // By a tenth more than it must be, so that this is done once for many.
            if self.size <= most - most / 10 {
                return;
            }
            self.size -= self.kept.remove(&uid).map_or(0, |gone| gone.size());
        }
    }
}
