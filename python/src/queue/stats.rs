//! What became of records, and what is told of it.

use std::collections::BTreeMap;
use std::fmt::Write;

use pyo3::prelude::*;
use scouter_client::Stats;
use scouter_tasks::counted::counted;

use crate::data::wraps;

/// What became of the records of one profile. Each is counted in one place: `inserted` is the sum of `sampled_out`, `waiting`, `accepted`,
/// `refused`, `dropped`, `spooled` and `undelivered`.
#[pyclass(module = "scouter.queue", name = "QueueStats", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyQueueStats(pub(super) Stats);

wraps!(PyQueueStats(Stats) as "QueueStats");

#[pymethods]
impl PyQueueStats {
    /// How often `insert` was called, and how many records `observe` counted requests into.
    #[getter]
    fn inserted(&self) -> u64 {
        self.0.inserted
    }

    /// Left out by `sample_ratio`.
    #[getter]
    fn sampled_out(&self) -> u64 {
        self.0.sampled_out
    }

    /// Held here: not sent yet, or sent and not acknowledged yet.
    #[getter]
    fn waiting(&self) -> u64 {
        self.0.waiting
    }

    /// Acknowledged by the server, which has committed them.
    #[getter]
    fn accepted(&self) -> u64 {
        self.0.accepted
    }

    /// Not what a record of the profile is, by the code of the reason: found here, or by the server.
    #[getter]
    fn refused(&self) -> BTreeMap<String, u64> {
        self.0.refused.clone()
    }

    /// Dropped, since there was no room or the queue was shut down.
    #[getter]
    fn dropped(&self) -> u64 {
        self.0.dropped
    }

    /// On the disk, in `spool_dir`, since the server could not be reached.
    #[getter]
    fn spooled(&self) -> u64 {
        self.0.spooled
    }

    /// Left on the disk by processes that are gone, and acknowledged by the server now. They are not among `inserted`.
    #[getter]
    fn recovered(&self) -> u64 {
        self.0.recovered
    }

    /// Left on the disk by processes that are gone, and lost: records that the server refused, and pieces of files that cannot be read, as where a
    /// process was killed while it wrote one.
    #[getter]
    fn unrecovered(&self) -> u64 {
        self.0.unrecovered
    }

    /// Given up, since the time of `shutdown` was over, or since what was left on the disk cannot be read any more. The server may have some of them.
    #[getter]
    fn undelivered(&self) -> u64 {
        self.0.undelivered
    }

    /// By feature, values that were missing of features which always have one in the baseline, or in rows that had none at all. They are sent like all
    /// others, and drift may be found in them.
    #[getter]
    fn missing(&self) -> BTreeMap<String, u64> {
        self.0.missing.clone()
    }

    /// By feature, values of categories that the baseline does not know. They are sent like all others, and drift may be found in them.
    #[getter]
    fn unseen(&self) -> BTreeMap<String, u64> {
        self.0.unseen.clone()
    }

    /// Attempts to send that failed, and were made again.
    #[getter]
    fn failures(&self) -> u64 {
        self.0.failures
    }

    /// Why the last of them failed.
    #[getter]
    fn last_error(&self) -> Option<&str> {
        self.0.last_error.as_deref()
    }

    /// Why the last record was refused.
    #[getter]
    fn last_refusal(&self) -> Option<&str> {
        self.0.last_refusal.as_deref()
    }
}

/// How many features are named.
const NAMED: usize = 5;

/// Warns of what is lost and what fails, in the log of Python. Where that fails, nothing is said: whoever inserts has done nothing wrong.
pub(super) fn tell(py: Python<'_>, alias: &str, stats: &Stats) {
    let logged = py.import("logging").and_then(|logging| {
        let logger = logging.call_method1("getLogger", ("scouter.queue",))?;
        logger.call_method1("warning", ("%s", text(alias, stats)))
    });
    drop(logged);
}

fn text(alias: &str, stats: &Stats) -> String {
    let mut text = format!("`{alias}`: of {}, {} wait", counted(stats.inserted, "record"), stats.waiting);
    for (code, count) in &stats.refused {
        let _ = write!(text, ", {count} refused ({code})");
    }
    for (count, why) in [
        (stats.dropped, "dropped since there was no room or the queue was shut down"),
        (stats.spooled, "on the disk"),
        (stats.unrecovered, "left on the disk before and lost"),
        (stats.undelivered, "given up"),
    ] {
        if count > 0 {
            let _ = write!(text, ", {count} {why}");
        }
    }
    if let Some(why) = &stats.last_refusal {
        let _ = write!(text, "; the last was refused since {why}");
    }
    for (counts, are) in [
        (&stats.missing, "missing, as they are not in the baseline"),
        (&stats.unseen, "of categories that the baseline does not know"),
    ] {
        if counts.is_empty() {
            continue;
        }
        let named = counts.iter().take(NAMED).map(|(name, count)| format!("{count} of `{name}`"));
        let named = named.collect::<Vec<_>>().join(", ");
        let more = counts.len().saturating_sub(NAMED);
        let more =
            if more > 0 { format!(" and of {}", counted(more, "more feature")) } else { String::new() };
        let _ = write!(text, "; values that are {are}: {named}{more}");
    }
    if let Some(why) = &stats.last_error {
        let _ = write!(text, "; {} to send failed, the last: {why}", counted(stats.failures, "attempt"));
    }
    text
}
