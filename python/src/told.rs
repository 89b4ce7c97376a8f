//! Drift and profiles as people look at them: a table, a data frame, a page, a drawing in a notebook.

use std::path::Path;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use scouter_tasks::report::drift::Table;
use scouter_tasks::report::save_text;

use crate::convert::to_python;
use crate::errors;

/// The table as a data frame.
pub(crate) fn frame<'py>(py: Python<'py>, told: &Table, polars: bool) -> PyResult<Bound<'py, PyAny>> {
    let columns = PyDict::new(py);
    for (at, name) in told.columns.iter().enumerate() {
        let cells =
            told.rows.iter().map(|row| to_python(py, &row[at].value())).collect::<PyResult<Vec<_>>>()?;
        columns.set_item(name, PyList::new(py, cells)?)?;
    }
    let library = py.import(if polars { "polars" } else { "pandas" })?;
    library.getattr("DataFrame")?.call1((columns,))
}

/// Writes a page into a file.
pub(crate) fn write(py: Python<'_>, path: &Path, page: impl FnOnce() -> String + Send) -> PyResult<()> {
    let suffix = path.extension().map(|suffix| suffix.to_string_lossy().to_lowercase());
    if !matches!(suffix.as_deref(), Some("html" | "htm")) {
        return Err(errors::value(format!(
            "`{}` must end in `.html`: that is what is written",
            path.display()
        )));
    }
    Ok(py.detach(|| save_text(path, &page()))?)
}

/// What classes can do that tell something feature by feature.
macro_rules! told {
    ($class:ident as $about:ident) => {
        #[pymethods]
        impl $class {
            /// Prints a line for every feature, and what is left out with the reason, and gives it back as text.
            #[pyo3(signature = () -> "str")]
            fn as_table<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                let spec = self.spec(py);
                let width = $crate::results::width(py)?;
                let about = scouter_tasks::report::drift::About::$about(&spec);
                let text = py.detach(|| scouter_tasks::report::drift::text(about, width));
                $crate::results::table(py, &text)
            }

            /// A line for every feature, as a pandas or a polars data frame. Moments are microseconds since 1970 in UTC.
            ///
            /// Args:
            ///     polars: A polars frame instead of a pandas one.
            #[pyo3(signature = (polars=false))]
            fn to_dataframe<'py>(&self, py: Python<'py>, polars: bool) -> PyResult<Bound<'py, PyAny>> {
                let spec = self.spec(py);
                let about = scouter_tasks::report::drift::About::$about(&spec);
                let table = py.detach(|| scouter_tasks::report::drift::table(about));
                $crate::told::frame(py, &table, polars)
            }

            /// A page with the table and a drawing of every feature that has one, as text of HTML. It needs nothing beside itself.
            ///
            /// Args:
            ///     title: The heading.
            #[pyo3(signature = (title=None))]
            fn to_html(&self, py: Python<'_>, title: Option<&str>) -> String {
                let spec = self.spec(py);
                let about = scouter_tasks::report::drift::About::$about(&spec);
                py.detach(|| scouter_tasks::report::drift::page(about, title))
            }

            /// Writes the page of `to_html` into a file, whole or not at all.
            ///
            /// Args:
            ///     path: The file, which ends in `.html`. The folder must be there.
            ///     title: The heading.
            ///
            /// Raises:
            ///     ValueError: Where the file does not end in `.html`.
            ///     OSError: Where it cannot be written.
            #[pyo3(signature = (path, title=None))]
            fn report(&self, py: Python<'_>, path: std::path::PathBuf, title: Option<&str>) -> PyResult<()> {
                let spec = self.spec(py);
                let about = scouter_tasks::report::drift::About::$about(&spec);
                $crate::told::write(py, &path, || scouter_tasks::report::drift::page(about, title))
            }

            /// The table and drawings as a notebook shows them.
            fn _repr_html_(&self, py: Python<'_>) -> String {
                let spec = self.spec(py);
                let about = scouter_tasks::report::drift::About::$about(&spec);
                py.detach(|| scouter_tasks::report::drift::fragment(about))
            }
        }
    };
}

pub(crate) use told;
