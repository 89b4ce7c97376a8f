//! Rows of bounded length, whatever a file holds.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How long a row may be. A quote that is never closed makes one of the rest of the file.
const LONGEST: usize = 64 << 20;

/// A reader that fails with [`TooLong`] where a row takes more than 64 MiB.
#[derive(Debug)]
pub struct Limited<R> {
    reader: R,
    left: Arc<AtomicUsize>,
}

/// The room that the row has which is read.
#[derive(Clone, Debug)]
pub struct Room(Arc<AtomicUsize>);

/// Why a row is not read to its end.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the next row is longer than {} MiB: a quote may never be closed", LONGEST >> 20)]
pub struct TooLong;

impl<R> Limited<R> {
    /// The same reader, and what is told of every row that begins.
    pub fn new(reader: R) -> (Self, Room) {
        let left = Arc::new(AtomicUsize::new(LONGEST));
        (Self { reader, left: left.clone() }, Room(left))
    }
}

impl Room {
    /// Begins a row.
    pub fn begin(&self) {
        self.0.store(LONGEST, Ordering::Relaxed);
    }
}

impl TooLong {
    /// Whether it is why something could not be read.
    pub fn caused(error: &io::Error) -> bool {
        error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<Self>)
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 {
            return Err(io::Error::other(TooLong));
        }
        let most = buffer.len().min(left);
        let read = self.reader.read(&mut buffer[..most])?;
        self.left.store(left - read, Ordering::Relaxed);
        Ok(read)
    }
}
