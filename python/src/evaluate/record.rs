//! `GenAIEvalRecord`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyType};
use pyo3::{PyTraverseError, PyVisit};
use scouter_engine::{Clock, SystemClock};
use scouter_tasks::subject::Spans;
use scouter_tasks::trace::Trace;
use scouter_tasks::value::{Value, from_value, to_json, to_value};
use smol_str::SmolStr;
use uuid::Uuid;

use super::arguments::{RecordId, TraceSpans, items, no_record};
use super::fields::Fields;
use super::hints::ContextDict;
use super::span::PyTraceSpan;
use super::uid;
use crate::convert::{class, from_python, to_python};
use crate::data::{Data, Pickled, data_methods, from_text};
use crate::errors;

/// One thing to evaluate: what an application was given and what it answered, and, where there is
/// one, the trace of how it got there.
///
/// The record holds its own dict of the context: keys set in yours later are not seen. What the
/// values hold is read when the record is evaluated.
///
/// Args:
///     context: A dict, or a pydantic model.
///     id: Your name for the record, unique in its dataset: results are found by it, and two runs
///         are compared by it.
///     session_id: The session that the record belongs to; its `uid` where there is none.
///     trace: The spans of how the application got there, as `TraceSpan`s.
///
/// Raises:
///     TypeError: Where the context is neither a dict nor a model.
#[pyclass(module = "scouter.queue", name = "GenAIEvalRecord")]
#[derive(Debug)]
pub(crate) struct PyRecord {
    pub(crate) context: Fields,
    pub(crate) id: Option<SmolStr>,
    pub(crate) uid: Uuid,
    session_id: Option<String>,
    created_at: DateTime<Utc>,
    trace: Option<Arc<Vec<PyTraceSpan>>>,
    spans: OnceLock<Spans>,
    /// Whether a dataset has it, which knows it by its id from then on.
    listed: AtomicBool,
}

/// The span tree of spans.
pub(crate) fn spans(spans: &[PyTraceSpan]) -> Spans {
    match Trace::new(spans.iter().map(|span| span.0.clone())) {
        Ok(trace) => Spans::Tree(Arc::new(trace)),
        Err(error) => Spans::Unusable(error.to_string().into()),
    }
}

impl PyRecord {
    /// The record's span tree, built once.
    pub(crate) fn spans(&self) -> Spans {
        let Some(trace) = &self.trace else { return Spans::Absent };
        self.spans.get_or_init(|| spans(trace)).clone()
    }

    /// The same record with these keys of its context replaced.
    pub(crate) fn with_context(&self, py: Python<'_>, update: &Bound<'_, PyDict>) -> PyResult<Self> {
        let context = self.context.dict(py).copy()?;
        context.update(update.as_mapping())?;
        Ok(Self {
            context: Fields::of(&context)?,
            id: self.id.clone(),
            uid: self.uid,
            session_id: self.session_id.clone(),
            created_at: self.created_at,
            trace: self.trace.clone(),
            spans: self.spans.clone(),
            listed: AtomicBool::new(self.listed.load(Ordering::Relaxed)),
        })
    }
}

impl PyRecord {
    /// Its id stays as it is from now on.
    pub(super) fn keep_id(&self) {
        self.listed.store(true, Ordering::Relaxed);
    }

    /// The session that it was given.
    pub(crate) fn own_session(&self) -> Option<&str> {
        self.session_id.as_deref()
    }

    /// The trace that it came from, where it is named as OpenTelemetry names them: by 32 hexadecimal digits.
    pub(crate) fn trace_id(&self) -> Option<&str> {
        let id = self.trace.as_ref()?.first()?.0.trace_id.as_str();
        (id.len() == 32 && id.bytes().all(|digit| digit.is_ascii_hexdigit())).then_some(id)
    }

    /// The record as a value, with this as its context.
    fn with_value(&self, context: Value) -> PyResult<Value> {
        let trace = match &self.trace {
            None => Value::Null,
            Some(trace) => {
                let spans: Vec<_> = trace.iter().map(|span| &span.0).collect();
                to_value(&spans).map_err(errors::value)?
            }
        };
        Ok(Value::map([
            ("id", self.id.clone().map_or(Value::Null, Value::Text)),
            ("uid", Value::from(self.uid.to_string())),
            ("session_id", Value::from(self.session_id())),
            ("created_at", Value::from(self.created_at.to_rfc3339())),
            ("context", context),
            ("trace", trace),
        ]))
    }
}

/// The dict of what was given as a context.
pub(crate) fn dict<'py>(context: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
    if let Ok(dict) = context.cast::<PyDict>() {
        return Ok(dict.clone());
    }
    // A class has the methods of its objects too, and is none.
    let is_class = context.cast::<PyType>().is_ok();
    let Some(dump) = context.getattr_opt("model_dump")?.filter(|_| !is_class) else {
        let class = class(context);
        return Err(PyTypeError::new_err(format!(
            "`context` must be a dict or a pydantic model, not `{class}`"
        )));
    };
    // What it raises is not ours to explain.
    dump.call0()?.cast_into().map_err(|error| {
        let given = class(&error.into_inner());
        PyTypeError::new_err(format!("`context`: its `model_dump` gave a `{given}`, and a dict is expected"))
    })
}

