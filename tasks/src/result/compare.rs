//! Two runs, record by record and task by task.

use std::collections::HashMap;

use super::results::Results;
use super::row::Row;
use super::status::Status;

/// Which of two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The run that was there before.
    Baseline,
    /// The run that is compared with it.
    Comparison,
}

/// A task or a record that only one of the runs has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingTask {
    /// Its id.
    pub task_id: String,
    /// The run that has it.
    pub present_in: Side,
}

/// How a task came out on both sides for one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskChange {
    /// The task.
    pub task_id: String,
    /// What the record is called.
    pub record: String,
    /// Our identifier of the record in the compared run.
    pub record_uid: String,
    /// How it came out before.
    pub baseline: Status,
    /// How it came out now.
    pub comparison: Status,
}

impl TaskChange {
    /// Whether it came out otherwise than before.
    pub fn changed(&self) -> bool {
        self.baseline != self.comparison
    }
}

/// Which way something went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trend {
    /// Better by more than the threshold.
    Improved,
    /// Worse by more than the threshold.
    Regressed,
    /// Neither.
    Unchanged,
}

/// One record in both runs.
///
/// Rates are compared over the tasks that came to a verdict on either side: a task that errored,
/// was skipped or had nothing to check on one side has not passed there. Otherwise a run that
/// loses half of its checks to errors would look as good as before. A check that errors where it
/// came to a verdict before makes its record a regression.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// What the record is called.
    pub record: String,
    /// Our identifier of it in the baseline.
    pub baseline_uid: String,
    /// Our identifier of it in the compared run.
    pub comparison_uid: String,
    /// How many tasks passed before.
    pub baseline_passed: usize,
    /// How many pass now.
    pub comparison_passed: usize,
    /// How many tasks were compared.
    pub compared: usize,
    /// Which way it went.
    pub trend: Trend,
    /// Each task that both runs have, gates included.
    pub tasks: Vec<TaskChange>,
}

impl Pair {
    /// The share that passed before, from 0 to 1; 0 where nothing was compared.
    pub fn baseline_rate(&self) -> f64 {
        rate(self.baseline_passed, self.compared)
    }

    /// The share that passes now, from 0 to 1; 0 where nothing was compared.
    pub fn comparison_rate(&self) -> f64 {
        rate(self.comparison_passed, self.compared)
    }

    /// By how much it went up or down.
    pub fn delta(&self) -> f64 {
        self.comparison_rate() - self.baseline_rate()
    }
}

fn rate(passed: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { passed as f64 / of as f64 }
}

/// How one task came out over all pairs.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskTally {
    /// The task.
    pub task_id: String,
    /// In how many pairs it came to a verdict on either side.
    pub compared: usize,
    /// In how many of them it passed before.
    pub baseline_passed: usize,
    /// In how many of them it passes now.
    pub comparison_passed: usize,
    /// In how many pairs it came out otherwise than before.
    pub changed: usize,
}

/// What comparing two runs came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The records that both runs have, in the order of the compared run.
    pub pairs: Vec<Pair>,
    /// Tasks that only one of the runs has.
    pub missing_tasks: Vec<MissingTask>,
    /// Records that only the baseline has.
    pub lost_records: Vec<String>,
    /// Records that only the compared run has.
    pub new_records: Vec<String>,
    /// How many records the baseline has.
    pub baseline_records: usize,
    /// How many records the compared run has.
    pub comparison_records: usize,
    /// By how much a record's rate may fall without being a regression.
    pub threshold: f64,
}

impl Comparison {
    /// How many records went this way.
    pub fn trend(&self, trend: Trend) -> usize {
        self.pairs.iter().filter(|pair| pair.trend == trend).count()
    }

    /// The mean change of the records' rates, from −1 to 1; 0 where nothing was paired.
    pub fn mean_delta(&self) -> f64 {
        let sum: f64 = self.pairs.iter().map(Pair::delta).sum();
        if self.pairs.is_empty() { 0.0 } else { sum / self.pairs.len() as f64 }
    }

    /// Whether anything got worse: a record regressed, or a record or a task is there no more. What
    /// is not looked at any longer must not pass for unchanged.
    pub fn regressed(&self) -> bool {
        let lost_task = self.missing_tasks.iter().any(|task| task.present_in == Side::Baseline);
        self.trend(Trend::Regressed) > 0 || lost_task || !self.lost_records.is_empty()
    }

    /// Every task that came out otherwise than before.
    pub fn changes(&self) -> impl Iterator<Item = &TaskChange> {
        self.pairs.iter().flat_map(|pair| &pair.tasks).filter(|task| task.changed())
    }

