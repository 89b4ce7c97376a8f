//! The log as a file of frames.
//!
//! A frame is a mark, the length of its body, the body's checksum (XXH3, 64 bits) and the body, whose first byte
//! says what it holds. It is appended by one write, so that a process that is killed leaves whole frames; what a
//! machine that lost its power left of the last ones is found by the checksum.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use twox_hash::XxHash3_64;

/// What every frame begins with.
const MARK: [u8; 4] = [0xf5, b'S', b'r', 0x0a];

/// The mark, the length and the checksum.
pub(super) const HEAD: usize = 16;

/// The most that a body holds, in bytes.
pub(super) const MOST: usize = 1 << 30;

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

/// Makes a frame in `out`, whose body `fill` appends. `None` where it is larger than a frame may be.
pub(super) fn make(out: &mut Vec<u8>, kind: Kind, fill: impl FnOnce(&mut Vec<u8>)) -> Option<()> {
    out.clear();
    out.extend([0; HEAD]);
    out.push(kind.byte());
    fill(out);
    let len = u32::try_from(out.len() - HEAD).ok().filter(|len| *len as usize <= MOST)?;
    let sum = XxHash3_64::oneshot(&out[HEAD..]);
    out[..4].copy_from_slice(&MARK);
    out[4..8].copy_from_slice(&len.to_le_bytes());
    out[8..HEAD].copy_from_slice(&sum.to_le_bytes());
    Some(())
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
