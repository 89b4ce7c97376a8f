//! What every class that holds data can do: show itself, be compared, pickle, and go through JSON.

use std::path::{Path, PathBuf};

use pyo3::prelude::*;
use pyo3::type_object::PyTypeInfo;
use pyo3::types::PyTuple;
use scouter_tasks::report::save_text;
use scouter_tasks::value::{Value, from_saved_json, pretty, quoted, to_json};

use crate::convert::PyJson;
use crate::errors;

/// A class whose instances are a value and nothing else.
pub(crate) trait Data: Sized {
    /// The name of the class in Python.
    const NAME: &'static str;

    /// The value that it is.
    fn to_value(&self, py: Python<'_>) -> PyResult<Value>;

    /// The value that people are shown, which may say more, or less.
    fn shown(&self, py: Python<'_>) -> PyResult<Value> {
        self.to_value(py)
    }

    /// The value that it is compared by, which may say less.
    fn compared(&self, py: Python<'_>) -> PyResult<Value> {
        self.to_value(py)
    }

    /// The instance of a value; an error names what does not fit.
    fn from_value(py: Python<'_>, value: &Value) -> PyResult<Self>;

    /// What is raised of text that is not its JSON.
    fn wrong(_py: Python<'_>, message: String) -> PyErr {
        errors::value(message)
    }

    /// What to call to make it again.
    fn pickled<'py>(&self, py: Python<'py>) -> PyResult<Pickled<'py>>
    where
        Self: PyTypeInfo,
    {
        let read = py.get_type::<Self>().getattr("model_validate_json")?;
        Ok((read, (to_json(&self.to_value(py)?),).into_pyobject(py)?))
    }
}

/// A function, and what to call it with to make an object again.
pub(crate) type Pickled<'py> = (Bound<'py, PyAny>, Bound<'py, PyTuple>);

/// `Name(field=…, …)`, with long values cut. What cannot be shown says why: debuggers and test
/// reports show objects of any kind.
pub(crate) fn repr<T: Data>(data: &T, py: Python<'_>) -> String {
    let value = match data.to_value(py) {
        Ok(value) => value,
        Err(error) => return format!("{}({})", T::NAME, error.value(py)),
    };
    // A variant of an enumeration is an entry with its fields.
    let mut name = T::NAME.to_owned();
    let mut map = value.as_map();
    if let Some((variant, Value::Map(fields))) = map.and_then(|map| map.iter().next())
        && variant.starts_with(char::is_uppercase)
    {
        name = format!("{name}.{variant}");
        map = Some(fields);
    }
    let fields: Vec<String> = match map {
        Some(map) => map.iter().map(|(key, value)| format!("{key}={}", literal(value))).collect(),
        None => vec![literal(&value)],
    };
    format!("{name}({})", fields.join(", "))
}

/// The data as JSON text over many lines, or as [`repr`] shows it where it has no form in JSON.
pub(crate) fn text<T: Data>(data: &T, py: Python<'_>) -> String {
    data.shown(py).map_or_else(|_| repr(data, py), |value| pretty(&value))
}

/// The value as Python code writes it, cut where it is long.
pub(crate) fn literal(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value);
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// How much of a value is shown, in characters.
const SHOWN: usize = 120;

fn write(text: &mut String, value: &Value) {
    // What is beyond is cut anyway.
    if text.len() > 4 * SHOWN {
        return;
    }
    match value {
        Value::Null => text.push_str("None"),
        Value::Bool(true) => text.push_str("True"),
        Value::Bool(false) => text.push_str("False"),
        Value::List(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { ", " });
                write(text, item);
            }
            text.push(']');
        }
        Value::Map(map) => {
            text.push('{');
            for (at, (key, item)) in map.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { ", " });
                text.push_str(&quoted(key));
                text.push_str(": ");
                write(text, item);
            }
            text.push('}');
        }
        other => text.push_str(&other.to_string()),
    }
}

/// An instance from JSON text.
pub(crate) fn from_text<T: Data>(py: Python<'_>, text: &str) -> PyResult<T> {
    let value = from_saved_json(text)
        .map_err(|error| T::wrong(py, format!("not the JSON of a `{}`: {error}", T::NAME)))?;
    T::from_value(py, &value)
}

/// A value as JSON text, for classes in Python; over many lines where people read it.
#[pyfunction]
#[pyo3(name = "_write_json", signature = (value, pretty=false))]
pub(crate) fn write_json(value: PyJson, pretty: bool) -> String {
    if pretty { scouter_tasks::value::pretty(&value.0) } else { to_json(&value.0) }
}

