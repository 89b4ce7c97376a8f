//! Work that is spread over the cores while Python goes on: columns or parts of rows, which are independent of each other.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pyo3::prelude::*;

use crate::run::Interrupt;

/// How long to wait before listening for signals again.
const LISTEN: Duration = Duration::from_millis(50);

/// What a lock guards.
pub(crate) fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Threads that work for one call, which Ctrl-C ends.
pub(crate) struct Spread {
    interrupt: Interrupt,
    threads: usize,
}

impl Spread {
    pub(crate) fn new(py: Python<'_>) -> PyResult<Self> {
        let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Ok(Self { interrupt: Interrupt::listen(py)?, threads })
    }

    /// How many threads there are.
    pub(crate) fn threads(&self) -> usize {
        self.threads
    }

    /// What `work` makes of every number below `count`, in their order.
    ///
    /// # Errors
    ///
    /// `KeyboardInterrupt`, and what the handlers of other signals raised.
    pub(crate) fn over<T: Send>(
        &self,
        py: Python<'_>,
        count: usize,
        work: impl Fn(usize) -> T + Sync,
    ) -> PyResult<Vec<T>> {
        let next = AtomicUsize::new(0);
        let stop = AtomicBool::new(false);
        let made: Mutex<Vec<(usize, T)>> = Mutex::new(Vec::with_capacity(count));
        let ended = std::thread::scope(|scope| {
            let (done, all_done) = channel::<()>();
            for _ in 0..self.threads.min(count) {
                let (done, work, next, stop, made) = (done.clone(), &work, &next, &stop, &made);
                scope.spawn(move || {
                    // Held until the thread is done.
                    let _done = done;
                    while !stop.load(Ordering::Relaxed) {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        if at >= count {
                            break;
                        }
                        let result = work(at);
                        locked(made).push((at, result));
                    }
                });
            }
            drop(done);
            let all_done = Mutex::new(all_done);
            let mut ended = Ok(());
            loop {
                let wait = || locked(&all_done).recv_timeout(LISTEN);
                if py.detach(wait) == Err(RecvTimeoutError::Disconnected) {
                    return ended;
                }
                if ended.is_ok() {
                    ended = self.interrupt.check(py);
                    stop.store(ended.is_err(), Ordering::Relaxed);
                }
            }
        });
        ended.and_then(|()| self.interrupt.check(py))?;
        let mut made = made.into_inner().unwrap_or_else(PoisonError::into_inner);
        made.sort_unstable_by_key(|(at, _)| *at);
        Ok(made.into_iter().map(|(_, result)| result).collect())
    }
}
