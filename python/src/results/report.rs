//! Results as documents.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;
use scouter_tasks::report::{Form, Report, save};
use scouter_tasks::result::{Comparison, Options, Results, compare};

use super::comparison::PyComparison;
use super::whole::PyResults;
use crate::convert::one_of;
use crate::errors;

one_of! {
    /// What results are compared with in a report.
    enum Earlier<'py> {
        /// Earlier results.
        Results(PyRef<'py, PyResults>),
        /// A comparison with them that was made before, with a threshold perhaps.
        Comparison(PyRef<'py, PyComparison>),
    }
    else unread
}

/// What to do with the path of a file.
pub(super) fn unread(given: &Bound<'_, PyAny>) -> Option<String> {
    let path = given.extract::<PathBuf>().ok()?.display().to_string();
    Some(format!("read it first, by `GenAIEvalResults.model_validate_json(Path({path:?}).read_text())`"))
}

fn compared(
    py: Python<'_>,
    results: &PyResults,
    earlier: Option<Earlier<'_>>,
) -> PyResult<Option<Arc<Comparison>>> {
    Ok(match earlier {
        None => None,
        Some(Earlier::Results(baseline)) => {
            let baseline = baseline.0.clone();
            Some(Arc::new(py.detach(|| compare(&results.0, &baseline, Options::default()))))
        }
        Some(Earlier::Comparison(comparison)) => {
            let uids = |results: &Results| results.rows().iter().map(|row| row.uid).collect::<Vec<_>>();
            if uids(&comparison.0.compared) != uids(&results.0) {
                return Err(errors::value("`baseline` is a comparison of other results than these"));
            }
            Some(comparison.0.clone())
        }
    })
}

fn write(
    py: Python<'_>,
    form: Form,
    results: &PyResults,
    baseline: Option<Earlier<'_>>,
    title: Option<&str>,
) -> PyResult<String> {
    let comparison = compared(py, results, baseline)?;
    let report = Report { results: &results.0, comparison: comparison.as_deref(), title };
    Ok(py.detach(|| form.write(&report)))
}

#[pymethods]
impl PyResults {
    /// Writes a report of the results. The file's suffix says which: `.html` is a page that needs
    /// nothing beside itself, `.md` Markdown for a pull request, `.xml` JUnit XML for CI, and `.json`
    /// the results themselves, which `model_validate_json` reads back.
    ///
    /// The file is written whole or not at all; JSON goes there record by record, so that large results are not
    /// in memory twice.
    ///
    /// Args:
    ///     path: Where to write to. The folder must be there.
    ///     baseline: Earlier results, for what changed since; or what `compare_to` made of these
    ///         results and earlier ones, where it was given a threshold. JSON holds these results alone.
    ///     title: The heading.
    ///
    /// Raises:
    ///     ValueError: Where the suffix is of no report, or `baseline` a comparison of other results.
    ///     OSError: Where the file cannot be written.
    #[pyo3(signature = (path, baseline=None, title=None))]
    fn report(
        &self,
        py: Python<'_>,
        path: PathBuf,
        baseline: Option<Earlier<'_>>,
        title: Option<&str>,
    ) -> PyResult<()> {
        let form = Form::of(&path).map_err(|error| {
            errors::value(format!("{error}; `.jsonl`, `.parquet` and `.arrow` are written by `write`"))
        })?;
        let comparison = compared(py, self, baseline)?;
        let report = Report { results: &self.0, comparison: comparison.as_deref(), title };
        Ok(py.detach(|| save(&path, form, &report))?)
    }

    /// The page that `report` writes into an `.html` file, as text.
    #[pyo3(signature = (baseline=None, title=None))]
    fn to_html(
        &self,
        py: Python<'_>,
        baseline: Option<Earlier<'_>>,
        title: Option<&str>,
    ) -> PyResult<String> {
        write(py, Form::Html, self, baseline, title)
    }

    /// What `report` writes into an `.md` file, as text: at most 60,000 bytes, so that it fits into a
    /// comment on GitHub.
    #[pyo3(signature = (baseline=None, title=None))]
    fn to_markdown(
        &self,
        py: Python<'_>,
        baseline: Option<Earlier<'_>>,
        title: Option<&str>,
    ) -> PyResult<String> {
        write(py, Form::Markdown, self, baseline, title)
    }

    /// What `report` writes into an `.xml` file, as text.
    #[pyo3(signature = (baseline=None, title=None))]
    fn to_junit(
        &self,
        py: Python<'_>,
        baseline: Option<Earlier<'_>>,
        title: Option<&str>,
    ) -> PyResult<String> {
        write(py, Form::Junit, self, baseline, title)
    }
}
