//! Two runs, record by record and task by task.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Arc;

use scouter_drift::statistics::adjust::{benjamini_hochberg, holm};
use scouter_engine::Outcome;

use super::changed::{ChangedTask, changed};
use super::cluster::{Clusters, Gains};
use super::decide::{ComparisonVerdict, RateChange};
use super::options::{Correction, Options};
use super::over_all::over_all;
use super::pair::{Judged, MissingTask, Pair, Side, TaskChange, Trend, trend};
use super::pairing::{Keyed, Pairing, pair_up};
use super::tally::{Tallying, TaskTally};
use crate::measured::Measured;
use crate::result::results::Results;
use crate::result::row::Row;
use crate::result::status::Status;

/// Whether what two runs came to can be compared at all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Validity {
    /// It can.
    Valid,
    /// No record is in both runs.
    Disjoint,
    /// The runs ran each record another number of times.
    OtherTrials {
        /// How often the compared run did.
        compared: NonZeroU32,
        /// How often the baseline did.
        baseline: NonZeroU32,
    },
    /// There is no record on which a check that counts came to a verdict on both sides.
    NothingCompared,
    /// The runs left out different records that could not be read, and records without an id are paired
    /// by their place: nobody knows which goes with which.
    PlacesUnknown,
    /// More records errored in one of the runs, or are lost to the compared one, than may be.
    TooManyErrors,
}

/// What comparing two runs came to. It holds both, and of every pair no more than a few numbers.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The run that was compared.
    pub compared: Arc<Results>,
    /// The run that it was compared with.
    pub baseline: Arc<Results>,
    /// How they were compared.
    pub options: Options,
    /// The records that both runs have, in the order of the compared run.
    pub pairs: Vec<Pair>,
    /// Each task that both runs have, gates included, in the order of the compared suite.
    pub tasks: Vec<TaskTally>,
    /// The change of the records' pass rates, over all tasks that are not gates. What was lost to an
    /// error on either side is left out; `None` where nothing is left.
    pub overall: Option<RateChange>,
    /// Tasks that only one of the runs has.
    pub missing_tasks: Vec<MissingTask>,
    /// Tasks that both runs have by their id, and that are other checks now.
    pub changed_tasks: Vec<ChangedTask>,
    /// The same of the tasks that look at all records at once; `None` where neither run has any. The tasks that only one run has, or that
    /// are other checks now, are among those above too.
    pub window: Option<Arc<Self>>,
    /// Places of the records that only the baseline has.
    lost: Vec<u32>,
    /// Places of the records that only the compared run has.
    new: Vec<u32>,
    /// For how many records of the baseline and of the compared run something errored or was not come to.
    errored: [usize; 2],
    /// See [`Validity::PlacesUnknown`].
    places_unknown: bool,
    /// How often the compared run and the baseline ran each record; `None` of one without records.
    trials: [Option<NonZeroU32>; 2],
    /// The tasks that both have: place in the compared suite, place in that of the baseline.
    shared: Vec<(usize, usize)>,
}

impl Comparison {
    /// What the whole comparison says: regressed where the records or any task did (over all records at
    /// once too), or a task of the baseline is there no more; otherwise inconclusive where a task is another check now; otherwise
    /// improved where the records or any task did; otherwise what the records say. Tasks that only
    /// report say nothing here.
    pub fn verdict(&self) -> ComparisonVerdict {
        if self.validity() != Validity::Valid {
            return ComparisonVerdict::Invalid;
        }
        // Deleting the check that fails makes nothing better.
        if self.lost_tasks().next().is_some() {
            return ComparisonVerdict::Regressed;
        }
        let over_all = self.verdict_over_all();
        let records = self.overall.map(|overall| overall.verdict).or(over_all);
        let records = records.unwrap_or(ComparisonVerdict::Inconclusive);
        let counts = |task: &&TaskTally| self.compared.tasks()[task.task].advisory.is_none();
        let decides = |verdict| self.tasks.iter().filter(counts).any(|task| task.verdict() == verdict);
        let any = |verdict| records == verdict || over_all == Some(verdict) || decides(verdict);
        if any(ComparisonVerdict::Regressed) {
            return ComparisonVerdict::Regressed;
        }
        // Nor does softening it.
        if !self.changed_tasks.is_empty() {
            return ComparisonVerdict::Inconclusive;
        }
        if any(ComparisonVerdict::Improved) { ComparisonVerdict::Improved } else { records }
    }

