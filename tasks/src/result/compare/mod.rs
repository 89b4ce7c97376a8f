//! Two runs against each other: which records and tasks came out otherwise, and whether that is more
//! than chance.

mod changed;
mod cluster;
mod comparison;
mod decide;
mod numbers;
mod options;
mod outcome;
mod over_all;
mod pair;
mod pairing;
mod show;
mod tally;
mod words;

pub use changed::ChangedTask;
pub use comparison::{Comparison, Validity, compare};
pub use decide::{ComparisonVerdict, RateChange};
pub use numbers::{Direction, NumberChange};
pub use options::{ClusterBy, Correction, Options, OptionsError};
pub use outcome::ComparisonOutcome;
pub use pair::{MissingTask, Pair, Side, TaskChange, Trend};
pub(crate) use show::not_judged;
pub use show::{comparison_table, number_table, status_changes_table, summary_text, task_table};
pub use tally::TaskTally;
pub use words::{evidence, headline};
pub(crate) use words::{number, p_value, points, short_number, signed, sureness, told_p_value};
