//! Python objects into values: written as bytes on the thread that has the interpreter, and made
//! into values wherever they are needed.
//!
//! What has no form as a value is an error that says what it is; it ends the check that reads it
//! and nothing else. Nothing here follows data without a bound: not depth, not size, not a
//! container that holds itself.

use std::collections::HashSet;

use bigdecimal::num_bigint::BigInt;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDict, PyFloat, PyFrozenSet, PyInt, PyList, PySet, PyString, PyTuple,
    PyType,
};
use scouter_tasks::packed::made;
use scouter_tasks::value::{Decimal, MAX_DEPTH, Value};

use super::out::{Out, Written};
use super::plain::{is_missing, plain};
use super::wrong::{Wrong, shown};

/// The most items that one value may have in all: what is read in a tenth of a second, for no
/// signal is heard meanwhile.
const MOST_ITEMS: usize = 2_000_000;

/// How deep a value may be nested: less than JSON text may be, so that what it stands in, such as
/// results, can be written as JSON and read back.
const DEEPEST: usize = MAX_DEPTH - 8;

/// The most bits that a whole number of 4,300 digits takes, which is what JSON is read with: none of more is copied.
const MOST_BITS: u64 = 14_285;

/// What is wrong with a larger one.
const TOO_LARGE: &str = "a whole number of more than 4300 digits";

/// The value of an object.
pub(crate) fn from_python(object: &Bound<'_, PyAny>) -> Result<Value, String> {
    Converter::default().convert(object)
}

/// Converts objects one after another; what it needs on the way is allocated once.
#[derive(Debug, Default)]
pub(crate) struct Converter {
    /// The containers around the current object, by identity.
    above: Vec<usize>,
    /// How many items were seen.
    items: usize,
}

impl Converter {
    /// The value of an object.
    pub(crate) fn convert(&mut self, object: &Bound<'_, PyAny>) -> Result<Value, String> {
        made(|out| self.write(object, out)).map_err(|wrong| wrong.to_string())
    }

    /// Writes the value of an object. Where that fails, a part of it may be written.
    pub(crate) fn write(&mut self, object: &Bound<'_, PyAny>, out: &mut impl Out) -> Written {
        self.above.clear();
        self.items = 0;
        self.value(object, out)
    }

    fn value(&mut self, object: &Bound<'_, PyAny>, out: &mut impl Out) -> Written {
        if let Some(written) = scalar(object, out) {
            return written;
        }
        if let Ok(dict) = object.cast::<PyDict>() {
            return self.nested(object, |walk| walk.dict(dict, out));
        }
        if let Ok(list) = object.cast::<PyList>() {
            return self.nested(object, |walk| walk.items(list.iter(), out));
        }
        if let Ok(tuple) = object.cast::<PyTuple>() {
            return self.nested(object, |walk| walk.items(tuple.iter(), out));
        }
        self.other(object, out)
    }

    /// Goes into a container, unless it holds itself or the way is too deep.
    fn nested(&mut self, object: &Bound<'_, PyAny>, write: impl FnOnce(&mut Self) -> Written) -> Written {
        let identity = object.as_ptr().addr();
        if self.above.contains(&identity) {
            return Err("it contains itself".into());
        }
        if self.above.len() >= DEEPEST {
            return Err(format!("it is nested deeper than {DEEPEST} levels").into());
        }
        self.above.push(identity);
        let written = write(self);
        self.above.pop();
        written
    }

    fn count(&mut self, more: usize) -> Result<(), Wrong> {
        self.items += more;
        if self.items > MOST_ITEMS {
            Err(format!("it has more than {MOST_ITEMS} items").into())
        } else {
            Ok(())
        }
    }

    fn dict(&mut self, dict: &Bound<'_, PyDict>, out: &mut impl Out) -> Written {
        self.count(dict.len())?;
        out.map(dict.len())?;
        // What is no plain scalar may change the dict when it is asked: all of it is seen before.
        let mut later = Vec::new();
        // Keys that are all text differ already.
        let mut differ = true;
        for (key, object) in dict.iter() {
            differ = differ && key.is_exact_instance_of::<PyString>();
            if later.is_empty() {
                write_key(&key, out)?;
                if let Some(written) = scalar(&object, out) {
                    written.map_err(|wrong| within(wrong, &key))?;
                    continue;
                }
            }
            later.push((key, object));
        }
        if !differ {
            check_keys(dict)?;
        }
        for (at, (key, object)) in later.into_iter().enumerate() {
            if at > 0 {
                write_key(&key, out)?;
            }
            self.value(&object, out).map_err(|wrong| within(wrong, &key))?;
        }
        Ok(())
    }

