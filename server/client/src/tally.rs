//! Rows that are counted by the bins of their profile.

use std::mem;
use std::time::Duration;

use scouter_drift::psi::{Bins, Counts, Part};
use scouter_wire::receipt::RefusalCode;
use scouter_wire::records::{Body, FeatureBins, Features, Record, Text, Uid};
use tokio::time::Instant;

use crate::destination;

/// For how long rows are counted before their counts are sent.
const COUNTED: Duration = Duration::from_secs(10);

/// Counts of rows that were not sent yet. However many rows there are, they take the same room.
#[derive(Debug)]
pub(crate) struct Tally {
    features: destination::Features,
    counts: Vec<Counts>,
    /// Where the row at hand falls, by feature.
    parts: Vec<Part>,
    /// The identifier of the first row, which is that of all together, and when it came.
    open: Option<(Uid, Instant)>,
    rows: u64,
    flying: u64,
}

impl Tally {
    pub(crate) fn new(features: destination::Features) -> Self {
        let counts = features.values().map(Bins::zero).collect();
        Self { features, counts, parts: Vec::new(), open: None, rows: 0, flying: 0 }
    }

    /// Counts a row.
    ///
    /// # Errors
    /// It is none of the profile; nothing of it is counted then.
    pub(crate) fn count(&mut self, uid: Uid, row: &Body) -> Result<(), (RefusalCode, String)> {
        let Body::Features(Features { numbers, texts }) = row else {
            return Err((RefusalCode::Kind, "only rows of features are counted".to_owned()));
        };
        if numbers.len() != self.features.len() {
            let (numbers, names) = (numbers.len(), self.features.len());
            let reason = format!("{numbers} numbers for {names} names of features");
            return Err((RefusalCode::Shape, reason));
        }
        self.parts.clear();
        self.parts.extend(self.features.values().zip(numbers).map(|(bins, number)| bins.part_of(*number)));
        for Text { name, text } in texts {
            match self.features.get_full(name) {
                Some((at, _, Bins::Category(bins))) => self.parts[at] = bins.part_of(text),
                Some(_) => {
                    return Err((RefusalCode::Type, format!("feature `{name}` is a number, not a text")));
                }
                None => {
                    return Err((RefusalCode::UnknownName, format!("the profile has no feature `{name}`")));
                }
            }
        }
        for (counts, part) in self.counts.iter_mut().zip(&self.parts) {
            counts.add(*part, 1);
        }
        self.open.get_or_insert_with(|| (uid, Instant::now()));
        self.rows += 1;
        Ok(())
    }

    /// How many rows wait to be sent.
    pub(crate) fn waiting(&self) -> u64 {
        self.rows
    }

    /// How many are held in all.
    pub(crate) fn held(&self) -> u64 {
        self.rows + self.flying
    }

    /// When what is counted is to be sent.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.open.map(|(_, since)| since + COUNTED)
    }

    /// What was counted so far, as one record. It is under way from now on.
    pub(crate) fn take(&mut self) -> Option<Record> {
        let (uid, _) = self.open.take()?;
        self.flying += mem::take(&mut self.rows);
        let features = self.features.iter().zip(&mut self.counts).map(|((name, bins), counts)| {
            let Counts { bins, other, unseen, missing } = mem::replace(counts, bins.zero());
            FeatureBins { name: name.clone(), bins, other, unseen, missing }
        });
        Some(Record { uid, body: Body::Bins(features.collect()) })
    }

    /// A record that is none of counts is under way beside them.
    pub(crate) fn beside(&mut self) {
        self.flying += 1;
    }

    /// Rows that were under way are settled.
    pub(crate) fn landed(&mut self, rows: u64) {
        self.flying = self.flying.saturating_sub(rows);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use indexmap::IndexMap;
    use scouter_drift::psi::{CategoryBins, NumericBins};
    use uuid::Builder;

    use super::*;

    fn tally() -> Tally {
        let cities = CategoryBins::new(vec!["Rome".into(), "2".into()], vec!["Oslo".into()], true);
        Tally::new(Arc::new(IndexMap::from([
            ("age".to_owned(), Bins::Numeric(NumericBins::new([18.0, 65.0]))),
            ("city".to_owned(), Bins::Category(cities)),
        ])))
    }

    fn uid(at: u8) -> Uid {
        Builder::from_unix_timestamp_millis(u64::from(at), &[at; 10]).into_uuid().try_into().unwrap()
    }

    fn row(age: f64, city: Option<&str>) -> Body {
        let text = city.map(|text| Text { name: "city".to_owned(), text: text.to_owned() });
        Body::Features(Features { numbers: vec![age, f64::NAN], texts: text.into_iter().collect() })
    }

    fn bins(name: &str, bins: &[u64], [other, unseen, missing]: [u64; 3]) -> FeatureBins {
        FeatureBins { name: name.to_owned(), bins: bins.to_vec(), other, unseen, missing }
    }

    #[test]
    fn rows_are_counted_and_leave_as_one_record_by_the_uid_of_the_first() {
        let mut tally = tally();
        let rows = [
            row(18.0, Some("Rome")),
            row(40.0, Some("Oslo")),
            row(f64::INFINITY, Some("Lima")),
            row(f64::NAN, None),
            Body::Features(Features { numbers: vec![1.0, 2.0], texts: Vec::new() }),
        ];
        for (at, row) in (1..).zip(&rows) {
            tally.count(uid(at), row).unwrap();
        }
        let taken = tally.take().unwrap();
        let wanted = vec![bins("age", &[2, 1, 1], [0, 0, 1]), bins("city", &[1, 1], [1, 1, 1])];
        assert_eq!((taken.body.rows(), taken.uid), (5, uid(1)));
        assert_eq!(taken.body, Body::Bins(wanted));
        assert_eq!(tally.take(), None);
    }

    #[test]
    fn what_is_taken_is_held_until_it_is_settled() {
        let mut tally = tally();
        tally.count(uid(1), &row(1.0, None)).unwrap();
        assert!(tally.take().is_some());
        tally.count(uid(2), &row(1.0, None)).unwrap();
        assert_eq!((tally.waiting(), tally.held()), (1, 2));
        tally.landed(1);
        assert_eq!(tally.held(), 1);
    }

    #[test]
    fn a_row_that_does_not_fit_is_not_counted_in_part() {
        let mut tally = tally();
        let text = |name: &str| vec![Text { name: name.to_owned(), text: "x".to_owned() }];
        for (numbers, texts, code) in [
            (vec![1.0], vec![], RefusalCode::Shape),
            (vec![1.0, f64::NAN], text("age"), RefusalCode::Type),
            (vec![1.0, f64::NAN], text("town"), RefusalCode::UnknownName),
        ] {
            let row = Body::Features(Features { numbers, texts });
            assert_eq!(tally.count(uid(1), &row).map_err(|(code, _)| code), Err(code));
        }
        assert_eq!((tally.take(), tally.held()), (None, 0));
    }
}