    /// Whether the runs can be compared.
    pub fn validity(&self) -> Validity {
        let both = !self.lost.is_empty() && !self.new.is_empty();
        let too_many =
            |lost| self.error_shares(lost).iter().any(|(_, share)| *share > self.options.max_error_share);
        if both && self.pairs.is_empty() {
            Validity::Disjoint
        } else if too_many(0) {
            Validity::TooManyErrors
        } else if let Some([compared, baseline]) = self.other_trials() {
            Validity::OtherTrials { compared, baseline }
        } else if too_many(self.lost.len()) {
            Validity::TooManyErrors
        } else if self.places_unknown {
            Validity::PlacesUnknown
        } else if self.overall.is_none()
            && self.verdict_over_all().is_none()
            && self.lost_tasks().next().is_none()
        {
            Validity::NothingCompared
        } else {
            Validity::Valid
        }
    }

    /// How often the compared run and the baseline ran each record, where that is not as often.
    pub(super) fn other_trials(&self) -> Option<[NonZeroU32; 2]> {
        let [Some(compared), Some(baseline)] = self.trials else { return None };
        (compared != baseline).then_some([compared, baseline])
    }

    /// The larger share of records of a run for which something errored or was not come to, with those that are lost to the compared run, and
    /// the run that it is of.
    pub fn error_share(&self) -> (Side, f64) {
        let [baseline, compared] = self.error_shares(self.lost.len());
        if baseline.1 > compared.1 { baseline } else { compared }
    }

    /// The share of records of each run for which something errored or was not come to; so many that are
    /// lost to the compared run count as such there. From 0 to 1.
    fn error_shares(&self, lost: usize) -> [(Side, f64); 2] {
        let share = |errored: usize, of: usize| errored as f64 / of.max(1) as f64;
        let [before, now] = self.errored;
        [
            (Side::Baseline, share(before, self.baseline.rows().len())),
            (Side::Comparison, share(now + lost, self.compared.rows().len() + lost)),
        ]
    }

    /// How many records went this way.
    pub fn trend(&self, trend: Trend) -> usize {
        self.pairs.iter().filter(|pair| pair.trend == trend).count()
    }

    /// The mean change of the records' rates, from −1 to 1, over what no error kept from a verdict on
    /// either side; 0 where nothing is left.
    pub fn mean_delta(&self) -> f64 {
        self.overall.map_or(0.0, |overall| overall.difference)
    }

    /// Whether anything got worse: a record or a check of all records regressed, or a record or a task is
    /// there no more. What is not looked at any longer must not pass for unchanged.
    pub fn regressed(&self) -> bool {
        self.trend(Trend::Regressed) > 0
            || self.verdict_over_all() == Some(ComparisonVerdict::Regressed)
            || self.lost_tasks().next().is_some()
            || !self.lost.is_empty()
    }

    /// The id of a task, by its place in the compared suite.
    pub fn task_id(&self, task: usize) -> &str {
        &self.compared.tasks()[task].id
    }

    /// The row of a pair in the compared run.
    pub fn row(&self, pair: usize) -> &Row {
        &self.compared.rows()[self.pairs[pair].comparison as usize]
    }

    /// The row of a pair in the baseline.
    pub fn baseline_row(&self, pair: usize) -> &Row {
        &self.baseline.rows()[self.pairs[pair].baseline as usize]
    }

    /// What the record of a pair is called.
    pub fn record(&self, pair: usize) -> String {
        self.row(pair).name()
    }

    /// The ids of the tasks that only the baseline has.
    pub fn lost_tasks(&self) -> impl Iterator<Item = &str> {
        let lost = self.missing_tasks.iter().filter(|task| task.present_in == Side::Baseline);
        lost.map(|task| task.task_id.as_str())
    }

    /// The ids of the tasks that only the compared run has.
    pub fn new_tasks(&self) -> impl Iterator<Item = &str> {
        let new = self.missing_tasks.iter().filter(|task| task.present_in == Side::Comparison);
        new.map(|task| task.task_id.as_str())
    }

    /// What the records are called that only the baseline has.
    pub fn lost_records(&self) -> impl ExactSizeIterator<Item = String> {
        self.lost.iter().map(|at| self.baseline.rows()[*at as usize].name())
    }