    fn items<'py>(
        &mut self,
        items: impl ExactSizeIterator<Item = Bound<'py, PyAny>>,
        out: &mut impl Out,
    ) -> Written {
        let len = items.len();
        self.count(len)?;
        out.list(len)?;
        let mut seen = 0;
        for item in items {
            self.value(&item, out).map_err(|wrong| wrong.at_place(seen))?;
            seen += 1;
        }
        // Something in it may have changed it when it was asked.
        if seen == len { Ok(()) } else { Err("it changed while it was read".into()) }
    }

    fn other(&mut self, object: &Bound<'_, PyAny>, out: &mut impl Out) -> Written {
        if let Some(value) = enum_value(object) {
            return self.nested(object, |walk| walk.value(&value, out));
        }
        if let Ok(text) = object.cast::<PyString>() {
            return string(text, out);
        }
        if let Ok(int) = object.cast::<PyInt>() {
            return integer(int, out);
        }
        if let Ok(float) = object.cast::<PyFloat>() {
            return out.float(float.value());
        }
        if object.cast::<PyBytes>().is_ok() || object.cast::<PyByteArray>().is_ok() {
            return Err("bytes have no form in JSON: decode them to text first".into());
        }
        if let Ok(set) = object.cast::<PySet>() {
            return self.nested(object, |walk| walk.set(set.iter(), out));
        }
        if let Ok(set) = object.cast::<PyFrozenSet>() {
            return self.nested(object, |walk| walk.set(set.iter(), out));
        }
        if is_missing(object) {
            return out.null();
        }
        if is(object, &DECIMAL, "decimal", "Decimal") {
            return decimal(object, out);
        }
        for (cell, name) in [(&DATETIME, "datetime"), (&DATE, "date"), (&TIME, "time")] {
            if is(object, cell, "datetime", name) {
                return text_of(object.call_method0("isoformat"), out);
            }
        }
        if is(object, &UUID, "uuid", "UUID") || is(object, &PATH, "pathlib", "PurePath") {
            return text_of(object.str().map(Bound::into_any), out);
        }
        if let Some(plain) = plain(object)? {
            return self.nested(object, |walk| walk.value(&plain, out));
        }
        let class = object.get_type().fully_qualified_name();
        let class = class.map_or_else(|_| "?".to_owned(), |name| name.to_string());
        Err(format!("a `{class}` has no form in JSON: convert it to text, a number, a list or a dict first")
            .into())
    }

    /// The items of a set, sorted: a set has no order of its own, and results must not change
    /// from run to run.
    fn set<'py>(&mut self, items: impl Iterator<Item = Bound<'py, PyAny>>, out: &mut impl Out) -> Written {
        let items: Vec<_> = items.collect();
        self.count(items.len())?;
        let value = |(place, item): (usize, &Bound<'py, PyAny>)| {
            made(|out| self.value(item, out)).map_err(|wrong| wrong.at_place(place))
        };
        let mut values = items.iter().enumerate().map(value).collect::<Result<Vec<_>, Wrong>>()?;
        values.sort_by(Value::total_cmp);
        out.list(values.len())?;
        values.iter().try_for_each(|value| out.whole(value))
    }
}

/// Writes the value of an object of one of Python's own scalar types: asking it runs no code but
/// ours. `None` where it is something else.
fn scalar(object: &Bound<'_, PyAny>, out: &mut impl Out) -> Option<Written> {
    if let Ok(text) = object.cast_exact::<PyString>() {
        return Some(string(text, out));
    }
    if let Ok(value) = object.cast_exact::<PyBool>() {
        return Some(out.bool(value.is_true()));
    }
    if let Ok(int) = object.cast_exact::<PyInt>() {
        return Some(integer(int, out));
    }
    if let Ok(float) = object.cast_exact::<PyFloat>() {
        return Some(out.float(float.value()));
    }
    object.is_none().then(|| out.null())
}

