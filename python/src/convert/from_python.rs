//! Python objects into values.
//!
//! What has no form as a value is an error that says what it is; it ends the check that reads it
//! and nothing else. Nothing here follows data without a bound: not depth, not size, not a
//! container that holds itself.

use std::sync::Arc;

use bigdecimal::num_bigint::BigInt;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDict, PyFloat, PyFrozenSet, PyInt, PyList, PySet, PyString, PyTuple,
    PyType,
};
use scouter_tasks::value::{Decimal, MAX_DEPTH, Map, Value};
use smol_str::SmolStr;

use super::plain::{is_missing, plain};
use super::wrong::{Wrong, shown};

/// The most items that one value may have in all: what is read in a tenth of a second, for no
/// signal is heard meanwhile.
const MOST_ITEMS: usize = 2_000_000;

/// How deep a value may be nested: less than JSON text may be, so that what it stands in, such as
/// results, can be written as JSON and read back.
const DEEPEST: usize = MAX_DEPTH - 8;

/// The most bits of a whole number: some 10,000 digits.
const MOST_BITS: u64 = 33_220;

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
        self.above.clear();
        self.items = 0;
        self.value(object).map_err(|wrong| wrong.to_string())
    }

    fn value(&mut self, object: &Bound<'_, PyAny>) -> Result<Value, Wrong> {
        if let Some(value) = scalar(object) {
            return value;
        }
        if let Ok(dict) = object.cast::<PyDict>() {
            return self.nested(object, |walk| walk.dict(dict));
        }
        if let Ok(list) = object.cast::<PyList>() {
            return self.nested(object, |walk| walk.items(list.iter(), list.len()));
        }
        if let Ok(tuple) = object.cast::<PyTuple>() {
            return self.nested(object, |walk| walk.items(tuple.iter(), tuple.len()));
        }
        self.other(object)
    }

    /// Goes into a container, unless it holds itself or the way is too deep.
    fn nested(
        &mut self,
        object: &Bound<'_, PyAny>,
        read: impl FnOnce(&mut Self) -> Result<Value, Wrong>,
    ) -> Result<Value, Wrong> {
        let identity = object.as_ptr().addr();
        if self.above.contains(&identity) {
            return Err("it contains itself".into());
        }
        if self.above.len() >= DEEPEST {
            return Err(format!("it is nested deeper than {DEEPEST} levels").into());
        }
        self.above.push(identity);
        let value = read(self);
        self.above.pop();
        value
    }

    fn count(&mut self, more: usize) -> Result<(), Wrong> {
        self.items += more;
        if self.items > MOST_ITEMS {
            Err(format!("it has more than {MOST_ITEMS} items").into())
        } else {
            Ok(())
        }
    }

    fn dict(&mut self, dict: &Bound<'_, PyDict>) -> Result<Value, Wrong> {
        self.count(dict.len())?;
        let mut entries: Vec<(SmolStr, Value)> = Vec::with_capacity(dict.len());
        // What is no plain scalar is looked at afterwards: it may change the dict when asked.
        let mut later = Vec::new();
        // Keys that are all text differ already.
        let mut differ = true;
        for (key, object) in dict.iter() {
            let key = if let Ok(text) = key.cast_exact::<PyString>() {
                characters(text)?
            } else {
                differ = false;
                key_text(&key)?
            };
            match scalar(&object) {
                Some(Ok(value)) => entries.push((key, value)),
                Some(Err(wrong)) => return Err(wrong.at_key(&key)),
                None => {
                    later.push((entries.len(), object));
                    entries.push((key, Value::Null));
                }
            }
        }
        for (at, object) in later {
            entries[at].1 = self.value(&object).map_err(|wrong| wrong.at_key(&entries[at].0))?;
        }
        if differ {
            return Ok(Value::Map(Arc::new(Map::of_unique(entries))));
        }
        let count = entries.len();
        let map: Map = entries.into_iter().collect();
        if map.len() != count {
            return Err("it has two keys with the same text, such as `1` and `\"1\"`".into());
        }
        Ok(Value::Map(Arc::new(map)))
    }

    fn items<'py>(
        &mut self,
        items: impl Iterator<Item = Bound<'py, PyAny>>,
        len: usize,
    ) -> Result<Value, Wrong> {
        self.count(len)?;
        let mut values = Vec::with_capacity(len);
        for item in items {
            values.push(self.value(&item).map_err(|wrong| wrong.at_place(values.len()))?);
        }
        Ok(Value::from(values))
    }

    fn other(&mut self, object: &Bound<'_, PyAny>) -> Result<Value, Wrong> {
        if let Some(value) = enum_value(object) {
            return self.nested(object, |walk| walk.value(&value));
        }
        if let Ok(text) = object.cast::<PyString>() {
            return string(text);
        }
        if let Ok(int) = object.cast::<PyInt>() {
            return integer(int);
        }
        if let Ok(float) = object.cast::<PyFloat>() {
            return Ok(Value::Float(float.value()));
        }
        if object.cast::<PyBytes>().is_ok() || object.cast::<PyByteArray>().is_ok() {
            return Err("bytes have no form in JSON: decode them to text first".into());
        }
        if let Ok(set) = object.cast::<PySet>() {
            return self.nested(object, |walk| walk.set(set.iter().collect()));
        }
        if let Ok(set) = object.cast::<PyFrozenSet>() {
            return self.nested(object, |walk| walk.set(set.iter().collect()));
        }
        if is_missing(object) {
            return Ok(Value::Null);
        }
        if is(object, &DECIMAL, "decimal", "Decimal") {
            return decimal(object);
        }
        for (cell, name) in [(&DATETIME, "datetime"), (&DATE, "date"), (&TIME, "time")] {
            if is(object, cell, "datetime", name) {
                return text_of(object.call_method0("isoformat"));
            }
        }
        if is(object, &UUID, "uuid", "UUID") || is(object, &PATH, "pathlib", "PurePath") {
            return text_of(object.str().map(Bound::into_any));
        }
        if let Some(plain) = plain(object)? {
            return self.nested(object, |walk| walk.value(&plain));
        }
        let class = object.get_type().fully_qualified_name();
        let class = class.map_or_else(|_| "?".to_owned(), |name| name.to_string());
        Err(format!("a `{class}` has no form in JSON: convert it to text, a number, a list or a dict first")
            .into())
    }

    /// The items of a set, sorted: a set has no order of its own, and results must not change
    /// from run to run.
    fn set(&mut self, items: Vec<Bound<'_, PyAny>>) -> Result<Value, Wrong> {
        let len = items.len();
        let Value::List(items) = self.items(items.into_iter(), len)? else { return Ok(Value::Null) };
        let mut items = items.to_vec();
        items.sort_by(Value::total_cmp);
        Ok(Value::from(items))
    }
}

