//! Requests of a lane on their way into a record.

use std::mem;
use std::time::Duration;

use scouter_wire::records::{Body, Record, Uid};
use tokio::time::Instant;

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
        Some((uid, mem::take(&mut self.requests)))
    }

    /// The record is made, and held elsewhere.
    pub(crate) fn made(&mut self) {
        self.making = false;
    }
}

/// The record of requests. It takes a moment, for which no lock is to be held.
pub(crate) fn record((uid, mut requests): (Uid, Requests)) -> Record {
    Record { uid, body: Body::Requests(requests.take()) }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::time::{SystemTime, UNIX_EPOCH};

    use scouter_drift::psi::{Bins, NumericBins};
    use scouter_engine::SystemClock;
    use scouter_wire::records::Features;
    use uuid::Builder;

    use super::*;
    use crate::buffer::size;
    use crate::destination::Destination;
    use crate::lane::{Lane, Origin};
    use crate::options::Options;
    use crate::parcel::Part;

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

    fn settle(lane: &Lane, taken: &VecDeque<Record>) {
        let part = Part {
            lane: 0,
            bytes: taken.iter().map(|record| size(&record.body)).sum(),
            records: taken.iter().map(|record| (record.uid.get(), record.body.rows())).collect(),
        };
        lane.settle(&part, &[], Origin::Memory, NOW);
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
        assert_eq!((lane.stats().inserted, lane.stats().waiting, lane.entered()), (2, 2, 2));
        let taken = lane.take(1, usize::MAX, true);
        assert_eq!(counted(&taken[0]), [("/", 2), ("/x", 1)]);
        assert_eq!(lane.stats().waiting, 2);
        let rest = lane.take(1, usize::MAX, true);
        assert_eq!(rest[0].uid, first);
        settle(&lane, &taken);
        settle(&lane, &rest);
        assert_eq!((lane.stats().accepted, lane.stats().waiting), (2, 0));
        assert!(lane.has_left(2));
    }

    #[test]
    fn requests_stay_until_they_are_due() {
        let lane = lane(to());
        assert!(lane.observe("/", 0.1, 200, NOW));
        assert!(lane.waiting().counts.is_some_and(|due| due > Instant::now()));
        assert!(lane.take(10, usize::MAX, false).is_empty());
        assert_eq!(lane.take(10, usize::MAX, true).len(), 1);
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
        let one = lane.take(1, usize::MAX, true);
        assert_eq!((one.len(), counted(&one[0])), (1, vec![("/", 1)]));
        let other = lane.take(1, usize::MAX, true);
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
