//! Records that wait, within bounds.

use std::collections::VecDeque;
use std::mem;

use scouter_wire::records::{Body, Record};

/// What a record takes beside its values: in memory, and on the wire, where it is less.
const BESIDE: usize = 144;

/// Records that wait to be sent, and how much is under way. What is under way takes room until it is settled.
#[derive(Debug)]
pub(crate) struct Buffer {
    waiting: VecDeque<Record>,
    waiting_bytes: usize,
    flying: usize,
    flying_bytes: usize,
    most: usize,
    most_bytes: usize,
}

/// About how many bytes a record takes. On the wire it never takes more.
pub(crate) fn size(body: &Body) -> usize {
    let own = match body {
        Body::Features(features) => {
            let texts = features.texts.iter().map(|text| 64 + text.name.len() + text.text.len());
            8 * features.numbers.len() + texts.sum::<usize>()
        }
        Body::Metrics(metrics) => metrics.iter().map(|metric| 40 + metric.name.len()).sum(),
        Body::Bins(features) => features.iter().map(|bins| 96 + bins.name.len() + 10 * bins.bins.len()).sum(),
        Body::Eval(eval) => {
            let texts = [&eval.id, &eval.session, &eval.trace];
            eval.context.get().len() + texts.into_iter().flatten().map(|text| 32 + text.len()).sum::<usize>()
        }
        Body::Requests(routes) => {
            routes.iter().map(|route| 160 + route.route.len() + 32 * route.statuses.len()).sum()
        }
    };
    BESIDE + own
}

impl Buffer {
    pub(crate) fn new(most: usize, most_bytes: usize) -> Self {
        let waiting = VecDeque::new();
        Self { waiting, waiting_bytes: 0, flying: 0, flying_bytes: 0, most, most_bytes }
    }

    /// How many records wait to be sent.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// How many are held in all.
    pub(crate) fn held(&self) -> usize {
        self.waiting.len() + self.flying
    }

    /// Whether there is room for a record of this size.
    pub(crate) fn fits(&self, size: usize) -> bool {
        self.held() < self.most && self.waiting_bytes + self.flying_bytes + size <= self.most_bytes
    }

    /// Whether as much waits as is sent at once: so many records, or half of the bytes that there is room for.
    pub(crate) fn has_enough(&self, records: usize) -> bool {
        self.waiting.len() >= records || self.waiting_bytes >= (self.most_bytes / 2).max(1)
    }

    /// Takes a record in, or gives it back where there is no room.
    pub(crate) fn push(&mut self, record: Record) -> Result<(), Record> {
        let size = size(&record.body);
        if !self.fits(size) {
            return Err(record);
        }
        self.waiting_bytes += size;
        self.waiting.push_back(record);
        Ok(())
    }

    /// Takes a record in that is to leave before all others, whether there is room or not.
    pub(crate) fn push_first(&mut self, record: Record) {
        self.waiting_bytes += size(&record.body);
        self.waiting.push_front(record);
    }

    /// Drops the record that has waited longest; none where there is none.
    pub(crate) fn drop_oldest(&mut self) -> Option<Record> {
        let record = self.waiting.pop_front()?;
        self.waiting_bytes -= size(&record.body);
        Some(record)
    }

    /// The records that have waited longest, so many and so large at most. They are under way from now on.
    pub(crate) fn take(&mut self, most: usize, most_bytes: usize) -> VecDeque<Record> {
        if self.waiting.len() <= most && self.waiting_bytes <= most_bytes {
            self.flying += self.waiting.len();
            self.flying_bytes += mem::take(&mut self.waiting_bytes);
            // As large as what it replaces: whoever pushes next shall not wait until it has grown again.
            let new = VecDeque::with_capacity(self.waiting.len());
            return mem::replace(&mut self.waiting, new);
        }
        let (mut bytes, mut count) = (0, 0);
        for record in self.waiting.iter().take(most) {
            let size = size(&record.body);
            if bytes + size > most_bytes {
                break;
            }
            bytes += size;
            count += 1;
        }
        self.flying += count;
        self.flying_bytes += bytes;
        self.waiting_bytes -= bytes;
        self.waiting.drain(..count).collect()
    }

