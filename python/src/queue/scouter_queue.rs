//! `ScouterQueue`.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use indexmap::IndexMap;
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use scouter_client::wait_until_known;
use scouter_tasks::profile::meant;

use super::lane::PyQueue;
use super::options::{Given, PyQueueOptions, seconds};
use super::process::LISTEN;
use super::schema::{AnyProfile, Watched};
use super::server::{failed, wait_for};
use super::shared::{Entrance, Shared};
use super::stats::PyQueueStats;
use super::transport::transport;
use crate::convert::{holds, one_of};
use crate::errors;

/// For how long the end of the thread is waited for when its time is over. What it waits for then is a handler of the log.
const GRACE: Duration = Duration::from_secs(10);

/// Records on their way to the server: an entrance for each profile (`queue["my_model"].insert(…)`), and a thread that sends what waits, begun
/// by the first record.
///
/// Nothing that is inserted is waited for. Records wait in memory, within bounds, and are sent together; where the server cannot be reached or
/// has no room, they are sent again later. `stats()` says what became of them. In a process that is forked, the child's queue begins anew. At the end
/// of the process, and where nothing refers to the queue any more, what waits is sent for ten seconds at most; nothing is where the process is
/// killed.
#[pyclass(module = "scouter.queue", name = "ScouterQueue", frozen)]
#[derive(Debug)]
pub(crate) struct PyScouterQueue {
    shared: Arc<Shared>,
    queues: IndexMap<String, Py<PyQueue>>,
    transport: Py<PyAny>,
}

one_of! {
    /// Profiles, as they are given.
    enum Profiles<'py> {
        Named(IndexMap<String, AnyProfile<'py>>),
        List(Vec<AnyProfile<'py>>),
        One(AnyProfile<'py>),
    }
    else holds
}

#[pymethods]
impl PyScouterQueue {
    /// A queue for profiles in files.
    ///
    /// Args:
    ///     path: The file of each profile, by the name of its entrance.
    ///     transport_config: Where the server is; `HttpConfig()` by default.
    ///     wait_for_startup: Waits until the server answers and knows every profile, for `startup_timeout` of the options at most. Without it a queue takes
    ///         records in at once, and they wait until the server is there.
    ///     options: How it behaves; `QueueOptions()` by default.
    ///
    /// Raises:
    ///     ProfileError: Where a file holds no profile.
    ///     OSError: Where a file cannot be read, or the folder of the spool cannot be written to.
    ///     ValueError: Where an option cannot be what it is.
    ///     ServerError: With `wait_for_startup`, where the server does not answer in time or does not know a profile, or lets nobody in of who one says
    ///         one is.
    #[staticmethod]
    #[pyo3(signature = (path, transport_config=None, wait_for_startup=false, *, options=None))]
    fn from_path(
        py: Python<'_>,
        path: IndexMap<String, PathBuf>,
        transport_config: Option<Bound<'_, PyAny>>,
        wait_for_startup: bool,
        options: Option<PyRef<'_, PyQueueOptions>>,
    ) -> PyResult<Self> {
        let given = Given::of(py, options)?;
        let watched =
            path.iter().map(|(alias, path)| Ok((alias.clone(), Watched::load(py, path, given.aggregate)?)));
        Self::start(py, watched.collect::<PyResult<_>>()?, transport_config, wait_for_startup, &given)
    }

    /// A queue for profiles: a dict of them by the names of their entrances; or one or a list, whose own names are taken, or the `alias`
    /// of one of evaluations that has one. The other arguments, and what is raised, are those of `from_path`.
    ///
    /// Raises:
    ///     ValueError: Where two profiles of a list have one name, too.
    #[staticmethod]
    #[pyo3(signature = (profile, transport_config=None, wait_for_startup=false, *, options=None))]
    fn from_profile(
        py: Python<'_>,
        profile: Profiles<'_>,
        transport_config: Option<Bound<'_, PyAny>>,
        wait_for_startup: bool,
        options: Option<PyRef<'_, PyQueueOptions>>,
    ) -> PyResult<Self> {
        let given = Given::of(py, options)?;
        let aggregate = given.aggregate;
        let watched = match profile {
            Profiles::Named(profiles) => profiles
                .iter()
                .map(|(alias, profile)| Ok((alias.clone(), Watched::of(py, profile, aggregate)?)))
                .collect::<PyResult<_>>()?,
            Profiles::One(profile) => by_own_names(py, &[profile], aggregate)?,
            Profiles::List(profiles) => by_own_names(py, &profiles, aggregate)?,
        };
        Self::start(py, watched, transport_config, wait_for_startup, &given)
    }

    /// How records are sent.
    #[getter]
    fn transport_config(&self, py: Python<'_>) -> Py<PyAny> {
        self.transport.clone_ref(py)
    }

    fn __getitem__(&self, py: Python<'_>, key: &str) -> PyResult<Py<PyQueue>> {
        let found = self.queues.get(key).map(|queue| queue.clone_ref(py));
        found.ok_or_else(|| {
            let known: Vec<&str> = self.queues.keys().map(String::as_str).collect();
            PyKeyError::new_err(format!("there is no queue `{key}`; {}", meant(key, &known)))
        })
    }

    fn __contains__(&self, key: &str) -> bool {
        self.queues.contains_key(key)
    }

    fn __len__(&self) -> usize {
        self.queues.len()
    }

    /// What became of the records of each profile so far, by the name of its entrance.
    fn stats(&self) -> IndexMap<String, PyQueueStats> {
        let queue = self.shared.queue();
        let entrances = self.shared.entrances.iter().enumerate();
        entrances.map(|(lane, entrance)| (entrance.alias.clone(), PyQueueStats(queue.stats(lane)))).collect()
    }

    /// Sends all that waits now, and waits until the server has it.
    ///
    /// Args:
    ///     timeout: For how many seconds at most.
    ///
    /// Returns:
    ///     Whether the server has all that was inserted since the last call that came to its end, but for what `sample_ratio` left out. It has not where
    ///     something waits still when the time is over, nor where a record was refused, dropped or given up: `stats()` counts these, and says why. They are
    ///     told by one call; the next one speaks of what came after it. A call whose time is over leaves them to the next.
    #[pyo3(signature = (timeout=10.0))]
    fn flush(&self, py: Python<'_>, timeout: f64) -> PyResult<bool> {
        let mut left = seconds("timeout", timeout)?;
        let flush = self.shared.queue().flush();
        loop {
            let most = left.min(LISTEN);
            if py.detach(|| flush.wait(most)) {
                return Ok(flush.end());
            }
            py.check_signals()?;
            left = left.saturating_sub(most);
            if left.is_zero() {
                return Ok(false);
            }
        }
    }

    /// Takes no records any more, sends all that waits, and ends. What is inserted later is dropped and counted.
    ///
    /// A handler of the log `scouter.queue` that keeps the queue's thread is waited for ten seconds longer and no more. Where such a handler calls this itself, it
    /// returns at once, and the thread ends when the handler has returned.
    ///
    /// Args:
    ///     timeout: For how many seconds at most; what is not sent by then is left in the spool, or where there is none given up, counted and warned
    ///         of.
    ///
    /// Returns:
    ///     Whether nothing was given up, and nothing waits. What was refused is not among that: `stats()` tells.
    #[pyo3(signature = (timeout=10.0))]
    fn shutdown(&self, py: Python<'_>, timeout: f64) -> PyResult<bool> {
        let queue = self.shared.queue();
        let most = seconds("timeout", timeout)?;
        queue.close(most);
        let mut left = if queue.is_own_thread() { Duration::ZERO } else { most.saturating_add(GRACE) };
        let mut ended = false;
        while !ended && !left.is_zero() {
            let wait = left.min(LISTEN);
            ended = py.detach(|| queue.wait_for_end(wait));
            py.check_signals()?;
            left = left.saturating_sub(wait);
        }
        // What keeps the thread may have the lock of the log.
        if ended {
            self.shared.tell_all(py);
        }
        let lanes = 0..self.shared.entrances.len();
        Ok(lanes.map(|lane| queue.stats(lane)).all(|stats| stats.waiting + stats.undelivered == 0))
    }

    fn __enter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_exception: "object"))]
    fn __exit__(&self, py: Python<'_>, _exception: &Bound<'_, PyTuple>) -> PyResult<()> {
        self.shutdown(py, 10.0).map(drop)
    }
}

