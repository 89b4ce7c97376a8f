//! What users build: tasks, records, datasets.

mod answer;
mod arguments;
mod assertion;
mod calibration;
mod call;
mod check;
mod columns;
mod config;
mod custom;
mod dataset;
mod drift_task;
pub(crate) mod enums;
mod fields;
mod files;
mod filter;
mod functions;
mod hints;
mod in_table;
mod judge;
mod keyed;
mod operator;
mod record;
mod span;
mod span_parts;
mod task;
mod trace_assertion;
mod trace_task;
mod uid;

pub(crate) use answer::PyCheckResult;
pub(crate) use arguments::Texts;
pub(crate) use assertion::PyAssertionTask;
pub(crate) use calibration::{PyCalibration, PyEstimate};
pub(crate) use call::{Context, Origin, POOL};
pub(crate) use check::{PyExpectedCalls, PyFinding, PySuiteCheck, hints, names};
pub(crate) use config::{Embedding, PyEvaluationConfig, seconds};
pub(crate) use custom::{PyCustomTask, check_identity};
pub(crate) use dataset::PyDataset;
pub(crate) use drift_task::PyDriftTask;
pub(crate) use enums::by_name;
pub(crate) use enums::{
    PyAggregationType, PyArgumentMatch, PyEvaluationTaskType, PySpanStatus, PyTrajectoryMode,
};
pub(crate) use fields::{Few, Fields};
pub(crate) use files::{PyTasksFile, task_file_schema};
pub(crate) use filter::PySpanFilter;
pub(crate) use functions::wait_for_functions;
pub(crate) use judge::PyJudgeTask;
pub(crate) use operator::PyComparisonOperator;
pub(crate) use record::PyRecord;
pub(crate) use span::{PyTraceSpan, sample_trace};
pub(crate) use span_parts::{PyAttribute, PySpanEvent, PySpanLink};
pub(crate) use trace_assertion::{PyToolCall, PyTraceAssertion};
pub(crate) use trace_task::{PyTraceAssertionTask, execute_trace_assertion_tasks};