/// The value of JSON text, for classes in Python.
#[pyfunction]
#[pyo3(name = "_read_json")]
pub(crate) fn read_json(text: &str) -> PyResult<PyJson> {
    from_saved_json(text).map(PyJson).map_err(|error| errors::value(format!("not JSON: {error}")))
}

/// The methods of a class that implements [`Data`].
macro_rules! data_methods {
    ($class:ident) => {
        #[pymethods]
        impl $class {
            fn __repr__(&self, py: Python<'_>) -> String {
                $crate::data::repr(self, py)
            }
        }

        $crate::data::prints!($class);
        $crate::data::json_methods!($class);
    };
}

/// Prints a class that implements [`Data`] as JSON.
macro_rules! prints {
    ($class:ident) => {
        #[pymethods]
        impl $class {
            fn __str__(&self, py: Python<'_>) -> String {
                $crate::data::text(self, py)
            }
        }
    };
}

/// Those of the methods that do not show it, for a class that says in its own words what it is.
macro_rules! json_methods {
    ($class:ident) => {
        #[pymethods]
        impl $class {
            fn __eq__(&self, py: Python<'_>, other: &Self) -> PyResult<bool> {
                let other = $crate::data::Data::compared(other, py)?;
                Ok($crate::data::Data::compared(self, py)?.is_same(&other))
            }

            fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<$crate::data::Pickled<'py>> {
                $crate::data::Data::pickled(self, py)
            }

            /// The data as JSON text. `NaN` and infinities are written as Python's `json` writes
            /// them.
            fn model_dump_json(&self, py: Python<'_>) -> PyResult<String> {
                Ok(scouter_tasks::value::to_json(&$crate::data::Data::to_value(self, py)?))
            }

            /// The data as a dict.
            fn model_dump(&self, py: Python<'_>) -> PyResult<$crate::convert::PyJson> {
                Ok($crate::convert::PyJson($crate::data::Data::to_value(self, py)?))
            }

            /// Reads what `model_dump_json` wrote.
            #[staticmethod]
            fn model_validate_json(py: Python<'_>, json_string: &str) -> PyResult<Self> {
                $crate::data::from_text(py, json_string)
            }

            /// Reads what `model_dump` gave.
            #[staticmethod]
            fn model_validate(py: Python<'_>, data: $crate::convert::PyJson) -> PyResult<Self> {
                $crate::data::Data::from_value(py, &data.0)
            }
        }
    };
}

/// [`Data`] for a class that wraps one serde type, without its methods.
macro_rules! holds {
    ($class:ident($inner:ty) as $name:literal $(, shown by $shown:path)?) => {
        impl $crate::data::Data for $class {
            const NAME: &'static str = $name;

            fn to_value(&self, _py: Python<'_>) -> PyResult<scouter_tasks::value::Value> {
                scouter_tasks::value::to_value(&self.0).map_err($crate::errors::value)
            }

            $(fn shown(&self, _py: Python<'_>) -> PyResult<scouter_tasks::value::Value> {
                $shown(self)
            })?

            fn from_value(_py: Python<'_>, value: &scouter_tasks::value::Value) -> PyResult<Self> {
                let inner: $inner = scouter_tasks::value::from_value(value)
                    .map_err(|error| $crate::errors::value(format!("not a `{}`: {error}", $name)))?;
                Ok(Self(inner))
            }
        }
    };
}

/// [`Data`] for a class that is a serde type itself.
macro_rules! is_data {
    ($class:ident as $name:literal) => {
        impl $crate::data::Data for $class {
            const NAME: &'static str = $name;

            fn to_value(&self, _py: Python<'_>) -> PyResult<scouter_tasks::value::Value> {
                scouter_tasks::value::to_value(self).map_err($crate::errors::value)
            }

            fn from_value(_py: Python<'_>, value: &scouter_tasks::value::Value) -> PyResult<Self> {
                scouter_tasks::value::from_value(value)
                    .map_err(|error| $crate::errors::value(format!("not a `{}`: {error}", $name)))
            }
        }

        $crate::data::data_methods!($class);
    };
}

/// [`Data`] for a class that wraps one serde type.
macro_rules! wraps {
    ($class:ident($inner:ty) as $name:literal $(, shown by $shown:path)?) => {
        $crate::data::holds!($class($inner) as $name $(, shown by $shown)?);
        $crate::data::data_methods!($class);
    };
}

