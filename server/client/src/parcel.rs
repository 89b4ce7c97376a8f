//! What is sent at once.

use std::collections::HashMap;

use bytes::Bytes;
use scouter_wire::protobuf::{read_batch, write_batch};
use scouter_wire::receipt::{Receipt, Refused};
use scouter_wire::records::{Batch, Group};
use uuid::Uuid;

use crate::buffer::size;

/// The most bytes that are sent at once, as records are counted here: less than a server takes, since some are larger there.
pub(crate) const LARGEST: usize = 3 << 20;

/// A batch as it is sent, and whose records are in it.
#[derive(Debug)]
pub(crate) struct Parcel {
    pub(crate) body: Bytes,
    pub(crate) parts: Vec<Part>,
}

/// The records of one lane in it.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) lane: usize,
    pub(crate) bytes: usize,
    /// Their identifiers, and how many rows of the application each stands for.
    pub(crate) records: Vec<(Uuid, u64)>,
}

impl Part {
    fn of(lane: usize, group: &Group) -> Self {
        let records = group.records().iter();
        Self {
            lane,
            bytes: records.clone().map(|record| size(&record.body)).sum(),
            records: records.map(|record| (record.uid.get(), record.body.rows())).collect(),
        }
    }

    /// Their identifiers.
    pub(crate) fn uids(&self) -> impl Iterator<Item = Uuid> + '_ {
        self.records.iter().map(|(uid, _)| *uid)
    }

    /// How many rows of the application they stand for.
    pub(crate) fn rows(&self) -> u64 {
        self.records.iter().map(|(_, rows)| rows).sum()
    }
}

impl Parcel {
    /// Groups of records, each with the number of its lane.
    pub(crate) fn of(groups: Vec<(usize, Group)>) -> Self {
        let parts = groups.iter().map(|(lane, group)| Part::of(*lane, group)).collect();
        let groups = groups.into_iter().map(|(_, group)| group).collect();
        Self { body: write_batch(Batch { groups }).into(), parts }
    }

    /// A batch of one lane as it was written; none where it cannot be read.
    pub(crate) fn read(lane: usize, body: Bytes) -> Option<Self> {
        let sent = read_batch(&body).ok()?;
        let parts = sent.batch.groups.iter().map(|group| Part::of(lane, group)).collect();
        Some(Self { body, parts })
    }

    /// One for each lane.
    pub(crate) fn by_lane(self) -> Vec<Self> {
        match read_batch(&self.body) {
            Ok(sent) if self.parts.len() > 1 => {
                let groups = self.parts.iter().zip(sent.batch.groups);
                groups.map(|(part, group)| Self::of(vec![(part.lane, group)])).collect()
            }
            _ => vec![self],
        }
    }

    /// How many records it has.
    pub(crate) fn len(&self) -> usize {
        self.parts.iter().map(|part| part.records.len()).sum()
    }

    /// Two of half the records each, or itself where it has but one.
    pub(crate) fn halves(self) -> Result<[Self; 2], Self> {
        let mut left = self.len() / 2;
        let Ok(sent) = read_batch(&self.body) else { return Err(self) };
        if left == 0 {
            return Err(self);
        }
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for (part, group) in self.parts.iter().zip(sent.batch.groups) {
            let (profile, names, mut records) = group.into_parts();
            let rest = records.split_off(left.min(records.len()));
            left -= records.len();
            for (half, records) in [(&mut first, records), (&mut second, rest)] {
                let Ok(mut group) = Group::new(profile, names.clone()) else { continue };
                let misfits = records.into_iter().filter_map(|record| group.push(record).err()).count();
                debug_assert_eq!(misfits, 0, "they were in a group of these names");
                if !group.records().is_empty() {
                    half.push((part.lane, group));
                }
            }
        }
        Ok([Self::of(first), Self::of(second)])
    }

    /// The refusals of a receipt, by part, each with the rows that it is about. One that names no record of it counts for the first part.
    pub(crate) fn refusals<'a>(&self, receipt: &'a Receipt) -> Vec<Vec<(&'a Refused, u64)>> {
        let mut refusals = vec![Vec::new(); self.parts.len()];
        if receipt.refused.is_empty() {
            return refusals;
        }
        let parts = self.parts.iter().enumerate();
        let known: HashMap<&Uuid, (usize, u64)> = parts
            .flat_map(|(at, part)| part.records.iter().map(move |(uid, rows)| (uid, (at, *rows))))
            .collect();
        for refused in &receipt.refused {
            let found = refused.uid.as_ref().and_then(|uid| known.get(uid)).copied();
            let (at, rows) = found.unwrap_or((0, 1));
            refusals[at].push((refused, rows));
        }
        refusals
    }
}

