//! What a run came to, as Python reads it.

mod bad;
mod comparison;
mod counts;
mod frame;
mod set;
mod spans;
mod summary;
mod table;
mod task_result;
mod whole;

pub(crate) use bad::PyBadRecord;
pub(crate) use comparison::{PyComparison, PyMissingTask, PyTaskComparison, PyWorkflowComparison};
pub(crate) use counts::PyTaskCounts;
pub(crate) use set::{PyAligned, PyEvalSet};
pub(crate) use spans::{PyAssertionResult, PyAssertionResults};
pub(crate) use summary::PySummary;
pub(crate) use table::print;
pub(crate) use task_result::PyTaskResult;
pub(crate) use whole::{PyResultIterator, PyResults};
