//! What the context of a record holds.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use pyo3::{PyTraverseError, PyVisit};

/// The most entries that are looked through one by one.
const FEW: usize = 32;

type Entries = Box<[(Py<PyString>, Py<PyAny>)]>;

/// A record's own copy of its context, which becomes a dict where somebody asks for one.
///
/// Python's garbage collector goes through all objects that hold others once a quarter of them is new. A record is
/// one; a dict beside it would be another, and what that costs is more than all tasks together.
#[derive(Debug)]
pub(crate) struct Fields {
    /// `None` where they are many, or a key is not simply text.
    entries: Option<Entries>,
    /// What counts once it is there: it may be changed.
    dict: OnceLock<Py<PyDict>>,
}

impl Fields {
    /// What this dict holds now.
    pub(crate) fn of(dict: &Bound<'_, PyDict>) -> PyResult<Self> {
        let entries = entries(dict);
        let copied = if entries.is_none() { OnceLock::from(dict.copy()?.unbind()) } else { OnceLock::new() };
        Ok(Self { entries, dict: copied })
    }

    /// The context as a dict: the same one every time.
    pub(crate) fn dict<'py>(&self, py: Python<'py>) -> &Bound<'py, PyDict> {
        if let Some(dict) = self.dict.get() {
            return dict.bind(py);
        }
        let dict = PyDict::new(py);
        for (key, value) in self.entries.iter().flatten() {
            dict.set_item(key, value).expect("a text has a hash, and without memory Python has ended before");
        }
        // Nothing is made while others wait: making an object may run code that gives the interpreter to them.
        self.dict.get_or_init(|| dict.unbind()).bind(py)
    }

    /// The entries, as long as there is no dict that somebody may have changed.
    pub(crate) fn entries<'py>(&self, py: Python<'py>) -> Option<Few<'_, 'py>> {
        let entries = self.entries.as_deref().filter(|_| self.dict.get().is_none())?;
        Some(Few { py, entries })
    }

    /// Shows what is held to the garbage collector.
    pub(crate) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        for (_, value) in self.entries.iter().flatten() {
            visit.call(value)?;
        }
        self.dict.get().map_or(Ok(()), |dict| visit.call(dict))
    }
}

/// Copies the entries, where they are few and their keys simply text: such keys are equal where their text is.
fn entries(dict: &Bound<'_, PyDict>) -> Option<Entries> {
    if dict.len() > FEW {
        return None;
    }
    let entry = |(key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
        Some((key.cast_into_exact::<PyString>().ok()?.unbind(), value.unbind()))
    };
    dict.iter().map(entry).collect()
}

/// A few entries.
pub(crate) struct Few<'a, 'py> {
    py: Python<'py>,
    entries: &'a [(Py<PyString>, Py<PyAny>)],
}

impl<'py> Few<'_, 'py> {
    /// The value of this key. `place` is where it stood in the record before, which mostly is where it stands again.
    pub(crate) fn get(&self, key: &Py<PyString>, place: &AtomicUsize) -> Option<Bound<'py, PyAny>> {
        let key = key.bind(self.py);
        let before = place.load(Ordering::Relaxed);
        let at = if self.entries.get(before).is_some_and(|(other, _)| same(key, other.bind(self.py))) {
            before
        } else {
            let at = self.entries.iter().position(|(other, _)| same(key, other.bind(self.py)))?;
            place.store(at, Ordering::Relaxed);
            at
        };
        Some(self.entries[at].1.bind(self.py).clone())
    }
}

fn same(key: &Bound<'_, PyString>, other: &Bound<'_, PyString>) -> bool {
    key.is(other) || matches!((key.to_str(), other.to_str()), (Ok(key), Ok(other)) if key == other)
}