#[cfg(test)]
mod tests {
    use scouter_wire::receipt::RefusalCode;
    use scouter_wire::records::{Body, FeatureBins, Features, Metric, Record, Uid};
    use uuid::Builder;

    use super::*;

    fn uuid(at: u8) -> Uuid {
        Builder::from_unix_timestamp_millis(0, &[at; 10]).into_uuid()
    }

    fn group(profile: u8, uids: &[u8]) -> Group {
        let mut group = Group::new(uuid(profile), vec!["x".to_owned()]).unwrap();
        for at in uids {
            let body = if profile == 1 {
                Body::Features(Features { numbers: vec![f64::from(*at)], texts: Vec::new() })
            } else {
                Body::Metrics(vec![Metric { name: "x".to_owned(), value: f64::from(*at) }])
            };
            group.push(Record { uid: Uid::try_from(uuid(*at)).unwrap(), body }).unwrap();
        }
        group
    }

    fn uids(parcel: &Parcel) -> Vec<(usize, Vec<Uuid>)> {
        let uids = |part: &Part| part.records.iter().map(|(uid, _)| *uid).collect();
        parcel.parts.iter().map(|part| (part.lane, uids(part))).collect()
    }

    #[test]
    fn halves_have_all_records_each_in_its_lane() {
        let parcel = Parcel::of(vec![(3, group(1, &[1, 2])), (5, group(2, &[3, 4, 5]))]);
        let [first, second] = parcel.halves().unwrap();
        assert_eq!(uids(&first), [(3, vec![uuid(1), uuid(2)])]);
        assert_eq!(uids(&second), [(5, vec![uuid(3), uuid(4), uuid(5)])]);
        let [first, second] = second.halves().unwrap();
        assert_eq!([first.len(), second.len()], [1, 2]);
        assert!(first.halves().is_err());
    }

    #[test]
    fn halves_are_sent_as_they_were() {
        let [first, second] = Parcel::of(vec![(0, group(1, &[1, 2]))]).halves().unwrap();
        for (half, whole) in [(first, group(1, &[1])), (second, group(1, &[2]))] {
            assert_eq!(read_batch(&half.body).unwrap().batch.groups, [whole]);
        }
    }

    #[test]
    fn each_lane_has_its_part_as_it_was() {
        let parcel = Parcel::of(vec![(3, group(1, &[1, 2])), (5, group(2, &[3]))]);
        let [first, second] = parcel.by_lane().try_into().unwrap();
        assert_eq!(
            (uids(&first), uids(&second)),
            (vec![(3, vec![uuid(1), uuid(2)])], vec![(5, vec![uuid(3)])])
        );
        assert_eq!(uids(&Parcel::read(7, second.body).unwrap()), [(7, vec![uuid(3)])]);
        assert!(Parcel::read(7, Bytes::from_static(b"\xff")).is_none());
    }

    #[test]
    fn a_record_of_counts_stands_for_its_rows() {
        let bins =
            FeatureBins { name: "x".to_owned(), bins: vec![3, 4], missing: 1, ..FeatureBins::default() };
        let mut group = Group::without_names(uuid(1));
        group.push(Record { uid: Uid::try_from(uuid(2)).unwrap(), body: Body::Bins(vec![bins]) }).unwrap();
        let parcel = Parcel::of(vec![(0, group)]);
        let refused = Refused::new(Some(uuid(2)), RefusalCode::Shape, String::new());
        let receipt = Receipt { accepted: 0, refused: vec![refused] };
        assert_eq!(parcel.parts[0].rows(), 8);
        assert_eq!(parcel.refusals(&receipt)[0].iter().map(|(_, rows)| *rows).collect::<Vec<_>>(), [8]);
    }

    #[test]
    fn refusals_find_their_lane_by_the_uid() {
        let parcel = Parcel::of(vec![(0, group(1, &[1])), (1, group(2, &[2]))]);
        let refused = |uid| Refused::new(uid, RefusalCode::Type, String::new());
        let receipt = Receipt { accepted: 0, refused: vec![refused(Some(uuid(2))), refused(None)] };
        let counts: Vec<usize> = parcel.refusals(&receipt).iter().map(Vec::len).collect();
        assert_eq!(counts, [1, 1]);
    }
}
