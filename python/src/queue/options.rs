//! How a queue behaves, as Python says it.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use scouter_client::{Auth, Options, Ratio, Server, SpoolOptions, WhenFull};
use scouter_engine::nearest;
use scouter_wire::MAX_RECORDS;

use crate::errors;

const POLICIES: [(&str, WhenFull); 3] = [
    ("drop_newest", WhenFull::DropNewest),
    ("drop_oldest", WhenFull::DropOldest),
    ("block", WhenFull::Block),
];

/// What Python gives.
#[derive(Debug)]
pub(super) struct Given<'a> {
    pub(super) capacity: usize,
    pub(super) when_full: &'a str,
    pub(super) batch_size: usize,
    pub(super) linger: f64,
    pub(super) sample_ratio: f64,
    pub(super) spool_dir: Option<PathBuf>,
    pub(super) spool_bytes: u64,
}

impl Given<'_> {
    pub(super) fn read(self, py: Python<'_>) -> PyResult<Options> {
        let positive = |name: &str, number: usize| {
            NonZeroUsize::new(number).ok_or_else(|| errors::value(format!("`{name}` is 0: 1 is the least")))
        };
        let capacity = positive("capacity", self.capacity)?;
        let batch = positive("batch_size", self.batch_size)?;
        if batch.get() > MAX_RECORDS {
            return Err(errors::value(format!(
                "`batch_size` is {batch}: a server takes {MAX_RECORDS} records at once"
            )));
        }
        let policy = POLICIES.iter().find(|(name, _)| *name == self.when_full);
        let (_, when_full) = policy.ok_or_else(|| {
            let names = POLICIES.map(|(name, _)| name);
            let near = nearest(self.when_full, names).map(|near| format!("; did you mean `{near}`?"));
            let near = near.unwrap_or_else(|| ": `drop_newest`, `drop_oldest` or `block`".to_owned());
            errors::value(format!("`when_full` cannot be `{}`{near}", self.when_full))
        })?;
        let linger = seconds("linger", self.linger)?;
        let sample = Ratio::try_from(self.sample_ratio)
            .map_err(|error| errors::value(format!("`sample_ratio`: {error}")))?;
        let spool = self.spool(py)?;
        Ok(Options { capacity, when_full: *when_full, batch, linger, sample, spool, ..Options::default() })
    }

    /// The spool, whose folder is there from now on.
    fn spool(self, py: Python<'_>) -> PyResult<Option<SpoolOptions>> {
        let Some(folder) = self.spool_dir else { return Ok(None) };
        if self.spool_bytes == 0 {
            return Err(errors::value(
                "`spool_bytes` is 0: leave `spool_dir` out where nothing is to be kept",
            ));
        }
        let spool = std::path::absolute(&folder).and_then(|folder| {
            let spool = SpoolOptions { folder, most: self.spool_bytes };
            py.detach(|| spool.prepare()).map(|()| spool)
        });
        spool.map(Some).map_err(|error| errors::file(py, &error, &folder))
    }
}

/// A time in seconds.
pub(super) fn seconds(name: &str, seconds: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(seconds)
        .map_err(|_| errors::value(format!("`{name}` is {seconds}, which is no time in seconds")))
}

/// The transport that is used, `HttpConfig()` where none is given, and the server that it names.
pub(super) fn transport<'py>(
    py: Python<'py>,
    given: Option<Bound<'py, PyAny>>,
) -> PyResult<(Bound<'py, PyAny>, Server)> {
    let http = py.import("scouter.transport")?.getattr("HttpConfig")?;
    let config = match given {
        Some(config) if config.is_instance(&http)? => config,
        None => http.call0()?,
        Some(other) => {
            let class = other.get_type().fully_qualified_name()?;
            return Err(PyTypeError::new_err(format!(
                "`transport_config` is a `{class}`: records are sent over HTTP, by an `HttpConfig`"
            )));
        }
    };
    let text = |name: &str| -> PyResult<Option<String>> {
        let text: Option<String> = config.getattr(name)?.extract()?;
        Ok(text.filter(|text| !text.is_empty()))
    };
    let auth = match (text("auth_token")?, text("username")?) {
        (Some(token), _) => Auth::Token(token),
        (None, Some(user)) => Auth::Password { user, password: text("password")?.unwrap_or_default() },
        (None, None) => Auth::None,
    };
    let address: String = config.getattr("server_uri")?.extract()?;
    let server = Server::new(&address, auth).map_err(errors::value)?;
    Ok((config, server))
}