/// The value of an object of one of Python's own scalar types: asking it runs no code but ours.
fn scalar(object: &Bound<'_, PyAny>) -> Option<Result<Value, Wrong>> {
    if let Ok(text) = object.cast_exact::<PyString>() {
        return Some(string(text));
    }
    if let Ok(value) = object.cast_exact::<PyBool>() {
        return Some(Ok(Value::Bool(value.is_true())));
    }
    if let Ok(int) = object.cast_exact::<PyInt>() {
        return Some(integer(int));
    }
    if let Ok(float) = object.cast_exact::<PyFloat>() {
        return Some(Ok(Value::Float(float.value())));
    }
    object.is_none().then_some(Ok(Value::Null))
}

fn string(text: &Bound<'_, PyString>) -> Result<Value, Wrong> {
    characters(text).map(Value::Text)
}

fn characters(text: &Bound<'_, PyString>) -> Result<SmolStr, Wrong> {
    // The one way a Python text is not Unicode.
    text.to_str()
        .map(SmolStr::new)
        .map_err(|_| "the text holds a lone surrogate, which is not Unicode".into())
}

fn text_of(text: PyResult<Bound<'_, PyAny>>) -> Result<Value, Wrong> {
    let text =
        text.and_then(|text| text.extract::<String>()).map_err(|error| Wrong::from(error.to_string()))?;
    Ok(Value::from(text))
}

fn key_text(key: &Bound<'_, PyAny>) -> Result<SmolStr, Wrong> {
    if let Ok(text) = key.cast::<PyString>() {
        return characters(text);
    }
    if key.cast::<PyBool>().is_err()
        && let Ok(int) = key.cast::<PyInt>()
    {
        return Ok(SmolStr::from(integer(int)?.to_string()));
    }
    let text = key.repr().map_or_else(|_| "?".to_owned(), |text| text.to_string());
    Err(format!("the key `{}` is neither text nor a whole number", shown(&text)).into())
}

fn integer(int: &Bound<'_, PyInt>) -> Result<Value, Wrong> {
    if let Ok(small) = int.extract::<i64>() {
        return Ok(Value::Int(small));
    }
    let bits = int.call_method0("bit_length").and_then(|bits| bits.extract::<u64>());
    if bits.is_ok_and(|bits| bits > MOST_BITS) {
        return Err("a whole number of more than 10000 digits".into());
    }
    let large: BigInt = int.extract().map_err(|error: PyErr| error.to_string())?;
    Decimal::try_from(large).map(Decimal::into_value).map_err(|error| error.to_string().into())
}

fn decimal(object: &Bound<'_, PyAny>) -> Result<Value, Wrong> {
    let text = object.str().map_err(|error| error.to_string())?.to_string();
    if let Ok(exact) = text.parse::<Decimal>() {
        return Ok(exact.into_value());
    }
    match text.to_ascii_lowercase().as_str() {
        "infinity" => Ok(Value::Float(f64::INFINITY)),
        "-infinity" => Ok(Value::Float(f64::NEG_INFINITY)),
        text if text.ends_with("nan") => Ok(Value::Float(f64::NAN)),
        _ => Err(format!("the decimal `{text}` has more than 10000 digits").into()),
    }
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
