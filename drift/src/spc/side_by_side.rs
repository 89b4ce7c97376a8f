//! Subgroups of columns that lie side by side in rows, which are read once, in the order in which they lie: neighbouring columns are summed
//! up together. Threads divide the rows; if they divided the columns, each would fetch the memory of all.
//!
//! It is for columns in which all values of whole subgroups are finite. Others have values left out before rows are grouped, so that their
//! subgroups are of other rows than those beside them: such a column is given up, and is left to [`Subgroups::add`]. Values are added in
//! the order in which they are there, so that nothing differs by as much as a bit.

use std::array::from_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use super::subgroups::{Averages, BLOCK};
use super::{ChartPoints, Subgroups};
use crate::{column::Matrix, sample::lanes_of_rows, wide::wide};

/// Values in a part of the rows: few enough for every thread to have some to the end, and enough for beginning one not to matter.
const PART: usize = 1 << 17;

/// The largest subgroups. Of larger ones not much stays in the first level of the cache to be read again.
const LARGEST: usize = 256;

/// Columns of rows that lie one after another, to be cut into subgroups of one size.
///
/// ```
/// use std::convert::Infallible;
///
/// use scouter_drift::column::Matrix;
/// use scouter_drift::spc::{SideBySide, Subgroups};
///
/// let rows = [1.0, 10.0, 3.0, 30.0, 2.0, f64::NAN, 6.0, 60.0];
/// let beside = SideBySide::new(Matrix::new(&rows, 2), vec![0, 1], 2).expect("pairs are small");
/// let states = beside.subgroups(|parts, work| Ok::<_, Infallible>((0..parts).map(work).collect()))?;
/// assert_eq!(states, [Some(Subgroups::of(&[1.0, 3.0, 2.0, 6.0][..], 2)), None]);
/// # Ok::<(), Infallible>(())
/// ```
#[derive(Debug)]
pub struct SideBySide<'a> {
    rows: Matrix<'a, f64>,
    columns: Vec<usize>,
    size: usize,
    /// Subgroups in a part.
    part: usize,
    /// The columns in which something is not finite, as far as it was seen.
    given_up: Vec<AtomicBool>,
}

/// What the subgroups of a part of the rows come to.
#[derive(Debug)]
pub struct PartSums {
    /// Block after block, and in each column after column.
    averages: Vec<Averages>,
}

/// What is to be done of every part, on any thread.
pub type PartWork<'w> = dyn Fn(usize) -> PartSums + Sync + 'w;

/// Where the points go that a column has in a part.
struct Place<'p> {
    means: &'p mut [f64],
    deviations: &'p mut [f64],
}

/// Neighbouring columns that are summed up together: as many as have room for all their lanes in the registers.
struct Tile<const N: usize> {
    first: usize,
    /// Which of the columns that are asked for are among them, and where.
    wanted: Vec<(usize, usize)>,
    sums: TileSums<N>,
}

/// The sums of a block of subgroups: of their means, as distances from the first, and of their deviations.
struct TileSums<const N: usize> {
    first: [f64; N],
    distances: [f64; N],
    deviations: [f64; N],
}

impl<'a> SideBySide<'a> {
    /// Some columns of these rows. `None` of single values, and of subgroups of more than 256.
    pub fn new(rows: Matrix<'a, f64>, columns: Vec<usize>, size: usize) -> Option<Self> {
        Self::in_parts(rows, columns, size, PART)
    }

    /// The same in parts of so many values; at the least a part is a block of subgroups.
    pub(super) fn in_parts(
        rows: Matrix<'a, f64>,
        columns: Vec<usize>,
        size: usize,
        values: usize,
    ) -> Option<Self> {
        if !(2..=LARGEST).contains(&size) {
            return None;
        }
        let blocks = values / (BLOCK * size * rows.width()).max(1);
        let given_up = columns.iter().map(|column| AtomicBool::new(*column >= rows.width())).collect();
        Some(Self { rows, columns, size, part: BLOCK * blocks.max(1), given_up })
    }

    /// How many parts there are, which can be worked on at the same time.
    pub fn parts(&self) -> usize {
        self.groups().div_ceil(self.part)
    }

    /// How many whole subgroups there are.
    fn groups(&self) -> usize {
        self.rows.rows() / self.size
    }

