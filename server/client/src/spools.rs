//! The spools of all lanes.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

use bytes::Bytes;
use uuid::Uuid;

use crate::lane::{Lane, Origin};
use crate::options::{Options, SpoolOptions};
use crate::parcel::Parcel;
use crate::queue::Shared;
use crate::spool::{Piece, Spool, Torn};

/// The spools of all lanes; none where the queue has no spool. Only the queue's thread uses them, and locks them for a moment each time, or until
/// the disk has a batch; the lock is for the child of a fork, where that thread is not.
#[derive(Debug)]
pub(crate) struct Spools(Mutex<Vec<Spool>>);

/// A batch from a spool.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) lane: usize,
    pub(crate) origin: Origin,
    pub(crate) parcel: Parcel,
}

impl Spools {
    pub(crate) fn of(options: &Options, lanes: &[Lane]) -> Self {
        let spool = |options: &SpoolOptions| {
            lanes.iter().map(|lane| Spool::new(options.clone(), lane.to.profile())).collect()
        };
        Self(Mutex::new(options.spool.as_ref().map(spool).unwrap_or_default()))
    }

    fn all(&self) -> MutexGuard<'_, Vec<Spool>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends them. Files with nothing in them are removed.
    pub(crate) fn end(&self) {
        self.all().clear();
    }

    /// Lets go of all files as they are, where nobody is at them.
    pub(crate) fn leave(&self) {
        let mut all = match self.0.try_lock() {
            Ok(all) => all,
            Err(TryLockError::Poisoned(error)) => error.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        all.iter_mut().for_each(Spool::leave);
    }

    /// Takes over what processes left that are gone.
    pub(crate) fn adopt(&self, shared: &Shared) {
        for (lane, spool) in self.all().iter_mut().enumerate() {
            if let Err(error) = spool.adopt() {
                failed(shared, lane, &error);
            }
        }
    }

    /// The uids that something lies under in the folder and that no lane takes it over from.
    pub(crate) fn strangers(&self) -> Vec<Uuid> {
        let all = self.all();
        // What is wrong with the folder is told where files are taken over.
        let uids = all.first().and_then(|spool| spool.uids().ok()).unwrap_or_default();
        uids.into_iter().filter(|uid| !all.iter().any(|spool| spool.takes(*uid))).collect()
    }

    /// Has a lane take over what lies under this uid too.
    pub(crate) fn join(&self, lane: usize, uid: Uuid) {
        self.all()[lane].join(uid);
    }

    /// Whether there is a spool at all.
    pub(crate) fn are_there(&self) -> bool {
        !self.all().is_empty()
    }

    /// Whether there is something in them.
    pub(crate) fn have_some(&self) -> bool {
        self.all().iter().any(Spool::has_some)
    }

    /// Puts a parcel into the spools of its lanes. What they do not take.
    pub(crate) fn keep(&self, shared: &Shared, parcel: Parcel) -> Vec<Parcel> {
        if !self.are_there() {
            return vec![parcel];
        }
        let mut left = Vec::new();
        for parcel in parcel.by_lane() {
            let [part] = &parcel.parts[..] else {
                left.push(parcel);
                continue;
            };
            let kept = self.all()[part.lane].keep(&parcel.body);
            match kept {
                Ok(()) => shared.lanes[part.lane].spooled(part),
                Err(error) => {
                    failed(shared, part.lane, &error);
                    left.push(parcel);
                }
            }
        }
        left
    }

    /// A batch that is to be sent.
    pub(crate) fn first(&self, shared: &Shared) -> Option<Kept> {
        for (lane, spool) in self.all().iter_mut().enumerate() {
            while let Some(first) = spool.first() {
                let torn = match first {
                    Ok(Piece { body, own }) => {
                        if let Some(parcel) = Parcel::read(lane, body.clone()) {
                            let origin = if own { Origin::Spool } else { Origin::Earlier };
                            return Some(Kept { lane, origin, parcel });
                        }
                        // How many records were in it nobody knows. What another process left is read on.
                        if own {
                            spool.tear();
                        } else {
                            spool.settled(&body);
                        }
                        Torn { own }
                    }
                    Err(torn) => torn,
                };
                shared.lanes[lane].torn(torn.own, shared.clock.now());
                shared.moved();
            }
        }
        None
    }

    /// The first batch of a lane is settled.
    pub(crate) fn settled(&self, lane: usize, body: &Bytes) {
        self.all()[lane].settled(body);
    }

    /// Puts two batches in the place of the first of a lane.
    ///
    /// # Errors
    /// They cannot be written; the first is there still.
    pub(crate) fn divide(&self, lane: usize, body: &Bytes, halves: &[Parcel; 2]) -> io::Result<()> {
        self.all()[lane].divide(body, halves.each_ref().map(|half| &half.body[..]))
    }
}

fn failed(shared: &Shared, lane: usize, error: &io::Error) {
    shared.lanes[lane].failed(&format!("the spool: {error}"), shared.clock.now());
}
