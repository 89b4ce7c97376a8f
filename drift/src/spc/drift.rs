//! Later rows on the chart of a baseline.

use serde::{Deserialize, Serialize};

use super::{Alert, AlertKind, ChartPoints, Rule, Rules, SpcBaseline};
use crate::{Absent, column::Column};

/// After a change every point breaks some rule, and each further alert tells less.
const MOST_ALERTS: usize = 1000;

/// Subgroups of later rows, and the rules they break.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpcDrift {
    /// The mean of each subgroup.
    pub means: Vec<f64>,
    /// Its standard deviation, for the S chart. On a chart of single values the moving ranges, of which there is one less: that of the
    /// second point comes first.
    pub deviations: Vec<f64>,
    /// How many standard deviations each mean is from the centre.
    pub scores: Vec<f64>,
    /// The rules that were broken, in the order in which it was seen: the first 1,000.
    pub alerts: Vec<Alert>,
    /// How many more there were.
    #[serde(default)]
    pub more_alerts: u64,
    /// Subgroups whose standard deviation is beyond the limits of the S chart, or single values that are too far from the one before.
    pub deviations_out: Vec<usize>,
    /// Rows without a finite value.
    pub left_out: u64,
    /// Values at the end that are in no complete subgroup.
    pub unused: u64,
}

impl SpcDrift {
    /// How many rules were broken, those that are not kept too.
    pub fn alert_count(&self) -> u64 {
        (self.alerts.len() as u64).saturating_add(self.more_alerts)
    }

    /// The alerts of the S chart, which are beside those of the rules: one for every point beyond its limits. A moving range has the two
    /// single values that it is between.
    pub fn spread_alerts(&self) -> impl Iterator<Item = Alert> {
        let before = self.means.len().saturating_sub(self.deviations.len());
        self.deviations_out.iter().map(move |at| Alert {
            rule: Rule::Spread,
            kind: AlertKind::Spread,
            zone: None,
            points: (at.saturating_sub(before)..=*at).collect(),
        })
    }
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
        let mut points = ChartPoints::new(self.sample_size);
        column.each_chunk(&mut |chunk| points.add(chunk));
        self.judge(points, rules)
    }

    /// Judges points that have been taken from rows in parts, in subgroups of this baseline's size.
    ///
    /// # Errors
    /// No subgroup is complete, or the subgroups are of another size.
    pub fn judge(&self, points: ChartPoints, rules: &Rules) -> Result<SpcDrift, Absent> {
        let ChartPoints { groups, means, deviations } = points;
        if groups.size() != self.sample_size {
            return Err(Absent::Mismatch { left: self.sample_size as u64, right: groups.size() as u64 });
        }
        groups.grand_mean()?;
        let scores: Vec<f64> = means.iter().map(|mean| self.score(*mean)).collect();
        let inside = self.deviation_lcl - self.rounding()..=self.deviation_ucl + self.rounding();
        let first = means.len() - deviations.len();
        let out = (first..).zip(&deviations).filter(|(_, s)| !inside.contains(s));
        let mut found = rules.alerts(&scores);
        let alerts = found.by_ref().take(MOST_ALERTS).collect();
        let more_alerts = found.count() as u64;
        Ok(SpcDrift {
            alerts,
            more_alerts,
            deviations_out: out.map(|(i, _)| i).collect(),
            left_out: groups.left_out(),
            unused: groups.unused(),
            means,
            deviations,
            scores,
        })
    }
}
