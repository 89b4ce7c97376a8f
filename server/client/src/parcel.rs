//! What is sent at once.

use std::collections::HashMap;

use bytes::Bytes;
use scouter_wire::protobuf::{read_batch, write_batch};
use scouter_wire::receipt::{Receipt, Refused};
use scouter_wire::records::{Batch, Group};
use uuid::Uuid;

use crate::buffer::size;

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
    pub(crate) uids: Vec<Uuid>,
}

impl Parcel {
    /// Groups of records, each with the number of its lane.
    pub(crate) fn of(groups: Vec<(usize, Group)>) -> Self {
        let part = |(lane, group): &(usize, Group)| Part {
            lane: *lane,
            bytes: group.records().iter().map(|record| size(&record.body)).sum(),
            uids: group.records().iter().map(|record| record.uid.get()).collect(),
        };
        let parts = groups.iter().map(part).collect();
        let groups = groups.into_iter().map(|(_, group)| group).collect();
        Self { body: write_batch(Batch { groups }).into(), parts }
    }

    /// How many records it has.
    pub(crate) fn len(&self) -> usize {
        self.parts.iter().map(|part| part.uids.len()).sum()
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

    /// The refusals of a receipt, by part. One that names no record of it counts for the first.
    pub(crate) fn refusals<'a>(&self, receipt: &'a Receipt) -> Vec<Vec<&'a Refused>> {
        let mut refusals = vec![Vec::new(); self.parts.len()];
        if receipt.refused.is_empty() {
            return refusals;
        }
        let uids = self.parts.iter().enumerate();
        let parts: HashMap<&Uuid, usize> =
            uids.flat_map(|(at, part)| part.uids.iter().map(move |uid| (uid, at))).collect();
        for refused in &receipt.refused {
            let at = refused.uid.as_ref().and_then(|uid| parts.get(uid)).copied().unwrap_or_default();
            refusals[at].push(refused);
        }
        refusals
    }
}

#[cfg(test)]
mod tests {
    use scouter_wire::receipt::RefusalCode;
    use scouter_wire::records::{Body, Features, Metric, Record, Uid};
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
        parcel.parts.iter().map(|part| (part.lane, part.uids.clone())).collect()
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
    fn refusals_find_their_lane_by_the_uid() {
        let parcel = Parcel::of(vec![(0, group(1, &[1])), (1, group(2, &[2]))]);
        let refused = |uid| Refused::new(uid, RefusalCode::Type, String::new());
        let receipt = Receipt { accepted: 0, refused: vec![refused(Some(uuid(2))), refused(None)] };
        let counts: Vec<usize> = parcel.refusals(&receipt).iter().map(Vec::len).collect();
        assert_eq!(counts, [1, 1]);
    }
}