    /// Each task over all pairs, in the order of the compared suite.
    pub fn tallies(&self) -> Vec<TaskTally> {
        let mut tallies: Vec<TaskTally> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for task in self.pairs.iter().flat_map(|pair| &pair.tasks) {
            let at = *places.entry(&task.task_id).or_insert_with(|| {
                let task_id = task.task_id.clone();
                tallies.push(TaskTally {
                    task_id,
                    compared: 0,
                    baseline_passed: 0,
                    comparison_passed: 0,
                    changed: 0,
                });
                tallies.len() - 1
            });
            let tally = &mut tallies[at];
            tally.compared += usize::from(task.baseline.counts() || task.comparison.counts());
            tally.baseline_passed += usize::from(task.baseline == Status::Passed);
            tally.comparison_passed += usize::from(task.comparison == Status::Passed);
            tally.changed += usize::from(task.changed());
        }
        tallies
    }
}

/// Compares a run with one that was there before. Records are paired by the user's id; records
/// without one are paired by their place.
///
/// A record whose pass rate falls by more than `threshold` (from 0 to 1) is a regression.
pub fn compare(comparison: &Results, baseline: &Results, threshold: f64) -> Comparison {
    let places: HashMap<&str, usize> =
        baseline.tasks().iter().enumerate().map(|(at, task)| (task.id.as_str(), at)).collect();
    // Where each task of the compared run stands in the baseline.
    let shared: Vec<Option<usize>> =
        comparison.tasks().iter().map(|task| places.get(task.id.as_str()).copied()).collect();
    let before: HashMap<String, &Row> = keyed(baseline).collect();
    let mut pairs = Vec::new();
    let mut new_records = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (key, row) in keyed(comparison) {
        match before.get(&key) {
            None => new_records.push(row.name()),
            Some(old) => pairs.push(pair(comparison, &shared, row, old, threshold)),
        }
        seen.insert(key);
    }
    let lost = keyed(baseline).filter(|(key, _)| !seen.contains(key)).map(|(_, row)| row.name());
    Comparison {
        pairs,
        missing_tasks: missing(comparison, baseline),
        lost_records: lost.collect(),
        new_records,
        baseline_records: baseline.rows().len(),
        comparison_records: comparison.rows().len(),
        threshold,
    }
}

fn keyed(results: &Results) -> impl Iterator<Item = (String, &Row)> {
    // A place can't be mistaken for an id: it is told apart by its first letter.
    let key =
        |(at, row): (usize, &Row)| row.id.as_ref().map_or_else(|| format!("#{at}"), |id| format!("={id}"));
    results.rows().iter().enumerate().map(move |(at, row)| (key((at, row)), row))
}

fn pair(comparison: &Results, shared: &[Option<usize>], row: &Row, old: &Row, threshold: f64) -> Pair {
    let mut pair = Pair {
        record: row.name(),
        baseline_uid: old.uid.to_string(),
        comparison_uid: row.uid.to_string(),
        baseline_passed: 0,
        comparison_passed: 0,
        compared: 0,
        trend: Trend::Unchanged,
        tasks: Vec::new(),
    };
    for (at, task) in comparison.tasks().iter().enumerate() {
        let Some(before) = shared[at] else { continue };
        let change = TaskChange {
            task_id: task.id.clone(),
            record: pair.record.clone(),
            record_uid: pair.comparison_uid.clone(),
            baseline: Status::of(&old.outcomes[before]),
            comparison: Status::of(&row.outcomes[at]),
        };
        if !task.gate && (change.baseline.counts() || change.comparison.counts()) {
            pair.compared += 1;
            pair.baseline_passed += usize::from(change.baseline == Status::Passed);
            pair.comparison_passed += usize::from(change.comparison == Status::Passed);
        }
        pair.tasks.push(change);
    }
    // A check that came to a verdict and errors now got worse, whatever the verdict was.
    let broke = pair.tasks.iter().any(|task| task.baseline.counts() && task.comparison == Status::Errored);
    pair.trend = if broke { Trend::Regressed } else { trend(pair.delta(), threshold) };
    pair
}

/// Which way a rate went. A change of just the threshold is none, also where the difference of the
/// two rates, as floats, comes out a little larger: 19/20 − 20/20 is below −0.05.
fn trend(delta: f64, threshold: f64) -> Trend {
    const ROUNDING: f64 = 1e-12;
    if delta < -threshold - ROUNDING {
        Trend::Regressed
    } else if delta > threshold + ROUNDING {
        Trend::Improved
    } else {
        Trend::Unchanged
    }
}

fn missing(comparison: &Results, baseline: &Results) -> Vec<MissingTask> {
    let only_in = |these: &Results, those: &Results, side| -> Vec<MissingTask> {
        let absent = |id: &str| !those.tasks().iter().any(|task| task.id == id);
        let ids = these.tasks().iter().map(|task| &task.id).filter(|id| absent(id));
        ids.map(|id| MissingTask { task_id: id.clone(), present_in: side }).collect()
    };
    let mut all = only_in(baseline, comparison, Side::Baseline);
    all.extend(only_in(comparison, baseline, Side::Comparison));
    all
}
