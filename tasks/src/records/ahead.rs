//! The source of a run over a file: chunks are read ahead, opened by the threads of the run, and handed
//! over in their order.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use scouter_engine::Source;
use tokio::task::JoinHandle;

use super::bad::{BadRecord, BadRecords, Flaw, ReadError};
use super::chunks::{Chunks, Opened};
use super::entry::Opener;
use super::ids::Ids;
use crate::run::{Entry, Sealed};

/// What became of the reading of a file; whole once the run has ended.
#[derive(Debug, Default)]
pub struct Account {
    /// The records that were left out.
    pub bad: BadRecords,
    /// Why the file was not read to its end.
    pub broken: Option<ReadError>,
}

/// The source of a run.
///
/// At most `ahead` chunks are under way, whatever the size of the file. A record that cannot be read, or
/// whose id was there before, ends the run after those before it, unless bad records are to be left out.
#[derive(Debug)]
pub struct Ahead<C: Chunks> {
    /// `None` once everything was read.
    chunks: Option<C>,
    opener: Arc<Opener>,
    /// How many chunks may be under way.
    most: usize,
    skip_bad: bool,
    under_way: VecDeque<JoinHandle<Vec<Opened>>>,
    /// What was opened and not yet handed over.
    ready: VecDeque<Entry>,
    ids: Ids,
    /// Why nothing more is read; told when everything before it was handed over.
    stopped: Option<ReadError>,
    account: Arc<Mutex<Account>>,
}

impl<C: Chunks> Ahead<C> {
    /// Reads these chunks, at most `ahead` of them before they are asked for.
    pub fn new(chunks: C, opener: Opener, ahead: NonZeroUsize, skip_bad: bool) -> Self {
        Self {
            chunks: Some(chunks),
            opener: Arc::new(opener),
            most: ahead.get(),
            skip_bad,
            under_way: VecDeque::new(),
            ready: VecDeque::new(),
            ids: Ids::default(),
            stopped: None,
            account: Arc::default(),
        }
    }

    /// Where to find what became of the reading, while the source is a run's.
    pub fn account(&self) -> Arc<Mutex<Account>> {
        self.account.clone()
    }

    /// Starts as many chunks as may be under way.
    fn fill(&mut self) {
        while self.under_way.len() < self.most
            && let Some(chunks) = &mut self.chunks
        {
            match chunks.next() {
                Ok(Some(chunk)) => {
                    let opener = self.opener.clone();
                    self.under_way.push_back(tokio::spawn(async move { C::open(chunk, &opener) }));
                }
                Ok(None) => self.chunks = None,
                Err(error) => {
                    self.chunks = None;
                    self.stopped = Some(error);
                }
            }
        }
    }

    /// Puts the records of a chunk in order; ends the reading at one that is bad.
    fn sort(&mut self, opened: Vec<Opened>) {
        for Opened { number, entry } in opened {
            let entry = entry.and_then(|entry| match &entry.id {
                Some(id) if !self.ids.add(id) => {
                    Err(Flaw::from(format!("the id `{id}` was there before: ids are unique")))
                }
                _ => Ok(entry),
            });
            match entry {
                Ok(entry) => self.ready.push_back(entry),
                Err(flaw) => {
                    let bad = BadRecord { unit: C::UNIT, number, flaw };
                    if !self.skip_bad {
                        self.chunks = None;
                        self.under_way.clear();
                        self.stopped = Some(ReadError::Bad(bad));
                        return;
                    }
                    self.account.lock().unwrap_or_else(PoisonError::into_inner).bad.add(bad);
                }
            }
        }
    }
}

impl<C: Chunks> Source<Sealed> for Ahead<C> {
    async fn take(&mut self, most: NonZeroUsize) -> Vec<Sealed> {
        loop {
            self.fill();
            if !self.ready.is_empty() {
                let count = self.ready.len().min(most.get());
                return self.ready.drain(..count).map(Sealed::from).collect();
            }
            let Some(next) = self.under_way.pop_front() else { break };
            match next.await {
                Ok(opened) => self.sort(opened),
                Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
                // The runtime is going down, and the run with it.
                Err(_) => break,
            }
        }
        if let Some(error) = self.stopped.take() {
            self.account.lock().unwrap_or_else(PoisonError::into_inner).broken = Some(error);
        }
        Vec::new()
    }
}