    /// The state of each column; none of one that is given up. `run` is told how many parts there are, does the work for every number
    /// below that, in any order, and gives back what came of them in theirs.
    ///
    /// # Errors
    /// Those of `run`.
    pub fn subgroups<E>(
        &self,
        run: impl FnOnce(usize, &PartWork<'_>) -> Result<Vec<PartSums>, E>,
    ) -> Result<Vec<Option<Subgroups>>, E> {
        let sums = run(self.parts(), &|part| self.take(part, &mut []))?;
        Ok(self.states(&sums))
    }

    /// The same with the points of all subgroups.
    ///
    /// # Errors
    /// Those of `run`.
    pub fn points<E>(
        &self,
        run: impl FnOnce(usize, &PartWork<'_>) -> Result<Vec<PartSums>, E>,
    ) -> Result<Vec<Option<ChartPoints>>, E> {
        let room = || vec![0.0; self.groups()];
        let mut points: Vec<_> = self.columns.iter().map(|_| (room(), room())).collect();
        let columns = points.iter_mut();
        let mut columns: Vec<_> = columns
            .map(|(means, deviations)| means.chunks_mut(self.part).zip(deviations.chunks_mut(self.part)))
            .collect();
        let mut next = || {
            let of = columns.iter_mut().filter_map(Iterator::next);
            Mutex::new(of.map(|(means, deviations)| Place { means, deviations }).collect::<Vec<_>>())
        };
        let places: Vec<_> = (0..self.parts()).map(|_| next()).collect();
        let sums = run(places.len(), &|part| {
            self.take(part, &mut places[part].lock().unwrap_or_else(PoisonError::into_inner))
        })?;
        let of = |((means, deviations), groups)| Some(ChartPoints { groups: groups?, means, deviations });
        Ok(points.into_iter().zip(self.states(&sums)).map(of).collect())
    }

    /// The state of each column that is not given up, now that all parts are done.
    fn states(&self, sums: &[PartSums]) -> Vec<Option<Subgroups>> {
        let rest = self.groups() * self.size..self.rows.rows();
        let state = |(at, column): (usize, &usize)| {
            if self.given_up[at].load(Ordering::Relaxed) {
                return None;
            }
            let blocks =
                sums.iter().flat_map(|part| part.averages.iter().skip(at).step_by(self.columns.len()));
            let rest: Vec<f64> = rest.clone().map(|row| self.rows.beside::<1>(row, *column)[0]).collect();
            Some(Subgroups::of_blocks(self.size, blocks.copied(), &rest))
        };
        self.columns.iter().enumerate().map(state).collect()
    }

    /// Takes a part, and writes the points of each column where there are places for them.
    fn take(&self, part: usize, places: &mut [Place<'_>]) -> PartSums {
        wide(
            #[inline(always)]
            || match self.rows.width() {
                0 | 1 => self.take_tiles::<1>(part, places),
                2 | 3 => self.take_tiles::<2>(part, places),
                _ => self.take_tiles::<4>(part, places),
            },
        )
    }

    #[inline(always)]
    fn take_tiles<const N: usize>(&self, part: usize, places: &mut [Place<'_>]) -> PartSums {
        let groups = part * self.part..self.groups().min((part + 1) * self.part);
        let mut tiles = self.tiles::<N>();
        let mut averages = vec![Averages::default(); groups.len().div_ceil(BLOCK) * self.columns.len()];
        let blocks = averages.chunks_mut(self.columns.len().max(1));
        for (first, averages) in groups.clone().step_by(BLOCK).zip(blocks) {
            let block = first..groups.end.min(first + BLOCK);
            for group in block.clone() {
                for tile in &mut tiles {
                    let means = self.means(group, tile.first);
                    let deviations = self.deviations(group, tile.first, means);
                    if group == first {
                        tile.sums = TileSums::from(means);
                    }
                    tile.sums.add(means, deviations);
                    for (column, at) in &tile.wanted {
                        if let Some(place) = places.get_mut(*column) {
                            place.means[group - groups.start] = means[*at];
                            place.deviations[group - groups.start] = deviations[*at];
                        }
                    }
                }
            }
            for Tile { wanted, sums, .. } in &tiles {
                for (column, at) in wanted {
                    let (means, deviations) = ((sums.first[*at], sums.distances[*at]), sums.deviations[*at]);
                    averages[*column] =
                        Averages::of_sums(block.len() as u64, means, block.len() as u64, deviations);
                    if !deviations.is_finite() {
                        self.given_up[*column].store(true, Ordering::Relaxed);
                    }
                }
            }
        }
        PartSums { averages }
    }

    /// Tiles of all columns that are not given up.
    #[inline(always)]
    fn tiles<const N: usize>(&self) -> Vec<Tile<N>> {
        let mut tiles: Vec<Tile<N>> = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            if self.given_up[at].load(Ordering::Relaxed) {
                continue;
            }
            let covers = |tile: &&mut Tile<N>| (tile.first..tile.first + N).contains(column);
            if let Some(tile) = tiles.last_mut().filter(covers) {
                tile.wanted.push((at, column - tile.first));
            } else {
                let first = (*column).min(self.rows.width() - N);
                tiles.push(Tile {
                    first,
                    wanted: vec![(at, column - first)],
                    sums: TileSums::from([0.0; N]),
                });
            }
        }
        tiles
    }

    /// The means of a subgroup of neighbouring columns.
    #[inline(always)]
    fn means<const N: usize>(&self, group: usize, first: usize) -> [f64; N] {
        let base = self.rows.beside::<N>(group * self.size, first);
        let sums = lanes_of_rows(
            self.size,
            #[inline(always)]
            |at| each(self.rows.beside(group * self.size + at, first), base, |v, base| v - base),
        );
        each(base, sums, |base, sum| base + sum / self.size as f64)
    }

    /// Their standard deviations, which are not finite where a value is not, or a sum.
    #[inline(always)]
    fn deviations<const N: usize>(&self, group: usize, first: usize, means: [f64; N]) -> [f64; N] {
        let squares = lanes_of_rows(
            self.size,
            #[inline(always)]
            |at| {
                let values = self.rows.beside(group * self.size + at, first);
                each(values, means, |v, mean| (v - mean) * (v - mean))
            },
        );
        from_fn(|at| (squares[at] / (self.size - 1) as f64).sqrt())
    }
}

impl<const N: usize> TileSums<N> {
    /// Of nothing yet; the first means will be these.
    #[inline(always)]
    fn from(first: [f64; N]) -> Self {
        Self { first, distances: [0.0; N], deviations: [0.0; N] }
    }

    #[inline(always)]
    fn add(&mut self, means: [f64; N], deviations: [f64; N]) {
        let distances = each(means, self.first, |mean, first| mean - first);
        self.distances = each(self.distances, distances, |sum, distance| sum + distance);
        self.deviations = each(self.deviations, deviations, |sum, deviation| sum + deviation);
    }
}

/// A function of two numbers of every column.
#[inline(always)]
fn each<const N: usize>(a: [f64; N], b: [f64; N], f: impl Fn(f64, f64) -> f64) -> [f64; N] {
    from_fn(|at| f(a[at], b[at]))
}
