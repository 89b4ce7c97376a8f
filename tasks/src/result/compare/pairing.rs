//! Which row of one run goes with which of the other.

use std::collections::HashMap;
use std::num::NonZeroU32;

use crate::result::row::Row;

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

/// What rows are paired by: the user's id, or the place of a row without one, and the trial.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key<'r> {
    Id(&'r str, Option<NonZeroU32>),
    Place(u32),
}

fn key(row: &Row, at: u32) -> Key<'_> {
    let trial = || row.labels.as_ref().and_then(|labels| labels.trial);
    row.id.as_deref().map_or(Key::Place(at), |id| Key::Id(id, trial()))
}

/// Pairs rows. Where several have one key, the first goes with the first, and so on.
pub(super) fn pair_up(now: &[Row], before: &[Row]) -> Pairing {
    let places = |rows: &[Row]| 0..u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let row = |rows: &'_ [Row], at: u32| -> usize { (at as usize).min(rows.len()) };
    // Mostly both runs have the same records in the same order.
    let same = places(now)
        .zip(places(before))
        .take_while(|(at, _)| key(&now[row(now, *at)], *at) == key(&before[row(before, *at)], *at))
        .count();
    let rest = u32::try_from(same).unwrap_or(u32::MAX);
    let mut pairing = Pairing { pairs: (0..rest).map(|at| (at, at)).collect(), ..Pairing::default() };

    // The first row of each key that is not yet taken, and for every row the next of its key.
    let mut first: HashMap<Key<'_>, u32> = HashMap::with_capacity(before.len() - same);
    let mut next: Vec<Option<u32>> = vec![None; before.len() - same];
    for at in (rest..places(before).end).rev() {
        next[(at - rest) as usize] = first.insert(key(&before[at as usize], at), at);
    }
    for at in rest..places(now).end {
        let key = key(&now[at as usize], at);
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
