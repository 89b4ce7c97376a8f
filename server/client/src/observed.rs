//! Requests of a lane on their way into a record.

use std::collections::HashMap;
use std::mem;
use std::time::Duration;

use scouter_wire::records::{Body, Record, Uid};
use tokio::time::Instant;
use uuid::Uuid;

use crate::requests::Requests;

/// For how long requests are counted before they are sent.
const COUNTED: Duration = Duration::from_secs(30);

/// Requests that were not sent yet. All that are counted at one time are one record.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    pub(crate) requests: Requests,
    /// The identifier of the record that they will be, and when the first of them came.
    open: Option<(Uid, Instant)>,
    /// Whether a record is being made of them.
    making: bool,
    /// The records that were made, until they are settled, and whether they are in the spool.
    under_way: HashMap<Uuid, bool>,
}

impl Observed {
    /// Whether the requests have an identifier.
    pub(crate) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Gives the requests their identifier.
    pub(crate) fn open(&mut self, uid: Uid) {
        self.open = Some((uid, Instant::now()));
    }

    /// How many records there are of them.
    pub(crate) fn held(&self) -> u64 {
        u64::from(self.open.is_some()) + u64::from(self.making)
    }

    /// When they are to be sent.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.open.map(|(_, since)| since + COUNTED)
    }

    /// Takes them where they are due, or `all` is to be sent. [`Observed::made`] is to follow.
    pub(crate) fn take(&mut self, all: bool) -> Option<(Uid, Requests)> {
        let due = all || self.due().is_some_and(|due| due <= Instant::now());
        let (uid, _) = self.open.take_if(|_| due)?;
        self.making = true;
        self.under_way.insert(uid.get(), false);
        Some((uid, mem::take(&mut self.requests)))
    }

    /// The record is made, and held elsewhere.
    pub(crate) fn made(&mut self) {
        self.making = false;
    }

    /// Records are settled; how many of them are of requests that were counted here.
    pub(crate) fn settle(&mut self, uids: impl IntoIterator<Item = Uuid>) -> u64 {
        if self.under_way.is_empty() {
            return 0;
        }
        uids.into_iter().filter_map(|uid| self.under_way.remove(&uid)).count() as u64
    }

    /// Records lie in the spool.
    pub(crate) fn spooled(&mut self, uids: impl IntoIterator<Item = Uuid>) {
        if self.under_way.is_empty() {
            return;
        }
        for uid in uids {
            self.under_way.entry(uid).and_modify(|spooled| *spooled = true);
        }
    }

    /// What lies in the spool is lost; how many records of requests were there.
    pub(crate) fn lose_spooled(&mut self) -> u64 {
        self.under_way.extract_if(|_, spooled| *spooled).count() as u64
    }

    /// The records that are not settled yet, that of the requests that are counted now included.
    pub(crate) fn pending(&self) -> impl Iterator<Item = Uuid> + '_ {
        self.open.iter().map(|(uid, _)| uid.get()).chain(self.under_way.keys().copied())
    }

    /// Whether a record is not settled yet.
    pub(crate) fn is_pending(&self, uid: Uuid) -> bool {
        self.open.is_some_and(|(open, _)| open.get() == uid) || self.under_way.contains_key(&uid)
    }
}

