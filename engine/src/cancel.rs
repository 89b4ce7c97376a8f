//! Stopping a run from outside.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// A switch that stops every run it was given to. Copies share the switch.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<Switch>);

#[derive(Debug, Default)]
struct Switch {
    set: AtomicBool,
    /// Set before `set` is, where it was the time that stopped the runs.
    overdue: AtomicBool,
    notify: Notify,
}

impl Cancel {
    /// Stops the runs: no node starts any more, and what is under way is dropped.
    pub fn cancel(&self) {
        self.0.set.store(true, Ordering::SeqCst);
        self.0.notify.notify_waiters();
    }

    /// Stops the runs because their time is over, unless they were stopped before.
    pub(crate) fn overdue(&self) {
        if !self.is_cancelled() {
            self.0.overdue.store(true, Ordering::SeqCst);
            self.cancel();
        }
    }

    /// Whether it was a deadline that stopped the runs.
    pub fn is_overdue(&self) -> bool {
        self.0.overdue.load(Ordering::SeqCst)
    }

    /// Whether the runs were stopped. Who hears of that sees by what, too.
    pub fn is_cancelled(&self) -> bool {
        self.0.set.load(Ordering::Acquire)
    }

    /// Ends when the runs are stopped.
    pub async fn cancelled(&self) {
        let notified = self.0.notify.notified();
        // Registered before the switch is read, so that a stop in between is not missed.
        tokio::pin!(notified);
        notified.as_mut().enable();
        if !self.0.set.load(Ordering::SeqCst) {
            notified.await;
        }
    }
}
