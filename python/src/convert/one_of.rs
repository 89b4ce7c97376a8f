//! Arguments that may be of one of several types, or that are easily given in another form than their one.

use std::fmt::Display;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

/// The name of an object's class.
pub(crate) fn class(object: &Bound<'_, PyAny>) -> String {
    object.get_type().fully_qualified_name().map_or_else(|_| "?".to_owned(), |name| name.to_string())
}

/// What to write instead of an object, where that can be told.
pub(crate) type Hint = fn(&Bound<'_, PyAny>) -> Option<String>;

/// The error about an object that is of none of the types.
pub(crate) fn none_of(types: impl Display, object: &Bound<'_, PyAny>, hints: &[Hint]) -> PyErr {
    let types = types.to_string();
    let types = names(&types).join(" or ");
    let hint = hints.iter().find_map(|hint| hint(object)).map(|hint| format!(": {hint}")).unwrap_or_default();
    PyTypeError::new_err(format!("expected {types}, and this is a `{}`{hint}", class(object)))
}

/// The names of the types of a union, without their modules and without what they hold, each once.
fn names(union: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut open = 0_usize;
    let at_top = |separator: char| {
        match separator {
            '[' => open += 1,
            ']' => open = open.saturating_sub(1),
            _ => {}
        }
        separator == '|' && open == 0
    };
    for name in union.split(at_top) {
        let whole = name.split('[').next().unwrap_or_default().trim();
        let short = match whole.rsplit('.').next().unwrap_or(whole) {
            "Sequence" => "list",
            short => short,
        };
        if !names.contains(&short) {
            names.push(short);
        }
    }
    names
}

/// What a list or a dict holds.
pub(crate) fn holds(object: &Bound<'_, PyAny>) -> Option<String> {
    let items = match object.cast::<PyDict>() {
        Ok(dict) => dict.values(),
        Err(_) => object.cast::<PyList>().ok()?.clone(),
    };
    let mut classes: Vec<String> = Vec::new();
    for item in &items {
        let class = class(&item);
        if !classes.contains(&class) && classes.len() < 3 {
            classes.push(class);
        }
    }
    (!classes.is_empty()).then(|| format!("what it holds is of the types `{}`", classes.join("`, `")))
}

/// An enumeration with a variant for each type that an argument may have. What is of none of them is told in a line, with the
/// hint of the function behind `else`. Types are taken token by token: as one, the macros of pyo3 would take them for names of this file.
macro_rules! one_of {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident $(<$life:lifetime>)? {
            $($(#[$doc:meta])* $variant:ident($($type:tt)+)),* $(,)?
        }
        $(else $hint:path)?
    ) => {
        $(#[$meta])*
        $vis enum $name $(<$life>)? {
            $($(#[$doc])* $variant($($type)+)),*
        }

        impl<'a, 'py> FromPyObject<'a, 'py> for $name $(<$life>)? {
            type Error = PyErr;

            const INPUT_TYPE: pyo3::inspect::PyStaticExpr = {
                // The macro calls itself by its bare name.
                use pyo3::type_hint_union;
                type_hint_union!($(<$($type)+ as FromPyObject<'_, '_>>::INPUT_TYPE),*)
            };

            fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
                $(if let Ok(value) = object.extract::<$($type)+>() {
                    return Ok(Self::$variant(value));
                })*
                Err($crate::convert::none_of(Self::INPUT_TYPE, &object, &[$($hint)?]))
            }
        }
    };
}

pub(crate) use one_of;
