//! Spans of calls, written by the tracer of OpenTelemetry that the application has set up.

use std::time::{Duration, Instant, UNIX_EPOCH};

use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use scouter_engine::{Clock, SystemClock};
use scouter_providers::span::{Attribute, CallSpan, Spans};
use scouter_tasks::counted::counted;
use tokio::sync::mpsc::Receiver;

use super::asked::warn;
use super::threads::LISTEN;

/// Writes the spans of calls below the one that was current when it was opened: on the thread that waits for the calls, whenever
/// that listens, since nothing of Python is to be waited for where calls are made.
pub(crate) struct Tracing {
    /// Writes one: `scouter._spans.Write`.
    writer: Py<PyAny>,
    spans: Spans,
    over: Receiver<CallSpan>,
    /// The same moment by both clocks: calls are timed by the one that only moves forward.
    epoch: (Duration, Instant),
    /// How many the tracer did not take, and why the first of them.
    refused: Option<(u64, PyErr)>,
}

impl Tracing {
    /// `None` where the application has no tracer. One that fails ends nothing. OpenTelemetry is used where it is, and never
    /// imported for this; nor is what writes to it where it is not, which would take as long as to open a connection.
    pub(crate) fn open(py: Python<'_>) -> PyResult<Option<Self>> {
        let imported = py.import("sys")?.getattr("modules")?;
        if imported.call_method1("get", ("opentelemetry.trace",))?.is_none() {
            return Ok(None);
        }
        let writer = match py.import("scouter._spans")?.call_method0("writer") {
            Ok(writer) if writer.is_none() => return Ok(None),
            Ok(writer) => writer.unbind(),
            Err(error) if error.is_instance_of::<PyException>(py) => {
                warn(py, format!("spans of calls are not written, for there is no tracer: {error}"));
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let (spans, over) = Spans::channel();
        let now = SystemClock.now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Ok(Some(Self { writer, spans, over, epoch: (now, SystemClock.instant()), refused: None }))
    }

    /// Where calls are to send their spans.
    pub(crate) fn spans(&self) -> Spans {
        self.spans.clone()
    }

    /// Writes the spans of calls that are over, but for no longer than signals may wait; whether that is all of them.
    pub(crate) fn write(&mut self, py: Python<'_>) -> PyResult<bool> {
        let started = SystemClock.instant();
        while let Ok(call) = self.over.try_recv() {
            self.write_one(py, call)?;
            if SystemClock.instant() - started > LISTEN {
                return Ok(self.over.is_empty());
            }
        }
        Ok(true)
    }

    /// Writes the rest, when no call is made any more. Where somebody waits for the end, as `listen` says or raises now and then,
    /// what is left then is counted and told.
    pub(crate) fn finish(
        mut self,
        py: Python<'_>,
        mut listen: impl FnMut(Python<'_>) -> PyResult<bool>,
    ) -> PyResult<()> {
        let ended = loop {
            let written = self.write(py).and_then(|all| Ok(all || listen(py)?));
            if !matches!(written, Ok(false)) {
                break written.map(drop);
            }
        };
        if let left @ 1.. = self.over.len() {
            warn(py, format!("{} of calls had no time left to be written", counted(left, "span")));
        }
        if let Some((refused, why)) = self.refused {
            warn(py, format!("{} of calls could not be written: {why}", counted(refused, "span")));
        }
        ended
    }

    fn write_one(&mut self, py: Python<'_>, call: CallSpan) -> PyResult<()> {
        let attributes = PyDict::new(py);
        for (name, value) in call.attributes.as_slice() {
            match value {
                Attribute::Text(text) => attributes.set_item(*name, text)?,
                Attribute::Texts(texts) => attributes.set_item(*name, texts)?,
                Attribute::Int(number) => attributes.set_item(*name, *number)?,
                Attribute::Float(number) => attributes.set_item(*name, *number)?,
            }
        }
        let (now, instant) = self.epoch;
        let start = now + call.began.into_std().saturating_duration_since(instant);
        let times = (nanoseconds(start), nanoseconds(start + call.took));
        match self.writer.call1(py, (call.name, times, attributes, call.failure)) {
            Err(error) if error.is_instance_of::<PyException>(py) => {
                self.refused.get_or_insert((0, error)).0 += 1;
                Ok(())
            }
            written => written.map(drop),
        }
    }
}

/// Nanoseconds, which are few enough until the year 2554.
fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
