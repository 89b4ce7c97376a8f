//! Python objects into values.
//!
//! What has no form as a value is an error that says what it is; it ends the check that reads it
//! and nothing else. Nothing here follows data without a bound: not depth, not size, not a
//! container that holds itself.

use bigdecimal::num_bigint::BigInt;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDict, PyFloat, PyFrozenSet, PyInt, PyList, PySet, PyString, PyTuple,
    PyType,
};
use scouter_tasks::value::{Decimal, MAX_DEPTH, Value};
use smol_str::SmolStr;

/// The most items that one value may have in all.
const MOST_ITEMS: usize = 10_000_000;

/// The most bits of a whole number: some 10,000 digits.
const MOST_BITS: u64 = 33_220;

/// The value of an object.
pub(crate) fn from_python(object: &Bound<'_, PyAny>) -> Result<Value, String> {
    Walk { above: Vec::new(), items: 0 }.value(object)
}

struct Walk {
    /// The containers around the current object, by identity.
    above: Vec<usize>,
    /// How many items were seen.
    items: usize,
}

impl Walk {
    fn value(&mut self, object: &Bound<'_, PyAny>) -> Result<Value, String> {
        if let Ok(text) = object.cast_exact::<PyString>() {
            return string(text);
        }
        if let Ok(value) = object.cast_exact::<PyBool>() {
            return Ok(Value::Bool(value.is_true()));
        }
        if let Ok(int) = object.cast_exact::<PyInt>() {
            return integer(int);
        }
        if let Ok(float) = object.cast_exact::<PyFloat>() {
            return Ok(Value::Float(float.value()));
        }
        if object.is_none() {
            return Ok(Value::Null);
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
        read: impl FnOnce(&mut Self) -> Result<Value, String>,
    ) -> Result<Value, String> {
        let identity = object.as_ptr().addr();
        if self.above.contains(&identity) {
            return Err("it contains itself".to_owned());
        }
        if self.above.len() >= MAX_DEPTH {
            return Err(format!("it is nested deeper than {MAX_DEPTH} levels"));
        }
        self.above.push(identity);
        let value = read(self);
        self.above.pop();
        value
    }

    fn count(&mut self, more: usize) -> Result<(), String> {
        self.items += more;
        if self.items > MOST_ITEMS { Err(format!("it has more than {MOST_ITEMS} items")) } else { Ok(()) }
    }

    fn dict(&mut self, dict: &Bound<'_, PyDict>) -> Result<Value, String> {
        self.count(dict.len())?;
        let mut entries: Vec<(SmolStr, Value)> = Vec::with_capacity(dict.len());
        for (key, value) in dict.iter() {
            let key = key_text(&key)?;
            let value = self.value(&value).map_err(|why| within(&key, &why))?;
            entries.push((key, value));
        }
        let count = entries.len();
        let map = Value::map(entries);
        if map.as_map().map(scouter_tasks::value::Map::len) != Some(count) {
            return Err("it has two keys with the same text, such as `1` and `\"1\"`".to_owned());
        }
        Ok(map)
    }

    fn items<'py>(
        &mut self,
        items: impl Iterator<Item = Bound<'py, PyAny>>,
        len: usize,
    ) -> Result<Value, String> {
        self.count(len)?;
        let mut values = Vec::with_capacity(len);
        for item in items {
            values.push(self.value(&item).map_err(|why| within(&format!("[{}]", values.len()), &why))?);
        }
        Ok(Value::from(values))
    }

