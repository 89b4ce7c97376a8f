//! Columns that do not lie in one piece of `f64`, brought into one where there is room for it: methods that read a column several times are
//! faster then. How much is copied at a time is bounded by the size of the data, not by the number of cores; what finds no room is read
//! as it lies, which comes to the same.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use scouter_drift::column::Column;

use crate::spread::locked;

/// Of data that are not larger, so much may be copied all the same.
const LEAST: usize = 4 << 20;

/// How many bytes may still be copied, and pieces of memory that were copied into before: an allocator that is given one back and asked
/// for the next holds both for a while.
pub(crate) struct Room {
    left: AtomicUsize,
    spare: Mutex<Vec<Vec<f64>>>,
}

impl Room {
    /// Room for an eighth of so many bytes.
    pub(crate) fn beside(bytes: usize) -> Self {
        Self { left: AtomicUsize::new((bytes / 8).max(LEAST)), spare: Mutex::default() }
    }

    fn take(&self, bytes: usize) -> Option<Taken<'_>> {
        let less = |left: usize| left.checked_sub(bytes);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).ok()?;
        Some(Taken { room: self, bytes, values: locked(&self.spare).pop().unwrap_or_default() })
    }
}

/// Memory that is in use, and is given back.
struct Taken<'a> {
    room: &'a Room,
    bytes: usize,
    values: Vec<f64>,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        let mut values = std::mem::take(&mut self.values);
        values.clear();
        locked(&self.room.spare).push(values);
        self.room.left.fetch_add(self.bytes, Ordering::Relaxed);
    }
}

/// A column whose values were brought into one piece.
pub(crate) struct Gathered<'a, C: ?Sized> {
    taken: Taken<'a>,
    from: &'a C,
}

impl<C: Column + ?Sized> Column for Gathered<'_, C> {
    fn rows(&self) -> usize {
        self.taken.values.len()
    }

    fn each_chunk(&self, visit: &mut dyn FnMut(&[f64])) {
        self.taken.values[..].each_chunk(visit);
    }

    fn each_whole(&self, visit: &mut dyn FnMut(Option<i128>)) -> bool {
        self.from.each_whole(visit)
    }
}

/// The column in one piece; `None` where it is already, or where there is no room.
pub(crate) fn gathered<'a, C: Column + ?Sized>(column: &'a C, room: &'a Room) -> Option<Gathered<'a, C>> {
    let rows = column.rows();
    let mut taken = room.take(rows * size_of::<f64>())?;
    let (values, mut in_one_piece) = (&mut taken.values, false);
    column.each_chunk(&mut |chunk| {
        in_one_piece |= chunk.len() == rows;
        if !in_one_piece {
            values.reserve_exact(rows - values.len());
            values.extend_from_slice(chunk);
        }
    });
    (!in_one_piece).then_some(Gathered { taken, from: column })
}
