//! The points of a chart, as far as rows have come.

use serde::{Deserialize, Serialize};

use super::Subgroups;
use crate::Absent;

/// Means and deviations of all subgroups, kept to be put on a chart. Rows come in any number of chunks, in their order.
///
/// ```
/// use scouter_drift::spc::{ChartPoints, Limits, Rules, SpcBaseline};
///
/// let before: Vec<f64> = (0..100).map(|i| f64::from(i % 5)).collect();
/// let baseline = SpcBaseline::of_numbers(&before[..], Some(5), Limits::default())?;
/// let mut points = ChartPoints::new(baseline.sample_size);
/// before.chunks(7).for_each(|chunk| points.add(chunk));
/// assert_eq!(baseline.judge(points, &Rules::default())?.means.len(), 20);
/// # Ok::<(), scouter_drift::Absent>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChartPoints {
    pub(super) groups: Subgroups,
    pub(super) means: Vec<f64>,
    pub(super) deviations: Vec<f64>,
}

impl ChartPoints {
    /// No points yet, of subgroups of this size.
    pub fn new(size: usize) -> Self {
        Self { groups: Subgroups::new(size), means: Vec::new(), deviations: Vec::new() }
    }

    /// Makes room for the points of so many more rows at once, where it is known how many will come.
    pub fn reserve(&mut self, rows: usize) {
        let more = rows / self.groups.size() + 1;
        self.means.reserve(more);
        self.deviations.reserve(more);
    }

    /// Takes in the next rows.
    pub fn add(&mut self, chunk: &[f64]) {
        self.reserve(chunk.len());
        let Self { groups, means, deviations } = self;
        groups.add(chunk, |group| {
            means.push(group.mean);
            deviations.extend(group.deviation);
        });
    }

    /// The means of all complete subgroups.
    pub fn means(&self) -> &[f64] {
        &self.means
    }

    /// Takes in the points of the rows that follow. Rows of an incomplete subgroup between both are unused.
    ///
    /// # Errors
    /// The subgroups are of another size.
    pub fn merge(&mut self, later: &Self) -> Result<(), Absent> {
        let between = self.groups.between(&later.groups);
        self.groups.merge(&later.groups)?;
        self.means.extend_from_slice(&later.means);
        self.deviations.extend(between);
        self.deviations.extend_from_slice(&later.deviations);
        Ok(())
    }
}