    fn other(&mut self, object: &Bound<'_, PyAny>) -> Result<Value, String> {
        let py = object.py();
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
            return Err("bytes have no form in JSON: decode them to text first".to_owned());
        }
        if let Ok(set) = object.cast::<PySet>() {
            return self.nested(object, |walk| walk.set(set.iter(), set.len()));
        }
        if let Ok(set) = object.cast::<PyFrozenSet>() {
            return self.nested(object, |walk| walk.set(set.iter(), set.len()));
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
        // pydantic models, NumPy arrays and scalars, dataclasses: by what they offer, so that
        // none of these packages is needed.
        if let Ok(fields) = object.call_method0("model_dump") {
            return self.nested(object, |walk| walk.value(&fields));
        }
        if let Ok(plain) = object.call_method0("tolist") {
            return self.nested(object, |walk| walk.value(&plain));
        }
        if object.hasattr("__dataclass_fields__").unwrap_or(false) && object.cast::<PyType>().is_err() {
            let fields = py.import("dataclasses").and_then(|module| module.call_method1("asdict", (object,)));
            let fields = fields.map_err(|error| error.to_string())?;
            return self.nested(object, |walk| walk.value(&fields));
        }
        let class = object.get_type().fully_qualified_name();
        let class = class.map_or_else(|_| "?".to_owned(), |name| name.to_string());
        Err(format!("a `{class}` has no form in JSON: convert it to text, a number, a list or a dict first"))
    }

    /// The items of a set, sorted: a set has no order of its own, and results must not change
    /// from run to run.
    fn set<'py>(
        &mut self,
        items: impl Iterator<Item = Bound<'py, PyAny>>,
        len: usize,
    ) -> Result<Value, String> {
        let Value::List(items) = self.items(items, len)? else { return Ok(Value::Null) };
        let mut items = items.to_vec();
        items.sort_by(Value::total_cmp);
        Ok(Value::from(items))
    }
}

fn within(step: &str, why: &str) -> String {
    format!("at `{step}`: {why}")
}

fn string(text: &Bound<'_, PyString>) -> Result<Value, String> {
    // The one way a Python text is not Unicode.
    text.to_str()
        .map(Value::text)
        .map_err(|_| "the text holds a lone surrogate, which is not Unicode".to_owned())
}

fn text_of(text: PyResult<Bound<'_, PyAny>>) -> Result<Value, String> {
    let text = text.and_then(|text| text.extract::<String>()).map_err(|error| error.to_string())?;
    Ok(Value::from(text))
}

fn key_text(key: &Bound<'_, PyAny>) -> Result<SmolStr, String> {
    if let Ok(text) = key.cast::<PyString>() {
        return match string(text)? {
            Value::Text(text) => Ok(text),
            _ => Ok(SmolStr::default()),
        };
    }
    if key.cast::<PyBool>().is_err()
        && let Ok(int) = key.cast::<PyInt>()
    {
        return Ok(SmolStr::from(integer(int)?.to_string()));
    }
    let shown = key.repr().map_or_else(|_| "?".to_owned(), |shown| shown.to_string());
    Err(format!("the key `{shown}` is neither text nor a whole number"))
}

fn integer(int: &Bound<'_, PyInt>) -> Result<Value, String> {
    if let Ok(small) = int.extract::<i64>() {
        return Ok(Value::Int(small));
    }
    let bits = int.call_method0("bit_length").and_then(|bits| bits.extract::<u64>());
    if bits.is_ok_and(|bits| bits > MOST_BITS) {
        return Err("a whole number of more than 10000 digits".to_owned());
    }
    let large: BigInt = int.extract().map_err(|error: PyErr| error.to_string())?;
    Decimal::try_from(large).map(Decimal::into_value).map_err(|error| error.to_string())
}

fn decimal(object: &Bound<'_, PyAny>) -> Result<Value, String> {
    let text = object.str().map_err(|error| error.to_string())?.to_string();
    if let Ok(exact) = text.parse::<Decimal>() {
        return Ok(exact.into_value());
    }
    match text.to_ascii_lowercase().as_str() {
        "infinity" => Ok(Value::Float(f64::INFINITY)),
        "-infinity" => Ok(Value::Float(f64::NEG_INFINITY)),
        text if text.ends_with("nan") => Ok(Value::Float(f64::NAN)),
        _ => Err(format!("the decimal `{text}` has more than 10000 digits")),
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
