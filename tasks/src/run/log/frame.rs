//! The log as a file of frames.
//!
//! A frame is a mark, the length of its body, the body's checksum (XXH3, 64 bits) and the body, whose first byte
//! says what it holds. It is appended by one write, so that a process that is killed leaves whole frames; what a
//! machine that lost its power left of the last ones is found by the checksum.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use twox_hash::XxHash3_64;

use super::spare::{Buffer, Spare};

/// What every frame begins with.
const MARK: [u8; 4] = [0xf5, b'S', b'r', 0x0a];

/// The mark, the length and the checksum.
pub(super) const HEAD: usize = 16;

/// The most that a body holds, in bytes.
pub(super) const MOST: usize = 1 << 30;

/// What is enough for a frame of rows: the next row begins another one.
const ENOUGH: usize = 16 << 20;

/// What a frame holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Rows, one after another.
    Rows,
    /// What one node that waits came to for one record.
    Answer,
}

impl Kind {
    fn byte(self) -> u8 {
        match self {
            Self::Rows => 1,
            Self::Answer => 2,
        }
    }

    fn of(byte: u8) -> Option<Self> {
        [Self::Rows, Self::Answer].into_iter().find(|kind| kind.byte() == byte)
    }
}

/// Appends the beginning of a frame, whose body may follow then.
fn begin(out: &mut Vec<u8>, kind: Kind) {
    out.extend([0; HEAD]);
    out.push(kind.byte());
}

/// Ends a frame, which is all that stands here. `None` where it is larger than a frame may be.
fn end(frame: &mut [u8]) -> Option<()> {
    let (head, body) = frame.split_at_mut_checked(HEAD)?;
    let len = u32::try_from(body.len()).ok().filter(|len| *len as usize <= MOST)?;
    head[..4].copy_from_slice(&MARK);
    head[4..8].copy_from_slice(&len.to_le_bytes());
    head[8..].copy_from_slice(&XxHash3_64::oneshot(body).to_le_bytes());
    Some(())
}

/// A frame whose body `fill` appends. `None` where it is larger than a frame may be.
pub(super) fn make(kind: Kind, fill: impl FnOnce(&mut Vec<u8>)) -> Option<Vec<u8>> {
    let mut frame = Vec::new();
    begin(&mut frame, kind);
    fill(&mut frame);
    end(&mut frame).map(|()| frame)
}

/// Frames of rows, one after another.
#[derive(Debug, Default)]
pub(crate) struct RowFrames {
    /// None before the first row.
    buffer: Option<Buffer>,
    /// Where the last frame begins, until it is ended.
    open: Option<usize>,
    /// Whether there was a row that no frame holds; it and those after it are left out.
    too_large: bool,
}

impl RowFrames {
    /// Adds a row, which `write` appends. The first takes a buffer.
    pub(crate) fn add(&mut self, spare: &Arc<Spare>, write: impl FnOnce(&mut Vec<u8>)) {
        if self.too_large {
            return;
        }
        let bytes = &mut **self.buffer.get_or_insert_with(|| spare.take());
        let before = bytes.len();
        let start = *self.open.get_or_insert(before);
        if start == before {
            begin(bytes, Kind::Rows);
        }
        let row = bytes.len();
        write(bytes);
        let body = bytes.len() - start - HEAD;
        if body > MOST {
            bytes.truncate(row);
            self.too_large = true;
        } else if body > ENOUGH {
            self.end();
        }
    }

    fn end(&mut self) {
        if let Some((buffer, start)) = self.buffer.as_mut().zip(self.open.take()) {
            // It is no larger than a frame may be.
            end(&mut buffer[start..]);
        }
    }

    /// The frames as they are appended to a log, and whether they hold all rows.
    pub(super) fn whole(&mut self) -> (&[u8], bool) {
        self.end();
        let frames = self.buffer.as_deref().map(Vec::as_slice);
        (frames.unwrap_or_default(), !self.too_large)
    }
}

/// A frame as it was read.
#[derive(Debug)]
pub(super) struct Frame<'b> {
    /// Where it begins in the file.
    pub(super) at: u64,
    pub(super) kind: Kind,
    /// The body after its first byte.
    pub(super) body: &'b [u8],
}

/// How the frames of a file end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// With the last byte of the file.
    Whole,
    /// With a frame that was not written to its end: the bytes from here on are none.
    Torn { at: u64 },
    /// This frame is broken, and whole ones come after it.
    Damaged { at: u64 },
}

