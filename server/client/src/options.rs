//! How a queue behaves.

use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use scouter_wire::MAX_CONTEXT;
use thiserror::Error;
use uuid::Uuid;

/// No more than this is waited for anything, whatever is said: later times cannot be told apart from none.
pub(crate) const LONGEST: Duration = Duration::from_hours(24 * 365);

/// The most bytes that one record takes, as [`Options::capacity_bytes`] counts them: a context of the largest that servers take, and what is beside it.
pub const LARGEST_RECORD: usize = MAX_CONTEXT + (64 << 10);

/// How much waits, for how long, and what becomes of what finds no room.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many records of a profile are held at most, those under way included.
    pub capacity: NonZeroUsize,
    /// How many bytes they take at most, about; with fewer than [`LARGEST_RECORD`] the largest find no room.
    pub capacity_bytes: usize,
    /// What becomes of a record that finds no room.
    pub when_full: WhenFull,
    /// As soon as so many records of a profile wait, they are sent.
    pub batch: NonZeroUsize,
    /// How long a record waits for others to be sent with.
    pub linger: Duration,
    /// Which share of the records is kept.
    pub sample: Ratio,
    /// Where records go that cannot be sent; they stay in memory where there is none.
    pub spool: Option<SpoolOptions>,
}

/// Where records go that cannot be sent.
#[derive(Debug, Clone)]
pub struct SpoolOptions {
    /// A folder, which other processes may use as well.
    pub folder: PathBuf,
    /// How many bytes all files of spools in it take at most, about.
    pub most: u64,
}

impl SpoolOptions {
    /// Makes the folder where it is not there, and looks whether a file can be made in it.
    ///
    /// # Errors
    /// It cannot.
    pub fn prepare(&self) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let path = self.folder.join(format!("{}.new", std::process::id()));
        fs::write(&path, [])?;
        // Another queue of this process may be at the same.
        let _ = fs::remove_file(path);
        Ok(())
    }
}

impl Options {
    /// So many records that wait are sent at once: a batch, or half of what there is room for. Half of the bytes are enough too.
    pub(crate) fn enough(&self) -> usize {
        self.batch.get().min(self.capacity.get().div_ceil(2))
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            capacity: NonZeroUsize::MIN.saturating_add(99_999),
            capacity_bytes: 64 << 20,
            when_full: WhenFull::DropNewest,
            batch: NonZeroUsize::MIN.saturating_add(999),
            linger: Duration::from_secs(1),
            sample: Ratio::ALL,
            spool: None,
        }
    }
}

/// What becomes of a record that finds no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenFull {
    /// It is dropped.
    DropNewest,
    /// The one that has waited longest is dropped.
    DropOldest,
    /// Whoever pushes it waits until there is room.
    Block,
}

/// A share, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio(f64);

/// A number that is no share.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[error("{0} is not a number from 0 to 1")]
pub struct NoRatio(pub f64);

impl Ratio {
    /// Everything.
    pub const ALL: Self = Self(1.0);

    /// Whether a record is among this share: always the same answer for the same uid, and whoever is in a share is in every larger one.
    pub fn has(self, uid: Uuid) -> bool {
        // The last 32 bits of a UUID of version 7 are random.
        let [.., a, b, c, d] = *uid.as_bytes();
        let drawn = f64::from(u32::from_be_bytes([a, b, c, d])) / f64::from(u32::MAX);
        drawn < self.0 || self.0 >= 1.0
    }

    /// What is in both shares, which is all of the smaller one.
    pub(crate) fn both(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }
}

impl TryFrom<f64> for Ratio {
    type Error = NoRatio;

    fn try_from(share: f64) -> Result<Self, NoRatio> {
        if (0.0..=1.0).contains(&share) { Ok(Self(share)) } else { Err(NoRatio(share)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_keeps_its_part_of_the_records_and_is_within_every_larger_one() {
        let uids: Vec<Uuid> =
            (0..100_000_u128).map(|at| Uuid::from_u128(at * 0x9E37_79B9_7F4A_7C15)).collect();
        let [tenth, half] = [0.1, 0.5].map(|share| Ratio::try_from(share).unwrap());
        let kept = uids.iter().filter(|uid| tenth.has(**uid)).count();
        assert!((9_500..10_500).contains(&kept), "{kept}");
        assert!(uids.iter().filter(|uid| tenth.has(**uid)).all(|uid| half.has(*uid)));
    }

    #[test]
    fn none_and_all_are_exact() {
        let uids = [Uuid::nil(), Uuid::max()];
        let none = Ratio::try_from(0.0).unwrap();
        assert!(uids.iter().all(|uid| !none.has(*uid) && Ratio::ALL.has(*uid)));
    }

    #[test]
    fn what_is_no_share_is_refused() {
        for wrong in [-0.1, 1.1, f64::NAN] {
            assert!(Ratio::try_from(wrong).is_err(), "{wrong}");
        }
    }
}
