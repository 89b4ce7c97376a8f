//! Where a run is kept while it goes on, and what it takes from an earlier one.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use pyo3::prelude::*;
use scouter_tasks::counted::counted;
use scouter_tasks::memory::Memory;
use scouter_tasks::run::{Recovered, RunDir, check_reuse, memory};

use super::asked::{self, warn};
use crate::errors;
use crate::evaluate::{PyDataset, PyEvaluationConfig, check_identity};

/// Where a run is kept, and what it takes from an earlier one.
#[derive(Debug, Default)]
pub(crate) struct History {
    /// The directory that it is kept in.
    pub(crate) run_dir: Option<PathBuf>,
    /// The directory of an earlier run whose answers count.
    pub(crate) reuse: Option<PathBuf>,
}

impl History {
    /// Opens what there is to open.
    pub(super) fn open(
        &self,
        py: Python<'_>,
        dataset: &PyDataset,
        config: &PyEvaluationConfig,
        trials: NonZeroU32,
        created_at: DateTime<Utc>,
    ) -> PyResult<(Option<RunDir>, Option<Arc<Memory>>)> {
        if self.run_dir.is_none() && self.reuse.is_none() {
            return Ok((None, None));
        }
        dataset.tasks.iter().try_for_each(|task| check_identity(task.bind(py)))?;
        let addresses = asked::addresses(py, dataset, config)?;
        let records = dataset.run_records(py, trials);
        let opened = py.detach(|| {
            if let Some((run_dir, reuse)) = self.run_dir.as_ref().zip(self.reuse.as_ref()) {
                check_reuse(run_dir, reuse)?;
            }
            let open = |dir: &PathBuf| RunDir::open(dir, &dataset.suite, &records, &addresses, created_at);
            let mut dir = self.run_dir.as_ref().map(open).transpose()?;
            let memory = memory(&dataset.suite, dir.as_mut(), self.reuse.as_deref())?;
            Ok((dir, memory))
        });
        let (dir, memory) = opened.map_err(|error| errors::run_dir(py, &error))?;
        if let Some((path, Recovered { records, cut })) =
            self.run_dir.as_ref().zip(dir.as_ref().map(RunDir::recovered)).filter(|(_, found)| found.cut > 0)
        {
            let told = format!(
                "`{}`: the last {cut} bytes of the log were not written to their end and are cut off; \
                 complete before: {}",
                path.display(),
                counted(records, "record")
            );
            warn(py, told);
        }
        Ok((dir, memory))
    }
}
