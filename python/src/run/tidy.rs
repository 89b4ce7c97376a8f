//! Cassettes put in order at the end of a run, while Ctrl-C is heard.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use pyo3::prelude::*;
use scouter_providers::layers::{Cassette, CassetteError};

use super::threads::LISTEN;

/// Puts a cassette in order, unless somebody waits by then, or comes to meanwhile: what was recorded is in it all the same, and its
/// order is left to a later run. `listen` raises what signals raise, and says whether somebody waits.
pub(super) fn tidy(
    py: Python<'_>,
    cassette: &Cassette,
    mut listen: impl FnMut(Python<'_>) -> PyResult<bool>,
) -> (Result<(), CassetteError>, PyResult<()>) {
    if !cassette.has_recorded() {
        return (Ok(()), Ok(()));
    }
    let mut heard = listen(py);
    let stop = AtomicBool::new(!matches!(heard, Ok(false)));
    let saved = thread::scope(|scope| {
        let (done, saved) = channel();
        let saving = &stop;
        scope.spawn(move || done.send(cassette.save_unless(saving)));
        // What waits for it need not be this thread, for all that the compiler knows.
        let saved = Mutex::new(saved);
        let wait = || saved.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(LISTEN);
        loop {
            match py.detach(wait) {
                Ok(saved) => return saved,
                Err(RecvTimeoutError::Timeout) if matches!(heard, Ok(false)) => {
                    heard = listen(py);
                    stop.store(!matches!(heard, Ok(false)), Ordering::Relaxed);
                }
                Err(RecvTimeoutError::Timeout) => {}
                // Its thread panicked, which the end of the scope tells.
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        }
    });
    (saved, heard.map(drop))
}
