//! Order statistics of a column without sorting it.
//!
//! Floating-point numbers, read as whole numbers, are in the same order as what they stand for. The span of these keys is
//! cut into 2¹⁶ equal cells; one pass counts how many values fall into each, so that the cell of every wanted rank is known;
//! a second pass takes out the values of those cells alone, and a selection in each finds the rank. The keys follow the
//! exponent, so cells are fine where values are small and wide where they are large, whatever the distribution; two passes
//! over the data and room for the few wanted cells are all it costs.

use super::Extent;
use crate::{Absent, column::Column};

const CELLS: usize = 1 << 16;
/// Below this, one selection after the other in a copy is cheaper than the cells.
const FEW: u64 = 1 << 14;
/// More ranks than there are numbers for the slots of their cells are looked up in a sorted copy.
const SLOTS: usize = u16::MAX as usize;

/// The finite values that have the given ranks (0 is the least) once sorted. Ranks beyond the last are the last.
///
/// ```
/// use scouter_drift::sample::{Extent, order_statistics};
///
/// let values = [5.0, f64::NAN, 1.0, 3.0];
/// let extent = Extent::of(&values[..]);
/// assert_eq!(order_statistics(&values[..], &extent, &[0, 2])?, [1.0, 5.0]);
/// # Ok::<(), scouter_drift::Absent>(())
/// ```
///
/// # Errors
/// There is no finite value.
pub fn order_statistics(
    column: &(impl Column + ?Sized),
    extent: &Extent,
    ranks: &[u64],
) -> Result<Vec<f64>, Absent> {
    let (min, max) = extent.range()?;
    let last = extent.finite() - 1;
    let ranks: Vec<u64> = ranks.iter().map(|rank| (*rank).min(last)).collect();
    if extent.finite() <= FEW || ranks.len() > SLOTS {
        let mut values = Vec::with_capacity(column.rows());
        column.each_chunk(&mut |chunk| values.extend(chunk.iter().filter(|v| v.is_finite())));
        values.sort_unstable_by(f64::total_cmp);
        return Ok(ranks.iter().filter_map(|rank| at(&values, *rank)).collect());
    }
    let cells = Cells::new(min, max);
    let counts = cells.count(column);
    let wanted = Wanted::new(&counts, &ranks);
    let mut room = wanted.take(&cells, column);
    Ok(wanted.find(&mut room, &ranks))
}

fn at(values: &[f64], rank: u64) -> Option<f64> {
    values.get(usize::try_from(rank).ok()?).copied()
}

/// A number's place among all numbers: order is kept.
fn key(v: f64) -> u64 {
    let bits = v.to_bits();
    let sign = bits >> 63;
    bits ^ (sign.wrapping_neg() | 1 << 63)
}

/// The span of keys, cut into equal cells. What is not finite lies beyond the span and falls into one more cell.
struct Cells {
    low: u64,
    span: u64,
    shift: u32,
}

impl Cells {
    fn new(min: f64, max: f64) -> Self {
        // Both zeros are equal but have different keys.
        let low = key(if min == 0.0 { -0.0 } else { min });
        let span = key(if max == 0.0 { 0.0 } else { max }) - low;
        Self { low, span, shift: (64 - CELLS.ilog2()).saturating_sub(span.leading_zeros()) }
    }

    fn cell(&self, v: f64) -> usize {
        let from_low = key(v).wrapping_sub(self.low);
        // At most 2¹⁶ by construction, which `min` lets the compiler see.
        let cell = usize::try_from(from_low >> self.shift).map_or(CELLS, |cell| cell.min(CELLS));
        if from_low > self.span { CELLS } else { cell }
    }

    fn count(&self, column: &(impl Column + ?Sized)) -> Vec<u64> {
        // Two tables, so that equal neighbours need not wait for each other's store.
        let mut even = vec![0_u64; CELLS + 1];
        let mut odd = vec![0_u64; CELLS + 1];
        column.each_chunk(&mut |chunk| {
            let (pairs, rest) = chunk.as_chunks::<2>();
            for [a, b] in pairs {
                even[self.cell(*a)] += 1;
                odd[self.cell(*b)] += 1;
            }
            for v in rest {
                even[self.cell(*v)] += 1;
            }
        });
        for (a, b) in even.iter_mut().zip(&odd) {
            *a += b;
        }
        even
    }
}

/// The cells that hold a wanted rank, and where in the room each one's values go.
struct Wanted {
    /// For every cell, the slot of its values; 0 for a cell that nobody wants.
    slots: Vec<u16>,
    /// For every slot, the first place of its values in the room; slot 0 is the place for what nobody wants.
    starts: Vec<usize>,
    /// For every slot, how many values lie below its cell.
    below: Vec<u64>,
    /// For every rank, its slot.
    of_rank: Vec<usize>,
}

impl Wanted {
    fn new(counts: &[u64], ranks: &[u64]) -> Self {
        let mut slots = vec![0_u16; CELLS + 1];
        let (mut starts, mut below, mut of_rank) = (vec![0, 1], vec![0], vec![0; ranks.len()]);
        let mut order: Vec<usize> = (0..ranks.len()).collect();
        order.sort_unstable_by_key(|i| ranks[*i]);
        let mut order = order.into_iter().peekable();
        let (mut seen, mut next) = (0, 1_u16);
        for (cell, count) in counts[..CELLS].iter().enumerate() {
            let end = seen + count;
            while let Some(i) = order.next_if(|i| ranks[*i] < end) {
                if slots[cell] == 0 {
                    slots[cell] = next;
                    next += 1;
                    below.push(seen);
                    let start = starts[starts.len() - 1];
                    starts.push(start + usize::try_from(*count).unwrap_or(usize::MAX));
                }
                of_rank[i] = usize::from(slots[cell]);
            }
            seen = end;
        }
        Self { slots, starts, below, of_rank }
    }

    /// Copies the values of the wanted cells into their places.
    fn take(&self, cells: &Cells, column: &(impl Column + ?Sized)) -> Vec<f64> {
        let mut room = vec![0.0; self.starts[self.starts.len() - 1]];
        let mut next = self.starts.clone();
        column.each_chunk(&mut |chunk| {
            for v in chunk {
                let slot = usize::from(self.slots[cells.cell(*v)]);
                // Stored in any case and kept by moving on: a branch here would be guessed wrong too often.
                room[next[slot]] = *v;
                next[slot] += usize::from(slot != 0);
            }
        });
        room
    }

    fn find(&self, room: &mut [f64], ranks: &[u64]) -> Vec<f64> {
        let mut found = vec![f64::NAN; ranks.len()];
        for slot in 1..self.starts.len() - 1 {
            let values = &mut room[self.starts[slot]..self.starts[slot + 1]];
            for (i, rank) in ranks.iter().enumerate() {
                if self.of_rank[i] == slot
                    && let Ok(place) = usize::try_from(rank - self.below[slot])
                {
                    found[i] = *values.select_nth_unstable_by(place, f64::total_cmp).1;
                }
            }
        }
        found
    }
}