#[pymethods]
impl PyRecord {
    #[new]
    #[pyo3(signature = (context, id=None, session_id=None, trace=None))]
    fn new(
        context: &Bound<'_, PyAny>,
        id: Option<RecordId>,
        session_id: Option<String>,
        trace: Option<TraceSpans>,
    ) -> PyResult<Self> {
        let now = SystemClock.now();
        Ok(Self {
            context: Fields::of(&dict(context)?)?,
            id: id.map(|id| SmolStr::from(id.0)),
            uid: uid::new(now),
            session_id,
            created_at: now.into(),
            trace: trace.map(|trace| Arc::new(trace.0)),
            spans: OnceLock::new(),
            listed: AtomicBool::new(false),
        })
    }

    /// The session that the record belongs to.
    #[getter]
    fn session_id(&self) -> String {
        self.session_id.clone().unwrap_or_else(|| self.uid.to_string())
    }

    #[setter]
    fn set_session_id(&mut self, session_id: String) {
        self.session_id = Some(session_id);
    }

    /// Your name for the record. It can be set until a dataset has the record, which knows it by its id.
    ///
    /// Raises:
    ///     RecordError: Where a dataset has it when it is set.
    #[getter]
    fn record_id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    #[setter]
    fn set_record_id(&mut self, py: Python<'_>, record_id: Option<RecordId>) -> PyResult<()> {
        if *self.listed.get_mut() {
            let id = self.id.clone().unwrap_or_else(|| self.uid.to_string().into());
            return Err(errors::record(
                py,
                format!(
                    "record `{id}`: a dataset has it, which knows it by its id; set `record_id` before the dataset \
                     is made"
                ),
            ));
        }
        self.id = record_id.map(|id| SmolStr::from(id.0));
        Ok(())
    }

    /// When the record was made.
    #[getter]
    fn created_at(&self) -> DateTime<Utc> {
        self.created_at
    }

    /// Our name for the record: a UUID of version 7.
    #[getter]
    fn uid(&self) -> String {
        self.uid.to_string()
    }

    /// The context.
    #[getter]
    fn context<'py>(&self, py: Python<'py>) -> ContextDict<'py> {
        ContextDict(self.context.dict(py).clone().into_any())
    }

    /// The spans; `None` for a record without a trace.
    #[getter]
    fn trace(&self) -> Option<Vec<PyTraceSpan>> {
        self.trace.as_ref().map(|trace| trace.as_ref().clone())
    }

    /// Makes the record of a pickle again.
    #[staticmethod]
    fn _unpickled(context: Bound<'_, PyDict>, rest: &str) -> PyResult<Self> {
        Ok(Self { context: Fields::of(&context)?, ..from_text(context.py(), rest)? })
    }

    /// What is shown to the garbage collector: a context may lead back to its record.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.context.traverse(&visit)
    }

    /// Sets a key of the context.
    fn update_context_field(&self, key: &str, value: &Bound<'_, PyAny>) -> PyResult<()> {
        self.context.dict(value.py()).set_item(key, value)
    }
}

impl Data for PyRecord {
    const NAME: &'static str = "GenAIEvalRecord";

    fn to_value(&self, py: Python<'_>) -> PyResult<Value> {
        let name = || self.id.clone().unwrap_or_else(|| self.uid.to_string().into());
        let context = from_python(self.context.dict(py).as_any()).map_err(|why| {
            errors::record(py, format!("record `{}`: its context has no form in JSON: {why}", name()))
        })?;
        self.with_value(context)
    }

    /// The context pickles as what it is in Python, not as JSON.
    fn pickled<'py>(&self, py: Python<'py>) -> PyResult<Pickled<'py>> {
        let again = py.get_type::<Self>().getattr("_unpickled")?;
        let rest = to_json(&self.with_value(Value::map::<&str>([]))?);
        Ok((again, (self.context(py), rest).into_pyobject(py)?))
    }

    fn from_value(py: Python<'_>, value: &Value) -> PyResult<Self> {
        let wrong = |field: &str| {
            errors::value(format!("not a `GenAIEvalRecord`: `{field}` is missing or not valid"))
        };
        let text = |field: &str| value.get(field).and_then(Value::as_text);
        let context = to_python(py, value.get("context").ok_or_else(|| wrong("context"))?)?;
        let trace = match value.get("trace") {
            None | Some(Value::Null) => None,
            Some(spans) => Some(from_value::<Vec<_>>(spans).map_err(|_| wrong("trace"))?),
        };
        Ok(Self {
            context: Fields::of(context.cast::<PyDict>().map_err(|_| wrong("context"))?)?,
            id: text("id").map(SmolStr::from),
            uid: text("uid").and_then(|uid| uid.parse().ok()).ok_or_else(|| wrong("uid"))?,
            session_id: text("session_id").map(str::to_owned),
            created_at: text("created_at")
                .and_then(|time| time.parse().ok())
                .ok_or_else(|| wrong("created_at"))?,
            trace: trace.map(|spans| Arc::new(spans.into_iter().map(PyTraceSpan).collect())),
            spans: OnceLock::new(),
            listed: AtomicBool::new(false),
        })
    }
}

data_methods!(PyRecord);

/// The records of an argument: any iterable of them.
pub(crate) fn list(records: &Bound<'_, PyAny>) -> PyResult<Vec<Py<PyRecord>>> {
    let len = records.cast::<PyList>().map_or(0, PyListMethods::len);
    let mut all = Vec::with_capacity(len);
    for (at, record) in items(records, "records", "a list of GenAIEvalRecords")?.enumerate() {
        let record = record?.cast_into::<PyRecord>().map_err(|error| no_record(at, &error.into_inner()))?;
        all.push(record.unbind());
    }
    Ok(all)
}
