//! Reading just the paths that a plan needs from a Python context.
//!
//! The paths are laid out as a tree, so that what they share is looked up once, and only what
//! they lead to is converted.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyInt, PyList, PyString, PyTuple};
use scouter_tasks::path::{Path, Read, Step};
use scouter_tasks::subject::Reads;
use scouter_tasks::value::Value;

use super::Converter;
use super::plain::plain;

/// The paths of a plan, ready to be read from any number of contexts.
#[derive(Debug)]
pub(crate) struct Reader {
    paths: Box<[Path]>,
    root: Branch,
}

/// A place in the context, and what is read from there.
#[derive(Debug, Default)]
struct Branch {
    /// The paths whose steps end here.
    ends: Vec<usize>,
    /// Where the steps go on.
    next: Vec<(Turn, Branch)>,
    /// Every path that ends here or below.
    all: Vec<usize>,
}

#[derive(Debug)]
enum Turn {
    /// A key, and the number that it may stand for: `{1: …}` is reached by `1`.
    Key(Py<PyString>, Option<Py<PyInt>>),
    Index(i64),
}

impl Reader {
    pub(crate) fn new(py: Python<'_>, reads: &Reads) -> PyResult<Self> {
        let mut root = Branch::default();
        for (number, path) in reads.paths().iter().enumerate() {
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
        Ok(Self { paths: reads.paths().into(), root })
    }

    /// What each path leads to.
    pub(crate) fn read(&self, converter: &mut Converter, context: &Bound<'_, PyAny>) -> Box<[Read]> {
        let mut reads: Box<[Read]> = self.paths.iter().map(|_| Read::Missing { taken: 0 }).collect();
        self.walk(&self.root, converter, context, 0, &mut reads);
        reads
    }

    fn walk(
        &self,
        branch: &Branch,
        converter: &mut Converter,
        object: &Bound<'_, PyAny>,
        depth: usize,
        reads: &mut [Read],
    ) {
        // The common case: one path ends here and none goes on, so the value is its to keep.
        if let ([number], []) = (branch.ends.as_slice(), branch.next.as_slice()) {
            reads[*number] = match converter.convert(object) {
                Ok(value) => self.paths[*number].finish_owned(value),
                Err(why) => Read::Unreadable(why.into()),
            };
            return;
        }
        let mut whole: Option<Result<Value, String>> = None;
        for &number in &branch.ends {
            let value = whole.get_or_insert_with(|| converter.convert(object));
            reads[number] = match value {
                Ok(value) => self.paths[number].finish(value),
                Err(why) => Read::Unreadable(why.as_str().into()),
            };
        }
        if branch.next.is_empty() {
            return;
        }
        let made;
        let mut inside = Inside::of(object);
        if inside.is_none()
            && let Ok(Some(plain)) = plain(object)
        {
            made = plain;
            inside = Inside::of(&made);
        }
        for (turn, below) in &branch.next {
            let found = match (&inside, turn) {
                (Some(Inside::Dict(dict)), Turn::Key(key, number)) => item(dict, key, number.as_ref()),
                (Some(Inside::List(list)), Turn::Index(index)) => {
                    place(*index, list.len()).and_then(|at| list.get_item(at).ok())
                }
                (Some(Inside::Tuple(tuple)), Turn::Index(index)) => {
                    place(*index, tuple.len()).and_then(|at| tuple.get_item(at).ok())
                }
                (Some(_), _) => None,
                (None, _) => {
                    let value = whole.get_or_insert_with(|| converter.convert(object));
                    self.continue_in(value, &below.all, depth, reads);
                    continue;
                }
            };
            match found {
                Some(found) => self.walk(below, converter, &found, depth + 1, reads),
                None => below.all.iter().for_each(|&number| reads[number] = Read::Missing { taken: depth }),
            }
        }
    }

    fn continue_in(
        &self,
        value: &Result<Value, String>,
        numbers: &[usize],
        taken: usize,
        reads: &mut [Read],
    ) {
        for &number in numbers {
            reads[number] = match value {
                Ok(value) => self.paths[number].read_from(taken, value),
                Err(why) => Read::Unreadable(why.as_str().into()),
            };
        }
    }
}

impl Turn {
    fn new(py: Python<'_>, step: &Step) -> PyResult<Self> {
        Ok(match step {
            Step::Key(key) => {
                let number = key.parse::<i64>().ok().filter(|number| number.to_string() == key.as_str());
                let number = number.map(|number| number.into_pyobject(py).map(Bound::unbind)).transpose()?;
                Self::Key(PyString::intern(py, key).unbind(), number)
            }
            Step::Index(index) => Self::Index(*index),
            // A path's own steps end before the first of these.
            Step::All => Self::Index(0),
        })
    }

    fn is(&self, py: Python<'_>, step: &Step) -> bool {
        match (self, step) {
            (Self::Key(key, _), Step::Key(other)) => key.bind(py) == other.as_str(),
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
    List(&'a Bound<'py, PyList>),
    Tuple(&'a Bound<'py, PyTuple>),
}

impl<'a, 'py> Inside<'a, 'py> {
    fn of(object: &'a Bound<'py, PyAny>) -> Option<Self> {
        let dict = object.cast::<PyDict>().ok().map(Self::Dict);
        let list = || object.cast::<PyList>().ok().map(Self::List);
        dict.or_else(list).or_else(|| object.cast::<PyTuple>().ok().map(Self::Tuple))
    }
}
