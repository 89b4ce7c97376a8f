//! What a run over one record came to.

use std::num::NonZeroU32;
use std::time::Duration;

use chrono::{DateTime, Utc};
use scouter_engine::{Clock, Outcome};
use smol_str::SmolStr;
use uuid::{ContextV7, Timestamp, Uuid};

use super::counts::Counts;
use super::labels::Labels;
use super::status::Status;
use crate::measured::Measured;
use crate::suite::TaskInfo;
use crate::window::Cell;

/// Makes identifiers of records: UUIDs of version 7, ordered by time.
pub trait NewUid {
    /// A new identifier, at this clock's time.
    fn new_uid(&self) -> Uuid;
}

impl<C: Clock + ?Sized> NewUid for C {
    fn new_uid(&self) -> Uuid {
        let since = self.now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let context = ContextV7::new();
        Uuid::new_v7(Timestamp::from_unix(&context, since.as_secs(), since.subsec_nanos()))
    }
}

/// What a run over one record came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Our identifier of the record.
    pub uid: Uuid,
    /// The user's.
    pub id: Option<SmolStr>,
    /// What the record belongs to, where that was told.
    pub labels: Option<Box<Labels>>,
    /// When it was run.
    pub created_at: DateTime<Utc>,
    /// How long that took.
    pub took: Duration,
    /// One outcome for every task, in the order of the suite.
    pub outcomes: Vec<Outcome<Measured>>,
    /// What the record adds to columns of fields, until these are collected.
    pub cells: Box<[Cell]>,
}

impl Row {
    /// The row of a record that a stopped run did not come to.
    pub fn cancelled(uid: Uuid, id: Option<SmolStr>, created_at: DateTime<Utc>, tasks: usize) -> Self {
        let outcomes = vec![Outcome::Cancelled; tasks];
        Self { uid, id, labels: None, created_at, took: Duration::ZERO, outcomes, cells: Box::default() }
    }

    /// How many tasks came out how. Gates decide what runs, and tasks that only report decide nothing: neither counts.
    pub fn counts(&self, tasks: &[TaskInfo]) -> Counts {
        let judged = self.outcomes.iter().zip(tasks).filter(|(_, task)| task.counts());
        judged.map(|(outcome, _)| Status::of(outcome)).collect()
    }

    /// Whether every task, gates included, came to an end other than an error.
    pub fn is_sound(&self) -> bool {
        !self.outcomes.iter().any(|outcome| matches!(outcome, Outcome::Errored(_) | Outcome::Cancelled))
    }

    /// About how many bytes it holds beside what every row does: of replies, texts and whatever is packed.
    pub fn bytes(&self) -> usize {
        let held = |outcome: &Outcome<Measured>| match outcome {
            Outcome::Done(output) => output.value.bytes(),
            Outcome::Errored(error) => error.message().len() + error.detail().map_or(0, str::len),
            Outcome::Skipped(_) | Outcome::Cancelled => 0,
        };
        self.outcomes.iter().map(held).sum()
    }

    /// Which of the trials of its record it is, counted from 1; `None` where there is but one.
    pub fn trial(&self) -> Option<NonZeroU32> {
        self.labels.as_deref().and_then(|labels| labels.trial)
    }

    /// Whether it is of the same record as the row before it: trials of one record stand together, in the order of
    /// their numbers. Uids do not tell: where a run went on, some rows have that which an earlier process gave the record.
    pub(super) fn goes_on(&self, before: &Self) -> bool {
        before.trial().is_some_and(|last| self.trial() > Some(last)) && self.id == before.id
    }

    /// How the record came out as a whole. A failure stands whatever else errored; without one, an error leaves it open
    /// whether all would have passed.
    pub(super) fn status(&self, tasks: &[TaskInfo]) -> Status {
        const ORDER: [Status; 5] =
            [Status::Failed, Status::Errored, Status::Cancelled, Status::Passed, Status::Skipped];
        let counts = self.counts(tasks);
        ORDER.into_iter().find(|status| counts.of(*status) > 0).unwrap_or(Status::NotApplicable)
    }

    /// What the record is called: the user's id where it has one.
    pub fn name(&self) -> String {
        self.id.as_ref().map_or_else(|| self.uid.to_string(), SmolStr::to_string)
    }
}

/// Which record each row is of, counted from 0.
pub(super) fn records_of(rows: &[Row]) -> Vec<u32> {
    let mut record = 0;
    let count = |at: usize| {
        record += u32::from(at > 0 && !rows[at].goes_on(&rows[at - 1]));
        record
    };
    (0..rows.len()).map(count).collect()
}
