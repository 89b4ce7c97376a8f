//! What records belong to, read from their contexts.

use std::num::NonZeroU32;

use pyo3::prelude::*;
use scouter_tasks::result::Labels;

use crate::convert::Converter;
use crate::evaluate::{PyDataset, PyRecord};

/// What a record belongs to, whichever of its trials it is.
pub(super) fn of(
    py: Python<'_>,
    dataset: &PyDataset,
    converter: &mut Converter,
    record: &PyRecord,
) -> Labels {
    let Some(keyed) = &dataset.keyed else { return Labels::default() };
    keyed.keys.labels(&keyed.reader.read(converter, record.context.bind(py).as_any()))
}

/// The labels of one of so many trials; a single one has no number, and what says nothing is not kept.
pub(super) fn trial(labels: &Labels, trial: NonZeroU32, of: NonZeroU32) -> Option<Box<Labels>> {
    let trial = (of.get() > 1).then_some(trial);
    let labels = Labels { trial, ..labels.clone() };
    (labels != Labels::default()).then(|| Box::new(labels))
}

/// The numbers of so many trials.
pub(super) fn numbers(trials: NonZeroU32) -> impl Iterator<Item = NonZeroU32> {
    (1..=trials.get()).filter_map(NonZeroU32::new)
}
