//! Ctrl-C, heard without an exception.
//!
//! Python's own handler raises `KeyboardInterrupt` in whatever the main thread happens to execute. While
//! a run waits there, that may be a finaliser or the callback of a weak reference, whose exceptions
//! Python prints and forgets: the run would go on as if nobody had asked it to stop. For as long as a
//! run lasts, a handler that only makes a note stands in for it, as `asyncio.Runner` does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::exceptions::{PyKeyboardInterrupt, PyValueError};
use pyo3::prelude::*;

/// What is below Python's `signal`, which makes enumerations of all its numbers first: a millisecond of the first run, before its
/// first record, where nobody has imported it.
const SIGNAL: &str = "_signal";

/// Takes a note that the signal came.
#[pyclass(frozen)]
struct Note(Arc<AtomicBool>);

#[pymethods]
impl Note {
    fn __call__(&self, _signal: i32, _frame: &Bound<'_, PyAny>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The stand-in for Python's handler; dropped, it gives the place back.
pub(crate) struct Interrupt {
    came: Arc<AtomicBool>,
    stands_in: Option<Py<PyAny>>,
}

impl Interrupt {
    /// Stands in for Python's own handler. A handler of somebody else's is left where it is, and so is
    /// all of it in other threads than the main one, where no signal is handled.
    pub(crate) fn listen(py: Python<'_>) -> PyResult<Self> {
        let came = Arc::new(AtomicBool::new(false));
        let signal = py.import(SIGNAL)?;
        let number = signal.getattr("SIGINT")?;
        let handler = signal.call_method1("getsignal", (&number,))?;
        if !handler.is(signal.getattr("default_int_handler")?) {
            return Ok(Self { came, stands_in: None });
        }
        let note = Bound::new(py, Note(came.clone()))?.into_any();
        match signal.call_method1("signal", (&number, &note)) {
            Ok(_) => Ok(Self { came, stands_in: Some(note.unbind()) }),
            // This is not the main thread. (`threading` knows that too, and takes milliseconds where nobody has imported it.)
            Err(error) if error.is_instance_of::<PyValueError>(py) => Ok(Self { came, stands_in: None }),
            Err(error) => Err(error),
        }
    }

    /// Lets signal handlers run.
    ///
    /// # Errors
    ///
    /// `KeyboardInterrupt` where Ctrl-C was pressed, and what the handler of somebody else raised.
    pub(crate) fn check(&self, py: Python<'_>) -> PyResult<()> {
        py.check_signals()?;
        if self.came.swap(false, Ordering::Relaxed) {
            return Err(PyKeyboardInterrupt::new_err(()));
        }
        Ok(())
    }

    fn give_back(&self, py: Python<'_>) -> PyResult<()> {
        let Some(note) = &self.stands_in else { return Ok(()) };
        let signal = py.import(SIGNAL)?;
        let number = signal.getattr("SIGINT")?;
        // A function of the run may have put its own there, which is its affair.
        if signal.call_method1("getsignal", (&number,))?.is(note) {
            signal.call_method1("signal", (&number, signal.getattr("default_int_handler")?))?;
        }
        // Pressed since it was last looked at: whoever called the run hears of it, not this.
        if self.came.load(Ordering::Relaxed) {
            py.import("_thread")?.call_method0("interrupt_main")?;
        }
        Ok(())
    }
}

impl Drop for Interrupt {
    fn drop(&mut self) {
        Python::attach(|py| {
            if let Err(error) = self.give_back(py) {
                error.write_unraisable(py, None);
            }
        });
    }
}
