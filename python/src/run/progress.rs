//! A progress bar, where somebody is there to see it.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use scouter_engine::{Clock, SystemClock};

/// A run that takes less needs no bar.
const QUICK: Duration = Duration::from_secs(1);

/// Shows how many records are done: on a terminal, once a run takes longer than a second.
pub(super) struct Progress {
    wanted: bool,
    /// How many there are, where that is known.
    records: Option<usize>,
    started: Instant,
    quick: Duration,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// `wanted` says it outright; otherwise a terminal decides.
    pub(super) fn new(wanted: Option<bool>, records: Option<usize>) -> Self {
        let quick = if wanted == Some(true) { Duration::ZERO } else { QUICK };
        let wanted = wanted.unwrap_or_else(|| stderr().is_terminal());
        Self { wanted, records, started: SystemClock.instant(), quick, bar: None }
    }

    pub(super) fn show(&mut self, done: usize) {
        if !self.wanted || (self.bar.is_none() && self.started.elapsed() < self.quick) {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let records = self.records.map(|records| records as u64);
            let bar = ProgressBar::with_draw_target(records, ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template(match records {
                Some(_) => "{bar:40} {pos}/{len} records, {elapsed} of about {duration}",
                None => "{spinner} {pos} records, {elapsed}",
            });
            style.map(|style| bar.clone().with_style(style)).unwrap_or(bar)
        });
        bar.set_position(done as u64);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
