//! The end of a run that a call brings about.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use scouter_engine::Cancel;
use scouter_providers::CallError;
use scouter_providers::layers::Fuse;

/// Stops a run because of a call: nothing more is sent, and the run ends when the calls that are still open are answered. They
/// are paid for, and may be another provider's.
#[derive(Debug)]
pub(super) struct Ending {
    cancel: Cancel,
    /// Those of all models of the run.
    fuses: Vec<Arc<Fuse>>,
    why: OnceLock<CallError>,
    open: AtomicUsize,
}

impl Ending {
    pub(super) fn new(cancel: &Cancel, fuses: Vec<Arc<Fuse>>) -> Self {
        Self { cancel: cancel.clone(), fuses, why: OnceLock::new(), open: AtomicUsize::new(0) }
    }

    /// The call that stopped the run, where one did.
    pub(super) fn why(&self) -> Option<&CallError> {
        self.why.get()
    }

    /// Lets the run end because of this error, and says whether it is the first.
    pub(super) fn because(&self, error: &CallError) -> bool {
        let is_first = self.why.set(error.clone()).is_ok();
        if is_first {
            self.fuses.iter().for_each(|fuse| fuse.blow(error));
        }
        is_first
    }
}

/// A call that is open, from its making to its drop.
#[derive(Debug)]
pub(super) struct Open<'e>(&'e Ending);

impl<'e> Open<'e> {
    pub(super) fn new(ending: &'e Ending) -> Self {
        ending.open.fetch_add(1, Ordering::SeqCst);
        Self(ending)
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if self.0.open.fetch_sub(1, Ordering::SeqCst) == 1 && self.0.why().is_some() {
            self.0.cancel.cancel();
        }
    }
}
