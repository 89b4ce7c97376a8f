//! Which functions of users are running, also those that nobody waits for any more.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use pyo3::prelude::*;

static RUNNING: Mutex<usize> = Mutex::new(0);
static RETURNED: Condvar = Condvar::new();

/// A function that is running, from its making to its drop.
pub(super) struct Running(());

impl Running {
    pub(super) fn enter() -> Self {
        *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        Self(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        RETURNED.notify_all();
    }
}

/// Waits until no function of a task is running any more, `seconds` at most.
#[pyfunction]
pub(crate) fn wait_for_functions(py: Python<'_>, seconds: f64) {
    let most = Duration::try_from_secs_f64(seconds).unwrap_or_default();
    py.detach(|| {
        let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = RETURNED.wait_timeout_while(running, most, |running| *running > 0);
        drop(waited);
    });
}