    /// What the records are called that only the compared run has.
    pub fn new_records(&self) -> impl ExactSizeIterator<Item = String> {
        self.new.iter().map(|at| self.compared.rows()[*at as usize].name())
    }

    /// Each task that both runs have, gates included, for the record of a pair.
    pub fn tasks_of(&self, pair: usize) -> impl Iterator<Item = TaskChange> {
        changes(pair, self.row(pair), self.baseline_row(pair), &self.shared)
    }

    /// Every task that came out otherwise than before.
    pub fn changes(&self) -> impl Iterator<Item = TaskChange> {
        (0..self.pairs.len()).flat_map(|pair| self.tasks_of(pair)).filter(TaskChange::changed)
    }
}

/// Whether they say the same of the same records.
impl PartialEq for Comparison {
    fn eq(&self, other: &Self) -> bool {
        let records = |of: &Self, pair: usize| {
            let (now, before) = (of.row(pair), of.baseline_row(pair));
            (now.id.clone(), now.uid, before.uid)
        };
        self.options == other.options
            && self.pairs == other.pairs
            && self.tasks == other.tasks
            && self.overall == other.overall
            && self.missing_tasks == other.missing_tasks
            && self.changed_tasks == other.changed_tasks
            && self.window == other.window
            && self.errored == other.errored
            && self.lost_records().eq(other.lost_records())
            && self.new_records().eq(other.new_records())
            && (0..self.pairs.len()).all(|pair| records(self, pair) == records(other, pair))
            && self.changes().eq(other.changes())
    }
}

/// Compares a run with one that was there before. Records are paired by the user's id and the trial, and
/// those without an id by their place among the records and the trial.
pub fn compare(compared: &Arc<Results>, baseline: &Arc<Results>, options: Options) -> Comparison {
    let shared = shared(compared, baseline);
    let [keyed, earlier] = [compared, baseline].map(|run| Keyed::new(run.rows()));
    let Pairing { pairs, mut lost, mut new } = pair_up(&keyed, &earlier);
    let trials = [&keyed, &earlier].map(Keyed::trials);
    // A trial beyond those that the other run made at all is no record that was lost, or is new.
    lost.retain(|at| trials[0].is_none_or(|most| earlier.trial(*at) <= most));
    new.retain(|at| trials[1].is_none_or(|most| keyed.trial(*at) <= most));
    let clusters = Clusters::of(&pairs, &keyed, &earlier, options.clusters);

    let mut tallies: Vec<Tallying> = shared.iter().map(|(at, _)| Tallying::new(*at, &clusters)).collect();
    let mut deltas = Vec::with_capacity(pairs.len());
    let mut compared_pairs = Vec::with_capacity(pairs.len());
    for (at, (place, partner)) in pairs.into_iter().enumerate() {
        let (now, before) = (keyed.row(place), earlier.row(partner));
        let mut pair = Pair {
            comparison: place,
            baseline: partner,
            baseline_passed: 0,
            comparison_passed: 0,
            compared: 0,
            trend: Trend::Unchanged,
        };
        let (mut judged, mut broke) = (Judged::default(), false);
        let paired = u32::try_from(at).unwrap_or(u32::MAX);
        for ((change, (task, partner)), tally) in
            changes(at, now, before, &shared).zip(&shared).zip(&mut tallies)
        {
            tally.add(change, &clusters);
            if let Some((old, new)) = number(&before.outcomes[*partner]).zip(number(&now.outcomes[*task])) {
                tally.numbers.add(paired, old, new);
            }
            // A check that came to a verdict and errors now got worse, whatever the verdict was.
            let decides = compared.tasks()[*task].advisory.is_none();
            broke |= decides && change.baseline.counts() && change.comparison == Status::Errored;
            if !compared.tasks()[*task].counts() {
                continue;
            }
            judged.add(change, (now, *task), (before, *partner));
            if change.baseline.counts() || change.comparison.counts() {
                pair.compared += 1;
                pair.baseline_passed += u32::from(change.baseline == Status::Passed);
                pair.comparison_passed += u32::from(change.comparison == Status::Passed);
            }
        }
        let delta = judged.delta();
        // What errored before and passes now is not better: nobody knows what it was.
        let surely = pair.delta().min(delta.unwrap_or_default());
        pair.trend = if broke { Trend::Regressed } else { trend(surely, options.threshold) };
        deltas.extend(delta.map(|delta| (paired, delta)));
        compared_pairs.push(pair);
    }

    let paired = compared_pairs.len();
    let mut tasks: Vec<TaskTally> =
        tallies.into_iter().map(|tally| tally.finish(&clusters, paired, &options)).collect();
    let mut overall = overall(&deltas, &clusters, &options);
    decide(&mut tasks, &mut overall, &options);
    let window = over_all(compared, baseline, options);
    let in_window = window.as_deref();
    let mut missing_tasks = missing(compared, baseline);
    missing_tasks.extend(in_window.iter().flat_map(|window| window.missing_tasks.iter().cloned()));
    let mut changed_tasks = changed(compared.tasks(), baseline.tasks(), &shared);
    changed_tasks.extend(in_window.iter().flat_map(|window| window.changed_tasks.iter().cloned()));
    Comparison {
        compared: compared.clone(),
        baseline: baseline.clone(),
        options,
        pairs: compared_pairs,
        tasks,
        overall,
        missing_tasks,
        changed_tasks,
        window,
        places_unknown: [compared, baseline].iter().all(|run| run.rows().iter().any(|row| row.id.is_none()))
            && left_out(compared) != left_out(baseline),
        trials,
        lost,
        new,
        shared,
        errored: [baseline, compared].map(|run| run.rows().len() - run.sound_rows()),
    }
}

