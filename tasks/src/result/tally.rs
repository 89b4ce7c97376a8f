//! What a run came to, without its rows.

use std::sync::Arc;

use super::counts::Counts;
use super::row::Row;
use super::status::Status;
use crate::suite::TaskInfo;

/// What a run came to, counted as its rows go by.
#[derive(Clone, Debug)]
pub struct Tally {
    tasks: Arc<[TaskInfo]>,
    counts: Vec<Counts>,
    records: usize,
    sound: usize,
}

impl Tally {
    /// Of no rows so far.
    pub fn new(tasks: Arc<[TaskInfo]>) -> Self {
        let counts = vec![Counts::default(); tasks.len()];
        Self { tasks, counts, records: 0, sound: 0 }
    }

    /// Counts one more row.
    pub fn add(&mut self, row: &Row) {
        self.records += 1;
        self.sound += usize::from(row.is_sound());
        for (counts, outcome) in self.counts.iter_mut().zip(&row.outcomes) {
            counts.add(Status::of(outcome));
        }
    }

    /// The tasks that were run.
    pub fn tasks(&self) -> &[TaskInfo] {
        &self.tasks
    }

    /// How many records there are.
    pub fn records(&self) -> usize {
        self.records
    }

    /// For how many records every task came to an end other than an error.
    pub fn sound(&self) -> usize {
        self.sound
    }

    /// How one task came out over all records.
    pub fn task_counts(&self, task: usize) -> Counts {
        self.counts[task]
    }

    /// How all tasks that are not gates came out over all records.
    pub fn counts(&self) -> Counts {
        let judged = self.counts.iter().zip(self.tasks.iter()).filter(|(_, task)| !task.gate);
        let totals = |status| judged.clone().map(|(counts, _)| counts.of(status)).sum();
        Status::ALL.map(totals).into()
    }
}
