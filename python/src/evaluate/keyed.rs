//! What the records of a dataset belong to.

use pyo3::prelude::*;
use scouter_tasks::path::Path;
use scouter_tasks::run::Keys;

use crate::convert::Reader;
use crate::errors;

/// Where records say what they belong to.
#[derive(Debug)]
pub(crate) struct Keyed {
    pub(super) case: Option<String>,
    pub(super) cluster: Option<String>,
    pub(crate) keys: Keys,
    pub(crate) reader: Reader,
}

impl Keyed {
    /// `None` where there is no key.
    pub(super) fn new(
        py: Python<'_>,
        case: Option<String>,
        cluster: Option<String>,
    ) -> PyResult<Option<Self>> {
        if case.is_none() && cluster.is_none() {
            return Ok(None);
        }
        let path = |name: &str, text: &Option<String>| -> PyResult<Option<Path>> {
            let path = text.as_deref().map(Path::parse).transpose();
            path.map_err(|error| errors::value(format!("`{name}`: {error}")))
        };
        let keys = Keys::new(path("case_key", &case)?, path("cluster_key", &cluster)?);
        let reader = Reader::new(py, keys.reads())?;
        Ok(Some(Self { case, cluster, keys, reader }))
    }
}
