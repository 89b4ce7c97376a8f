//! The alerts of runs and trends, from the points that may break a rule. Those that can't are passed over, sixty-four at a time.

use super::{
    Alert,
    digits::{Runs, ZoneRule},
    runs::{BLOCK, Beyond, Steps},
    trend::Trend,
};

/// The alerts of the tests of zones and of a trend, in the order of the points at which they are seen.
pub(super) fn alerts(runs: Runs, trend: Trend, scores: &[f64]) -> impl Iterator<Item = Alert> {
    let mut watch = Watch::new(runs, trend);
    (0..scores.len()).step_by(BLOCK).flat_map(move |start| watch.take(scores, start))
}

/// What comes up point by point, begun anew where blocks were passed over.
struct Watch {
    beyond: Vec<(Beyond, ZoneRule)>,
    steps: Steps,
    fresh: (Runs, Trend),
    /// Up to the end of the last block, unless that was passed over.
    running: Option<(Runs, Trend)>,
}

impl Watch {
    fn new(runs: Runs, trend: Trend) -> Self {
        let beyond = runs.tests().map(|(zone, rule)| (Beyond::new(zone.begin()), rule)).into_iter();
        let beyond = beyond.filter(|(_, rule)| rule.consecutive > 0 || rule.alternating > 0).collect();
        Self { beyond, steps: Steps::new(), fresh: (runs, trend), running: None }
    }

    /// The alerts of the block that begins here.
    fn take(&mut self, scores: &[f64], start: usize) -> Vec<Alert> {
        let block = start..scores.len().min(start + BLOCK);
        if self.is_quiet(&scores[block.clone()]) {
            self.running = None;
            return Vec::new();
        }
        let (runs, trend) = self.running.get_or_insert_with(|| {
            let (mut runs, mut trend) = self.fresh.clone();
            // The block before broke no rule, and a run that does now began no earlier.
            for at in start.saturating_sub(BLOCK)..start {
                runs.take(at, scores[at]);
                trend.take(at, scores[at]);
            }
            (runs, trend)
        });
        block.flat_map(|at| runs.take(at, scores[at]).into_iter().chain(trend.take(at, scores[at]))).collect()
    }

    /// Whether no point of the next block breaks a rule.
    fn is_quiet(&mut self, block: &[f64]) -> bool {
        self.steps.take(block);
        let mut quiet = !self.steps.has_trend(self.fresh.1.points());
        for (beyond, rule) in &mut self.beyond {
            beyond.take(block);
            quiet &= !(beyond.has_consecutive(rule.consecutive) || beyond.has_alternating(rule.alternating));
        }
        quiet
    }
}
