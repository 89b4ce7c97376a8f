//! The compiled half of the Python package `scouter`: classes that hold Rust values and convert
//! at the border. What they do is in the crates below.
//!
//! | module | what it holds |
//! |---|---|
//! | [`convert`] | Python objects into values and back |
//! | [`errors`] | Rust errors into the tree under `ScouterError` |
//! | [`data`] | what every class that holds data can do |
//! | [`intake`] | data of any library as columns |
//! | [`merged`] | what the log says of profiles that are put together |
//! | `serve` | the server, where it is built in |
//! | [`spread`] | work on all cores |
//! | [`drift`] | profiles of drift |
//! | [`describe`] | profiles of data |
//! | [`evaluate`] | tasks, records, datasets |
//! | [`genai`] | prompts, and how models are asked |
//! | [`observe`] | requests to an application, counted by hand |
//! | [`queue`] | records on their way to the server |
//! | [`results`] | what a run came to |
//! | [`run`] | the one place that leaves Python |
//! | [`tables`] | records in files and tables, results in them |
//! | [`told`] | drift and profiles as tables, frames and pages |

#![expect(
    clippy::doc_markdown,
    clippy::needless_pass_by_value,
    clippy::trivially_copy_pass_by_ref,
    clippy::unused_self,
    reason = "docs, signatures and attributes here are Python's"
)]

mod convert;
mod data;
mod describe;
mod drift;
mod errors;
mod evaluate;
mod genai;
mod intake;
mod merged;
mod observe;
mod queue;
mod results;
mod run;
#[cfg(feature = "server")]
mod serve;
mod spread;
mod tables;
mod told;

use pyo3::prelude::*;

/// Conversion makes many small values on one thread that others free: what this allocator is
/// good at. It asks for no huge pages (its feature `no_thp`): each thread would fill one of 2 MB for every
/// size of its values, and nothing is faster for it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The compiled half of the package `scouter`.
#[pymodule(gil_used = false)]
mod _scouter {
    #[pymodule_export]
    use crate::data::{read_json, write_json};
    #[pymodule_export]
    use crate::describe::{
        PyCharStats, PyDataProfile, PyDataProfiler, PyDatetimeStats, PyDistinct, PyFeatureProfile,
        PyHistogram, PyNumericStats, PyQuantiles, PyStringStats, PyWordStats,
    };
    #[pymodule_export]
    use crate::drift::{
        PyAlertCondition, PyAlertThreshold, PyAlertZone, PyAuto, PyBin, PyBinType, PyChiSquare,
        PyCommonCrons, PyConsole, PyCustomAlertConfig, PyCustomConfig, PyCustomMap, PyCustomMetric,
        PyCustomProfile, PyDataType, PyDispatchType, PyDistanceMap, PyDoane, PyDriftType, PyDrifter,
        PyEqualWidth, PyFeatureDistance, PyFeatureMap, PyFixed, PyFreedmanDiaconis, PyGenAIAlertConfig,
        PyGenAIConfig, PyGenAIProfile, PyManual, PyMetricCheck, PyNormal, PyOpsGenie, PyPsiAlertConfig,
        PyPsiConfig, PyPsiFeature, PyPsiFeatureDrift, PyPsiMap, PyPsiProfile, PyPsiTerm, PyQuantile, PyRice,
        PyScott, PySlack, PySpcAlert, PySpcAlertConfig, PySpcAlertRule, PySpcAlertType, PySpcConfig,
        PySpcFeature, PySpcFeatureDrift, PySpcMap, PySpcProfile, PySquareRoot, PySturges, PyTerrellScott,
    };
    #[pymodule_export]
    use crate::evaluate::{
        PyAggregationType, PyArgumentMatch, PyAssertionTask, PyCalibration, PyCheckResult,
        PyComparisonOperator, PyCustomTask, PyDataset, PyDriftTask, PyEstimate, PyEvaluationConfig,
        PyEvaluationTaskType, PyExpectedCalls, PyFinding, PyJudgeTask, PyRecord, PySpanFilter, PySpanStatus,
        PySuiteCheck, PyTasksFile, PyToolCall, PyTraceAssertion, PyTraceAssertionTask, PyTrajectoryMode,
        execute_trace_assertion_tasks, sample_trace, task_file_schema, wait_for_functions,
    };
    #[pymodule_export]
    use crate::evaluate::{PyAttribute, PySpanEvent, PySpanLink, PyTraceSpan};
    #[pymodule_export]
    use crate::genai::{
        PyAnthropicSettings, PyBudgetUse, PyChatMessage, PyContentEmbedding, PyEmbedder, PyEmbeddingObject,
        PyEmbeddingUsage, PyEmbeddings, PyGeminiContent, PyGeminiEmbedding, PyGeminiResponse,
        PyGeminiSettings, PyImage, PyLabels, PyLikeness, PyMessage, PyMessageParam, PyModelCall,
        PyModelOptions, PyModelSettings, PyModelUsage, PyOpenAIEmbedding, PyOpenAIResponse, PyOpenAISettings,
        PyPredictRequest, PyPredictResponse, PyPrediction, PyPreference, PyPrompt, PyProvider,
        PyResponseType, PyRole, PyRubric, PyScore, PyScriptedModel,
    };
    #[pymodule_export]
    use crate::observe::{
        PyLatencyMetrics, PyObservabilityMetrics, PyObserver, PyRouteMetrics, PyServerRecord, PyServerRecords,
    };
    #[pymodule_export]
    use crate::queue::{
        PyEntityType, PyFeature, PyFeatures, PyInbox, PyMetric, PyMetrics, PyQueue, PyQueueOptions,
        PyQueueStats, PyScouterQueue, PyServer, after_fork, begin_queues_anew, end_queues,
    };
    #[pymodule_export]
    use crate::results::{
        PyAligned, PyAssertionResult, PyAssertionResults, PyBadRecord, PyCaseMean, PyComparison, PyEvalSet,
        PyMissingTask, PyNumberChange, PyRateChange, PyResultIterator, PyResultSet, PyResults, PySummary,
        PyTaskComparison, PyTaskCounts, PyTaskResult, PyTaskVerdict, PyTrialMean, PyTrials,
        PyWorkflowComparison, nearest_id,
    };

    #[cfg(feature = "server")]
    #[pymodule_export]
    use crate::serve::serve;

    /// The version of the package.
    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "the name that Python modules use")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
