//! `GenAIEvalProfile`.

use std::num::NonZeroU32;

use pyo3::prelude::*;
use scouter_tasks::profile::{Content, EvalTasks, GenAIProfile};
use scouter_tasks::result::plan_text;
use scouter_tasks::suite::Suite;
use scouter_tasks::task::{AssertionSpec, LLMJudgeSpec, TraceAssertionSpec};

use super::custom_alert::PyGenAIAlertConfig;
use super::forms::has_config;
use super::genai_config::PyGenAIConfig;
use super::identity::of_group;
use crate::data::documents;
use crate::errors;
use crate::evaluate::{
    AnyTask, PyAssertionTask, PyDataset, PyEvaluationConfig, PyJudgeTask, PyTraceAssertionTask, Tasks,
    object, of_class, shown, stages, written,
};
use crate::results::{PyResultSet, print};
use crate::run::{self, History, Wanted};

/// Tasks that the records of an application go through: those that a dataset was tested with, to be run on a server as records come.
///
/// A task that is changed later does not change what the profile runs and stores. What tasks hold is stored, the prompts of judges among it;
/// keys, headers and proxies never are.
///
/// Args:
///     tasks: Assertions, judges and trace assertions, in any order.
///     config: What becomes of the profile: whose it is, how many of the records are evaluated, who is told.
///     alias: What it is called where an application holds several.
///
/// Raises:
///     ConfigError: Where the tasks are not sound, or one cannot be stored (a `CustomTask`) or looks at all records at once (a
///         `DriftTask`); `problems` lists every problem with its task and field.
#[pyclass(module = "scouter.evaluate", name = "GenAIEvalProfile", skip_from_py_object)]
#[derive(Debug)]
pub(crate) struct PyGenAIProfile {
    /// What becomes of it.
    #[pyo3(get)]
    config: Py<PyGenAIConfig>,
    scouter_version: String,
    /// What it is called where an application holds several.
    #[pyo3(get)]
    alias: Option<String>,
    tasks: EvalTasks,
    /// The same, as they run.
    suite: Suite,
    /// The same, as Python has them.
    objects: Vec<Py<PyAny>>,
}

#[pymethods]
impl PyGenAIProfile {
    #[new]
    #[pyo3(signature = (tasks, config=None, alias=None))]
    pub(super) fn new(
        py: Python<'_>,
        tasks: Tasks<'_>,
        config: Option<&Bound<'_, PyGenAIConfig>>,
        alias: Option<String>,
    ) -> PyResult<Self> {
        let (objects, specs) = written(&tasks)?;
        let tasks = EvalTasks::new(&specs).map_err(|error| errors::config(py, &error))?;
        let suite = tasks.suite().map_err(|error| errors::config(py, error))?.clone();
        let mut config = config.map(|config| config.borrow().spec(py)).unwrap_or_default();
        config.identity = of_group(&config.identity, false);
        Ok(Self {
            config: Py::new(py, PyGenAIConfig::of(py, config)?)?,
            scouter_version: env!("CARGO_PKG_VERSION").to_owned(),
            alias,
            tasks,
            suite,
            objects,
        })
    }

    /// The tasks.
    #[getter]
    fn tasks<'py>(&self, py: Python<'py>) -> Vec<AnyTask<'py>> {
        shown(py, &self.objects)
    }

    /// The tasks that are assertions.
    #[getter]
    fn assertion_tasks(&self, py: Python<'_>) -> Vec<Py<PyAssertionTask>> {
        of_class(py, &self.objects)
    }

    /// The tasks that are judged by a model.
    #[getter]
    fn llm_judge_tasks(&self, py: Python<'_>) -> Vec<Py<PyJudgeTask>> {
        of_class(py, &self.objects)
    }

    /// The tasks that are trace assertions.
    #[getter]
    fn trace_assertion_tasks(&self, py: Python<'_>) -> Vec<Py<PyTraceAssertionTask>> {
        of_class(py, &self.objects)
    }

    /// Whether a task asks a model.
    fn has_llm_tasks(&self) -> bool {
        self.has(LLMJudgeSpec::KIND)
    }

    /// Whether a task is an assertion.
    fn has_assertions(&self) -> bool {
        self.has(AssertionSpec::KIND)
    }

    /// Whether a task is a trace assertion.
    fn has_trace_assertions(&self) -> bool {
        self.has(TraceAssertionSpec::KIND)
    }

    /// The ids of the tasks, stage by stage. A task runs when those it depends on are done,
    /// whatever the rest of their stage does.
    fn get_execution_plan(&self) -> Vec<Vec<String>> {
        stages(&self.suite)
    }

    /// Prints the plan: the tasks stage by stage, their gates and the longest chain.
    fn print_execution_plan(&self, py: Python<'_>) -> PyResult<()> {
        print(py, &plan_text(&self.suite))
    }

    /// Changes what is given of the configuration.
    #[pyo3(signature = (space=None, name=None, version=None, uid=None, alert_config=None))]
    fn update_config_args(
        &self,
        py: Python<'_>,
        space: Option<String>,
        name: Option<String>,
        version: Option<String>,
        uid: Option<String>,
        alert_config: Option<Py<PyGenAIAlertConfig>>,
    ) -> PyResult<()> {
        let mut config = self.config.borrow_mut(py);
        config.update_config_args(space, name, version, alert_config)?;
        if let Some(uid) = uid {
            config.identity.uid = uid;
        }
        Ok(())
    }
}

impl PyGenAIProfile {
    fn has(&self, kind: &str) -> bool {
        self.tasks.specs().iter().any(|task| task.kind() == kind)
    }

    /// Runs records through the tasks, as a dataset of them does.
    pub(super) fn evaluate(&self, records: &Bound<'_, PyAny>) -> PyResult<PyResultSet> {
        let py = records.py();
        let tasks = self.objects.iter().map(|task| task.clone_ref(py)).collect();
        let plan = (tasks, self.suite.clone());
        let dataset = PyDataset::of(records, plan, (None, None))?;
        let wanted = Wanted { trials: NonZeroU32::MIN, history: History::default() };
        run::evaluate(py, &dataset, &PyEvaluationConfig::default(), &wanted, None).map(PyResultSet)
    }

    pub(crate) fn spec(&self, py: Python<'_>) -> GenAIProfile {
        GenAIProfile {
            scouter_version: self.scouter_version.clone(),
            config: self.config.borrow(py).spec(py),
            alias: self.alias.clone(),
            tasks: self.tasks.clone(),
        }
    }

    pub(crate) fn of(py: Python<'_>, profile: GenAIProfile) -> PyResult<Self> {
        let unsound = |error| errors::profile(py, format!("not a `GenAIEvalProfile`: {error}"));
        let suite = profile.tasks.suite().map_err(unsound)?.clone();
        let objects = profile.tasks.specs().iter();
        let objects = objects.map(|task| object(py, task.as_ref()).map(Bound::unbind));
        Ok(Self {
            config: Py::new(py, PyGenAIConfig::of(py, profile.config)?)?,
            scouter_version: profile.scouter_version,
            alias: profile.alias,
            objects: objects.collect::<PyResult<_>>()?,
            tasks: profile.tasks,
            suite,
        })
    }
}

has_config!(PyGenAIProfile);
documents!(PyGenAIProfile(GenAIProfile) as "GenAIEvalProfile" in "genai_eval_profile.json", compared by Content::content);
