//! `Queue`.

use std::sync::Arc;
use std::time::Duration;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use scouter_client::{Pushed, Queue};
use scouter_engine::{Clock, SystemClock};
use scouter_wire::records::Record;

use super::process::LISTEN;
use super::shared::Shared;
use super::stats::{PyQueueStats, tell};
use crate::observe::{PyObservabilityMetrics, StatusCode};

/// How long a record waits for room, where it waits for some.
const PATIENCE: Duration = Duration::from_mins(1);

/// The entrance for records of one profile.
#[pyclass(module = "scouter.queue", name = "Queue", frozen)]
#[derive(Debug)]
pub(crate) struct PyQueue {
    pub(super) shared: Arc<Shared>,
    pub(super) lane: usize,
}

#[pymethods]
impl PyQueue {
    /// What it is called in its `ScouterQueue`.
    #[getter]
    fn identifier(&self) -> &str {
        &self.shared.entrances[self.lane].alias
    }

    /// Hands a record over, and returns at once: it is sent later, with others.
    ///
    /// A record that is none of the profile (a feature that the profile does not have, a text where a number is due) is refused as a whole, counted in
    /// `stats()` and warned of in the log `scouter.queue`, once a minute at most. Nothing is raised, whatever is given. Values that the baseline has none
    /// like are taken, counted there too (`missing`, `unseen`) and warned of.
    ///
    /// Of a profile of evaluations, a `GenAIEvalRecord` is taken as it is now; it keeps its `uid`, by which it is sampled and kept once however often it is
    /// inserted. Its context has a form in JSON, of 1 MB at most. Of its trace the identifier goes along, and no spans.
    ///
    /// Args:
    ///     item: `Features` or `Metrics`, a dict, a `FeatureMixin`, a pydantic model or a dataclass. What it does not have is missing, and so
    ///         are `None` and NaN. Of a profile of evaluations, a `GenAIEvalRecord`; of any profile
    ///         `ObservabilityMetrics`, which `sample_ratio` never leaves out (where rows are counted, `observe` is for requests).
    ///     named: In place of an item, its values by name. One that is called `item` is given in a dict.
    #[pyo3(signature = (item=None, **named: "object"))]
    fn insert(
        &self,
        py: Python<'_>,
        item: Option<&Bound<'_, PyAny>>,
        named: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<()> {
        let queue = self.shared.queue();
        let entrance = &self.shared.entrances[self.lane];
        let begun = match item.and_then(|item| entrance.schema.uid_of(item)) {
            Some(uid) => queue.begin_as(self.lane, uid),
            None if item.is_some_and(PyAnyMethods::is_instance_of::<PyObservabilityMetrics>) => {
                queue.begin_whole(self.lane)
            }
            None => queue.begin(self.lane),
        };
        if let Some(uid) = begun {
            let mut odd = Vec::new();
            match entrance.schema.record(item, named, &mut odd) {
                Ok(body) => {
                    self.push(py, &queue, Record { uid, body })?;
                    if !odd.is_empty() {
                        queue.remark(self.lane, &odd);
                    }
                }
                Err(misfit) => queue.refuse(self.lane, &misfit.code, misfit.reason),
            }
        }
        if let Some(stats) = queue.news(self.lane, false) {
            tell(py, self.identifier(), &stats);
        }
        Ok(())
    }

    /// Counts a request to the application, and returns at once: those of thirty seconds are sent as one record, also by `flush()` and `shutdown()`.
    ///
    /// What is no request is not counted as one, but as a record that is refused; nothing is raised of it. 255 routes are told apart, all others are
    /// `(other)`.
    ///
    /// Args:
    ///     route: The route as the application declares it, such as `/items/{id}`; not the path that was asked for.
    ///     latency: How many seconds the request took.
    ///     status_code: The status of HTTP. From 500 on it is an error.
    #[pyo3(signature = (route, latency, status_code))]
    fn observe(&self, py: Python<'_>, route: &str, latency: f64, status_code: StatusCode) {
        let queue = self.shared.queue();
        queue.observe(self.lane, route, latency, status_code.0);
        if let Some(stats) = queue.news(self.lane, false) {
            tell(py, self.identifier(), &stats);
        }
    }

    /// What became of the records so far.
    fn stats(&self) -> PyQueueStats {
        PyQueueStats(self.shared.queue().stats(self.lane))
    }

    fn __repr__(&self) -> String {
        format!("Queue({:?})", self.identifier())
    }
}

impl PyQueue {
    /// Pushes a record; where it is to wait for room, that long, and Ctrl-C is heard.
    fn push(&self, py: Python<'_>, queue: &Queue, record: Record) -> PyResult<()> {
        let Pushed::NoRoom(mut record) = queue.push(self.lane, record) else { return Ok(()) };
        let begun = SystemClock.instant();
        while SystemClock.instant() - begun < PATIENCE {
            py.detach(|| queue.wait_for_room(self.lane, &record, LISTEN));
            if let Err(interrupted) = py.check_signals() {
                queue.give_up(self.lane);
                return Err(interrupted);
            }
            match queue.push(self.lane, record) {
                Pushed::Done => return Ok(()),
                Pushed::NoRoom(again) => record = again,
            }
        }
        queue.give_up(self.lane);
        Ok(())
    }
}