impl PyScouterQueue {
    fn start(
        py: Python<'_>,
        watched: IndexMap<String, Watched>,
        transport_config: Option<Bound<'_, PyAny>>,
        wait_for_startup: bool,
        given: &Given,
    ) -> PyResult<Self> {
        if watched.is_empty() {
            return Err(errors::value("there is no profile: a queue sends records of one at least"));
        }
        if given.aggregate && !watched.values().any(|watched| watched.schema.counted) {
            return Err(errors::value(
                "`aggregate` counts rows by the bins of a profile of the stability index, and there is none here",
            ));
        }
        let (transport, server) = transport(py, transport_config)?;
        if given.spool_dir.is_some() && server.inbox().is_some() {
            return Err(errors::value(
                "`spool_dir` with a `MockConfig`: it sends nothing, and what lies in such a folder waits for a server",
            ));
        }
        let options = given.read(py)?;
        let entrance = |(alias, Watched { to, schema, .. })| Entrance { alias, schema, to };
        let entrances: Vec<_> = watched.into_iter().map(entrance).collect();
        if wait_for_startup && server.inbox().is_none() {
            let uids: Vec<_> = entrances.iter().map(|entrance| entrance.to.profile()).collect();
            wait_for(py, wait_until_known(&server, &uids, given.patience()?))?
                .map_err(|error| failed(py, &error, "`wait_for_startup`: "))?;
        }
        let shared = Shared::start(py, entrances, options, server)?;
        let queue = |(lane, entrance): (usize, &Entrance)| -> PyResult<_> {
            Ok((entrance.alias.clone(), Py::new(py, PyQueue { shared: Arc::clone(&shared), lane })?))
        };
        let queues = shared.entrances.iter().enumerate().map(queue).collect::<PyResult<_>>()?;
        Ok(Self { shared, queues, transport: transport.unbind() })
    }
}

fn by_own_names(
    py: Python<'_>,
    profiles: &[AnyProfile<'_>],
    aggregate: bool,
) -> PyResult<IndexMap<String, Watched>> {
    let mut named = IndexMap::new();
    for profile in profiles {
        let watched = Watched::of(py, profile, aggregate)?;
        let name = watched.name.clone();
        if named.insert(name.clone(), watched).is_some() {
            return Err(errors::value(format!(
                "two profiles are called `{name}`: give a dict with a name for each"
            )));
        }
    }
    Ok(named)
}
