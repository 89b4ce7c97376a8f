//! `DriftTask`.

use std::path::PathBuf;

use indexmap::IndexMap;
use pyo3::prelude::*;
use scouter_tasks::suite::read_value;
use scouter_tasks::task::{Baseline, DriftError, DriftSpec, GivenDrift, Head};
use scouter_tasks::value::{from_value, to_value};
use scouter_tasks::window::Column;

use super::arguments::{Expected, Texts};
use super::enums::PyEvaluationTaskType;
use super::operator::{AnyOperator, PyComparisonOperator};
use super::task::{head, head_attributes};
use crate::convert::{PyJson, one_of};
use crate::data::wraps;
use crate::drift::{PyCustomProfile, PyPsiProfile, PySpcProfile};
use crate::errors;
use crate::results::PyResults;

/// Columns over all records against how they were: fields of records, what tasks judged, or whether they passed.
///
/// It runs when all records are done. What it measures is an object with `method`, `drifted`, `drifted_features`, `records`,
/// `values` (the fewest that a column has) and `features`; of a `PsiDriftProfile` and of an earlier run also `psi` and `p_value`
/// with their `min`, `mean` and `max`, of a `SpcDriftProfile` `alerts` and `p_value`. It passes unless something `drifted`, or as `operator` and
/// `expected_value` judge the value at `context_path`. A column with too few values, none at all or others than its baseline is an
/// error, never a pass.
///
/// Of the tasks in `depends_on`, those of single records say which records are in the columns: those on which a task would run that
/// depends on them, now and in an earlier run. Tasks that depend on this one see all that it measured.
///
/// Args:
///     id: The task's name, unique in its dataset; kept in lower case.
///     baseline: How the columns were: a `PsiDriftProfile`, a `SpcDriftProfile`, a `CustomDriftProfile`, the `GenAIEvalResults` of an
///         earlier run, or the path of a JSON file with one of these.
///     column: The column: the path of a field, or `{"value_of": task}` or `{"pass_rate_of": task}`. With an earlier run, one of
///         the latter.
///     columns: Several columns, by the features of the baseline that they are compared with. Where neither is given, all features
///         that the baseline watches are fields of the same names.
///     context_path: Where in what is measured the value is that is judged, such as `psi.max`. `drifted` by default; with
///         control charts it must be said, for these alert by chance too.
///     operator: How the value is judged: a `ComparisonOperator`, or its name. `Equals` by default.
///     expected_value: What is expected of the value; `False` where nothing else is given.
///     min_values: With fewer values in a column the task errors, and with fewer in the bins of its baseline it is refused. By default
///         what its `PsiAlertConfig` says for bins (30), a subgroup for a control chart, the metric's own `minimum_count` for a metric.
///     description: What the task is for.
///     depends_on: The tasks that run before this one.
///     condition: Whether the task is a gate: unless it passes, nothing that depends on it runs.
///
/// Raises:
///     ConfigError: Where the baseline does not have the columns, or a column is none; where an earlier run was cancelled, or does not
///         have a task of `depends_on`.
#[pyclass(module = "scouter.evaluate", name = "DriftTask", skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyDriftTask(pub(crate) DriftSpec);

wraps!(PyDriftTask(DriftSpec) as "DriftTask");
head_attributes!(PyDriftTask, head);

impl PyDriftTask {
    fn head(&self) -> &Head {
        &self.0.head
    }

    fn head_mut(&mut self) -> &mut Head {
        &mut self.0.head
    }
}

