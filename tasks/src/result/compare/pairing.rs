//! Which row of one run goes with which of the other.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::ops::Range;

use crate::result::row::{Row, records_of};

/// Which rows go together, by their places.
#[derive(Debug, Default)]
pub(super) struct Pairing {
    /// Compared run and baseline, in the order of the compared run.
    pub(super) pairs: Vec<(u32, u32)>,
    /// Rows of the baseline that have no partner.
    pub(super) lost: Vec<u32>,
    /// Rows of the compared run that have none.
    pub(super) new: Vec<u32>,
}

/// What rows are paired by, beside the trial: the user's id, or the place of the record where it has none.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key<'r> {
    Id(&'r str),
    Place(u32),
}

/// The rows of a run with what they are paired by.
#[derive(Debug)]
pub(super) struct Keyed<'r> {
    rows: &'r [Row],
    /// Which record each row is of.
    records: Vec<u32>,
}

impl<'r> Keyed<'r> {
    pub(super) fn new(rows: &'r [Row]) -> Self {
        Self { rows, records: records_of(rows) }
    }

    pub(super) fn row(&self, at: u32) -> &'r Row {
        &self.rows[at as usize]
    }

    /// The place of the record that a row is of.
    pub(super) fn record(&self, at: u32) -> u32 {
        self.records[at as usize]
    }

    /// A record that was run once has no number of a trial: it is the first of those that it could have had.
    pub(super) fn trial(&self, at: u32) -> NonZeroU32 {
        self.row(at).trial().unwrap_or(NonZeroU32::MIN)
    }

    /// How often each record was run; `None` where there are none.
    pub(super) fn trials(&self) -> Option<NonZeroU32> {
        self.places().map(|at| self.trial(at)).max()
    }

    fn key(&self, at: u32) -> (Key<'r>, NonZeroU32) {
        let id = self.row(at).id.as_deref();
        (id.map_or(Key::Place(self.record(at)), Key::Id), self.trial(at))
    }

    fn places(&self) -> Range<u32> {
        0..u32::try_from(self.rows.len()).unwrap_or(u32::MAX)
    }
}

/// Pairs rows. Where several have one key, the first goes with the first, and so on.
pub(super) fn pair_up(now: &Keyed<'_>, before: &Keyed<'_>) -> Pairing {
    let after = before.places().end;
    // Mostly both runs have the same records in the same order.
    let same = now.places().take_while(|at| *at < after && now.key(*at) == before.key(*at)).count();
    let rest = u32::try_from(same).unwrap_or(u32::MAX);
    let mut pairing = Pairing { pairs: (0..rest).map(|at| (at, at)).collect(), ..Pairing::default() };

    // The first row of each key that is not yet taken, and for every row the next of its key.
    let left = before.rows.len() - same;
    let mut first: HashMap<(Key<'_>, NonZeroU32), u32> = HashMap::with_capacity(left);
    let mut next: Vec<Option<u32>> = vec![None; left];
    for at in (rest..after).rev() {
        next[(at - rest) as usize] = first.insert(before.key(at), at);
    }
    for at in rest..now.places().end {
        let key = now.key(at);
        match first.get(&key).copied() {
            None => pairing.new.push(at),
            Some(partner) => {
                pairing.pairs.push((at, partner));
                match next[(partner - rest) as usize] {
                    Some(after) => first.insert(key, after),
                    None => first.remove(&key),
                };
            }
        }
    }
    // What is left, with all that comes after it.
    for left in first.into_values() {
        let rows = std::iter::successors(Some(left), |at| next[(*at - rest) as usize]);
        pairing.lost.extend(rows);
    }
    pairing.lost.sort_unstable();
    pairing
}
