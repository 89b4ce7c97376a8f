//! The queue behind the classes of Python.

use std::mem;
use std::sync::{Arc, PoisonError, RwLock};

use pyo3::prelude::*;
use scouter_client::{Destination, Options, Queue, Server, Stats, Teller};
use scouter_engine::SystemClock;

use super::process;
use super::schema::Schema;
use super::stats::tell;

/// The entrance of one profile.
#[derive(Debug)]
pub(super) struct Entrance {
    pub(super) alias: String,
    pub(super) schema: Schema,
    pub(super) to: Destination,
}

/// A queue, and what is needed to make it again in a process that was forked.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) entrances: Vec<Entrance>,
    options: Options,
    server: Server,
    /// Only ever locked by a thread that has the interpreter, and not for longer than it has it: no fork finds it locked.
    queue: RwLock<Arc<Queue>>,
}

impl Shared {
    pub(super) fn start(
        py: Python<'_>,
        entrances: Vec<Entrance>,
        options: Options,
        server: Server,
    ) -> PyResult<Arc<Self>> {
        let queue = RwLock::new(make(&entrances, &options, &server));
        let shared = Arc::new(Self { entrances, options, server, queue });
        process::watch(py, &shared)?;
        Ok(shared)
    }

    pub(super) fn queue(&self) -> Arc<Queue> {
        Arc::clone(&self.queue.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Begins anew in the child of a fork: without what the parent still has to send, and with a thread of its own.
    pub(super) fn begin_anew(&self) {
        let new = make(&self.entrances, &self.options, &self.server);
        let mut queue = self.queue.write().unwrap_or_else(PoisonError::into_inner);
        let old = mem::replace(&mut *queue, new);
        old.leave();
        // Its locks may be held by a thread that is not here.
        mem::forget(old);
    }

    /// Tells whatever was not told yet.
    pub(super) fn tell_all(&self, py: Python<'_>) {
        let queue = self.queue();
        for (lane, entrance) in self.entrances.iter().enumerate() {
            if let Some(stats) = queue.news(lane, true) {
                tell(py, &entrance.alias, &stats);
            }
        }
    }
}

fn make(entrances: &[Entrance], options: &Options, server: &Server) -> Arc<Queue> {
    let to = entrances.iter().map(|entrance| entrance.to.clone()).collect();
    let aliases: Vec<String> = entrances.iter().map(|entrance| entrance.alias.clone()).collect();
    // The thread of the queue has no lock while it waits for the interpreter, and nobody who has the interpreter waits for the thread. An interpreter that
    // is about to end is not waited for: queues end before it does, and tell the rest then.
    let teller = Teller::new(move |lane: usize, stats: &Stats| {
        Python::try_attach(|py| tell(py, &aliases[lane], stats));
    });
    Arc::new(Queue::new(to, options.clone(), server.clone(), Arc::new(SystemClock), teller))
}
