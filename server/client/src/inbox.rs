//! A place that records go to instead of a server.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use scouter_wire::protobuf::read_batch;
use scouter_wire::records::Batch;

/// Keeps what queues would send, so that tests of an application need no server. Copies share it.
#[derive(Clone, Debug, Default)]
pub struct Inbox(Arc<Mutex<Vec<Bytes>>>);

impl Inbox {
    /// What came so far, in its order.
    pub fn batches(&self) -> Vec<Batch> {
        let bodies = self.lock().clone();
        bodies.iter().filter_map(|body| read_batch(body).ok()).map(|read| read.batch).collect()
    }

    /// Forgets all of it.
    pub fn clear(&self) {
        self.lock().clear();
    }

    pub(crate) fn take(&self, body: Bytes) {
        self.lock().push(body);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Bytes>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
