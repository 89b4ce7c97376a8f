//! The records of one profile that wait.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use scouter_engine::Clock;
use scouter_wire::receipt::{RefusalCode, Refused};
use scouter_wire::records::{Group, Record, Uid};
use uuid::Uuid;

use crate::buffer::{Buffer, size};
use crate::options::{Options, Ratio, WhenFull};
use crate::queue::Pushed;
use crate::stats::Stats;
use crate::uids::Uids;

/// The most bytes that one record takes.
const LARGEST: usize = 1 << 20;
/// How often at most is told what is lost.
const TOLD: Duration = Duration::from_mins(1);

/// Where records go: a profile, and the features that their numbers are the values of.
#[derive(Debug, Clone)]
pub struct Destination(Group);

impl Destination {
    /// The place of a profile's records.
    ///
    /// # Errors
    /// A name that stands there twice.
    pub fn new(profile: Uuid, names: Vec<String>) -> Result<Self, String> {
        Group::new(profile, names).map(Self)
    }

    /// The profile.
    pub fn profile(&self) -> Uuid {
        self.0.profile()
    }

    /// A group without records.
    pub(crate) fn group(&self) -> Group {
        self.0.clone()
    }
}

/// The records of one profile that wait, and what became of all others.
#[derive(Debug)]
pub(crate) struct Lane {
    pub(crate) to: Destination,
    when_full: WhenFull,
    sample: Ratio,
    state: Mutex<State>,
    /// There is room again.
    room: Condvar,
    /// Something is to be told.
    news: AtomicBool,
}

#[derive(Debug)]
struct State {
    buffer: Buffer,
    uids: Uids,
    stats: Stats,
    closed: bool,
    /// How many records came into the buffer, and how many of them left it for good.
    entered: u64,
    left: u64,
    /// Whether something was lost that was not told yet; and from when on it may be.
    untold: bool,
    not_before: Duration,
}

impl State {
    fn lost(&mut self, now: SystemTime) -> bool {
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        self.untold = true;
        let due = now >= self.not_before;
        if due {
            self.not_before = now + TOLD;
        }
        due
    }
}

