//! Columns that do not lie in one piece of `f64`, brought into one where there is room for it: methods that read a column several times are
//! faster then. How much is copied at a time is bounded by the size of the data, not by the number of cores; what finds no room is read
//! as it lies, which comes to the same.

use std::sync::atomic::{AtomicUsize, Ordering};

use scouter_drift::column::Column;

/// Of data that are not larger, so much may be copied all the same.
const LEAST: usize = 4 << 20;

/// How many bytes may still be copied.
pub(crate) struct Room(AtomicUsize);

impl Room {
    /// Room for an eighth of so many bytes.
    pub(crate) fn beside(bytes: usize) -> Self {
        Self(AtomicUsize::new((bytes / 8).max(LEAST)))
    }

    fn take(&self, bytes: usize) -> Option<Taken<'_>> {
        let less = |left: usize| left.checked_sub(bytes);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).ok()?;
        Some(Taken { room: self, bytes })
    }
}

/// Bytes that are in use, and are given back.
struct Taken<'a> {
    room: &'a Room,
    bytes: usize,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.room.0.fetch_add(self.bytes, Ordering::Relaxed);
    }
}

/// A column whose values were brought into one piece.
pub(crate) struct Gathered<'a, C: ?Sized> {
    values: Vec<f64>,
    from: &'a C,
    // Given back when the values are gone.
    _taken: Taken<'a>,
}

impl<C: Column + ?Sized> Column for Gathered<'_, C> {
    fn rows(&self) -> usize {
        self.values.len()
    }

    fn each_chunk(&self, visit: &mut dyn FnMut(&[f64])) {
        self.values[..].each_chunk(visit);
    }

    fn each_whole(&self, visit: &mut dyn FnMut(Option<i128>)) -> bool {
        self.from.each_whole(visit)
    }
}

/// The column in one piece; `None` where it is already, or where there is no room.
pub(crate) fn gathered<'a, C: Column + ?Sized>(column: &'a C, room: &'a Room) -> Option<Gathered<'a, C>> {
    let rows = column.rows();
    let taken = room.take(rows * size_of::<f64>())?;
    let (mut values, mut in_one_piece) = (Vec::new(), false);
    column.each_chunk(&mut |chunk| {
        in_one_piece |= chunk.len() == rows;
        if !in_one_piece {
            values.reserve_exact(rows - values.len());
            values.extend_from_slice(chunk);
        }
    });
    (!in_one_piece).then_some(Gathered { values, from: column, _taken: taken })
}