    /// Records that were under way are settled.
    pub(crate) fn landed(&mut self, records: usize, bytes: usize) {
        self.flying = self.flying.saturating_sub(records);
        self.flying_bytes = self.flying_bytes.saturating_sub(bytes);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use scouter_wire::protobuf::write_batch;
    use scouter_wire::records::{Batch, Eval, Features, Group, Latency, Route, StatusCount, Uid};
    use serde_json::value::RawValue;
    use uuid::Builder;

    use super::*;

    fn record(at: u8, numbers: usize) -> Record {
        let uuid = Builder::from_unix_timestamp_millis(u64::from(at), &[at; 10]).into_uuid();
        let features = Features { numbers: vec![0.0; numbers], texts: Vec::new() };
        Record { uid: Uid::try_from(uuid).unwrap(), body: Body::Features(features) }
    }

    #[test]
    fn what_is_under_way_takes_room_until_it_is_settled() {
        let mut buffer = Buffer::new(2, usize::MAX);
        assert!(buffer.push(record(1, 1)).is_ok() && buffer.push(record(2, 1)).is_ok());
        let taken = buffer.take(2, usize::MAX);
        assert_eq!((taken.len(), buffer.waiting()), (2, 0));
        assert_eq!(buffer.push(record(3, 1)), Err(record(3, 1)));
        buffer.landed(2, taken.iter().map(|record| size(&record.body)).sum());
        assert!(buffer.push(record(3, 1)).is_ok());
    }

    #[test]
    fn bytes_are_bounded_as_records_are() {
        let mut buffer = Buffer::new(usize::MAX, 2 * size(&record(0, 10).body));
        assert!(buffer.push(record(1, 10)).is_ok() && buffer.push(record(2, 10)).is_ok());
        assert!(buffer.push(record(3, 10)).is_err());
    }

    #[test]
    fn so_many_records_or_half_of_the_bytes_are_enough_to_be_sent() {
        let mut buffer = Buffer::new(10, 4 * size(&record(0, 10).body));
        assert!(!buffer.has_enough(3));
        assert!(buffer.push(record(1, 10)).is_ok() && !buffer.has_enough(3));
        assert!(buffer.push(record(2, 10)).is_ok() && buffer.has_enough(3));
        buffer.take(10, usize::MAX);
        assert!(!buffer.has_enough(3), "what is under way is not waited for");
        for at in 3..6 {
            assert!(!buffer.has_enough(3));
            assert!(buffer.push(record(at, 0)).is_ok());
        }
        assert!(buffer.has_enough(3));
    }

    #[test]
    fn what_is_taken_is_bounded_and_the_oldest() {
        let mut buffer = Buffer::new(10, usize::MAX);
        for at in 0..5 {
            assert!(buffer.push(record(at, 1)).is_ok());
        }
        assert_eq!(buffer.take(2, usize::MAX), [record(0, 1), record(1, 1)]);
        let most_bytes = size(&record(0, 1).body) * 2 + 1;
        assert_eq!(buffer.take(10, most_bytes), [record(2, 1), record(3, 1)]);
        assert_eq!(buffer.held(), 5);
    }

    #[test]
    fn what_is_to_leave_first_does_so_and_needs_no_room() {
        let mut buffer = Buffer::new(1, usize::MAX);
        assert!(buffer.push(record(1, 1)).is_ok());
        buffer.push_first(record(2, 1));
        assert_eq!(buffer.take(1, usize::MAX), [record(2, 1)]);
        assert_eq!(buffer.take(1, usize::MAX), [record(1, 1)]);
        assert_eq!(buffer.waiting_bytes, 0);
    }

    #[test]
    fn what_is_to_be_evaluated_and_requests_take_no_more_on_the_wire_than_is_counted() {
        let eval = |text: &str| {
            let context = RawValue::from_string(format!("{{\"a\":\"{text}\"}}")).unwrap();
            let [id, session] = [(); 2].map(|()| Some(text.to_owned()));
            Body::Eval(Eval { context, id, session, trace: Some("0".repeat(32)) })
        };
        let latency = Latency { p5: 1.5, p25: 1.5, p50: 1.5, p95: 1.5, p99: 1.5 };
        let statuses = vec![StatusCount { status: 599, count: u64::MAX }; 20];
        let route = |name: &str| Route {
            route: name.to_owned(),
            count: u64::MAX,
            errors: u64::MAX,
            latency,
            error_latency: 1.5,
            statuses: statuses.clone(),
        };
        let long = "ü".repeat(9_000);
        for body in [eval(""), eval(&long), Body::Requests(vec![route(""), route(&long)])] {
            let counted = size(&body);
            let mut group = Group::without_names(Builder::nil().into_uuid());
            group.push(Record { uid: record(1, 0).uid, body }).unwrap();
            let sent = write_batch(Batch { groups: vec![group] }).len();
            assert!(sent <= counted, "{sent} {counted}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_held_beyond_the_bounds_and_nothing_is_lost(steps in prop::collection::vec((0_u8..4, 0_usize..20), 0..200)) {
            let (most, most_bytes) = (10, 3_000);
            let mut buffer = Buffer::new(most, most_bytes);
            let (mut pushed, mut gone, mut flying) = (0, 0, Vec::new());
            for (step, number) in steps {
                match step {
                    0 | 1 => pushed += usize::from(buffer.push(record(0, number)).is_ok()),
                    2 => gone += usize::from(buffer.drop_oldest().is_some()),
                    _ => flying.push(buffer.take(number, 1_000)),
                }
                if flying.len() > 2 {
                    let landed = flying.remove(0);
                    gone += landed.len();
                    buffer.landed(landed.len(), landed.iter().map(|record| size(&record.body)).sum());
                }
                prop_assert!(buffer.held() <= most);
                prop_assert!(buffer.waiting_bytes + buffer.flying_bytes <= most_bytes);
                prop_assert_eq!(buffer.held(), pushed - gone);
            }
        }
    }
}
