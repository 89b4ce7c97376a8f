//! Identifiers of records.

use std::process;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use scouter_client::Uids;
use scouter_engine::SystemClock;
use scouter_tasks::result::NewUid;
use uuid::Uuid;

/// Those of a process. Only ever locked by a thread that has the interpreter, and not for longer than it has it: no fork finds it locked.
static MADE: Mutex<Option<(u32, Uids)>> = Mutex::new(None);

/// A new one, of this time. A child of a fork makes others than its parent: a server keeps what has the same one once.
pub(super) fn new(now: SystemTime) -> Uuid {
    let own = process::id();
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if made.as_ref().is_some_and(|(process, _)| *process != own) {
        *made = None;
    }
    let (_, uids) = made.get_or_insert_with(|| (own, Uids::default()));
    uids.next(now).map_or_else(|| SystemClock.new_uid(), Uuid::from)
}