/// Which records could not be read, as far as that was written down.
fn left_out(run: &Results) -> (usize, Vec<u64>) {
    (run.bad.count, run.bad.first.iter().map(|bad| bad.number).collect())
}

/// The tasks of both runs: place in the compared suite, place in that of the baseline.
fn shared(compared: &Results, baseline: &Results) -> Vec<(usize, usize)> {
    let places: HashMap<&str, usize> =
        baseline.tasks().iter().enumerate().map(|(at, task)| (task.id.as_str(), at)).collect();
    let tasks = compared.tasks().iter().enumerate();
    tasks.filter_map(|(at, task)| Some((at, *places.get(task.id.as_str())?))).collect()
}

fn changes<'r>(
    pair: usize,
    now: &'r Row,
    before: &'r Row,
    shared: &'r [(usize, usize)],
) -> impl Iterator<Item = TaskChange> + use<'r> {
    shared.iter().map(move |(task, partner)| TaskChange {
        pair,
        task: *task,
        baseline: Status::of(&before.outcomes[*partner]),
        comparison: Status::of(&now.outcomes[*task]),
    })
}

/// The number that a task measured, where it is one.
fn number(outcome: &Outcome<Measured>) -> Option<f64> {
    outcome.output()?.value.number().filter(|number| number.is_finite())
}

/// The change of the records' rates. Where every record passes or fails as a whole, exactly.
fn overall(deltas: &[(u32, f64)], clusters: &Clusters, options: &Options) -> Option<RateChange> {
    if deltas.iter().any(|(_, delta)| delta.fract() != 0.0) {
        return RateChange::of_means(deltas, clusters, options);
    }
    let mut gains = Gains::new(clusters);
    for (pair, delta) in deltas {
        gains.add(clusters, *pair as usize, *delta < 0.0, *delta > 0.0);
    }
    RateChange::of_rates(&gains, options)
}

/// Comes to verdicts. All that is tested shares the chance of a false alarm; where there is but one
/// task, it is the whole, and neither takes from the other.
fn decide(tasks: &mut [TaskTally], overall: &mut Option<RateChange>, options: &Options) {
    let alone = tasks.len() == 1;
    let mut tested: Vec<&mut RateChange> =
        overall.iter_mut().chain(tasks.iter_mut().filter_map(|task| task.rate.as_mut())).collect();
    let p: Vec<f64> = tested.iter().map(|change| change.p).collect();
    let (adjusted, tests) = match options.correction {
        _ if alone => (p, 1),
        Correction::Holm => (holm(&p), p.len()),
        Correction::Bh => (benjamini_hochberg(&p), p.len()),
        Correction::None => (p, 1),
    };
    tested.iter_mut().zip(adjusted).for_each(|(change, p)| change.decide(p, tests, options));
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
