//! The parts of a span.

use chrono::{DateTime, Utc};
use pyo3::prelude::*;
use scouter_tasks::trace::{Attribute, SpanEvent, SpanLink};

use crate::convert::PyJson;
use crate::data::wraps;

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

/// Something that happened at one moment of a span.
#[pyclass(module = "scouter.client", name = "SpanEvent", frozen, from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PySpanEvent(pub(crate) SpanEvent);

wraps!(PySpanEvent(SpanEvent) as "SpanEvent");

#[pymethods]
impl PySpanEvent {
    #[new]
    #[pyo3(signature = (timestamp, name, attributes=Vec::new(), dropped_attributes_count=0))]
    fn new(
        timestamp: DateTime<Utc>,
        name: &str,
        attributes: Vec<PyAttribute>,
        dropped_attributes_count: u32,
    ) -> Self {
        let attributes = attributes.into_iter().map(|attribute| attribute.0).collect();
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
    #[pyo3(signature = (trace_id, span_id, trace_state="", attributes=Vec::new(), dropped_attributes_count=0))]
    fn new(
        trace_id: &str,
        span_id: &str,
        trace_state: &str,
        attributes: Vec<PyAttribute>,
        dropped_attributes_count: u32,
    ) -> Self {
        Self(SpanLink {
            trace_id: trace_id.into(),
            span_id: span_id.into(),
            trace_state: trace_state.into(),
            attributes: attributes.into_iter().map(|attribute| attribute.0).collect(),
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
