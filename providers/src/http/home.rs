//! Where connections live that outlive whoever asks.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::thread;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

/// A thread that keeps connections open and speaks on them, until it is dropped.
#[derive(Debug)]
pub(super) struct Home {
    runtime: Handle,
    /// The thread ends with it.
    _ends: oneshot::Sender<Infallible>,
}

impl Home {
    const NAME: &'static str = "scouter-http";

    pub(super) fn open() -> io::Result<Self> {
        // Names are looked up on threads of its own, which end soon after.
        let runtime = Builder::new_current_thread().enable_all().thread_name(Self::NAME).build()?;
        let handle = runtime.handle().clone();
        let (ends, ended) = oneshot::channel();
        // Not joined: whoever drops the last connection may be on any thread, also on one that must not wait.
        thread::Builder::new().name(Self::NAME.to_owned()).spawn(move || {
            let Err(_) = runtime.block_on(ended);
        })?;
        Ok(Self { runtime: handle, _ends: ends })
    }

    /// Works there; the work is abandoned where it is not waited for any more. `None` where the thread has ended.
    pub(super) async fn carry<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        let mut one = JoinSet::new();
        one.spawn_on(work, &self.runtime);
        match one.join_next().await? {
            Ok(done) => Some(done),
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => None,
        }
    }
}
