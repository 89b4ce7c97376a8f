//! Pearson's correlation in parts: r = C/√(M₂x·M₂y), where the sum C = Σ(x − x̄)(y − ȳ) of two parts combines as variances do:
//! `C = C_a + C_b + (x̄_b − x̄_a)(ȳ_b − ȳ_a)·n_a·n_b/n`. Chan, Golub and LeVeque (1979). Rows count where both values are finite.

use serde::{Deserialize, Serialize, de::Error as _};

use super::packed::{packed, unpacked};
use crate::Absent;

/// What is known of two columns side by side.
///
/// ```
/// use scouter_drift::profile::CoMoments;
///
/// let mut pair = CoMoments::default();
/// pair.add(&[1.0, 2.0, f64::NAN, 3.0], &[2.0, 4.0, 9.0, 6.0]);
/// assert!((pair.correlation()? - 1.0).abs() < 1e-12);
/// # Ok::<(), scouter_drift::Absent>(())
/// ```
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct CoMoments {
    count: u64,
    mean_x: f64,
    mean_y: f64,
    m2_x: f64,
    m2_y: f64,
    c: f64,
}

/// Sums that are beyond the largest number may be NaN, and a state is to equal its own copy.
impl PartialEq for CoMoments {
    fn eq(&self, other: &Self) -> bool {
        self.bits() == other.bits()
    }
}

/// Rows whose sums are taken at once; small enough to be read twice from the first level of the cache.
const BLOCK: usize = 512;

impl CoMoments {
    /// Takes in rows of both columns; what one has more than the other is left out.
    pub fn add(&mut self, x: &[f64], y: &[f64]) {
        for (x, y) in x.chunks(BLOCK).zip(y.chunks(BLOCK)) {
            self.merge(&Self::of_block(x, y));
        }
    }

    /// Sums around the block's own means, and these around the first row, so that those of equal values are exactly their value.
    fn of_block(x: &[f64], y: &[f64]) -> Self {
        let whole = |(x, y): &(&f64, &f64)| x.is_finite() && y.is_finite();
        let Some((first_x, first_y)) = x.iter().zip(y).find(whole) else {
            return Self::default();
        };
        let (mut count, mut sum_x, mut sum_y) = (0_u64, 0.0, 0.0);
        for (x, y) in x.iter().zip(y).filter(whole) {
            count += 1;
            sum_x += x - first_x;
            sum_y += y - first_y;
        }
        let n = count as f64;
        let (mean_x, mean_y) = (first_x + sum_x / n, first_y + sum_y / n);
        let mut block = Self { count, mean_x, mean_y, ..Self::default() };
        for (x, y) in x.iter().zip(y).filter(whole) {
            let (dx, dy) = (x - block.mean_x, y - block.mean_y);
            block.m2_x += dx * dx;
            block.m2_y += dy * dy;
            block.c += dx * dy;
        }
        block
    }

    /// Takes in another part.
    pub fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = *other;
            return;
        }
        let (na, nb) = (self.count as f64, other.count as f64);
        let n = na + nb;
        let (dx, dy) = (other.mean_x - self.mean_x, other.mean_y - self.mean_y);
        self.m2_x += other.m2_x + dx * dx * na * nb / n;
        self.m2_y += other.m2_y + dy * dy * na * nb / n;
        self.c += other.c + dx * dy * na * nb / n;
        self.mean_x += dx * nb / n;
        self.mean_y += dy * nb / n;
        self.count = self.count.saturating_add(other.count);
    }

    /// The same of the columns in the other order.
    fn turned(self) -> Self {
        let Self { mean_x, mean_y, m2_x, m2_y, .. } = self;
        Self { mean_x: mean_y, mean_y: mean_x, m2_x: m2_y, m2_y: m2_x, ..self }
    }

    fn bits(&self) -> [u64; 6] {
        let Self { count, mean_x, mean_y, m2_x, m2_y, c } = *self;
        [count, mean_x.to_bits(), mean_y.to_bits(), m2_x.to_bits(), m2_y.to_bits(), c.to_bits()]
    }

    fn of_bits([count, sums @ ..]: &[u64; 6]) -> Self {
        let [mean_x, mean_y, m2_x, m2_y, c] = sums.map(f64::from_bits);
        Self { count: *count, mean_x, mean_y, m2_x, m2_y, c }
    }

    /// Pearson's correlation, from −1 to 1.
    ///
    /// # Errors
    /// Fewer than two rows have both values, a column is constant in them, or a sum is beyond the largest number.
    pub fn correlation(&self) -> Result<f64, Absent> {
        if self.count < 2 {
            return Err(Absent::TooFew { needed: 2, found: self.count });
        }
        if !(self.m2_x.is_finite() && self.m2_y.is_finite() && self.c.is_finite()) {
            Err(Absent::Overflow)
        } else if self.m2_x > 0.0 && self.m2_y > 0.0 {
            Ok((self.c / (self.m2_x.sqrt() * self.m2_y.sqrt())).clamp(-1.0, 1.0))
        } else {
            Err(Absent::Constant)
        }
    }
}

