//! The plan over its columns.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use chrono::{DateTime, Utc};
use scouter_engine::{Report, RunCx, run};
use uuid::Uuid;

use super::collect::Window;
use super::plan::WindowPlan;
use crate::measured::Measured;
use crate::result::{Results, Row};
use crate::subject::Subject;
use crate::value::Value;

/// What all records together are called where records have their names.
const ALL: &str = "all records";

/// Runs the tasks over a window: all that they found. None of them waits; there is no report where one does all the same.
pub fn report(plan: &WindowPlan, window: Arc<Window>) -> Option<Report<Measured>> {
    let nothing = Value::map::<&str>([]);
    let subject = Subject { window: Some(window), ..Subject::new(&plan.suite.reads, &nothing) };
    let cx = RunCx::default();
    // So the run is over when it is first polled.
    match pin!(run(&plan.suite.graph, &subject, &cx)).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(report) => Some(report),
        Poll::Pending => None,
    }
}

/// Runs the tasks over the columns that were collected: results of one row.
pub fn judge(plan: &WindowPlan, window: Window, created_at: DateTime<Utc>) -> Results {
    let Some(mut report) = report(plan, Arc::new(window)) else { return cancelled(plan, created_at) };
    plan.suite.trim(&mut report);
    let row = Row { took: report.took, outcomes: report.outcomes, ..row(plan, created_at) };
    Results::new(plan.suite.tasks.clone(), vec![row], false)
}

/// The results where the records were not all run: then there is no window to judge.
pub fn cancelled(plan: &WindowPlan, created_at: DateTime<Utc>) -> Results {
    Results::new(plan.suite.tasks.clone(), vec![row(plan, created_at)], true)
}

fn row(plan: &WindowPlan, created_at: DateTime<Utc>) -> Row {
    Row::cancelled(Uuid::nil(), Some(ALL.into()), created_at, plan.suite.tasks.len())
}
