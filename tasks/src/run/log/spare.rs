//! Buffers that frames stand in, used again and again.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many buffers wait for the next frames, at most.
const MOST: usize = 8;

/// How large one may be that waits, in bytes.
const LARGE: usize = 1 << 20;

/// Buffers whose frames were written. Frames of the next rows go into them, for they have grown already, and into memory that the
/// system has given.
#[derive(Debug, Default)]
pub(crate) struct Spare(Mutex<Vec<Vec<u8>>>);

impl Spare {
    fn lock(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An empty buffer.
    pub(super) fn take(self: &Arc<Self>) -> Buffer {
        Buffer { bytes: self.lock().pop().unwrap_or_default(), home: self.clone() }
    }
}

/// Bytes of frames. Their buffer waits for others once they are done with.
#[derive(Debug)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    home: Arc<Spare>,
}

impl Deref for Buffer {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.bytes
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.clear();
        let mut waiting = self.home.lock();
        if bytes.capacity() <= LARGE && waiting.len() < MOST {
            waiting.push(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A buffer with room for so many bytes, some of which are there.
    fn filled(spare: &Arc<Spare>, room: usize) -> Buffer {
        let mut buffer = spare.take();
        buffer.reserve_exact(room);
        buffer.extend([1, 2, 3]);
        buffer
    }

    #[test]
    fn a_buffer_that_is_done_with_is_the_next_one_and_empty() {
        let spare = Arc::new(Spare::default());
        let place = {
            let buffer = filled(&spare, 1000);
            buffer.as_ptr()
        };
        let next = spare.take();
        assert_eq!((next.as_ptr(), next.len()), (place, 0));
    }

    #[test]
    fn large_buffers_and_many_do_not_wait() {
        let spare = Arc::new(Spare::default());
        drop(filled(&spare, LARGE + 1));
        assert_eq!(spare.lock().len(), 0);
        let many: Vec<Buffer> = (0..=MOST).map(|_| filled(&spare, 10)).collect();
        drop(many);
        assert_eq!(spare.lock().len(), MOST);
    }
}
