//! Several trials of each case: how often it is solved, and how surely.
//!
//! Records of one case are its trials: those with the same case label, or, without a label, with the
//! same id. A record on its own is a case of one trial. What errored, was skipped, stopped or had
//! nothing to check is no trial; it is left out and counted.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use scouter_drift::statistics::trials::{
    CaseMean, Tally, TrialMean, at_least, case_mean, pass_at, pass_hat, trial_mean,
};
use smol_str::SmolStr;

use super::counts::Counts;
use super::results::Results;
use super::row::{Row, records_of};
use super::status::Status;
use super::table::{number, table};
use crate::counted::counted;

/// The results of a run, by case.
#[derive(Clone, Debug)]
pub struct Trials {
    results: Arc<Results>,
    cases: Vec<Case>,
    unlabelled: usize,
}

/// A case and its trials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// What it is called: its label, or else what its record is called.
    pub name: SmolStr,
    /// The places of its rows, in the order of the records.
    pub rows: Vec<u32>,
}

/// What makes records trials of one case: a label is not an id, though both may read alike.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Case(SmolStr),
    Id(SmolStr),
    /// The place of the record: trials of one that has neither.
    Record(u32),
}

/// What is asked of a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Whether the task of this place passed.
    Task(usize),
    /// Whether every task passed that came to a verdict, gates aside.
    Record,
}

/// What the trials of all cases say of one task, or of whole records.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrialLine {
    /// How many cases have a trial that came to a verdict.
    pub cases: usize,
    /// How many trials came to a verdict.
    pub trials: usize,
    /// The mean of the cases' pass rates; `None` where no trial came to a verdict.
    pub mean: Option<TrialMean>,
    /// The number of trials that most of these cases have, which `pass_at` and `pass_hat` are of; cases
    /// with fewer are left out of both.
    pub k: u64,
    /// The chance that at least one of `k` trials passes.
    pub pass_at: Option<CaseMean>,
    /// The chance that all of `k` trials pass.
    pub pass_hat: Option<CaseMean>,
    /// How many cases pass in some trials and not in others.
    pub flaky: usize,
}

impl Trials {
    /// The cases of these results, in the order in which they first occur.
    pub fn of(results: &Arc<Results>) -> Self {
        let mut places: HashMap<Key, usize> = HashMap::new();
        let mut cases: Vec<Case> = Vec::new();
        let mut unlabelled = 0;
        for ((row, record), place) in results.rows().iter().zip(records_of(results.rows())).zip(0_u32..) {
            let label = row.labels.as_deref().and_then(|labels| labels.case.clone());
            unlabelled += usize::from(label.is_none());
            let key =
                label.map(Key::Case).or_else(|| row.id.clone().map(Key::Id)).unwrap_or(Key::Record(record));
            let name = match &key {
                Key::Case(name) | Key::Id(name) => name.clone(),
                Key::Record(_) => SmolStr::from(row.name()),
            };
            let at = *places.entry(key).or_insert(cases.len());
            match cases.get_mut(at) {
                Some(case) => case.rows.push(place),
                None => cases.push(Case { name, rows: vec![place] }),
            }
        }
        Self { results: results.clone(), cases, unlabelled }
    }

    /// The results that they are of.
    pub fn results(&self) -> &Arc<Results> {
        &self.results
    }

    /// The cases.
    pub fn cases(&self) -> &[Case] {
        &self.cases
    }

    /// How many records have no label that tells their case.
    pub fn unlabelled(&self) -> usize {
        self.unlabelled
    }

    /// How the trials of a case came out.
    pub fn counts(&self, case: &Case, asked: Asked) -> Counts {
        let rows = case.rows.iter().map(|at| &self.results.rows()[*at as usize]);
        rows.map(|row| self.status(row, asked)).collect()
    }

    /// How all trials of all cases came out.
    pub fn all_counts(&self, asked: Asked) -> Counts {
        self.results.rows().iter().map(|row| self.status(row, asked)).collect()
    }

    /// The mean of the cases' pass rates, and where its error comes from; `None` where no trial came to
    /// a verdict.
    pub fn mean(&self, asked: Asked) -> Option<TrialMean> {
        let tallies: Vec<Tally> = self.tallies(asked).collect();
        trial_mean(&tallies)
    }

    /// The chance that at least one of `k` trials of a case passes, as a mean over cases; `None` where
    /// no case has so many.
    pub fn pass_at(&self, asked: Asked, k: u64) -> Option<CaseMean> {
        case_mean(self.tallies(asked).map(|case| pass_at(case, k)))
    }

    /// The chance that all of `k` trials of a case pass, as a mean over cases; `None` where no case has
    /// so many.
    pub fn pass_hat(&self, asked: Asked, k: u64) -> Option<CaseMean> {
        case_mean(self.tallies(asked).map(|case| pass_hat(case, k)))
    }

