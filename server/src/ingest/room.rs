//! How much may wait for a table: rows have a place before there are more of them.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::rows::Row;

/// So many bytes of rows are counted as one.
const UNIT: usize = 1024;

/// The room of a table, in bytes of rows.
#[derive(Debug, Clone)]
pub(super) struct Room {
    units: Arc<Semaphore>,
    whole: usize,
}

/// Why rows have no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoRoom {
    /// Others take it.
    Full,
    /// There would never be enough of it.
    TooLarge,
}

/// Rows, and the room that they take until they are dropped.
#[derive(Debug)]
pub(super) struct Place<R> {
    pub(super) rows: Vec<R>,
    /// Their bytes.
    size: usize,
    held: Option<OwnedSemaphorePermit>,
    room: Room,
}

impl Room {
    /// Room for so many bytes.
    pub(super) fn of(bytes: usize) -> Self {
        let whole = (bytes / UNIT).clamp(1, Semaphore::MAX_PERMITS);
        Self { units: Arc::new(Semaphore::new(whole)), whole }
    }

    /// How many places there may be: each takes a unit at least.
    pub(super) fn places(&self) -> usize {
        self.whole
    }

    /// A place without rows.
    pub(super) fn place<R>(&self) -> Place<R> {
        Place { rows: Vec::new(), size: 0, held: None, room: self.clone() }
    }
}

impl<R: Row> Place<R> {
    /// Adds a row, where there is room for it.
    ///
    /// # Errors
    /// There is none.
    pub(super) fn push(&mut self, row: R) -> Result<(), NoRoom> {
        let size = self.size + row.size();
        let units = size.div_ceil(UNIT).max(1);
        if units > self.room.whole {
            return Err(NoRoom::TooLarge);
        }
        let more = units - self.held.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let more = u32::try_from(more).map_err(|_| NoRoom::TooLarge)?;
        let more = Arc::clone(&self.room.units).try_acquire_many_owned(more).map_err(|_| NoRoom::Full)?;
        match &mut self.held {
            Some(held) => held.merge(more),
            None => self.held = Some(more),
        }
        self.rows.push(row);
        self.size = size;
        Ok(())
    }

    /// The bytes of its rows.
    pub(super) fn size(&self) -> usize {
        self.size
    }
}
