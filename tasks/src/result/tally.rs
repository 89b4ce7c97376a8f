//! What a run came to, without its rows.

use std::collections::BTreeSet;

use scouter_engine::{Outcome, misspelt};
use serde::{Deserialize, Serialize};

use super::counts::Counts;
use super::hints::found;
use super::numerals::{Numerals, Orders};
use super::row::Row;
use super::status::Status;
use super::unfit::{Gates, Unfit};
use crate::call::{Call, Spending};
use crate::measured::Measured;
use crate::operator::{Operator, short};
use crate::suite::{THE_RECORDS_HAVE, THE_TRACES_HAVE, TaskInfo};

/// What a run came to, counted as its rows go by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// The tasks, in the order of the suite.
    pub tasks: Vec<Tallied>,
    /// How many records there are.
    pub records: usize,
    /// For how many records every task came to an end other than an error.
    pub sound: usize,
    /// What its calls of models came to.
    pub spending: Spending,
    /// What tells whether gates could judge what they failed on: needed while rows go by.
    #[serde(skip)]
    gates: Gates,
    /// What tells whether numbers are compared as texts: needed while rows go by, too.
    #[serde(skip)]
    orders: Orders,
}

/// How one task came out over all records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tallied {
    /// The task.
    pub id: String,
    /// Whether it counts in the pass rate: gates do not, nor do tasks that only report.
    pub counted: bool,
    /// Whether it is a gate.
    #[serde(default)]
    pub gate: bool,
    /// The path that it looks at, where it looks at one.
    #[serde(default)]
    pub path: Option<String>,
    /// How it came out.
    pub counts: Counts,
    /// Whether it found something to look at in any record; `None` where it ran for none.
    pub found: Option<bool>,
    /// What a path of it that leads nowhere in any record, or a name of spans, probably means, or of a gate what the records
    /// have instead, in words.
    pub hint: Option<String>,
    /// The tasks behind it, however far, where it is a gate.
    #[serde(default)]
    pub behind: Vec<String>,
    /// Whether it asks no more than whether there is something, which some records may lack.
    #[serde(default)]
    pub asks_presence: bool,
    /// What it answered that is no verdict.
    #[serde(default)]
    pub values: Values,
    /// What it failed on that its operator cannot judge, where it is a gate.
    #[serde(default)]
    pub unfit: Unfit,
    /// What it compared by order that are numbers written as texts.
    #[serde(default)]
    pub numerals: Numerals,
}

/// Answers of a task that are values, without a verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Values {
    /// How many there are.
    pub count: usize,
    /// Some that differ, as messages show them.
    pub some: Vec<String>,
    /// Whether one of them may be meant as a verdict: it is no number, which comparisons look at, and no reply of a model.
    #[serde(default)]
    pub like_verdicts: bool,
    /// Whether no operator judges them, and no task of single records depends on them.
    #[serde(default)]
    pub unread: bool,
}

/// The most values that are shown of a task, and how many of its answers are looked at for them.
const SHOWN: usize = 3;
const LOOKED_AT: usize = 20;

impl Values {
    fn add(&mut self, outcome: &Outcome<Measured>) {
        let Outcome::Done(output) = outcome else { return };
        if output.verdict.is_some() {
            return;
        }
        if self.count < LOOKED_AT && self.some.len() < SHOWN {
            let value = short(&output.value.actual());
            if !self.some.contains(&value) {
                self.some.push(value);
            }
        }
        self.like_verdicts |= output.value.number().is_none() && output.value.call().is_none();
        self.count += 1;
    }
}

impl Tallied {
    fn new(tasks: &[TaskInfo], at: usize) -> Self {
        let task = &tasks[at];
        let depends = |other: &TaskInfo| other.depends_on.iter().any(|on| on.index() == at);
        let unread = task.operator.is_none() && !tasks.iter().any(depends);
        Self {
            id: task.id.clone(),
            counted: task.counts(),
            gate: task.gate,
            path: task.context_path.clone(),
            counts: Counts::default(),
            found: None,
            hint: task.hint.clone(),
            behind: if task.gate { behind(tasks, at) } else { Vec::new() },
            asks_presence: matches!(task.operator, Some(Operator::Exists | Operator::NotExists)),
            values: Values { unread, ..Values::default() },
            unfit: Unfit::default(),
            numerals: Numerals::default(),
        }
    }

    /// Whether it came out in one of these ways for some record.
    pub(super) fn came_out(&self, statuses: &[Status]) -> bool {
        statuses.iter().any(|status| self.counts.of(*status) > 0)
    }

