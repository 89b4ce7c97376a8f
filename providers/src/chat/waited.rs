//! Time that a call spends in a queue of ours.

use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

/// How long a call waited for its turn, which does not count as time that it takes. Copies share it.
#[derive(Clone, Debug, Default)]
pub struct Waited(Arc<Clock>);

#[derive(Debug, Default)]
struct Clock {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    before: Duration,
    since: Option<Instant>,
}

/// How a question is asked is no part of it.
impl PartialEq for Waited {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Waited {
    /// Waits for something that does not count.
    pub(crate) async fn during<T>(&self, wait: impl Future<Output = T>) -> T {
        let _waiting = Waiting::begin(self);
        wait.await
    }

    /// What `work` comes to; `None` where it takes longer than `limit`, waiting aside.
    pub async fn within<T>(&self, limit: Duration, work: impl Future<Output = T>) -> Option<T> {
        let start = Instant::now();
        let mut work = pin!(work);
        loop {
            let mut changed = pin!(self.0.changed.notified());
            changed.as_mut().enable();
            let end = self.total().and_then(|waited| start.checked_add(limit.saturating_add(waited)));
            let end = async {
                match end {
                    Some(end) => sleep_until(end).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                done = &mut work => return Some(done),
                () = changed => {}
                () = end => return None,
            }
        }
    }

    /// How long it waited; `None` while it does.
    fn total(&self) -> Option<Duration> {
        let state = self.lock();
        state.since.is_none().then_some(state.before)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Until it is dropped, time does not count.
struct Waiting<'a>(&'a Waited);

impl<'a> Waiting<'a> {
    fn begin(waited: &'a Waited) -> Self {
        waited.lock().since = Some(Instant::now());
        waited.0.changed.notify_waiters();
        Self(waited)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        if let Some(since) = state.since.take() {
            state.before += since.elapsed();
        }
        drop(state);
        self.0.0.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::sleep;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn time_in_a_queue_does_not_count() {
        let waited = Waited::default();
        let work = async {
            sleep(SECOND).await;
            waited.during(sleep(100 * SECOND)).await;
            sleep(SECOND).await;
        };
        assert_eq!(waited.within(3 * SECOND, work).await, Some(()));
    }

    #[tokio::test(start_paused = true)]
    async fn all_other_time_does() {
        let waited = Waited::default();
        let start = Instant::now();
        let work = async {
            sleep(SECOND).await;
            waited.during(sleep(100 * SECOND)).await;
            sleep(5 * SECOND).await;
        };
        assert_eq!(waited.within(3 * SECOND, work).await, None);
        assert_eq!(start.elapsed(), 103 * SECOND);
    }
}
