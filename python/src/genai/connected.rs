//! Connections that outlive runs.

use std::io;
use std::mem;
use std::process;
use std::sync::{Arc, Mutex, PoisonError};

use scouter_providers::{Environment, Http};

/// The connections of all runs that are given it, opened for the first of them. They end with the last copy of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Connected(Arc<Mutex<Option<Open>>>);

/// Connections, and the process that opened them.
#[derive(Debug)]
struct Open {
    process: u32,
    http: Option<Http>,
}

impl Open {
    fn is_own(&self) -> bool {
        self.process == process::id()
    }
}

impl Connected {
    /// Connections by the proxies that the environment names now. The child of a fork has its own. Called with the
    /// interpreter, and not for long: no fork finds it locked.
    pub(super) fn open(&self, environment: &Environment) -> io::Result<Http> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let usable = open.as_ref().filter(|open| open.is_own()).and_then(|open| open.http.as_ref());
        if let Some(http) = usable.filter(|http| http.suits(environment)) {
            return Ok(http.clone());
        }
        let http = Http::lasting(environment)?;
        *open = Some(Open { process: process::id(), http: Some(http.clone()) });
        Ok(http)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if !self.is_own() {
            // Its sockets are the parent's too, and its thread is there alone: it is left as it lies.
            mem::forget(self.http.take());
        }
    }
}
