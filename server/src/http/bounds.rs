//! What the API is bounded by.

use std::time::Duration;

/// What the API is bounded by.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// How many connections are open at once; others wait until one is closed.
    pub connections: usize,
    /// How many batches are under way at once: each is a body, and what is made of it.
    pub batches: usize,
    /// How many requests about anything else are.
    pub others: usize,
    /// How many streams of gRPC are open at once. Each may hold the bytes of a batch, packed and unpacked, before that is under way.
    pub streams: usize,
    /// How long a request waits for its turn before it is told that there are too many.
    pub wait: Duration,
    /// How long a body may take to arrive.
    pub body: Duration,
    /// How long records are put together for one answer.
    pub summary: Duration,
    /// How long a connection may be silent, and the head of a request take: a peer that may be gone is asked whether it is there, or cut off.
    pub silence: Duration,
    /// How long a connection is used for new requests: one that is idle would have its place for ever where the other side answers.
    pub age: Duration,
    /// How long requests that are under way may take once the server is to stop.
    pub stop: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            connections: 800,
            batches: 64,
            others: 16,
            streams: 128,
            wait: Duration::from_secs(1),
            body: Duration::from_secs(30),
            summary: Duration::from_secs(20),
            silence: Duration::from_secs(30),
            age: Duration::from_hours(1),
            stop: Duration::from_secs(5),
        }
    }
}
