//! What a run over many records came to: counted, found again, compared and printed.

mod compare;
mod counts;
mod embedded;
mod hints;
mod json;
mod labels;
mod long;
mod numerals;
mod part;
mod results;
mod row;
mod show;
mod status;
mod table;
mod tally;
mod trials;
mod unfit;

pub use compare::{
    ChangedTask, ClusterBy, Comparison, ComparisonOutcome, ComparisonVerdict, Correction, Direction,
    MissingTask, NumberChange, Options, OptionsError, Pair, RateChange, Side, TaskChange, TaskTally, Trend,
    Validity, compare, comparison_table, evidence, headline, number_table, status_changes_table,
    summary_text, task_table,
};
pub(crate) use compare::{not_judged, number, p_value, points, short_number, signed, sureness, told_p_value};
pub use counts::Counts;
pub(crate) use counts::share_percent;
pub use embedded::Embedded;
pub(crate) use hints::found;
pub use json::ReadError;
pub use labels::Labels;
pub use long::{Judged, LineWriter};
pub use numerals::Numerals;
pub use results::Results;
pub use row::{NewUid, Row};
pub use show::plan_text;
pub use status::Status;
pub use table::{Shown, message, not_counted, records_table, tasks_table};
pub use tally::{Tallied, Tally, Values};
pub use trials::{Asked, Case, TrialLine, Trials, trials_table};
pub use unfit::Unfit;
