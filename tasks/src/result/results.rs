//! The results of a run over many records.

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use scouter_engine::Outcome;
use scouter_providers::layers::Used;

use super::counts::Counts;
use super::embedded::Embedded;
use super::row::Row;
use super::status::Status;
use crate::call::{Call, Spending};
use crate::records::BadRecords;
use crate::suite::TaskInfo;

/// What a run over many records came to: a row for every record, in their order.
#[derive(Clone, Debug)]
pub struct Results {
    tasks: Arc<[TaskInfo]>,
    rows: Vec<Row>,
    /// Whether the run was stopped before its end.
    pub cancelled: bool,
    /// Why it was stopped, where it was not from outside: a key that is not accepted, a budget that is used up.
    pub stopped: Option<String>,
    /// The records that could not be read and were left out.
    pub bad: BadRecords,
    /// What the tasks came to that look at all records at once: results of one row.
    pub window: Option<Arc<Self>>,
    /// Vectors of the records' texts, where they were asked for.
    pub embedded: Option<Arc<Embedded>>,
    /// What the run used of its budget, where models were asked.
    pub used: Option<Used>,
    by_id: OnceLock<Index>,
    by_uid: OnceLock<Index>,
}

/// Places of rows, sorted by a key of theirs: made when something is first looked for.
type Index = Box<[u32]>;

impl Results {
    /// The results of these rows.
    pub fn new(tasks: Arc<[TaskInfo]>, rows: Vec<Row>, cancelled: bool) -> Self {
        Self {
            tasks,
            rows,
            cancelled,
            stopped: None,
            bad: BadRecords::default(),
            window: None,
            embedded: None,
            used: None,
            by_id: OnceLock::new(),
            by_uid: OnceLock::new(),
        }
    }

    /// The tasks that were run, in the order of [`Row::outcomes`].
    pub fn tasks(&self) -> &Arc<[TaskInfo]> {
        &self.tasks
    }

    /// The same tasks with other things told of them.
    pub(super) fn set_tasks(&mut self, tasks: Arc<[TaskInfo]>) {
        self.tasks = tasks;
    }

    /// Where a task stands among the tasks, by its id, which is not told apart by case.
    pub fn find_task(&self, id: &str) -> Option<usize> {
        let id = id.to_lowercase();
        self.tasks.iter().position(|task| task.id == id)
    }

    /// The id of a task nearest to one that is not there.
    pub fn nearest_task(&self, id: &str) -> Option<&str> {
        scouter_engine::nearest(&id.to_lowercase(), self.tasks.iter().map(|task| task.id.as_str()))
    }

    /// The rows, in the order of the records.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Where the row of a record is, by the user's id or by ours.
    pub fn find(&self, id: &str) -> Option<usize> {
        let ids = self.by_id.get_or_init(|| self.index(|row| row.id.as_deref()));
        let at = |place: &u32| &self.rows[*place as usize];
        // The first of several: one record may stand in a dataset twice.
        let first = ids.get(ids.partition_point(|place| at(place).id.as_deref() < Some(id)));
        if let Some(place) = first.filter(|place| at(place).id.as_deref() == Some(id)) {
            return Some(*place as usize);
        }
        let uid: uuid::Uuid = id.parse().ok()?;
        let identifiers = self.by_uid.get_or_init(|| self.index(|row| Some(row.uid)));
        let place = identifiers.get(identifiers.partition_point(|place| at(place).uid < uid))?;
        (at(place).uid == uid).then_some(*place as usize)
    }

    /// Where the row of this trial of a record is, by the user's id or by ours.
    pub fn find_trial(&self, id: &str, trial: u32) -> Option<usize> {
        let wanted = NonZeroU32::new(trial)?;
        // One may be called by the uid of a later trial of it.
        self.trials_of(self.find(id)?).find(|at| self.rows[*at].trial() == Some(wanted))
    }

    /// Where the trials of a record are, by the place of one of them.
    pub fn trials_of(&self, row: usize) -> Range<usize> {
        let goes_on = |at: &usize| self.rows[*at].goes_on(&self.rows[at - 1]);
        let before = (1..=row).rev().take_while(goes_on).count();
        let after = (row + 1..self.rows.len()).take_while(goes_on).count();
        row - before..row + after + 1
    }

    /// The user's id nearest to one that is not there.
    pub fn nearest(&self, id: &str) -> Option<&str> {
        scouter_engine::nearest(id, self.rows.iter().filter_map(|row| row.id.as_deref()))
    }

    /// The places of the rows that have the key, sorted by it.
    fn index<'r, K: Ord>(&'r self, key: impl Fn(&'r Row) -> Option<K>) -> Index {
        let places = 0..u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let mut index: Vec<u32> = places.filter(|at| key(&self.rows[*at as usize]).is_some()).collect();
        index.sort_by_key(|at| key(&self.rows[*at as usize]));
        index.into()
    }

    /// How one task came out over all records.
    pub fn task_counts(&self, task: usize) -> Counts {
        self.rows.iter().map(|row| Status::of(&row.outcomes[task])).collect()
    }

    /// How all tasks that count came out over all records.
    pub fn counts(&self) -> Counts {
        let mut all = Counts::default();
        for row in &self.rows {
            for (outcome, task) in row.outcomes.iter().zip(self.tasks.iter()) {
                if task.counts() {
                    all.add(Status::of(outcome));
                }
            }
        }
        all
    }

    /// What the calls of models came to, also those that brought no answer, and those that made vectors.
    pub fn spending(&self) -> Spending {
        let judged: Spending = self.rows.iter().flat_map(|row| &row.outcomes).filter_map(Call::of).collect();
        self.embedded.as_ref().map_or(judged, |embedded| judged.and(embedded.spending))
    }

    /// The ids of the tasks that errored for some record.
    pub fn errored_tasks(&self) -> BTreeSet<&str> {
        let errored = |row: &Row, task: usize| matches!(row.outcomes[task], Outcome::Errored(_));
        let tasks = self.tasks.iter().enumerate();
        tasks
            .filter(|(at, _)| self.rows.iter().any(|row| errored(row, *at)))
            .map(|(_, task)| task.id.as_str())
            .collect()
    }

    /// For how many records every task came to an end other than an error.
    pub fn sound_rows(&self) -> usize {
        self.rows.iter().filter(|row| row.is_sound()).count()
    }
}