/// What to do about damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnDamage {
    Stop,
    /// Goes on with the next frame that is whole.
    Skip,
}

/// Reads the frames of a file, from its beginning to its end.
pub(super) struct Frames<'f> {
    file: &'f File,
    len: u64,
    buffer: Vec<u8>,
}

impl<'f> Frames<'f> {
    pub(super) fn of(file: &'f File) -> io::Result<Self> {
        Ok(Self { file, len: file.metadata()?.len(), buffer: Vec::new() })
    }

    /// Shows every whole frame to `see`. The end is that of the first frame that is not whole; with
    /// [`OnDamage::Skip`] the frames behind it were shown too.
    pub(super) fn each(
        mut self,
        on_damage: OnDamage,
        mut see: impl FnMut(Frame<'_>) -> bool,
    ) -> io::Result<End> {
        let mut at = 0;
        let mut end = End::Whole;
        while at < self.len {
            if let Some((kind, size)) = self.read(at)? {
                if see(Frame { at, kind, body: &self.buffer[1..] }) {
                    at += size;
                    continue;
                }
                // Its checksum is right and its contents are not: damage, and never torn.
                return Ok(End::Damaged { at });
            }
            match self.next_whole(at + 1)? {
                None if end == End::Whole => return Ok(End::Torn { at }),
                None => return Ok(end),
                Some(next) => {
                    if end == End::Whole {
                        end = End::Damaged { at };
                    }
                    if on_damage == OnDamage::Stop {
                        return Ok(end);
                    }
                    at = next;
                }
            }
        }
        Ok(end)
    }

    /// The body of the frame at this place; `None` where there is no whole frame.
    pub(super) fn body(mut self, at: u64) -> io::Result<Option<Vec<u8>>> {
        Ok(self.read(at)?.map(|_| self.buffer))
    }

    /// Reads the frame at this place into the buffer: what it holds, and how long it is with its head.
    fn read(&mut self, at: u64) -> io::Result<Option<(Kind, u64)>> {
        let left = self.len.saturating_sub(at);
        if left <= HEAD as u64 {
            return Ok(None);
        }
        let mut head = [0; HEAD];
        self.file.seek(SeekFrom::Start(at))?;
        self.file.read_exact(&mut head)?;
        let [m0, m1, m2, m3, l0, l1, l2, l3, sum @ ..] = head;
        let len = u32::from_le_bytes([l0, l1, l2, l3]);
        let fits = len > 0 && len as usize <= MOST && u64::from(len) <= left - HEAD as u64;
        if [m0, m1, m2, m3] != MARK || !fits {
            return Ok(None);
        }
        self.buffer.resize(len as usize, 0);
        self.file.read_exact(&mut self.buffer)?;
        if XxHash3_64::oneshot(&self.buffer) != u64::from_le_bytes(sum) {
            return Ok(None);
        }
        Ok(Kind::of(self.buffer[0]).map(|kind| (kind, HEAD as u64 + u64::from(len))))
    }

    /// Where the next whole frame begins, at this place or after it.
    fn next_whole(&mut self, from: u64) -> io::Result<Option<u64>> {
        const BLOCK: u64 = 1 << 20;
        let mut block = Vec::new();
        let mut start = from;
        while start < self.len {
            block.clear();
            self.file.seek(SeekFrom::Start(start))?;
            // A mark may lie across the end of a block.
            self.file.take(BLOCK + MARK.len() as u64 - 1).read_to_end(&mut block)?;
            for offset in block.windows(MARK.len()).enumerate().filter(|(_, bytes)| *bytes == MARK) {
                let at = start + offset.0 as u64;
                if self.read(at)?.is_some() {
                    return Ok(Some(at));
                }
            }
            start += BLOCK;
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_go_into_another_frame_once_one_holds_enough() {
        let (spare, mut frames) = (Arc::default(), RowFrames::default());
        for _ in 0..3 {
            frames.add(&spare, |out| out.resize(out.len() + ENOUGH / 2 + 1, 7));
        }
        let (bytes, all) = frames.whole();
        let mut file = tempfile::tempfile().unwrap();
        io::Write::write_all(&mut file, bytes).unwrap();
        let mut rows = Vec::new();
        let end = Frames::of(&file).unwrap().each(OnDamage::Stop, |frame| {
            rows.push(frame.body.len() / (ENOUGH / 2));
            true
        });
        assert_eq!((end.unwrap(), rows, all), (End::Whole, vec![2, 1], true));
    }
}
