//! What a run came to, without its rows.

use std::collections::BTreeSet;

use scouter_engine::misspelt;
use serde::{Deserialize, Serialize};

use super::counts::Counts;
use super::hints::found;
use super::row::Row;
use super::status::Status;
use crate::call::{Call, Spending};
use crate::suite::TaskInfo;

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
    /// What a path of it that leads nowhere in any record, or a name of spans, probably means, in words.
    pub hint: Option<String>,
}

impl Tallied {
    /// Whether the hint tells of a mistake: where it offers a path, the one that was given is a slip of that.
    fn is_wrong(&self, hint: &str) -> bool {
        let offered = hint.strip_prefix("did you mean `").and_then(|offered| offered.strip_suffix("`?"));
        self.path.as_deref().zip(offered).is_none_or(|(path, offered)| misspelt(path, [offered]).is_some())
    }
}

impl Tally {
    /// Of no rows so far.
    pub fn new(tasks: &[TaskInfo]) -> Self {
        let none = |task: &TaskInfo| Tallied {
            id: task.id.clone(),
            counted: task.counts(),
            gate: task.gate,
            path: task.context_path.clone(),
            counts: Counts::default(),
            found: None,
            hint: task.hint.clone(),
        };
        Self { tasks: tasks.iter().map(none).collect(), records: 0, sound: 0, spending: Spending::default() }
    }

    /// Counts one more row.
    pub fn add(&mut self, row: &Row) {
        self.records += 1;
        self.sound += usize::from(row.is_sound());
        for (task, outcome) in self.tasks.iter_mut().zip(&row.outcomes) {
            task.counts.add(Status::of(outcome));
            if let Some(call) = Call::of(outcome) {
                self.spending.add(&call);
            }
            // `None` is less than either, and nothing found less than something.
            task.found = task.found.max(found(outcome));
        }
    }

    /// Of rows that are there.
    pub fn of(tasks: &[TaskInfo], rows: &[Row]) -> Self {
        let mut tally = Self::new(tasks);
        for row in rows {
            tally.add(row);
        }
        tally
    }

    /// The tasks that did nothing since what they look for is in no record and probably means another thing: gates that let
    /// nothing through, so that what is behind them was never looked at, and tasks that had nothing to check anywhere. What
    /// means nothing else, or something that is far from it, may be something that these records have not.
    pub fn blind(&self) -> impl Iterator<Item = (&str, &str)> {
        let of =
            |task: &Tallied, statuses: &[Status]| statuses.iter().any(|status| task.counts.of(*status) > 0);
        let idle = move |task: &&Tallied| {
            let nothing = of(task, &[Status::NotApplicable]) && !of(task, &[Status::Failed]);
            let closed = task.gate && of(task, &[Status::Failed, Status::NotApplicable]);
            (nothing || closed) && !of(task, &[Status::Passed, Status::Errored])
        };
        let blind = self.tasks.iter().filter(|task| task.found == Some(false)).filter(idle);
        blind.filter_map(|task| Some((&*task.id, task.hint.as_deref().filter(|hint| task.is_wrong(hint))?)))
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
