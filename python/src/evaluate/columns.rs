//! How users say what the columns of a file or a table become.

use std::path::Path;

use pyo3::exceptions::PyTypeError;
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::{type_hint_identifier, type_hint_subscript, type_hint_union};
use scouter_tasks::records::Mapping;
use smol_str::SmolStr;

use crate::errors;
use crate::tables::Format;

const STR: PyStaticExpr = type_hint_identifier!("builtins", "str");

/// Columns, or columns with other names.
#[derive(Debug)]
pub(super) struct Columns<'py>(Bound<'py, PyAny>);

impl<'a, 'py> FromPyObject<'a, 'py> for Columns<'py> {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = type_hint_union!(
        type_hint_subscript!(type_hint_identifier!("collections.abc", "Mapping"), STR, STR),
        type_hint_subscript!(type_hint_identifier!("collections.abc", "Sequence"), STR)
    );

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        Ok(Self(object.to_owned()))
    }
}

impl Columns<'_> {
    /// Each with the key that it becomes.
    fn pairs(&self) -> PyResult<Vec<(SmolStr, SmolStr)>> {
        let wrong =
            || PyTypeError::new_err("`columns` must be a list of names, or a dict of names and new names");
        if let Ok(items) = self.0.call_method0("items") {
            let pair = |item: PyResult<Bound<'_, PyAny>>| -> PyResult<(SmolStr, SmolStr)> {
                let (name, key): (String, String) = item?.extract()?;
                Ok((name.into(), key.into()))
            };
            return items.try_iter()?.map(pair).collect::<PyResult<_>>().map_err(|_| wrong());
        }
        let names: Vec<String> = self.0.extract().map_err(|_| wrong())?;
        Ok(names.into_iter().map(|name| (SmolStr::new(&name), SmolStr::new(&name))).collect())
    }
}

/// The mapping that these arguments say.
pub(super) fn mapping(
    id: Option<String>,
    columns: Option<Columns<'_>>,
    json: Option<Vec<String>>,
    trace: Option<String>,
) -> PyResult<Mapping> {
    Ok(Mapping {
        id: id.map(SmolStr::from),
        columns: columns.map(|columns| columns.pairs()).transpose()?,
        json: json.into_iter().flatten().map(SmolStr::from).collect(),
        trace: trace.map(SmolStr::from),
    })
}

/// What the file is.
pub(super) fn format(path: &Path, format: Option<&str>) -> PyResult<Format> {
    if let Some(name) = format {
        let wrong = || format!("`format` must be `jsonl`, `csv`, `parquet` or `arrow`, not `{name}`");
        return Format::named(name).ok_or_else(|| errors::value(wrong()));
    }
    Format::of(path).ok_or_else(|| {
        let shown = path.display();
        let is_json = path.extension().is_some_and(|suffix| suffix.eq_ignore_ascii_case("json"));
        errors::value(if is_json {
            format!(
                "`{shown}`: records stand one object a line (JSON Lines), not in an array: write it so and call it `.jsonl`, or give \
                 `format=\"jsonl\"` where it is so already"
            )
        } else {
            format!(
                "`{shown}` does not say by its suffix what it is: give `format`, or use `.jsonl`, `.csv`, `.parquet` or `.arrow`"
            )
        })
    })
}