/// The record of requests. It takes a moment, for which no lock is to be held.
pub(crate) fn record((uid, mut requests): (Uid, Requests)) -> Record {
    Record { uid, body: Body::Requests(requests.take()) }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::num::NonZeroUsize;
    use std::time::{SystemTime, UNIX_EPOCH};

    use scouter_drift::psi::{Bins, NumericBins};
    use scouter_engine::SystemClock;
    use scouter_wire::records::Features;
    use uuid::Builder;

    use super::*;
    use crate::buffer::size;
    use crate::destination::Destination;
    use crate::lane::{Lane, Origin};
    use crate::options::{Options, WhenFull};
    use crate::parcel::{LARGEST, Part};

    const NOW: SystemTime = UNIX_EPOCH;

    fn to() -> Destination {
        Destination::without_names(Builder::nil().into_uuid())
    }

    fn lane(to: Destination) -> Lane {
        Lane::new(to, &Options::default())
    }

    fn push(lane: &Lane, body: Body) -> Uid {
        let uid = lane.begin(NOW).unwrap();
        lane.push(Record { uid, body }, &SystemClock);
        uid
    }

    fn part(taken: &VecDeque<Record>) -> Part {
        Part {
            lane: 0,
            bytes: taken.iter().map(|record| size(&record.body)).sum(),
            records: taken.iter().map(|record| (record.uid.get(), record.body.rows())).collect(),
        }
    }

    fn settle(lane: &Lane, taken: &VecDeque<Record>) {
        lane.settle(&part(taken), &[], Origin::Memory, NOW);
    }

    fn counted(record: &Record) -> Vec<(&str, u64)> {
        let Body::Requests(routes) = &record.body else { panic!("{record:?}") };
        routes.iter().map(|route| (route.route.as_str(), route.count)).collect()
    }

    #[test]
    fn requests_of_one_time_are_one_record_that_leaves_before_all_others() {
        let lane = lane(to());
        let first = push(&lane, Body::Metrics(Vec::new()));
        assert!(lane.observe("/", 0.1, 200, NOW));
        assert!(!lane.observe("/", 0.2, 503, NOW));
        assert!(!lane.observe("/x", 0.2, 200, NOW));
        assert_eq!((lane.stats().inserted, lane.stats().waiting), (2, 2));
        let mark = lane.mark();
        let taken = lane.take(1, usize::MAX, true, NOW);
        assert_eq!(counted(&taken[0]), [("/", 2), ("/x", 1)]);
        assert_eq!(lane.stats().waiting, 2);
        let rest = lane.take(1, usize::MAX, true, NOW);
        assert_eq!(rest[0].uid, first);
        settle(&lane, &taken);
        assert!(!lane.has_left(&mark), "a row waits yet");
        settle(&lane, &rest);
        assert_eq!((lane.stats().accepted, lane.stats().waiting), (2, 0));
        assert!(lane.has_left(&mark));
    }

    #[test]
    fn what_is_lost_in_the_spool_has_left_and_no_other_requests() {
        let lane = lane(to());
        push(&lane, Body::Metrics(Vec::new()));
        assert!(lane.observe("/", 0.1, 200, NOW));
        let spooled = lane.mark();
        lane.spooled(&part(&lane.take(10, usize::MAX, true, NOW)));
        assert!(lane.observe("/", 0.1, 200, NOW));
        let all = lane.mark();
        assert!(!lane.has_left(&spooled));
        lane.torn(true, NOW);
        assert!(lane.has_left(&spooled) && !lane.has_left(&all));
        let stats = lane.stats();
        assert_eq!((stats.spooled, stats.undelivered, stats.unrecovered, stats.waiting), (0, 2, 0, 1));
    }

    #[test]
    fn requests_have_not_left_however_many_rows_have_that_came_later() {
        let lane = lane(to());
        lane.observe("/", 0.1, 200, NOW);
        let mark = lane.mark();
        for _ in 0..3 {
            push(&lane, Body::Metrics(Vec::new()));
        }
        // They were not due, and nobody was in a hurry then.
        settle(&lane, &lane.take(10, usize::MAX, false, NOW));
        assert_eq!((lane.stats().accepted, lane.has_left(&mark)), (3, false));
        let taken = lane.take(10, usize::MAX, true, NOW);
        assert!(!lane.has_left(&mark), "they are under way");
        settle(&lane, &taken);
        assert!(lane.has_left(&mark));
    }

    #[test]
    fn requests_that_were_dropped_for_others_are_waited_for_by_nobody() {
        let options =
            Options { capacity: NonZeroUsize::MIN, when_full: WhenFull::DropOldest, ..Options::default() };
        let lane = Lane::new(to(), &options);
        lane.observe("/", 0.1, 200, NOW);
        push(&lane, Body::Metrics(Vec::new()));
        let mark = lane.mark();
        assert!(lane.take(0, usize::MAX, true, NOW).is_empty());
        push(&lane, Body::Metrics(Vec::new()));
        assert_eq!((lane.stats().dropped, lane.stats().waiting), (2, 1));
        assert!(lane.has_left(&mark));
    }

    #[test]
    fn requests_that_are_too_large_together_are_refused_and_told_once_and_keep_nobody() {
        let lane = lane(to());
        for route in 0..250 {
            let name = format!("{route:0>256}");
            for status in 100..500 {
                lane.observe(&name, 0.1, status, NOW);
            }
        }
        push(&lane, Body::Metrics(Vec::new()));
        let mark = lane.mark();
        let taken = lane.take(10, LARGEST, true, NOW);
        assert_eq!(taken.len(), 1, "the row alone");
        let stats = lane.news(false, NOW).unwrap();
        assert_eq!((stats.refused.get("too_large"), stats.inserted), (Some(&1), 2));
        let told = stats.last_refusal.unwrap();
        assert!(
            told.starts_with("the requests of half a minute take ")
                && told.ends_with(": 3145728 are the most"),
            "{told}"
        );
        settle(&lane, &taken);
        assert!(lane.has_left(&mark) && lane.news(true, NOW).is_none());
        assert!(lane.take(10, LARGEST, true, NOW).is_empty());
    }

    #[test]
    fn requests_stay_until_they_are_due() {
        let lane = lane(to());
        assert!(lane.observe("/", 0.1, 200, NOW));
        assert!(lane.waiting().counts.is_some_and(|due| due > Instant::now()));
        assert!(lane.take(10, usize::MAX, false, NOW).is_empty());
        assert_eq!(lane.take(10, usize::MAX, true, NOW).len(), 1);
        assert_eq!(lane.waiting().counts, None);
        assert!(lane.observe("/", 0.1, 200, NOW), "the next record is begun");
    }

    #[test]
    fn rows_that_are_counted_leave_beside_them() {
        let bins = [("x".to_owned(), Bins::Numeric(NumericBins::new([1.0])))];
        let lane = lane(Destination::counted(Builder::nil().into_uuid(), bins.into()).unwrap());
        for _ in 0..3 {
            push(&lane, Body::Features(Features { numbers: vec![0.0], texts: Vec::new() }));
        }
        lane.observe("/", 0.1, 200, NOW);
        assert_eq!((lane.stats().inserted, lane.stats().waiting), (4, 4));
        let one = lane.take(1, usize::MAX, true, NOW);
        assert_eq!((one.len(), counted(&one[0])), (1, vec![("/", 1)]));
        let other = lane.take(1, usize::MAX, true, NOW);
        assert!(matches!(other[0].body, Body::Bins(_)));
        assert_eq!(lane.stats().waiting, 4);
        settle(&lane, &one);
        settle(&lane, &other);
        assert_eq!((lane.stats().accepted, lane.stats().waiting), (4, 0));
    }

    #[test]
    fn what_is_no_request_is_refused_and_what_comes_too_late_is_dropped() {
        let lane = lane(to());
        assert!(!lane.observe("/", -0.1, 200, NOW));
        assert_eq!((lane.stats().refusals(), lane.stats().waiting), (1, 0));
        lane.close();
        assert!(!lane.observe("/", 0.1, 200, NOW));
        assert_eq!((lane.stats().dropped, lane.stats().inserted), (1, 2));
    }
}
