//! The server inside of a Python process: `scouter serve`.

use std::ffi::OsString;
use std::path::PathBuf;

use pyo3::prelude::*;

/// Runs the server's command line: the exit code of the process.
#[pyfunction]
#[pyo3(name = "_serve")]
pub(crate) fn serve(py: Python<'_>, arguments: Vec<OsString>, bundled: Option<PathBuf>) -> u8 {
    py.detach(|| scouter_server::line::main(arguments, bundled))
}
