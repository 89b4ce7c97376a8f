//! `LLMJudgeTask`.

use indexmap::IndexMap;
use pyo3::prelude::*;
use pyo3::types::PyString;
use scouter_tasks::task::{Head, LLMJudgeSpec, Task};
use scouter_tasks::value::{Value, from_value, to_json, to_value};
use serde::de::DeserializeOwned;

use super::arguments::{Expected, Texts};
use super::assertion::each;
use super::calibration::PyCalibration;
use super::config::{Seconds, seconds};
use super::enums::PyEvaluationTaskType;
use super::operator::AnyOperator;
use super::task::{expectation_attributes, head, head_attributes};
use crate::convert::{PyJson, one_of, whole};
use crate::data::{Data, Pickled, data_methods};
use crate::errors;
use crate::genai::PyPrompt;

/// A check by a model: it is asked about the record, and its reply is judged as assertions judge a value.
///
/// The prompt sees the record's context and the outputs of the tasks it depends on, by the names in it. Tasks that depend on
/// this one see its whole reply.
///
/// Args:
///     id: The task's name, unique in its dataset; kept in lower case.
///     prompt: What the model is asked.
///     expected_value: What is expected of the value. `${path}` is filled in from the record.
///     context_path: Where in the reply the value is, such as `score`. The whole reply where there is none.
///     operator: How the value is judged: a `ComparisonOperator`, or its name.
///     description: What the task is for.
///     depends_on: The tasks that run before this one.
///     max_retries: How often a call that failed is made again, where that helps; the run's own number where there is
///         none.
///     condition: Whether the task is a gate: unless it passes, nothing that depends on it runs.
///     each: How many items of an array must pass.
///     timeout: How many seconds asking may take in all, retries included, but for the time in which it waits for its turn.
///     jury: Further models that are asked the same, as `provider/model` or dicts with `provider`, `model`, `settings`
///         and `base_url`.
///     combine: What the votes of a jury come to: `"majority"`, more than half of which must pass, or `"mean"`, the mean
///         of whose values is judged.
///     pair: Two values to compare, as a dict of names and paths. The prompt shows them as `${first}` and `${second}`,
///         in an order that is drawn for each record; the `winner` of the reply is one of the names, or `tie`.
///     seed: What the orders of a pair are drawn from.
///     calibration: How good the judge is against labels. One of results holds for the judge that was calibrated: where prompt, model,
///         settings or expectation are others now, the judge only reports.
///     least_kappa: The least that Cohen's kappa of the calibration must be, by the lower end of its interval, with at
///         least 10 labels of either kind. Below that the judge reports, but is no gate and counts in no rate.
///
/// Raises:
///     ConfigError: Where an argument is not what it should be; `problems` names it.
#[pyclass(module = "scouter.evaluate", name = "LLMJudgeTask", skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyJudgeTask(pub(crate) LLMJudgeSpec);

impl Data for PyJudgeTask {
    const NAME: &'static str = "LLMJudgeTask";

    fn to_value(&self, _py: Python<'_>) -> PyResult<Value> {
        to_value(&self.0).map_err(errors::value)
    }

    fn from_value(_py: Python<'_>, value: &Value) -> PyResult<Self> {
        let spec =
            from_value(value).map_err(|error| errors::value(format!("not a `LLMJudgeTask`: {error}")))?;
        Ok(Self(spec))
    }

    /// With its prompt, which has what is in no file.
    fn pickled<'py>(&self, py: Python<'py>) -> PyResult<Pickled<'py>> {
        let read = py.get_type::<Self>().getattr("_unpickled")?;
        Ok((read, (to_json(&self.to_value(py)?), self.prompt()).into_pyobject(py)?))
    }
}

data_methods!(PyJudgeTask);
head_attributes!(PyJudgeTask, head);
expectation_attributes!(PyJudgeTask);

impl PyJudgeTask {
    fn head(&self) -> &Head {
        &self.0.head
    }

    fn head_mut(&mut self) -> &mut Head {
        &mut self.0.head
    }
}

one_of! {
    /// A prompt as an argument.
    enum AnyPrompt<'py> {
        Itself(PyRef<'py, PyPrompt>),
    }
    else worded
}

/// What to write around the words of a prompt.
fn worded(given: &Bound<'_, PyAny>) -> Option<String> {
    let wrap = "write `Prompt(messages=…, model=…, provider=…)` around it";
    given.is_instance_of::<PyString>().then(|| wrap.to_owned())
}

/// An argument that is data of our own.
fn given<T: DeserializeOwned>(
    py: Python<'_>,
    id: &str,
    field: &str,
    given: Option<PyJson>,
) -> PyResult<Option<T>> {
    let given = given.map(|PyJson(value)| from_value(&value)).transpose();
    given.map_err(|error| errors::field(py, id, field, error))
}