one_of! {
    /// How columns were, as an argument.
    enum AnyBaseline<'py> {
        Psi(PyRef<'py, PyPsiProfile>),
        Spc(PyRef<'py, PySpcProfile>),
        Custom(PyRef<'py, PyCustomProfile>),
        Results(PyRef<'py, PyResults>),
        Path(PathBuf),
    }
}

impl AnyBaseline<'_> {
    fn task(self, py: Python<'_>, mut given: GivenDrift) -> Result<DriftSpec, DriftError> {
        match self {
            Self::Psi(profile) => given.against(Baseline::Psi(Box::new(profile.spec(py)))),
            Self::Spc(profile) => given.against(Baseline::Spc(Box::new(profile.spec(py)))),
            Self::Custom(profile) => given.against(Baseline::Custom(Box::new(profile.spec(py)))),
            Self::Results(results) => given.against_results(&results.0),
            Self::Path(path) => {
                let read = py.detach(|| read_value(&path));
                given.baseline =
                    read.map_err(|message| DriftError { field: DriftSpec::BASELINE, message })?;
                DriftSpec::try_from(given)
            }
        }
    }
}

#[pymethods]
impl PyDriftTask {
    #[new]
    #[pyo3(signature = (
        id, baseline, column=None, columns=None, context_path=None, operator=None, expected_value=Expected::LEFT_OUT, min_values=None,
        description=None, depends_on=None, condition=false,
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a Python class, given by name")]
    fn new(
        py: Python<'_>,
        id: &str,
        baseline: AnyBaseline<'_>,
        column: Option<PyJson>,
        columns: Option<PyJson>,
        context_path: Option<String>,
        operator: Option<AnyOperator>,
        expected_value: Expected<'_>,
        min_values: Option<u64>,
        description: Option<String>,
        depends_on: Option<Texts>,
        condition: bool,
    ) -> PyResult<Self> {
        let column = column.map(|PyJson(column)| from_value::<Column>(&column)).transpose();
        let columns =
            columns.map(|PyJson(columns)| from_value::<IndexMap<String, Column>>(&columns)).transpose();
        let given = GivenDrift {
            head: head(id, description, depends_on, condition),
            column: column.map_err(|error| errors::field(py, id, "column", error))?,
            columns: columns.map_err(|error| errors::field(py, id, "columns", error))?.unwrap_or_default(),
            context_path,
            operator: operator.map(|operator| AnyOperator::read(py, id, Some(operator))).transpose()?,
            expected_value: expected_value.read(id)?,
            min_values,
            ..GivenDrift::default()
        };
        let task = baseline.task(py, given);
        task.map(Self).map_err(|error| errors::field(py, id, error.field, error.message))
    }

    /// How the columns were: a profile.
    #[getter]
    fn baseline(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(match &self.0.baseline {
            Baseline::Psi(profile) => Py::new(py, PyPsiProfile::of(py, (**profile).clone())?)?.into_any(),
            Baseline::Spc(profile) => Py::new(py, PySpcProfile::of(py, (**profile).clone())?)?.into_any(),
            Baseline::Custom(profile) => {
                Py::new(py, PyCustomProfile::of(py, (**profile).clone())?)?.into_any()
            }
        })
    }

    /// The columns, by the features of the baseline that they are compared with. None where all features that it watches are fields
    /// of the same names.
    #[getter]
    fn columns(&self) -> PyResult<PyJson> {
        to_value(&self.0.columns).map(PyJson).map_err(errors::value)
    }

    /// Where in what is measured the value is that is judged.
    #[getter]
    fn context_path(&self) -> &str {
        &self.0.context_path
    }

    /// How the value is judged.
    #[getter]
    fn operator(&self) -> PyComparisonOperator {
        self.0.operator.into()
    }

    /// What is expected of the value; `None` also where nothing is.
    #[getter]
    fn expected_value(&self) -> PyJson {
        PyJson(self.0.expected_value.clone().unwrap_or_default())
    }

    /// With fewer values in a column the task errors; `None` where that is left to the method.
    #[getter]
    fn min_values(&self) -> Option<u64> {
        self.0.min_values
    }

    /// The kind of the task.
    #[getter]
    fn task_type(&self) -> PyEvaluationTaskType {
        PyEvaluationTaskType::Drift
    }
}
