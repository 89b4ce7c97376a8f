//! What a run came to, as Python reads it.

mod bad;
mod calibrate;
mod change;
mod comparison;
mod counts;
mod frame;
mod lookup;
mod options;
mod pairs;
mod parts;
mod report;
mod result_set;
mod set;
mod spans;
mod summary;
mod table;
mod task_result;
mod trials;
mod whole;

pub(crate) use bad::PyBadRecord;
pub(crate) use change::{PyNumberChange, PyRateChange, PyTaskVerdict};
pub(crate) use comparison::PyComparison;
pub(crate) use counts::PyTaskCounts;
pub(crate) use lookup::nearest_id;
pub(crate) use pairs::{PyMissingTask, PyTaskComparison, PyWorkflowComparison};
pub(crate) use result_set::PyResultSet;
pub(crate) use set::{PyAligned, PyEvalSet};
pub(crate) use spans::{PyAssertionResult, PyAssertionResults};
pub(crate) use summary::PySummary;
pub(crate) use table::{print, table, width};
pub(crate) use task_result::PyTaskResult;
pub(crate) use trials::{PyCaseMean, PyTrialMean, PyTrials};
pub(crate) use whole::{PyResultIterator, PyResults};
