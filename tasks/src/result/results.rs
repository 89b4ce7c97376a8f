//! The results of a run over many records.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use scouter_engine::Outcome;
use uuid::Uuid;

use super::counts::Counts;
use super::row::Row;
use super::status::Status;
use crate::suite::TaskInfo;

/// What a run over many records came to: a row for every record, in their order.
#[derive(Clone, Debug)]
pub struct Results {
    tasks: Arc<[TaskInfo]>,
    rows: Vec<Row>,
    /// Whether the run was stopped before its end.
    pub cancelled: bool,
    by_id: HashMap<String, usize>,
    /// Made when the first row is looked up by our identifier.
    by_uid: OnceLock<HashMap<Uuid, usize>>,
}

impl Results {
    /// The results of these rows.
    pub fn new(tasks: Arc<[TaskInfo]>, rows: Vec<Row>, cancelled: bool) -> Self {
        let named = rows.iter().enumerate().filter_map(|(at, row)| Some((row.id.clone()?, at)));
        let by_id = named.collect();
        Self { tasks, rows, cancelled, by_id, by_uid: OnceLock::new() }
    }

    /// The tasks that were run, in the order of [`Row::outcomes`].
    pub fn tasks(&self) -> &Arc<[TaskInfo]> {
        &self.tasks
    }

    /// The rows, in the order of the records.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Where the row of a record is, by the user's id or by ours.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied().or_else(|| {
            let uid: Uuid = id.parse().ok()?;
            let by_uid = || self.rows.iter().enumerate().rev().map(|(at, row)| (row.uid, at)).collect();
            self.by_uid.get_or_init(by_uid).get(&uid).copied()
        })
    }

    /// The user's id nearest to one that is not there.
    pub fn nearest(&self, id: &str) -> Option<&str> {
        scouter_engine::nearest(id, self.rows.iter().filter_map(|row| row.id.as_deref()))
    }

    /// How one task came out over all records.
    pub fn task_counts(&self, task: usize) -> Counts {
        self.rows.iter().map(|row| Status::of(&row.outcomes[task])).collect()
    }

    /// How all tasks that are not gates came out over all records.
    pub fn counts(&self) -> Counts {
        let mut all = Counts::default();
        for row in &self.rows {
            for (outcome, task) in row.outcomes.iter().zip(self.tasks.iter()) {
                if !task.gate {
                    all.add(Status::of(outcome));
                }
            }
        }
        all
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
