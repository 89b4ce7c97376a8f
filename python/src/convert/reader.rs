//! Reading just the paths that a plan needs from a Python context.
//!
//! The paths are laid out as a tree, so that what they share is looked up once, and only what
//! they lead to is copied.

use std::sync::atomic::AtomicUsize;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyInt, PyList, PyString, PyTuple};
use scouter_tasks::packed::Packed;
use scouter_tasks::path::Step;
use scouter_tasks::subject::Reads;

use super::Converter;
use super::plain::plain;
use crate::evaluate::{Few, Fields};

/// The paths of a plan, ready to be read from any number of contexts.
#[derive(Debug)]
pub(crate) struct Reader(Branch);

/// A place in the context, and what is read from there.
#[derive(Debug, Default)]
struct Branch {
    /// The paths whose steps end here.
    ends: Vec<u32>,
    /// Where the steps go on.
    next: Vec<(Turn, Branch)>,
    /// Every path that ends here or below.
    all: Vec<u32>,
}

#[derive(Debug)]
enum Turn {
    /// A key, the number that it may stand for (`{1: …}` is reached by `1`), and where it stood in the record before.
    Key(Py<PyString>, Option<Py<PyInt>>, AtomicUsize),
    Index(i64),
}

impl Reader {
    pub(crate) fn new(py: Python<'_>, reads: &Reads) -> PyResult<Self> {
        let mut root = Branch::default();
        for (number, path) in (0..).zip(reads.paths()) {
            let mut branch = &mut root;
            branch.all.push(number);
            for step in path.steps() {
                let at = branch.next.iter().position(|(turn, _)| turn.is(py, step));
                let at = if let Some(at) = at {
                    at
                } else {
                    branch.next.push((Turn::new(py, step)?, Branch::default()));
                    branch.next.len() - 1
                };
                branch = &mut branch.next[at].1;
                branch.all.push(number);
            }
            branch.ends.push(number);
        }
        Ok(Self(root))
    }

    /// Writes what each path leads to in the context of a record.
    pub(crate) fn read_record(
        &self,
        py: Python<'_>,
        converter: &mut Converter,
        context: &Fields,
        into: &mut Packed,
    ) {
        match context.entries(py).filter(|_| self.0.ends.is_empty()) {
            Some(few) => self.0.go_on(converter, &Inside::Few(few), 0, into),
            None => self.read(converter, context.dict(py).as_any(), into),
        }
    }

    /// Writes what each path leads to.
    pub(crate) fn read(&self, converter: &mut Converter, context: &Bound<'_, PyAny>, into: &mut Packed) {
        if !self.0.all.is_empty() {
            self.0.read(converter, context, 0, into);
        }
    }
}

impl Branch {
    fn read(&self, converter: &mut Converter, object: &Bound<'_, PyAny>, taken: usize, into: &mut Packed) {
        let made;
        let mut inside = if self.next.is_empty() { None } else { Inside::of(object) };
        if inside.is_none()
            && !self.next.is_empty()
            && let Ok(Some(plain)) = plain(object)
        {
            made = plain;
            inside = Inside::of(&made);
        }
        let whole = if inside.is_some() { &self.ends } else { &self.all };
        if !whole.is_empty() {
            into.value(whole, taken, |out| converter.write(object, out));
        }
        if let Some(inside) = inside {
            self.go_on(converter, &inside, taken, into);
        }
    }

    /// Reads what lies below.
    fn go_on(&self, converter: &mut Converter, inside: &Inside<'_, '_>, taken: usize, into: &mut Packed) {
        for (turn, below) in &self.next {
            match inside.take(turn) {
                Some(found) => below.read(converter, &found, taken + 1, into),
                None => into.missing(&below.all, taken),
            }
        }
    }
}

impl Turn {
    fn new(py: Python<'_>, step: &Step) -> PyResult<Self> {
        Ok(match step {
            Step::Key(key) => {
                let number = key.parse::<i64>().ok().filter(|number| number.to_string() == key.as_str());
                let number = number.map(|number| number.into_pyobject(py).map(Bound::unbind)).transpose()?;
                Self::Key(PyString::intern(py, key).unbind(), number, AtomicUsize::new(0))
            }
            Step::Index(index) => Self::Index(*index),
            // A path's own steps end before the first of these.
            Step::All => Self::Index(0),
        })
    }

    fn is(&self, py: Python<'_>, step: &Step) -> bool {
        match (self, step) {
            (Self::Key(key, ..), Step::Key(other)) => key.bind(py) == other.as_str(),
            (Self::Index(index), Step::Index(other)) => index == other,
            _ => false,
        }
    }
}

fn item<'py>(
    dict: &Bound<'py, PyDict>,
    key: &Py<PyString>,
    number: Option<&Py<PyInt>>,
) -> Option<Bound<'py, PyAny>> {
    let py = dict.py();
    let found = dict.get_item(key.bind(py)).ok().flatten();
    found.or_else(|| dict.get_item(number?.bind(py)).ok().flatten())
}

/// The place that an index means, counted from the end where it is negative.
fn place(index: i64, len: usize) -> Option<usize> {
    let from_end = usize::try_from(index.unsigned_abs()).ok()?;
    if index < 0 { len.checked_sub(from_end) } else { Some(from_end) }
}

/// What a step can go into without looking at the rest of it.
enum Inside<'a, 'py> {
    Dict(&'a Bound<'py, PyDict>),
    Few(Few<'a, 'py>),
    List(&'a Bound<'py, PyList>),
    Tuple(&'a Bound<'py, PyTuple>),
}

impl<'a, 'py> Inside<'a, 'py> {
    fn of(object: &'a Bound<'py, PyAny>) -> Option<Self> {
        let dict = object.cast::<PyDict>().ok().map(Self::Dict);
        let list = || object.cast::<PyList>().ok().map(Self::List);
        dict.or_else(list).or_else(|| object.cast::<PyTuple>().ok().map(Self::Tuple))
    }

    fn take(&self, turn: &Turn) -> Option<Bound<'py, PyAny>> {
        match (self, turn) {
            (Self::Dict(dict), Turn::Key(key, number, _)) => item(dict, key, number.as_ref()),
            (Self::Few(few), Turn::Key(key, _, place)) => few.get(key, place),
            (Self::List(list), Turn::Index(index)) => {
                place(*index, list.len()).and_then(|at| list.get_item(at).ok())
            }
            (Self::Tuple(tuple), Turn::Index(index)) => {
                place(*index, tuple.len()).and_then(|at| tuple.get_item(at).ok())
            }
            _ => None,
        }
    }
}
