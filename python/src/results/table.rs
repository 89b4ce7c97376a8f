//! Text for people: printed by Python, so that whatever captures its output has it.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

static TABLE: PyOnceLock<Py<PyType>> = PyOnceLock::new();

/// How many records or changes a table shows unless told otherwise.
pub(crate) const MOST_ROWS: usize = 100;

/// Prints text.
pub(crate) fn print(py: Python<'_>, text: &str) -> PyResult<()> {
    py.import("scouter._table")?.getattr("show")?.call1((text,))?;
    Ok(())
}

/// Prints a table and gives it back as text.
pub(crate) fn table<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    print(py, text)?;
    TABLE.import(py, "scouter._table", "Table")?.call1((text,))
}

/// How wide a table may be: as wide as the terminal, or as it needs where there is none.
pub(crate) fn width(py: Python<'_>) -> PyResult<Option<u16>> {
    let stdout = py.import("sys")?.getattr("stdout")?;
    let terminal = stdout.call_method0("isatty").and_then(|terminal| terminal.is_truthy());
    if !terminal.unwrap_or(false) {
        return Ok(None);
    }
    let size = py.import("shutil")?.call_method0("get_terminal_size")?;
    Ok(Some(size.getattr("columns")?.extract::<u16>()?.max(80)))
}
