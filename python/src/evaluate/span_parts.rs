//! The parts of a span.

use chrono::{DateTime, NaiveDateTime, Utc};
use pyo3::exceptions::PyTypeError;
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::type_hint_union;
use pyo3::type_object::PyTypeInfo;
use pyo3::types::PyDict;
use scouter_tasks::trace::{Attribute, SpanEvent, SpanLink};

use crate::convert::{PyJson, from_python, whole};
use crate::data::wraps;
use crate::errors;

/// A key and its value, on a span, an event or a link.
#[pyclass(module = "scouter.client", name = "Attribute", frozen, from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyAttribute(pub(crate) Attribute);

wraps!(PyAttribute(Attribute) as "Attribute");

#[pymethods]
impl PyAttribute {
    #[new]
    fn new(key: &str, value: PyJson) -> Self {
        Self(Attribute { key: key.into(), value: value.0 })
    }

    /// The name.
    #[getter]
    fn key(&self) -> &str {
        &self.0.key
    }

    /// The value.
    #[getter]
    fn value(&self) -> PyJson {
        PyJson(self.0.value.clone())
    }
}

/// Attributes as an argument: a dict, or a list of [`PyAttribute`]s.
#[derive(Default)]
pub(super) struct Attributes(pub(super) Vec<Attribute>);

impl<'a, 'py> FromPyObject<'a, 'py> for Attributes {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = type_hint_union!(PyDict::TYPE_HINT, Vec::<PyAttribute>::INPUT_TYPE);

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let Ok(dict) = object.cast::<PyDict>() else {
            let list = object.extract::<Vec<PyAttribute>>();
            let list = list
                .map_err(|_| PyTypeError::new_err("`attributes` must be a dict, or a list of Attributes"))?;
            return Ok(Self(list.into_iter().map(|attribute| attribute.0).collect()));
        };
        let one = |(key, value): (Bound<'py, PyAny>, Bound<'py, PyAny>)| {
            let key: String = key.extract().map_err(|_| {
                PyTypeError::new_err(format!("the names of attributes must be text, not `{key}`"))
            })?;
            let value =
                from_python(&value).map_err(|why| errors::value(format!("attribute `{key}`: {why}")))?;
            Ok(Attribute { key: key.into(), value })
        };
        let items: Vec<_> = dict.iter().collect();
        items.into_iter().map(one).collect::<PyResult<_>>().map(Self)
    }
}

/// A moment as an argument: a `datetime` with a time zone, or one in UTC.
pub(super) struct Moment(pub(super) DateTime<Utc>);

impl<'a, 'py> FromPyObject<'a, 'py> for Moment {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = DateTime::<Utc>::INPUT_TYPE;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(naive) = object.extract::<NaiveDateTime>() {
            return Ok(Self(naive.and_utc()));
        }
        // Any time zone: turned into UTC by Python, which knows them all.
        let utc = object.py().import("datetime")?.getattr("timezone")?.getattr("utc")?;
        let zoned = object.call_method1("astimezone", (utc,)).and_then(|time| time.extract());
        zoned.map(Self).map_err(|_| {
            let class = object.get_type().fully_qualified_name();
            let class = class.map_or_else(|_| "?".to_owned(), |name| name.to_string());
            PyTypeError::new_err(format!("a time must be a datetime, not a `{class}`"))
        })
    }
}

/// Something that happened at one moment of a span.
#[pyclass(module = "scouter.client", name = "SpanEvent", frozen, from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PySpanEvent(pub(crate) SpanEvent);

wraps!(PySpanEvent(SpanEvent) as "SpanEvent");

#[pymethods]
impl PySpanEvent {
    #[new]
    #[pyo3(signature = (timestamp, name, attributes=Attributes::default(), dropped_attributes_count: "int" = 0))]
    fn new(
        timestamp: Moment,
        name: &str,
        attributes: Attributes,
        #[pyo3(from_py_with = whole::dropped_attributes_count)] dropped_attributes_count: u32,
    ) -> Self {
        let (timestamp, attributes) = (timestamp.0, attributes.0);
        Self(SpanEvent { timestamp, name: name.into(), attributes, dropped_attributes_count })
    }

    /// When it happened.
    #[getter]
    fn timestamp(&self) -> DateTime<Utc> {
        self.0.timestamp
    }

    /// What happened.
    #[getter]
    fn name(&self) -> &str {
        &self.0.name
    }

    /// What was recorded about it.
    #[getter]
    fn attributes(&self) -> Vec<PyAttribute> {
        self.0.attributes.iter().cloned().map(PyAttribute).collect()
    }

    /// How many attributes the sender left out.
    #[getter]
    fn dropped_attributes_count(&self) -> u32 {
        self.0.dropped_attributes_count
    }
}

/// A pointer to a span of any trace.
#[pyclass(module = "scouter.client", name = "SpanLink", frozen, from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PySpanLink(pub(crate) SpanLink);

wraps!(PySpanLink(SpanLink) as "SpanLink");

#[pymethods]
impl PySpanLink {
    #[new]
    #[pyo3(signature = (trace_id, span_id, trace_state="", attributes=Attributes::default(), dropped_attributes_count: "int" = 0))]
    fn new(
        trace_id: &str,
        span_id: &str,
        trace_state: &str,
        attributes: Attributes,
        #[pyo3(from_py_with = whole::dropped_attributes_count)] dropped_attributes_count: u32,
    ) -> Self {
        Self(SpanLink {
            trace_id: trace_id.into(),
            span_id: span_id.into(),
            trace_state: trace_state.into(),
            attributes: attributes.0,
            dropped_attributes_count,
        })
    }

    /// The trace of the other span.
    #[getter]
    fn trace_id(&self) -> &str {
        &self.0.trace_id
    }

    /// The other span.
    #[getter]
    fn span_id(&self) -> &str {
        &self.0.span_id
    }

    /// The `tracestate` that came with it.
    #[getter]
    fn trace_state(&self) -> &str {
        &self.0.trace_state
    }

    /// What was recorded about the link.
    #[getter]
    fn attributes(&self) -> Vec<PyAttribute> {
        self.0.attributes.iter().cloned().map(PyAttribute).collect()
    }

    /// How many attributes the sender left out.
    #[getter]
    fn dropped_attributes_count(&self) -> u32 {
        self.0.dropped_attributes_count
    }
}
