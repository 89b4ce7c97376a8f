//! What a run over many records came to: counted, found again, compared and printed.

mod compare;
mod counts;
mod json;
mod long;
mod results;
mod row;
mod show;
mod status;
mod table;
mod tally;

pub use compare::{Comparison, MissingTask, Pair, Side, TaskChange, TaskTally, Trend, compare};
pub use counts::Counts;
pub use json::ReadError;
pub use long::{Judged, LineWriter};
pub use results::Results;
pub use row::{NewUid, Row};
pub use show::{comparison_table, plan_text, status_changes_table, summary_text, task_table};
pub use status::Status;
pub use table::{Shown, message, records_table, tasks_table};
pub use tally::{Tallied, Tally};
