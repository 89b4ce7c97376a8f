//! Many records at once: columns of what they hold and of what tasks made of them, and the plan of the tasks that look at
//! columns. Offline the window is the dataset, on a server some stretch of time, of which states were made where the records are.
//!
//! | file | what it holds |
//! |---|---|
//! | `column` | where the values of a column come from, as it is written down |
//! | `cell` | what one record adds to a column |
//! | `plan` | the tasks and their columns, compiled |
//! | `series` | a column as it was collected |
//! | `state` | what was made of a column's values elsewhere |
//! | `collect` | columns as rows go by |
//! | `judge` | the plan over its columns |

mod cell;
mod collect;
mod column;
mod judge;
mod plan;
mod series;
mod state;

pub use cell::{Cell, Holds};
pub use collect::{Watching, Window};
pub use column::Column;
pub use judge::{cancelled, judge, report};
pub use plan::{ColumnIndex, Watched, WindowPlan};
pub(crate) use plan::{Columns, lets};
pub use series::{Data, Series, Wrong};
pub use state::State;
