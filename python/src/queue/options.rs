//! How a queue behaves, as Python says it.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use pyo3::prelude::*;
use scouter_client::{LARGEST_RECORD, Options, Ratio, SpoolOptions, WhenFull};
use scouter_engine::nearest;
use scouter_wire::MAX_RECORDS;
use serde::{Deserialize, Serialize};

use crate::data::wraps;
use crate::errors;

const POLICIES: [(&str, WhenFull); 3] = [
    ("drop_newest", WhenFull::DropNewest),
    ("drop_oldest", WhenFull::DropOldest),
    ("block", WhenFull::Block),
];

/// What Python gives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Given {
    capacity: usize,
    // Options that were kept before there was a choice do not say.
    #[serde(default = "usual_bytes")]
    capacity_bytes: usize,
    when_full: String,
    batch_size: usize,
    linger: f64,
    sample_ratio: f64,
    pub(super) aggregate: bool,
    pub(super) spool_dir: Option<PathBuf>,
    spool_bytes: u64,
    startup_timeout: f64,
}

fn usual_bytes() -> usize {
    Options::default().capacity_bytes
}

/// How a queue behaves: how much waits, for how long, and what becomes of what finds no room.
///
/// Args:
///     capacity: How many records of each profile wait at most, those under way included.
///     capacity_bytes: How many bytes these take at most, about, of each profile too.
///     when_full: What becomes of a record that finds no room: it is dropped (`"drop_newest"`), the oldest is dropped for it
///         (`"drop_oldest"`), or `insert` waits for a minute at most (`"block"`).
///     batch_size: As soon as so many records of a profile wait, they are sent; half of `capacity` or of `capacity_bytes` is enough.
///     linger: How many seconds a record waits for others to be sent with.
///     sample_ratio: Which share of the records is kept, drawn for each by its identifier. Of a profile of evaluations that has a share of its own, it is
///         the smaller one.
///     aggregate: Counts the rows of profiles of the stability index (`PsiDriftProfile`) by the bins of their features, and sends the counts every ten
///         seconds: a million rows take the room of one. Drift is found as before; the values themselves are nowhere any more.
///     spool_dir: A folder for what cannot be sent: it leaves the memory, survives the process and the machine however they end, and is sent by this
///         one or by the next one that has a queue for the same profile and folder. Any number of processes may use one folder.
///     spool_bytes: How many bytes all files in that folder take at most, about. Where it is full, records wait in memory.
///     startup_timeout: How many seconds `wait_for_startup` waits at most.
///
/// Raises:
///     ValueError: Where an option cannot be what it is.
#[pyclass(module = "scouter.queue", name = "QueueOptions", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyQueueOptions(pub(super) Given);

wraps!(PyQueueOptions(Given) as "QueueOptions");

#[pymethods]
impl PyQueueOptions {
    #[new]
    #[pyo3(signature = (
        *, capacity=100_000, capacity_bytes=67_108_864, when_full="drop_newest", batch_size=1_000, linger=1.0, sample_ratio=1.0,
        aggregate=false, spool_dir=None, spool_bytes=268_435_456, startup_timeout=30.0,
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a Python class, given by name")]
    fn new(
        capacity: usize,
        capacity_bytes: usize,
        when_full: &str,
        batch_size: usize,
        linger: f64,
        sample_ratio: f64,
        aggregate: bool,
        spool_dir: Option<PathBuf>,
        spool_bytes: u64,
        startup_timeout: f64,
    ) -> PyResult<Self> {
        let when_full = when_full.to_owned();
        let given = Given {
            capacity,
            capacity_bytes,
            when_full,
            batch_size,
            linger,
            sample_ratio,
            aggregate,
            spool_dir,
            spool_bytes,
            startup_timeout,
        };
        given.check()?;
        Ok(Self(given))
    }

    /// How many records of each profile wait at most.
    #[getter]
    fn capacity(&self) -> usize {
        self.0.capacity
    }

    /// How many bytes these take at most, about.
    #[getter]
    fn capacity_bytes(&self) -> usize {
        self.0.capacity_bytes
    }

    /// What becomes of a record that finds no room.
    #[getter]
    fn when_full(&self) -> &str {
        &self.0.when_full
    }

    /// How many records are sent as soon as they wait.
    #[getter]
    fn batch_size(&self) -> usize {
        self.0.batch_size
    }