    /// Whether it did nothing since it found nothing to look at in any record: a gate that let none through, or a task that
    /// had nothing to check.
    fn is_idle(&self) -> bool {
        let nothing = self.came_out(&[Status::NotApplicable]) && !self.came_out(&[Status::Failed]);
        let closed = self.gate && self.came_out(&[Status::Failed, Status::NotApplicable]);
        let idle = (nothing || closed) && !self.came_out(&[Status::Passed, Status::Errored]);
        self.found == Some(false) && idle
    }

    /// Whether it is idle since what it looks for is probably misspelt. What means nothing else, or something that is far from
    /// it, may be something that these records have not.
    pub(super) fn is_blind(&self) -> bool {
        self.is_idle() && self.hint.as_deref().is_some_and(|hint| self.is_wrong(hint))
    }

    /// Whether it is a gate that is idle since what it looks at is in no record, so that what is behind it was never checked.
    pub(super) fn is_shut(&self) -> bool {
        let known = self.path.is_some() && self.hint.is_some() || self.lacks_spans();
        self.is_idle() && known && !self.behind.is_empty()
    }

    /// Whether its hint tells what traces have in the place of what it looks for in them.
    pub(super) fn lacks_spans(&self) -> bool {
        self.hint.as_deref().is_some_and(|hint| hint.starts_with(THE_TRACES_HAVE))
    }

    /// Whether the hint tells of a mistake: where it offers a path, the one that was given is a slip of that.
    fn is_wrong(&self, hint: &str) -> bool {
        if hint.starts_with(THE_RECORDS_HAVE) || self.lacks_spans() {
            return false;
        }
        let offered = hint.strip_prefix("did you mean `").and_then(|offered| offered.strip_suffix("`?"));
        self.path.as_deref().zip(offered).is_none_or(|(path, offered)| misspelt(path, [offered]).is_some())
    }
}

impl Tally {
    /// Of no rows so far.
    pub fn new(tasks: &[TaskInfo]) -> Self {
        let none = (0..tasks.len()).map(|at| Tallied::new(tasks, at));
        Self {
            tasks: none.collect(),
            records: 0,
            sound: 0,
            spending: Spending::default(),
            gates: Gates::new(tasks),
            orders: Orders::new(tasks),
        }
    }

    /// Counts one more row.
    pub fn add(&mut self, row: &Row) {
        self.records += 1;
        self.sound += usize::from(row.is_sound());
        for (task, outcome) in self.tasks.iter_mut().zip(&row.outcomes) {
            task.counts.add(Status::of(outcome));
            task.values.add(outcome);
            if let Some(call) = Call::of(outcome) {
                self.spending.add(&call);
            }
            // `None` is less than either, and nothing found less than something.
            task.found = task.found.max(found(outcome));
        }
        self.gates.look(&row.outcomes, &mut self.tasks);
        self.orders.look(&row.outcomes, &mut self.tasks);
    }

    /// Of rows that are there.
    pub fn of(tasks: &[TaskInfo], rows: &[Row]) -> Self {
        let mut tally = Self::new(tasks);
        for row in rows {
            tally.add(row);
        }
        tally
    }

    /// How all tasks that count came out over all records.
    pub fn counts(&self) -> Counts {
        self.counts_without(&BTreeSet::new())
    }

    /// The same, tasks of these ids aside.
    pub fn counts_without(&self, ids: &BTreeSet<String>) -> Counts {
        let judged = self.tasks.iter().filter(|task| task.counted && !ids.contains(&task.id));
        Status::ALL.map(|status| judged.clone().map(|task| task.counts.of(status)).sum()).into()
    }
}

/// The ids of the tasks that depend on this one, however far.
fn behind(tasks: &[TaskInfo], gate: usize) -> Vec<String> {
    let mut reached = vec![false; tasks.len()];
    reached[gate] = true;
    let mut order: Vec<usize> = (0..tasks.len()).collect();
    // A task stands in a later stage than what it depends on.
    order.sort_by_key(|at| tasks[*at].stage);
    for at in order {
        let mut needs = tasks[at].depends_on.iter();
        if needs.any(|on| reached.get(on.index()).copied().unwrap_or_default()) {
            reached[at] = true;
        }
    }
    reached[gate] = false;
    tasks.iter().zip(reached).filter(|(_, is_behind)| *is_behind).map(|(task, _)| task.id.clone()).collect()
}
