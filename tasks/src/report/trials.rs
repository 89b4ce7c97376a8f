//! What several trials of each case add to a report.

use std::sync::Arc;

use crate::result::{Asked, Results, Status, TrialLine, Trials};

/// Up to how many trials the chances of each number of them are told; above it, of powers of two.
const EACH: u64 = 8;

/// What the trials say.
#[derive(Debug)]
pub(super) struct Told {
    /// How many cases there are.
    pub(super) cases: usize,
    /// What whole records say.
    pub(super) whole: TrialLine,
    /// What each task says, by its place; those that came to a verdict in some trial.
    pub(super) tasks: Vec<(usize, TrialLine)>,
    /// For numbers of trials, the chance that at least one passes, and that all do: of whole records.
    pub(super) chances: Vec<(u64, f64, f64)>,
    /// The cases that pass in some trials and fail in others, as whole records.
    pub(super) flaky: Vec<Flaky>,
}

/// A case that comes out now this way, now that.
#[derive(Debug)]
pub(super) struct Flaky {
    pub(super) name: String,
    /// The places of its rows, and how each came out.
    pub(super) rows: Vec<(usize, Status)>,
}

impl Flaky {
    /// How many of its trials passed, of how many that came to a verdict.
    pub(super) fn passed(&self) -> (usize, usize) {
        let of = self.rows.iter().filter(|(_, status)| status.counts());
        (of.clone().filter(|(_, status)| *status == Status::Passed).count(), of.count())
    }
}

impl Told {
    /// What there is to tell of trials; `None` where no case has two.
    pub(super) fn of(results: &Arc<Results>) -> Option<Self> {
        let trials = Trials::of(results);
        if trials.cases().len() == results.rows().len() {
            return None;
        }
        let whole = trials.line(Asked::Record);
        let tasks = (0..results.tasks().len()).map(|at| (at, trials.line(Asked::Task(at))));
        let chance = |k| {
            let (at, hat) = (trials.pass_at(Asked::Record, k)?, trials.pass_hat(Asked::Record, k)?);
            Some((k, at.value, hat.value))
        };
        let flaky = trials.flaky(Asked::Record).map(|case| Flaky {
            name: case.name.to_string(),
            rows: case.rows.iter().map(|at| (*at as usize, trials.trial(*at, Asked::Record))).collect(),
        });
        Some(Self {
            cases: trials.cases().len(),
            tasks: tasks.filter(|(_, line)| line.trials > 0).collect(),
            chances: numbers(whole.k).into_iter().filter_map(chance).collect(),
            flaky: flaky.collect(),
            whole,
        })
    }
}

/// The numbers of trials up to this one that are told of.
fn numbers(most: u64) -> Vec<u64> {
    if most <= EACH {
        return (1..=most).collect();
    }
    let mut all: Vec<u64> = (0..63).map(|power| 1 << power).take_while(|number| *number < most).collect();
    all.push(most);
    all
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn few_trials_are_all_told_and_many_by_powers_of_two() {
        assert_eq!(numbers(4), [1, 2, 3, 4]);
        assert_eq!(numbers(20), [1, 2, 4, 8, 16, 20]);
        assert_eq!(numbers(16), [1, 2, 4, 8, 16]);
        assert_eq!(numbers(0), [0; 0]);
    }
}