    /// How many seconds a record waits for others.
    #[getter]
    fn linger(&self) -> f64 {
        self.0.linger
    }

    /// Which share of the records is kept.
    #[getter]
    fn sample_ratio(&self) -> f64 {
        self.0.sample_ratio
    }

    /// Whether rows are counted rather than sent.
    #[getter]
    fn aggregate(&self) -> bool {
        self.0.aggregate
    }

    /// The folder for what cannot be sent.
    #[getter]
    fn spool_dir(&self) -> Option<PathBuf> {
        self.0.spool_dir.clone()
    }

    /// How many bytes all files in it take at most.
    #[getter]
    fn spool_bytes(&self) -> u64 {
        self.0.spool_bytes
    }

    /// How many seconds `wait_for_startup` waits at most.
    #[getter]
    fn startup_timeout(&self) -> f64 {
        self.0.startup_timeout
    }
}

impl Given {
    /// What is given, or `QueueOptions()`.
    pub(super) fn of(py: Python<'_>, options: Option<PyRef<'_, PyQueueOptions>>) -> PyResult<Self> {
        if let Some(options) = options {
            return Ok(options.0.clone());
        }
        let usual = py.get_type::<PyQueueOptions>().call0()?.cast_into::<PyQueueOptions>()?;
        Ok(usual.get().0.clone())
    }

    /// All but the spool.
    fn check(&self) -> PyResult<Options> {
        let positive = |name: &str, number: usize| {
            NonZeroUsize::new(number).ok_or_else(|| errors::value(format!("`{name}` is 0: 1 is the least")))
        };
        let capacity = positive("capacity", self.capacity)?;
        let capacity_bytes = self.capacity_bytes;
        if capacity_bytes < LARGEST_RECORD {
            return Err(errors::value(format!(
                "`capacity_bytes` is {capacity_bytes}: {LARGEST_RECORD} are the least, for a single record may take as many"
            )));
        }
        let batch = positive("batch_size", self.batch_size)?;
        if batch.get() > MAX_RECORDS {
            return Err(errors::value(format!(
                "`batch_size` is {batch}: a server takes {MAX_RECORDS} records at once"
            )));
        }
        let policy = POLICIES.iter().find(|(name, _)| *name == self.when_full);
        let (_, when_full) = policy.ok_or_else(|| {
            let names = POLICIES.map(|(name, _)| name);
            let near = nearest(&self.when_full, names).map(|near| format!("; did you mean `{near}`?"));
            let near = near.unwrap_or_else(|| ": `drop_newest`, `drop_oldest` or `block`".to_owned());
            errors::value(format!("`when_full` cannot be `{}`{near}", self.when_full))
        })?;
        let linger = seconds("linger", self.linger)?;
        let sample = Ratio::try_from(self.sample_ratio)
            .map_err(|error| errors::value(format!("`sample_ratio`: {error}")))?;
        if self.spool_dir.is_some() && self.spool_bytes == 0 {
            return Err(errors::value(
                "`spool_bytes` is 0: leave `spool_dir` out where nothing is to be kept",
            ));
        }
        self.patience()?;
        let when_full = *when_full;
        Ok(Options { capacity, capacity_bytes, when_full, batch, linger, sample, spool: None })
    }

    /// What a queue is made with. The folder of the spool is there from now on.
    pub(super) fn read(&self, py: Python<'_>) -> PyResult<Options> {
        let options = self.check()?;
        let Some(folder) = &self.spool_dir else { return Ok(options) };
        let spool = std::path::absolute(folder).and_then(|folder| {
            let spool = SpoolOptions { folder, most: self.spool_bytes };
            py.detach(|| spool.prepare()).map(|()| spool)
        });
        let spool = spool.map_err(|error| errors::file(py, &error, folder))?;
        Ok(Options { spool: Some(spool), ..options })
    }

    /// For how long a server that is not there yet is waited for.
    pub(super) fn patience(&self) -> PyResult<Duration> {
        seconds("startup_timeout", self.startup_timeout)
    }
}

/// A time in seconds.
pub(super) fn seconds(name: &str, seconds: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(seconds)
        .map_err(|_| errors::value(format!("`{name}` is {seconds}, which is no time in seconds")))
}