impl Lane {
    pub(crate) fn new(to: Destination, options: &Options) -> Self {
        let state = State {
            buffer: Buffer::new(options.capacity.get(), options.capacity_bytes),
            uids: Uids::new(),
            stats: Stats::default(),
            closed: false,
            entered: 0,
            left: 0,
            untold: false,
            not_before: Duration::ZERO,
        };
        Self {
            to,
            when_full: options.when_full,
            sample: options.sample,
            state: Mutex::new(state),
            room: Condvar::new(),
            news: AtomicBool::new(false),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, state: &mut State, now: SystemTime) {
        if state.lost(now) {
            self.news.store(true, Ordering::Relaxed);
        }
    }

    /// Counts a record, and gives it its identifier; none where it is left out.
    pub(crate) fn begin(&self, now: SystemTime) -> Option<Uid> {
        let mut state = self.state();
        state.stats.inserted += 1;
        let Some(uid) = state.uids.next(now) else {
            state.stats.dropped += 1;
            self.note(&mut state, now);
            return None;
        };
        if self.sample.has(uid.get()) {
            return Some(uid);
        }
        state.stats.sampled_out += 1;
        None
    }

    /// Counts a record that is none of this profile.
    pub(crate) fn refuse(&self, code: &RefusalCode, reason: String, now: SystemTime) {
        let mut state = self.state();
        refused(&mut state.stats, code, reason);
        self.note(&mut state, now);
    }

    /// Takes a record in; how many wait then.
    pub(crate) fn push(&self, record: Record, clock: &dyn Clock) -> (Pushed, usize) {
        let bytes = size(&record.body);
        if bytes > LARGEST {
            let reason = format!("it takes {bytes} bytes: {LARGEST} are the most");
            self.refuse(&RefusalCode::TooLarge, reason, clock.now());
            return (Pushed::Done, 0);
        }
        let mut state = self.state();
        let Err(record) = (if state.closed { Err(record) } else { state.buffer.push(record) }) else {
            state.entered += 1;
            return (Pushed::Done, state.buffer.waiting());
        };
        match self.when_full {
            WhenFull::Block if !state.closed => return (Pushed::NoRoom(record), 0),
            WhenFull::DropOldest if !state.closed => {
                let mut left = Some(record);
                while let Some(record) = left.take() {
                    if !state.buffer.drop_oldest() {
                        state.stats.dropped += 1;
                        break;
                    }
                    state.left += 1;
                    state.stats.dropped += 1;
                    match state.buffer.push(record) {
                        Ok(()) => state.entered += 1,
                        Err(again) => left = Some(again),
                    }
                }
            }
            _ => state.stats.dropped += 1,
        }
        self.note(&mut state, clock.now());
        (Pushed::Done, 0)
    }

    /// Counts a record that found no room for as long as somebody was willing to wait.
    pub(crate) fn give_up(&self, now: SystemTime) {
        let mut state = self.state();
        state.stats.dropped += 1;
        self.note(&mut state, now);
    }

    /// Waits until there is room for a record, or so long at most.
    pub(crate) fn wait_for_room(&self, record: &Record, most: Duration) {
        let state = self.state();
        if state.buffer.fits(size(&record.body)) || state.closed {
            return;
        }
        drop(self.room.wait_timeout(state, most));
    }

    /// Records to send, so many and so large at most.
    pub(crate) fn take(&self, most: usize, most_bytes: usize) -> VecDeque<Record> {
        self.state().buffer.take(most, most_bytes)
    }

    pub(crate) fn waiting(&self) -> usize {
        self.state().buffer.waiting()
    }

    /// Records that were sent are settled: these are refused, all others accepted.
    pub(crate) fn settle(&self, records: usize, bytes: usize, refusals: &[&Refused], now: SystemTime) {
        let mut state = self.state();
        for Refused { code, reason, .. } in refusals {
            refused(&mut state.stats, code, reason.clone());
        }
        state.stats.accepted += (records - refusals.len().min(records)) as u64;
        if !refusals.is_empty() {
            self.note(&mut state, now);
        }
        self.landed(&mut state, records, bytes);
    }

    /// Records that were to be sent are given up.
    pub(crate) fn undelivered(&self, records: usize, bytes: usize, now: SystemTime) {
        let mut state = self.state();
        state.stats.undelivered += records as u64;
        self.note(&mut state, now);
        self.landed(&mut state, records, bytes);
    }

    fn landed(&self, state: &mut State, records: usize, bytes: usize) {
        state.left += records as u64;
        state.buffer.landed(records, bytes);
        self.room.notify_all();
    }

    /// Counts an attempt that failed.
    pub(crate) fn failed(&self, why: &str, now: SystemTime) {
        let mut state = self.state();
        state.stats.failures += 1;
        state.stats.last_error = Some(why.to_owned());
        self.note(&mut state, now);
    }

    /// Takes nothing in any more.
    pub(crate) fn close(&self) {
        self.state().closed = true;
        self.room.notify_all();
    }

    /// How many records have come in so far, and how many of them have left: the first that came leave first.
    pub(crate) fn progress(&self) -> (u64, u64) {
        let state = self.state();
        (state.entered, state.left)
    }

    pub(crate) fn stats(&self) -> Stats {
        let state = self.state();
        Stats { waiting: state.buffer.held() as u64, ..state.stats.clone() }
    }

    /// What is to be told, once a minute at most; in the end, whatever was not told yet.
    pub(crate) fn news(&self, end: bool) -> Option<Stats> {
        if !self.news.load(Ordering::Relaxed) && !end {
            return None;
        }
        self.news.store(false, Ordering::Relaxed);
        let told = std::mem::take(&mut self.state().untold);
        told.then(|| self.stats())
    }
}

fn refused(stats: &mut Stats, code: &RefusalCode, reason: String) {
    match stats.refused.get_mut(code.as_str()) {
        Some(count) => *count += 1,
        None => {
            stats.refused.insert(code.as_str().to_owned(), 1);
        }
    }
    stats.last_refusal = Some(reason);
}
