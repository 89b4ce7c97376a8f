//! Later rows on the chart of a baseline.

use serde::{Deserialize, Serialize};

use super::{Alert, Rules, SpcBaseline, Subgroups};
use crate::{Absent, column::Column};

/// Subgroups of later rows, and the rules they break.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpcDrift {
    /// The mean of each subgroup.
    pub means: Vec<f64>,
    /// Its standard deviation, for the S chart.
    pub deviations: Vec<f64>,
    /// How many standard deviations each mean is from the centre.
    pub scores: Vec<f64>,
    /// The rules that were broken, in the order in which it was seen.
    pub alerts: Vec<Alert>,
    /// Subgroups whose standard deviation is beyond the limits of the S chart.
    pub deviations_out: Vec<usize>,
    /// Rows without a finite value.
    pub left_out: u64,
    /// Values at the end that are in no complete subgroup.
    pub unused: u64,
}

impl SpcBaseline {
    /// Puts rows, in their order, on the chart.
    ///
    /// ```
    /// use scouter_drift::spc::{Limits, Rules, SpcBaseline, Subgroups};
    ///
    /// let before: Vec<f64> = (0..100).map(|i| f64::from(i % 5)).collect();
    /// let baseline = SpcBaseline::new(&Subgroups::of(&before[..], 5), Limits::SubgroupMeans)?;
    /// let after: Vec<f64> = before.iter().map(|v| v + 3.0).collect();
    /// assert!(!baseline.chart(&after[..], &Rules::default())?.alerts.is_empty());
    /// assert!(baseline.chart(&before[..], &Rules::default())?.alerts.is_empty());
    /// # Ok::<(), scouter_drift::Absent>(())
    /// ```
    ///
    /// # Errors
    /// No subgroup is complete.
    pub fn chart(&self, column: &(impl Column + ?Sized), rules: &Rules) -> Result<SpcDrift, Absent> {
        let mut chart = self.begin();
        column.each_chunk(&mut |chunk| chart.add(chunk));
        chart.finish(rules)
    }

    /// A chart without rows, to which they are added in their order.
    pub fn begin(&self) -> SpcChart {
        let groups = Subgroups::new(self.sample_size);
        SpcChart { baseline: *self, groups, means: Vec::new(), deviations: Vec::new() }
    }
}

/// A chart of rows that come in parts.
#[derive(Debug, Clone)]
pub struct SpcChart {
    baseline: SpcBaseline,
    groups: Subgroups,
    means: Vec<f64>,
    deviations: Vec<f64>,
}

impl SpcChart {
    /// Takes in the next rows.
    pub fn add(&mut self, chunk: &[f64]) {
        self.groups.add(chunk, |group| {
            self.means.push(group.mean);
            self.deviations.push(group.deviation);
        });
    }

    /// What the rows came to.
    ///
    /// # Errors
    /// No subgroup is complete.
    pub fn finish(self, rules: &Rules) -> Result<SpcDrift, Absent> {
        let Self { baseline, groups, means, deviations } = self;
        groups.grand_mean()?;
        let scores: Vec<f64> = means.iter().map(|mean| baseline.score(*mean)).collect();
        let inside = baseline.deviation_lcl..=baseline.deviation_ucl;
        let out = deviations.iter().enumerate().filter(|(_, s)| !inside.contains(s));
        Ok(SpcDrift {
            alerts: rules.alerts(&scores),
            deviations_out: out.map(|(i, _)| i).collect(),
            means,
            deviations,
            scores,
            left_out: groups.left_out(),
            unused: groups.unused(),
        })
    }
}