fn string(text: &Bound<'_, PyString>, out: &mut impl Out) -> Written {
    out.string(characters(text)?)
}

fn characters<'a>(text: &'a Bound<'_, PyString>) -> Result<&'a str, Wrong> {
    // The one way a Python text is not Unicode.
    text.to_str().map_err(|_| "the text holds a lone surrogate, which is not Unicode".into())
}

fn text_of(text: PyResult<Bound<'_, PyAny>>, out: &mut impl Out) -> Written {
    let text =
        text.and_then(|text| text.extract::<String>()).map_err(|error| Wrong::from(error.to_string()))?;
    out.string(&text)
}

fn write_key(key: &Bound<'_, PyAny>, out: &mut impl Out) -> Written {
    match key.cast_exact::<PyString>() {
        Ok(text) => out.key(characters(text)?),
        Err(_) => out.key(&key_text(key)?),
    }
}

fn key_text(key: &Bound<'_, PyAny>) -> Result<String, Wrong> {
    if let Ok(text) = key.cast::<PyString>() {
        return characters(text).map(str::to_owned);
    }
    if key.cast::<PyBool>().is_err()
        && let Ok(int) = key.cast::<PyInt>()
    {
        return Ok(made(|out| integer(int, out))?.to_string());
    }
    let text = key.repr().map_or_else(|_| "?".to_owned(), |text| text.to_string());
    Err(format!("the key `{}` is neither text nor a whole number", shown(&text)).into())
}

/// Keys that differ in Python may be the same text.
fn check_keys(dict: &Bound<'_, PyDict>) -> Result<(), Wrong> {
    let mut texts = HashSet::new();
    for (key, _) in dict.iter() {
        if !texts.insert(key_text(&key)?) {
            return Err("it has two keys with the same text, such as `1` and `\"1\"`".into());
        }
    }
    Ok(())
}

fn within(wrong: Wrong, key: &Bound<'_, PyAny>) -> Wrong {
    // It was written, so it has a text.
    wrong.at_key(&key_text(key).unwrap_or_default())
}

fn integer(int: &Bound<'_, PyInt>, out: &mut impl Out) -> Written {
    if let Ok(small) = int.extract::<i64>() {
        return out.int(small);
    }
    let bits = int.call_method0("bit_length").and_then(|bits| bits.extract::<u64>());
    if bits.is_ok_and(|bits| bits > MOST_BITS) {
        return Err(TOO_LARGE.into());
    }
    let large: BigInt = int.extract().map_err(|error: PyErr| error.to_string())?;
    let large = Decimal::try_from(large).map_err(|_| TOO_LARGE)?;
    out.whole(&large.into_value())
}

fn decimal(object: &Bound<'_, PyAny>, out: &mut impl Out) -> Written {
    let text = object.str().map_err(|error| error.to_string())?.to_string();
    if let Ok(exact) = text.parse::<Decimal>() {
        return out.whole(&exact.into_value());
    }
    out.float(match text.to_ascii_lowercase().as_str() {
        "infinity" => f64::INFINITY,
        "-infinity" => f64::NEG_INFINITY,
        text if text.ends_with("nan") => f64::NAN,
        _ => {
            return Err(format!(
                "the decimal `{text}` has more than 4300 digits before the point, or 10000 in all"
            )
            .into());
        }
    })
}

fn enum_value<'py>(object: &Bound<'py, PyAny>) -> Option<Bound<'py, PyAny>> {
    if is(object, &ENUM, "enum", "Enum") { object.getattr("value").ok() } else { None }
}

static DATE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static DATETIME: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static DECIMAL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static ENUM: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static PATH: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static TIME: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static UUID: PyOnceLock<Py<PyType>> = PyOnceLock::new();

fn is(object: &Bound<'_, PyAny>, class: &PyOnceLock<Py<PyType>>, module: &str, name: &str) -> bool {
    let class = class.import(object.py(), module, name);
    class.and_then(|class| object.is_instance(class)).unwrap_or(false)
}