/// [`Data`] for a class whose parts are objects of their own, which is one serde type together.
macro_rules! gathers {
    ($class:ident($inner:ty) as $name:literal) => {
        impl $crate::data::Data for $class {
            const NAME: &'static str = $name;

            fn to_value(&self, py: Python<'_>) -> PyResult<scouter_tasks::value::Value> {
                scouter_tasks::value::to_value(&self.spec(py)).map_err($crate::errors::value)
            }

            fn from_value(py: Python<'_>, value: &scouter_tasks::value::Value) -> PyResult<Self> {
                let inner: $inner = scouter_tasks::value::from_value(value)
                    .map_err(|error| $crate::errors::value(format!("not a `{}`: {error}", $name)))?;
                Self::of(py, inner)
            }
        }

        $crate::data::data_methods!($class);
    };
}

/// [`Data`] for a class that is written to files with a format version, and the methods for that.
macro_rules! documents {
    (
        $class:ident($inner:ty) as $name:literal in $file:literal
        $(, compared by $content:path)? $(, shown by $shown:path)?
    ) => {
        impl $crate::data::Data for $class {
            const NAME: &'static str = $name;

            fn to_value(&self, py: Python<'_>) -> PyResult<scouter_tasks::value::Value> {
                scouter_tasks::profile::write(&self.spec(py)).map_err($crate::errors::value)
            }

            $(fn compared(&self, py: Python<'_>) -> PyResult<scouter_tasks::value::Value> {
                scouter_tasks::profile::write(&$content(self.spec(py))).map_err($crate::errors::value)
            })?

            $(fn shown(&self, py: Python<'_>) -> PyResult<scouter_tasks::value::Value> {
                scouter_tasks::profile::write(&$shown(self.spec(py))).map_err($crate::errors::value)
            })?

            fn from_value(py: Python<'_>, value: &scouter_tasks::value::Value) -> PyResult<Self> {
                let inner: $inner = scouter_tasks::profile::read(value)
                    .map_err(|error| Self::wrong(py, format!("not a `{}`: {error}", $name)))?;
                Self::of(py, inner)
            }

            fn wrong(py: Python<'_>, message: String) -> PyErr {
                $crate::errors::profile(py, message)
            }
        }

        $crate::data::document_methods!($class in $file);
    };
}

/// The methods of a class that implements [`Data`] and is written to files.
macro_rules! document_methods {
    ($class:ident in $file:literal) => {
        $crate::data::data_methods!($class);

        #[pymethods]
        impl $class {
            /// Writes it to a JSON file, and tells which.
            ///
            /// Args:
            #[doc = concat!("    path: The file; a name without suffix gets `.json`. `", $file, "` by default.")]
            #[pyo3(signature = (path=None))]
            fn save_to_json(
                &self,
                py: Python<'_>,
                path: Option<std::path::PathBuf>,
            ) -> PyResult<std::path::PathBuf> {
                let value = $crate::data::Data::to_value(self, py)?;
                let text = scouter_tasks::value::pretty(&value);
                $crate::data::save(py, path.unwrap_or_else(|| $file.into()), &text)
            }

            /// Reads what `save_to_json` wrote.
            ///
            /// Raises:
            ///     ProfileError: Where the file is damaged, of another kind, or of a later version.
            #[staticmethod]
            fn from_file(py: Python<'_>, path: std::path::PathBuf) -> PyResult<Self> {
                $crate::data::load(py, &path)
            }
        }
    };
}

/// The value of a class that holds one and nothing else, for the forms above.
macro_rules! keeps {
    ($class:ident($inner:ty)) => {
        impl $class {
            fn spec(&self, _py: Python<'_>) -> $inner {
                self.0.clone()
            }

            fn of(_py: Python<'_>, inner: $inner) -> PyResult<Self> {
                Ok(Self(inner))
            }
        }
    };
}

/// Writes a document, whole or not at all, and tells where.
pub(crate) fn save(py: Python<'_>, mut path: PathBuf, text: &str) -> PyResult<PathBuf> {
    if path.extension().is_none() {
        path.set_extension("json");
    }
    py.detach(|| save_text(&path, &format!("{text}\n"))).map_err(|error| errors::file(py, &error, &path))?;
    Ok(path)
}

/// An instance from a file.
pub(crate) fn load<T: Data>(py: Python<'_>, path: &Path) -> PyResult<T> {
    let bytes = py.detach(|| std::fs::read(path)).map_err(|error| errors::file(py, &error, path))?;
    let at = |message: String| T::wrong(py, format!("`{}`: {message}", path.display()));
    let text =
        String::from_utf8(bytes).map_err(|error| at(format!("not the JSON of a `{}`: {error}", T::NAME)))?;
    from_text(py, &text).map_err(|error| at(error.value(py).to_string()))
}

pub(crate) use {
    data_methods, document_methods, documents, gathers, holds, is_data, json_methods, keeps, prints, wraps,
};