/// The correlations of all pairs of some columns.
///
/// ```
/// use scouter_drift::profile::Correlations;
///
/// let mut all = Correlations::new(2);
/// all.add(&[&[1.0, 2.0, 4.0], &[3.0, 2.0, 0.0]])?;
/// assert!((all.correlation(1, 0)? + 1.0).abs() < 1e-12);
/// # Ok::<(), scouter_drift::Absent>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Form", into = "Form")]
pub struct Correlations {
    columns: usize,
    /// Pairs (1, 0), (2, 0), (2, 1), (3, 0), …
    pairs: Vec<CoMoments>,
}

impl Correlations {
    /// Nothing yet, of so many columns.
    pub fn new(columns: usize) -> Self {
        Self { columns, pairs: vec![CoMoments::default(); columns * columns.saturating_sub(1) / 2] }
    }

    /// Further columns, which had no value in the rows so far.
    pub fn widen(&mut self, columns: usize) {
        self.columns = columns.max(self.columns);
        // Pairs go by their later column, so that those of further ones come behind.
        self.pairs.resize(self.columns * self.columns.saturating_sub(1) / 2, CoMoments::default());
    }

    /// Takes in the same rows of every column.
    ///
    /// # Errors
    /// There are more or fewer columns.
    pub fn add(&mut self, columns: &[&[f64]]) -> Result<(), Absent> {
        self.same(columns.len())?;
        let mut pairs = self.pairs.iter_mut();
        for (i, x) in columns.iter().enumerate() {
            for (y, pair) in columns[..i].iter().zip(&mut pairs) {
                pair.add(x, y);
            }
        }
        Ok(())
    }

    /// Takes in another part.
    ///
    /// # Errors
    /// There are more or fewer columns.
    pub fn merge(&mut self, other: &Self) -> Result<(), Absent> {
        self.same(other.columns)?;
        for (pair, more) in self.pairs.iter_mut().zip(&other.pairs) {
            pair.merge(more);
        }
        Ok(())
    }

    /// Takes in a part of which every column stands at one of these places here.
    ///
    /// # Errors
    /// It has more or fewer columns than there are places, or there is no such pair of places.
    pub fn merge_at(&mut self, other: &Self, places: &[usize]) -> Result<(), Absent> {
        other.same(places.len())?;
        let mut parts = other.pairs.iter();
        for (i, x) in places.iter().enumerate() {
            for (y, part) in places[..i].iter().zip(&mut parts) {
                let place = self.place(*x, *y)?;
                self.pairs[place].merge(&if x > y { *part } else { part.turned() });
            }
        }
        Ok(())
    }

    /// In how many rows a pair of columns has both values, at most.
    pub(super) fn rows(&self) -> u64 {
        self.pairs.iter().map(|pair| pair.count).max().unwrap_or(0)
    }

    pub(super) fn same(&self, columns: usize) -> Result<(), Absent> {
        if columns == self.columns {
            Ok(())
        } else {
            Err(Absent::Mismatch { left: self.columns as u64, right: columns as u64 })
        }
    }

    /// The correlation of two different columns, by position.
    ///
    /// # Errors
    /// Fewer than two rows have both values, a column is constant in them, or there is no such pair.
    pub fn correlation(&self, a: usize, b: usize) -> Result<f64, Absent> {
        self.place(a, b).and_then(|place| self.pairs[place].correlation())
    }

    /// Where the sums of two columns stand.
    fn place(&self, a: usize, b: usize) -> Result<usize, Absent> {
        let (low, high) = (a.min(b), a.max(b));
        if low == high || high >= self.columns {
            return Err(Absent::WrongInput);
        }
        Ok(high * (high - 1) / 2 + low)
    }
}

/// What is kept: six numbers of each pair. Sums may be beyond what JSON has numbers for.
#[derive(Serialize, Deserialize)]
struct Form {
    columns: usize,
    pairs: String,
}

impl From<Correlations> for Form {
    fn from(all: Correlations) -> Self {
        Self { columns: all.columns, pairs: packed(all.pairs.iter().flat_map(CoMoments::bits)) }
    }
}

impl TryFrom<Form> for Correlations {
    type Error = serde::de::value::Error;

    fn try_from(form: Form) -> Result<Self, Self::Error> {
        let numbers = unpacked(&form.pairs)?;
        let (pairs, rest) = numbers.as_chunks::<6>();
        let wanted = form.columns.checked_mul(form.columns.saturating_sub(1)).map(|twice| twice / 2);
        if !rest.is_empty() || wanted != Some(pairs.len()) {
            return Err(Self::Error::custom("there are not six numbers of every pair of columns"));
        }
        Ok(Self { columns: form.columns, pairs: pairs.iter().map(CoMoments::of_bits).collect() })
    }
}