    /// The chance that at least `least` of `k` trials of a case pass, as a mean over cases; of all
    /// trials that a case has where no `k` is given. `None` where no case has so many.
    pub fn at_least(&self, asked: Asked, least: u64, k: Option<u64>) -> Option<CaseMean> {
        case_mean(self.tallies(asked).map(|case| at_least(case, least, k.unwrap_or(case.trials))))
    }

    /// How the trials of a case come out most often; `None` where two ways are as frequent.
    pub fn mode(&self, case: &Case, asked: Asked) -> Option<Status> {
        let counts = self.counts(case, asked);
        let most = Status::ALL.into_iter().map(|status| counts.of(status)).max()?;
        let mut modes = Status::ALL.into_iter().filter(|status| counts.of(*status) == most);
        let mode = modes.next()?;
        modes.next().is_none().then_some(mode)
    }

    /// The cases of which some trials passed and some failed.
    pub fn flaky(&self, asked: Asked) -> impl Iterator<Item = &Case> {
        self.cases.iter().filter(move |case| tally(self.counts(case, asked)).is_flaky())
    }

    /// The most trials that came to a verdict of any case; 0 where none did.
    pub fn most(&self, asked: Asked) -> u64 {
        self.tallies(asked).map(|case| case.trials).max().unwrap_or_default()
    }

    /// The number of trials that most cases have, the larger of two that are as frequent; 0 where no
    /// trial came to a verdict.
    pub fn usual(&self, asked: Asked) -> u64 {
        let mut cases: BTreeMap<u64, usize> = BTreeMap::new();
        for case in self.tallies(asked).filter(|case| case.trials > 0) {
            *cases.entry(case.trials).or_default() += 1;
        }
        cases.into_iter().max_by_key(|(_, cases)| *cases).map_or(0, |(trials, _)| trials)
    }

    /// All of it in a line.
    pub fn line(&self, asked: Asked) -> TrialLine {
        let (mean, k) = (self.mean(asked), self.usual(asked));
        TrialLine {
            cases: mean.map_or(0, |mean| mean.mean.cases),
            trials: self.all_counts(asked).counted(),
            mean,
            k,
            pass_at: self.pass_at(asked, k),
            pass_hat: self.pass_hat(asked, k),
            flaky: self.flaky(asked).count(),
        }
    }

    /// How the trial of this place came out.
    pub fn trial(&self, row: u32, asked: Asked) -> Status {
        self.status(&self.results.rows()[row as usize], asked)
    }

    fn tallies(&self, asked: Asked) -> impl Iterator<Item = Tally> {
        self.cases.iter().map(move |case| tally(self.counts(case, asked)))
    }

    fn status(&self, row: &Row, asked: Asked) -> Status {
        match asked {
            Asked::Task(task) => Status::of(&row.outcomes[task]),
            Asked::Record => row.status(self.results.tasks()),
        }
    }
}

fn tally(counts: Counts) -> Tally {
    Tally { trials: counts.counted() as u64, passed: counts.of(Status::Passed) as u64 }
}

/// What the columns of the table mean.
const WORDS: &str = "pass@k: at least one of k trials passes; pass^k: all do; flaky: cases that pass in some trials and fail in \
                     others; error: standard error of the mean";

/// A row for every task and one for whole records: the mean over cases with its errors, and what `k`
/// trials make of it, `k` being the number that most cases have.
pub fn trials_table(trials: &Trials, width: Option<u16>) -> String {
    let header = [
        "task",
        "cases",
        "trials",
        "mean",
        "error",
        "between cases",
        "within cases",
        "k",
        "pass@k",
        "pass^k",
        "flaky",
    ];
    let mut table = table(&header, width);
    let tasks = trials.results.tasks().iter().enumerate();
    let tasks = tasks.map(|(at, task)| (task.id.as_str(), Asked::Task(at)));
    for (name, asked) in tasks.chain([("(whole record)", Asked::Record)]) {
        let line = trials.line(asked);
        let part = |value: Option<f64>| number(&value.map(|value| format!("{value:.3}")).unwrap_or_default());
        table.add_row(vec![
            name.into(),
            number(&line.cases),
            number(&line.trials),
            part(line.mean.map(|mean| mean.mean.value)),
            part(line.mean.and_then(|mean| mean.mean.standard_error)),
            part(line.mean.and_then(|mean| mean.between)),
            part(line.mean.and_then(|mean| mean.within)),
            number(&line.k),
            part(line.pass_at.map(|mean| mean.value)),
            part(line.pass_hat.map(|mean| mean.value)),
            number(&line.flaky),
        ]);
    }
    let cases = counted(trials.cases.len(), "case");
    let records = counted(trials.results.rows().len(), "record");
    let own = match trials.unlabelled {
        0 => String::new(),
        count => format!("; {} without a label of a case", counted(count, "record")),
    };
    format!("{table}\n{WORDS}\n{cases}, {records}{own}")
}
