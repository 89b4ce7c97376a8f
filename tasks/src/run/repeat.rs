//! Several trials of each record.

use std::num::{NonZeroU32, NonZeroUsize};

use scouter_engine::Source;

use super::entry::Entry;
use super::sealed::Sealed;
use crate::result::Labels;

/// A source that gives each record for every one of its trials, one after the other.
#[derive(Debug)]
pub struct Repeat<T> {
    source: T,
    trials: NonZeroU32,
    /// The record whose trials are under way, and the number of the next.
    current: Option<(Sealed, NonZeroU32)>,
    /// Records whose trials come next.
    waiting: std::vec::IntoIter<Sealed>,
}

/// So many trials of each record of the source.
pub fn repeat<T>(source: T, trials: NonZeroU32) -> Repeat<T> {
    Repeat { source, trials, current: None, waiting: Vec::new().into_iter() }
}

impl<T: Source<Sealed>> Source<Sealed> for Repeat<T> {
    async fn take(&mut self, most: NonZeroUsize) -> Vec<Sealed> {
        if self.trials == NonZeroU32::MIN {
            return self.source.take(most).await;
        }
        let mut records = Vec::with_capacity(most.get());
        while records.len() < most.get() {
            let Some((record, trial)) = self.current.take() else {
                if let Some(record) = self.waiting.next() {
                    self.current = Some((record, NonZeroU32::MIN));
                    continue;
                }
                if !records.is_empty() {
                    break;
                }
                let more = self.source.take(most).await;
                if more.is_empty() {
                    break;
                }
                self.waiting = more.into_iter();
                continue;
            };
            let entry = as_trial(&record.entry, trial, self.trials);
            records.push(record.with(entry));
            self.current = (trial < self.trials).then(|| (record, trial.saturating_add(1)));
        }
        records
    }
}

/// One of so many trials of a record.
pub fn as_trial(entry: &Entry, trial: NonZeroU32, of: NonZeroU32) -> Entry {
    let mut one = entry.clone();
    if of > NonZeroU32::MIN {
        one.labels = labelled(entry.labels.as_deref(), trial, of);
        one.subject.trial = Some(trial);
    }
    one
}

/// The labels of one of so many trials of a record; a single one has no number.
pub fn labelled(labels: Option<&Labels>, trial: NonZeroU32, of: NonZeroU32) -> Option<Box<Labels>> {
    let trial = (of > NonZeroU32::MIN).then_some(trial);
    let labels = Labels { trial, ..labels.cloned().unwrap_or_default() };
    (labels != Labels::default()).then(|| Box::new(labels))
}

#[cfg(test)]
mod tests {
    use scouter_engine::Iter;
    use uuid::Uuid;

    use super::*;
    use crate::subject::Subject;

    async fn repeated(records: u32, trials: u32, most: usize) -> Vec<(String, Option<u32>)> {
        let entry = |n: u32| Entry {
            uid: Uuid::nil(),
            id: Some(n.to_string().into()),
            labels: None,
            subject: Subject::default(),
        };
        let sealed = |n: u32| Sealed::from(entry(n));
        let trials = NonZeroU32::new(trials).unwrap();
        let mut source = repeat(Iter((0..records).map(sealed)), trials);
        let mut all = Vec::new();
        loop {
            let records = source.take(NonZeroUsize::new(most).unwrap()).await;
            assert!(records.len() <= most);
            if records.is_empty() {
                return all;
            }
            all.extend(records.into_iter().map(|Sealed { entry, .. }| {
                (
                    entry.id.unwrap().to_string(),
                    entry.labels.and_then(|labels| labels.trial).map(NonZeroU32::get),
                )
            }));
        }
    }

    #[tokio::test]
    async fn the_trials_of_a_record_come_one_after_the_other_whatever_is_taken_at_a_time() {
        let expected: Vec<_> =
            (0..5).flat_map(|n| (1..=3).map(move |trial| (n.to_string(), Some(trial)))).collect();
        for most in [1, 2, 4, 100] {
            assert_eq!(repeated(5, 3, most).await, expected, "{most} at a time");
        }
    }

    #[tokio::test]
    async fn a_single_trial_has_no_number() {
        assert_eq!(repeated(2, 1, 8).await, [("0".to_owned(), None), ("1".to_owned(), None)]);
    }
}