#[pymethods]
impl PyJudgeTask {
    #[new]
    #[pyo3(signature = (
        id, prompt, expected_value=Expected::LEFT_OUT, context_path=None, operator=None, description=None, depends_on=None,
        max_retries: "int | None" = None, condition=false, each=None, timeout=None, *, jury=None, combine=None,
        pair=None, seed: "int | None" = None, calibration=None, least_kappa=None,
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a Python class, given by name")]
    fn new(
        py: Python<'_>,
        id: &str,
        prompt: AnyPrompt<'_>,
        expected_value: Expected<'_>,
        context_path: Option<String>,
        operator: Option<AnyOperator>,
        description: Option<String>,
        depends_on: Option<Texts>,
        #[pyo3(from_py_with = whole::max_retries)] max_retries: Option<u32>,
        condition: bool,
        each: Option<PyJson>,
        timeout: Option<Seconds>,
        jury: Option<PyJson>,
        combine: Option<PyJson>,
        pair: Option<PyJson>,
        #[pyo3(from_py_with = whole::seed)] seed: Option<u64>,
        calibration: Option<&Bound<'_, PyCalibration>>,
        least_kappa: Option<f64>,
    ) -> PyResult<Self> {
        let AnyPrompt::Itself(prompt) = prompt;
        if let Some(Err(why)) = timeout.map(seconds) {
            return Err(errors::field(py, id, "timeout", why));
        }
        Ok(Self(LLMJudgeSpec {
            head: head(id, description, depends_on, condition),
            prompt: prompt.0.clone(),
            context_path,
            operator: AnyOperator::read(py, id, operator)?,
            expected_value: expected_value.read(id)?,
            each: self::each(py, id, each)?,
            max_retries,
            timeout: timeout.map(Seconds::get),
            jury: given(py, id, "jury", jury)?.unwrap_or_default(),
            combine: given(py, id, "combine", combine)?.unwrap_or_default(),
            pair: given(py, id, "pair", pair)?,
            seed,
            calibration: match (calibration, least_kappa) {
                (Some(calibration), Some(least)) => Some(calibration.get().calibrated(least)),
                (None, None) => None,
                (Some(_), None) => {
                    return Err(errors::field(py, id, "least_kappa", "say how good the judge must be"));
                }
                (None, Some(_)) => {
                    return Err(errors::field(py, id, "calibration", "say how good the judge is"));
                }
            },
        }))
    }

    /// What the model is asked.
    #[getter]
    fn prompt(&self) -> PyPrompt {
        PyPrompt(self.0.prompt.clone())
    }

    /// Where in the reply the value is.
    #[getter]
    fn context_path(&self) -> Option<&str> {
        self.0.context_path.as_deref()
    }

    #[setter]
    fn set_context_path(&mut self, context_path: Option<String>) {
        self.0.context_path = context_path;
    }

    /// How often a call that failed is made again; the run's own number where it is `None`.
    #[getter]
    fn max_retries(&self) -> Option<u32> {
        self.0.max_retries
    }

    #[setter]
    fn set_max_retries(&mut self, max_retries: Option<u32>) {
        self.0.max_retries = max_retries;
    }

    /// How many seconds asking may take in all.
    #[getter]
    fn timeout(&self) -> Option<f64> {
        self.0.timeout
    }

    /// Further models that are asked the same.
    #[getter]
    fn jury(&self) -> PyResult<PyJson> {
        to_value(&self.0.jury).map(PyJson).map_err(errors::value)
    }

    /// What the votes of a jury come to: `majority` or `mean`.
    #[getter]
    fn combine(&self) -> PyResult<PyJson> {
        to_value(&self.0.combine).map(PyJson).map_err(errors::value)
    }

    /// Two values to compare, as names and paths.
    #[getter]
    fn pair(&self) -> Option<IndexMap<String, String>> {
        self.0.pair.clone().map(Into::into)
    }

    /// What the orders of a pair are drawn from.
    #[getter]
    fn seed(&self) -> Option<u64> {
        self.0.seed
    }

    /// How good the judge is against labels.
    #[getter]
    fn calibration(&self) -> Option<PyCalibration> {
        let calibration = self.0.calibration.as_ref()?;
        Some(PyCalibration::of(calibration.confusion(), 0, calibration.judge))
    }

    /// The least that Cohen's kappa of the calibration must be.
    #[getter]
    fn least_kappa(&self) -> Option<f64> {
        self.0.calibration.as_ref().map(|calibration| calibration.least_kappa)
    }

    /// What its verdicts depend on, as 32 hexadecimal digits: prompt, models, settings, and how replies are judged. Another one is
    /// another judge, of which a calibration of this one says nothing.
    #[getter]
    fn fingerprint(&self) -> String {
        self.0.print().to_string()
    }

    /// Why the judge only reports; `None` where it counts.
    #[getter]
    fn advisory(&self) -> Option<String> {
        self.0.advisory()
    }

    /// The kind of the task.
    #[getter]
    fn task_type(&self) -> PyEvaluationTaskType {
        PyEvaluationTaskType::LLMJudge
    }

    /// Makes the task of a pickle again.
    #[staticmethod]
    fn _unpickled(py: Python<'_>, json_string: &str, prompt: &Bound<'_, PyPrompt>) -> PyResult<Self> {
        let mut task: Self = crate::data::from_text(py, json_string)?;
        task.0.prompt = prompt.borrow().0.clone();
        Ok(task)
    }
}
