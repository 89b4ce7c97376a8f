//! The records of one profile that wait.

use std::collections::VecDeque;
use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use scouter_engine::Clock;
use scouter_wire::receipt::{RefusalCode, Refused};
use scouter_wire::records::{Record, Uid};
use tokio::time::Instant;
use uuid::Uuid;

use crate::buffer::{Buffer, size};
use crate::destination::Destination;
use crate::holding::Holding;
use crate::observed::{self, Observed};
use crate::options::{Options, Ratio, WhenFull};
use crate::parcel::{self, Part};
use crate::queue::Pushed;
use crate::stats::{Odd, Stats};
use crate::uids::Uids;

/// How often at most is told what is lost.
const TOLD: Duration = Duration::from_mins(1);

/// The records of one profile that wait, and what became of all others.
#[derive(Debug)]
pub(crate) struct Lane {
    pub(crate) to: Destination,
    when_full: WhenFull,
    /// So many records that wait are sent at once.
    enough: usize,
    sample: Ratio,
    state: Mutex<State>,
    /// There is room again.
    room: Condvar,
    /// Something is to be told.
    news: AtomicBool,
}

#[derive(Debug)]
struct State {
    holding: Holding,
    observed: Observed,
    uids: Uids,
    stats: Stats,
    closed: bool,
    /// How many rows came in, and how many of them left for good. Requests are followed by the identifiers of their records: they leave before rows that
    /// came earlier, or after those that came later.
    entered: u64,
    left: u64,
    /// How many of the rows that are lost those were told of who waited for all to be sent.
    lost_told: u64,
    /// Whether something was lost or failed that was not told yet; and from when on, since 1970, it may be.
    untold: bool,
    not_before: Duration,
}

/// What there is to send.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waiting {
    /// Records, and whether they are enough to be sent at once.
    pub(crate) records: usize,
    pub(crate) enough: bool,
    /// When counts are due, where rows or requests were counted.
    pub(crate) counts: Option<Instant>,
}

/// What had come to a lane at some time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    /// How many rows.
    rows: u64,
    /// Records of requests that had not left.
    requests: Vec<Uuid>,
    /// How many of those that are lost had been told.
    lost_told: u64,
}

/// Where records were until they were sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// In memory.
    Memory,
    /// In the spool, where this queue put them.
    Spool,
    /// In the spool, where an earlier process left them.
    Earlier,
}

impl State {
    /// In how long it may be told.
    fn quiet(&self, now: SystemTime) -> Duration {
        self.not_before.saturating_sub(since_1970(now))
    }
}

fn since_1970(now: SystemTime) -> Duration {
    now.duration_since(UNIX_EPOCH).unwrap_or_default()
}

