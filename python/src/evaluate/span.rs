//! `TraceSpan`.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use pyo3::prelude::*;
use scouter_tasks::trace::{Span, samples};

use super::span_parts::{Attributes, Moment, PyAttribute, PySpanEvent, PySpanLink};
use crate::convert::PyJson;
use crate::data::wraps;
use crate::errors;

/// One operation of a trace: what ran, when, for how long and with what result.
///
/// Args:
///     trace_id: The trace that the span belongs to.
///     span_id: The span itself, unique in its trace.
///     span_name: What ran.
///     start_time: When it began; without a time zone, UTC.
///     end_time: When it ended.
///     parent_span_id: The span that caused this one; `None` for a root.
///     span_kind: Such as `internal`, `server` or `client`.
///     duration_ms: How long it took, where the end is not known.
///     status_code: 0 unset, 1 ok, 2 error.
///     status_message: What went wrong.
///     service_name: The service that ran it; where absent, the attribute `service.name` counts.
///     attributes: What was recorded about it: a dict, or a list of `Attribute`s.
///     events: What happened while it ran.
///     links: Spans of other traces that have to do with it.
///     input: What it was given.
///     output: What it gave back.
///
/// Raises:
///     ValueError: Where it ends before it starts, or the status is none of these.
#[pyclass(module = "scouter.client", name = "TraceSpan", frozen, from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyTraceSpan(pub(crate) Arc<Span>);

wraps!(PyTraceSpan(Arc<Span>) as "TraceSpan");

#[pymethods]
impl PyTraceSpan {
    #[new]
    #[pyo3(signature = (
        *, trace_id, span_id, span_name, start_time, end_time=None, parent_span_id=None, span_kind=None,
        duration_ms=None, status_code=0, status_message=None, service_name=None, attributes=None, events=Vec::new(),
        links=Vec::new(), input=None, output=None,
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a Python class, given by name")]
    fn new(
        trace_id: &str,
        span_id: &str,
        span_name: &str,
        start_time: Moment,
        end_time: Option<Moment>,
        parent_span_id: Option<&str>,
        span_kind: Option<&str>,
        duration_ms: Option<i64>,
        status_code: i32,
        status_message: Option<&str>,
        service_name: Option<&str>,
        attributes: Option<Attributes>,
        events: Vec<PySpanEvent>,
        links: Vec<PySpanLink>,
        input: Option<PyJson>,
        output: Option<PyJson>,
    ) -> PyResult<Self> {
        let mut span = Span::new(trace_id, span_id, span_name, start_time.0);
        span.end_time = end_time.map(|end| end.0);
        span.parent_span_id = parent_span_id.map(Into::into);
        span.span_kind = span_kind.map(Into::into);
        span.duration_ms = duration_ms;
        span.status_code = status_code;
        span.status_message = status_message.map(Into::into);
        span.service_name = service_name.map(Into::into);
        span.attributes = attributes.map(|attributes| attributes.0).unwrap_or_default();
        span.events = events.into_iter().map(|event| event.0).collect();
        span.links = links.into_iter().map(|link| link.0).collect();
        span.input = input.unwrap_or_default().0;
        span.output = output.unwrap_or_default().0;
        if span.status().is_none() {
            let message = format!("`status_code` is {status_code}: it is 0 (unset), 1 (ok) or 2 (error)");
            return Err(errors::value(message));
        }
        span.check().map_err(errors::value)?;
        Ok(Self(span.into()))
    }

    /// The trace that the span belongs to.
    #[getter]
    fn trace_id(&self) -> &str {
        &self.0.trace_id
    }

    /// The span itself.
    #[getter]
    fn span_id(&self) -> &str {
        &self.0.span_id
    }

    /// The span that caused this one; `None` for a root.
    #[getter]
    fn parent_span_id(&self) -> Option<&str> {
        self.0.parent_span_id.as_deref()
    }

    /// What ran.
    #[getter]
    fn span_name(&self) -> &str {
        &self.0.span_name
    }

    /// The role in a call.
    #[getter]
    fn span_kind(&self) -> Option<&str> {
        self.0.span_kind.as_deref()
    }

    /// When it began.
    #[getter]
    fn start_time(&self) -> DateTime<Utc> {
        self.0.start_time
    }

    /// When it ended.
    #[getter]
    fn end_time(&self) -> Option<DateTime<Utc>> {
        self.0.end_time
    }

    /// How long it took, in whole milliseconds.
    #[getter]
    fn duration_ms(&self) -> Option<i64> {
        let elapsed = self.0.end_time.map(|end| (end - self.0.start_time).num_milliseconds());
        elapsed.or(self.0.duration_ms)
    }

    /// 0 unset, 1 ok, 2 error.
    #[getter]
    fn status_code(&self) -> i32 {
        self.0.status_code
    }

    /// What went wrong.
    #[getter]
    fn status_message(&self) -> Option<&str> {
        self.0.status_message.as_deref()
    }

    /// The service that ran it.
    #[getter]
    fn service_name(&self) -> Option<&str> {
        self.0.service_name.as_deref()
    }

    /// What was recorded about it.
    #[getter]
    fn attributes(&self) -> Vec<PyAttribute> {
        self.0.attributes.iter().cloned().map(PyAttribute).collect()
    }

    /// What happened while it ran.
    #[getter]
    fn events(&self) -> Vec<PySpanEvent> {
        self.0.events.iter().cloned().map(PySpanEvent).collect()
    }

    /// Spans of other traces that have to do with it.
    #[getter]
    fn links(&self) -> Vec<PySpanLink> {
        self.0.links.iter().cloned().map(PySpanLink).collect()
    }

    /// The number of ancestors, as the sender counted them.
    #[getter]
    fn depth(&self) -> u32 {
        self.0.depth
    }

    /// The ids from the root to this span, as the sender wrote them.
    #[getter]
    fn path(&self) -> Vec<String> {
        self.0.path.iter().map(ToString::to_string).collect()
    }

    /// The root above this span, as the sender wrote it.
    #[getter]
    fn root_span_id(&self) -> &str {
        &self.0.root_span_id
    }

    /// The place among the spans of the trace, as the sender counted it.
    #[getter]
    fn span_order(&self) -> u32 {
        self.0.span_order
    }

    /// What it was given.
    #[getter]
    fn input(&self) -> PyJson {
        PyJson(self.0.input.clone())
    }

    /// What it gave back.
    #[getter]
    fn output(&self) -> PyJson {
        PyJson(self.0.output.clone())
    }
}

/// One of the small traces that tests can use; `scouter.mock` has a function for each.
#[pyfunction]
pub(crate) fn sample_trace(name: &str) -> PyResult<Vec<PyTraceSpan>> {
    let spans = match name {
        "simple" => samples::simple(),
        "nested" => samples::nested(),
        "with_attributes" => samples::with_attributes(),
        "multi_service" => samples::multi_service(),
        "sequence_pattern" => samples::sequence_pattern(),
        "with_errors" => samples::with_errors(),
        _ => return Err(errors::value(format!("there is no sample trace `{name}`"))),
    };
    Ok(spans.into_iter().map(|span| PyTraceSpan(span.into())).collect())
}