impl Lane {
    pub(crate) fn new(to: Destination, options: &Options) -> Self {
        let state = State {
            holding: Holding::of(&to, options),
            observed: Observed::default(),
            uids: Uids::default(),
            stats: Stats::default(),
            closed: false,
            entered: 0,
            left: 0,
            lost_told: 0,
            untold: false,
            not_before: Duration::ZERO,
        };
        Self {
            sample: options.sample.both(to.sample()),
            to,
            when_full: options.when_full,
            enough: options.enough(),
            state: Mutex::new(state),
            room: Condvar::new(),
            news: AtomicBool::new(false),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that there is something to be told. Whether the queue's thread is to hear of it: it may not be told yet, and is the first that waits for that.
    fn note(&self, state: &mut State, now: SystemTime) -> bool {
        let first = !mem::replace(&mut state.untold, true);
        let due = state.quiet(now).is_zero();
        if due {
            self.news.store(true, Ordering::Relaxed);
        }
        first && !due
    }

    /// Counts values of a record that the baseline has none like. Whether the queue's thread is to hear of it.
    pub(crate) fn remark(&self, odd: &[(&str, Odd)], now: SystemTime) -> bool {
        let mut state = self.state();
        for (feature, odd) in odd {
            state.stats.remark(feature, *odd);
        }
        self.note(&mut state, now)
    }

    /// Counts a record, and gives it its identifier; none where it is left out.
    pub(crate) fn begin(&self, now: SystemTime) -> Option<Uid> {
        let mut state = self.state();
        let uid = self.named(&mut state, now)?;
        self.sampled(&mut state, uid)
    }

    /// The same of a record that is never left out.
    pub(crate) fn begin_whole(&self, now: SystemTime) -> Option<Uid> {
        self.named(&mut self.state(), now)
    }

    fn named(&self, state: &mut State, now: SystemTime) -> Option<Uid> {
        state.stats.inserted += 1;
        let uid = state.uids.next(now);
        if uid.is_none() {
            state.stats.dropped += 1;
            self.note(state, now);
        }
        uid
    }

    /// Counts a record that has an identifier already; none where it is left out.
    pub(crate) fn begin_as(&self, uid: Uid) -> Option<Uid> {
        let mut state = self.state();
        state.stats.inserted += 1;
        self.sampled(&mut state, uid)
    }

    fn sampled(&self, state: &mut State, uid: Uid) -> Option<Uid> {
        let kept = self.sample.has(uid.get());
        state.stats.sampled_out += u64::from(!kept);
        kept.then_some(uid)
    }

    /// Counts a record that is none of this profile. Whether the queue's thread is to hear of it.
    pub(crate) fn refuse(&self, code: &RefusalCode, reason: String, now: SystemTime) -> bool {
        let mut state = self.state();
        refused(&mut state.stats, code, reason, 1);
        self.note(&mut state, now)
    }

    /// Takes a record in, or counts it; whether the queue's thread is to hear of it: the first one starts the wait for others, and that which makes them enough
    /// ends it.
    pub(crate) fn push(&self, record: Record, clock: &dyn Clock) -> (Pushed, bool) {
        let mut guard = self.state();
        let state = &mut *guard;
        match &mut state.holding {
            _ if state.closed => state.stats.dropped += 1,
            Holding::Counts(tally) => match tally.count(record.uid, &record.body) {
                Ok(()) => {
                    state.entered += 1;
                    return (Pushed::Done, tally.waiting() == 1);
                }
                Err((code, reason)) => refused(&mut state.stats, &code, reason, 1),
            },
            Holding::Records(buffer) => {
                let had_enough = buffer.has_enough(self.enough);
                match (buffer.push(record), self.when_full) {
                    (Ok(()), _) => {
                        state.entered += 1;
                        let wakes = buffer.waiting() == 1 || !had_enough && buffer.has_enough(self.enough);
                        return (Pushed::Done, wakes);
                    }
                    (Err(record), WhenFull::Block) => return (Pushed::NoRoom(record), false),
                    (Err(_), WhenFull::DropNewest) => state.stats.dropped += 1,
                    (Err(record), WhenFull::DropOldest) => {
                        let Dropped { rows, requests, taken } =
                            make_room(buffer, &mut state.observed, record);
                        state.stats.dropped += rows + requests + u64::from(!taken);
                        state.entered += u64::from(taken);
                        state.left += rows;
                    }
                }
            }
        }
        self.note(&mut guard, clock.now());
        (Pushed::Done, false)
    }

    /// Counts a request to the application. Whether the queue's thread is to hear of it: it is the first one of a record, or none, and told later.
    pub(crate) fn observe(&self, route: &str, seconds: f64, status: i64, now: SystemTime) -> bool {
        let mut guard = self.state();
        let state = &mut *guard;
        if state.closed {
            state.stats.inserted += 1;
            state.stats.dropped += 1;
            self.note(state, now);
            return false;
        }
        if let Err(why) = state.observed.requests.add(route, seconds, status) {
            state.stats.inserted += 1;
            refused(&mut state.stats, &RefusalCode::Type, why.to_string(), 1);
            return self.note(state, now);
        }
        if state.observed.is_open() {
            return false;
        }
        // Where the system has no random bytes, the next request asks again.
        let Some(uid) = state.uids.next(now) else { return false };
        state.observed.open(uid);
        state.stats.inserted += 1;
        true
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
        let wait = match &state.holding {
            Holding::Records(buffer) => !buffer.fits(size(&record.body)) && !state.closed,
            Holding::Counts(_) => false,
        };
        if wait {
            drop(self.room.wait_timeout(state, most));
        }
    }

    /// Records to send, so many and so large at most; counts where they are due, or `all` is to be sent.
    pub(crate) fn take(
        &self,
        most: usize,
        most_bytes: usize,
        all: bool,
        now: SystemTime,
    ) -> VecDeque<Record> {
        // The lock is given up in between: whoever inserts is not to wait until the percentiles are worked out.
        let counted = self.state().observed.take(all);
        let mut first = counted.map(observed::record);
        let mut guard = self.state();
        let state = &mut *guard;
        state.observed.made();
        // It would stand before all others and be sent by no attempt.
        if let Some(large) = first.take_if(|record| size(&record.body) > parcel::LARGEST) {
            let (bytes, most) = (size(&large.body), parcel::LARGEST);
            state.observed.settle([large.uid.get()]);
            let reason = format!("the requests of half a minute take {bytes} bytes: {most} are the most");
            refused(&mut state.stats, &RefusalCode::TooLarge, reason, 1);
            self.note(state, now);
        }
        state.holding.take(first, most, most_bytes, all)
    }

    /// What there is to send.
    pub(crate) fn waiting(&self) -> Waiting {
        let state = self.state();
        let (records, enough, counts) = match &state.holding {
            Holding::Records(buffer) => (buffer.waiting(), buffer.has_enough(self.enough), None),
            Holding::Counts(tally) => (0, false, tally.due()),
        };
        Waiting { records, enough, counts: counts.into_iter().chain(state.observed.due()).min() }
    }

    /// Records that were sent are settled: these are refused, all others accepted.
    pub(crate) fn settle(&self, part: &Part, refusals: &[(&Refused, u64)], origin: Origin, now: SystemTime) {
        let mut guard = self.state();
        let state = &mut *guard;
        let rows = part.rows();
        let not_kept = refusals.iter().map(|(_, rows)| rows).sum::<u64>().min(rows);
        match origin {
            Origin::Earlier => {
                state.stats.recovered += rows - not_kept;
                state.stats.unrecovered += not_kept;
                if let Some((refused, _)) = refusals.last() {
                    state.stats.last_refusal = Some(refused.reason.clone());
                }
            }
            Origin::Memory | Origin::Spool => {
                for (Refused { code, reason, .. }, rows) in refusals {
                    refused(&mut state.stats, code, reason.clone(), *rows);
                }
                state.stats.accepted += rows - not_kept;
                state.left += rows - state.observed.settle(part.uids());
            }
        }
        match origin {
            Origin::Memory => self.landed(state, part),
            Origin::Spool => state.stats.spooled = state.stats.spooled.saturating_sub(rows),
            Origin::Earlier => {}
        }
        if !refusals.is_empty() {
            self.note(&mut guard, now);
        }
    }

    /// Records that were to be sent are given up.
    pub(crate) fn undelivered(&self, part: &Part, now: SystemTime) {
        let mut guard = self.state();
        let state = &mut *guard;
        state.stats.undelivered += part.rows();
        state.left += part.rows() - state.observed.settle(part.uids());
        self.landed(state, part);
        self.note(state, now);
    }

    /// Records that were to be sent lie in the spool.
    pub(crate) fn spooled(&self, part: &Part) {
        let mut state = self.state();
        state.stats.spooled += part.rows();
        state.observed.spooled(part.uids());
        self.landed(&mut state, part);
    }

    /// A piece of the spool cannot be read: of an earlier process, or its own, and then all that it put there is lost.
    pub(crate) fn torn(&self, own: bool, now: SystemTime) {
        let mut guard = self.state();
        let state = &mut *guard;
        if own {
            let lost = mem::take(&mut state.stats.spooled);
            state.stats.undelivered += lost;
            state.left += lost.saturating_sub(state.observed.lose_spooled());
        } else {
            state.stats.unrecovered += 1;
        }
        self.note(state, now);
    }

    fn landed(&self, state: &mut State, part: &Part) {
        state.holding.landed(part.records.len(), part.bytes, part.rows());
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

    /// What has come in so far.
    pub(crate) fn mark(&self) -> Mark {
        let state = self.state();
        let requests = state.observed.pending().collect();
        Mark { rows: state.entered, requests, lost_told: state.lost_told }
    }

    /// Whether all of that has left: the first rows that came leave first, but for those in the spool.
    pub(crate) fn has_left(&self, mark: &Mark) -> bool {
        let state = self.state();
        let requests = || mark.requests.iter().any(|uid| state.observed.is_pending(*uid));
        state.left >= mark.rows && state.stats.spooled == 0 && !requests()
    }

    /// Whether rows are lost that had not been told when the mark was made. They are told by this.
    pub(crate) fn tell_lost(&self, mark: &Mark) -> bool {
        let mut state = self.state();
        state.lost_told = state.stats.lost();
        state.lost_told > mark.lost_told
    }

    pub(crate) fn stats(&self) -> Stats {
        let state = self.state();
        Stats { waiting: state.holding.held() + state.observed.held(), ..state.stats.clone() }
    }

    /// Whether there may be something to be told now.
    pub(crate) fn has_news(&self) -> bool {
        self.news.load(Ordering::Relaxed)
    }

    /// What is to be told, once a minute at most; in the end, whatever was not told yet.
    pub(crate) fn news(&self, end: bool, now: SystemTime) -> Option<Stats> {
        if !self.has_news() && !end {
            return None;
        }
        self.news.store(false, Ordering::Relaxed);
        let mut state = self.state();
        if !mem::take(&mut state.untold) {
            return None;
        }
        state.not_before = since_1970(now) + TOLD;
        drop(state);
        Some(self.stats())
    }

    /// In how long something is to be told, where there is anything.
    pub(crate) fn untold(&self, now: SystemTime) -> Option<Duration> {
        let state = self.state();
        state.untold.then(|| state.quiet(now))
    }
}

/// Records that were dropped for another one, and whether there was room for it then.
#[derive(Default)]
struct Dropped {
    rows: u64,
    requests: u64,
    taken: bool,
}

/// Takes a record in, in place of those that have waited longest.
fn make_room(buffer: &mut Buffer, observed: &mut Observed, mut record: Record) -> Dropped {
    let mut dropped = Dropped::default();
    while let Some(oldest) = buffer.drop_oldest() {
        let requests = observed.settle([oldest.uid.get()]);
        dropped.requests += requests;
        dropped.rows += 1 - requests;
        match buffer.push(record) {
            Ok(()) => return Dropped { taken: true, ..dropped },
            Err(again) => record = again,
        }
    }
    dropped
}

fn refused(stats: &mut Stats, code: &RefusalCode, reason: String, rows: u64) {
    match stats.refused.get_mut(code.as_str()) {
        Some(count) => *count += rows,
        None => {
            stats.refused.insert(code.as_str().to_owned(), rows);
        }
    }
    stats.last_refusal = Some(reason);
}

#[cfg(test)]
mod tests {
    use uuid::Builder;

    use super::*;

    #[test]
    fn what_fails_is_to_be_told_at_once_and_then_once_a_minute() {
        let lane = Lane::new(Destination::without_names(Builder::nil().into_uuid()), &Options::default());
        let at = |seconds: u64| UNIX_EPOCH + Duration::from_secs(1_000 + seconds);
        assert_eq!(lane.untold(at(0)), None);
        lane.failed("a", at(0));
        assert_eq!(lane.untold(at(0)), Some(Duration::ZERO));
        assert!(lane.news(false, at(0)).is_some_and(|stats| stats.failures == 1));
        lane.failed("b", at(10));
        assert!(lane.news(false, at(10)).is_none());
        assert_eq!(lane.untold(at(10)), Some(Duration::from_secs(50)));
        assert_eq!(lane.untold(at(60)), Some(Duration::ZERO));
        assert!(lane.news(true, at(60)).is_some_and(|stats| stats.failures == 2));
        assert_eq!(lane.untold(at(60)), None);
    }

    #[test]
    fn the_thread_hears_once_of_what_may_not_be_told_yet() {
        let lane = Lane::new(Destination::without_names(Builder::nil().into_uuid()), &Options::default());
        let at = |seconds: u64| UNIX_EPOCH + Duration::from_secs(1_000 + seconds);
        let odd = [("x", Odd::Missing)];
        assert!(!lane.remark(&odd, at(0)), "whoever counted it may tell it");
        assert!(lane.news(false, at(0)).is_some());
        assert!(lane.remark(&odd, at(1)));
        assert!(!lane.remark(&odd, at(2)) && !lane.refuse(&RefusalCode::Type, String::new(), at(3)));
        assert!(lane.news(true, at(60)).is_some_and(|stats| stats.missing["x"] == 3));
        assert!(lane.observe("/", -0.1, 200, at(61)), "it is none");
    }

    #[test]
    fn what_is_lost_is_told_to_all_who_wait_then_and_not_again() {
        let lane = Lane::new(Destination::without_names(Builder::nil().into_uuid()), &Options::default());
        let refuse = || lane.refuse(&RefusalCode::Type, String::new(), UNIX_EPOCH);
        assert!(!lane.tell_lost(&lane.mark()), "nothing is");
        refuse();
        let (first, second) = (lane.mark(), lane.mark());
        assert!(lane.tell_lost(&first) && lane.tell_lost(&second));
        assert!(!lane.tell_lost(&lane.mark()));
        refuse();
        assert!(lane.tell_lost(&lane.mark()) && lane.stats().refusals() == 2);
    }

    #[test]
    fn a_record_that_has_a_uid_is_kept_by_that_alone_in_the_smaller_of_two_shares() {
        let [tenth, half] = [0.1, 0.5].map(|share| Ratio::try_from(share).unwrap());
        for (own, whole) in [(tenth, half), (half, tenth)] {
            let to = Destination::without_names(Builder::nil().into_uuid()).sampled(own);
            let lane = Lane::new(to, &Options { sample: whole, ..Options::default() });
            for at in 0..1_000_u16 {
                let [a, b] = at.wrapping_mul(40_503).to_be_bytes();
                let drawn =
                    Builder::from_unix_timestamp_millis(0, &[0, 0, 0, 0, 0, 0, a, b, 0, 0]).into_uuid();
                let uid = Uid::try_from(drawn).unwrap();
                assert_eq!(lane.begin_as(uid), tenth.has(drawn).then_some(uid));
            }
            let stats = lane.stats();
            assert!(stats.inserted == 1_000 && (850..950).contains(&stats.sampled_out), "{stats:?}");
        }
    }
}
