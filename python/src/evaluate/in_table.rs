//! Datasets whose records stand in files and tables.

use std::path::PathBuf;

use pyo3::prelude::*;
use scouter_tasks::records::{Mapping, Shape};
use scouter_tasks::suite::Suite;
use scouter_tasks::value::{from_json, from_value};

use super::columns::{self, Columns};
use super::dataset::PyDataset;
use super::hints::Tasks;
use super::keyed::Keyed;
use super::plan::compiled;
use crate::convert::Reader;
use crate::errors;
use crate::run::warn;
use crate::tables::{self, Location, Table, TableError};

#[pymethods]
impl PyDataset {
    /// The dataset of a file: JSON Lines (`.jsonl`, `.ndjson`), CSV, Parquet, or Arrow (`.arrow`, `.feather`).
    ///
    /// The file is read while a run goes on, a piece at a time, and anew for every run: it may be larger than
    /// the memory. Only the columns that tasks look at are read. In a CSV file every cell is text.
    ///
    /// Args:
    ///     path: The file.
    ///     tasks: The tasks, in any order.
    ///     format: `"jsonl"`, `"csv"`, `"parquet"` or `"arrow"`, where the suffix does not say it.
    ///     id: The column that holds the ids of the records: text or whole numbers, each there once.
    ///     columns: The columns that become the context, and no others; all by default. A dict gives them other
    ///         names: `{"question": "query"}`.
    ///     json: The columns whose text is JSON.
    ///     trace: The column that holds the spans of the record's trace.
    ///     case_key: As of the class.
    ///     cluster_key: As of the class.
    ///     skip_bad: Leaves out records that cannot be read, and counts them, instead of ending the run at
    ///         the first.
    ///
    /// Raises:
    ///     ConfigError: Where the tasks are not sound.
    ///     RecordError: Where there are no records, or not the columns that are asked for.
    ///     OSError: Where the file cannot be read.
    #[staticmethod]
    #[pyo3(signature = (path, tasks, *, format=None, id=None, columns=None, json=None, trace=None, case_key=None, cluster_key=None, skip_bad=false))]
    #[expect(
        clippy::too_many_arguments,
        reason = "they are the arguments of a Python function, given by name"
    )]
    fn from_path(
        path: PathBuf,
        tasks: Tasks<'_>,
        format: Option<&str>,
        id: Option<String>,
        columns: Option<Columns<'_>>,
        json: Option<Vec<String>>,
        trace: Option<String>,
        case_key: Option<String>,
        cluster_key: Option<String>,
        skip_bad: bool,
    ) -> PyResult<Self> {
        let format = columns::format(&path, format)?;
        let mapping = columns::mapping(id, columns, json, trace)?;
        let keyed = Keyed::new(tasks.0.py(), case_key, cluster_key)?;
        Self::of_table(tasks, Location::Path(path, format), mapping, keyed, skip_bad)
    }

    /// The dataset of a table in memory: anything with `__arrow_c_stream__`, such as a table of pyarrow, a data
    /// frame of polars or of pandas (2.2 and later), or a result of DuckDB. Nothing is copied.
    ///
    /// Args:
    ///     table: The table, a record a row.
    ///     tasks: The tasks, in any order.
    ///     id: The column that holds the ids of the records: text or whole numbers, each there once.
    ///     columns: The columns that become the context, and no others; all by default. A dict gives them other
    ///         names: `{"question": "query"}`.
    ///     json: The columns whose text is JSON.
    ///     trace: The column that holds the spans of the record's trace.
    ///     case_key: As of the class.
    ///     cluster_key: As of the class.
    ///     skip_bad: Leaves out records that cannot be read, and counts them, instead of ending the run at
    ///         the first.
    ///
    /// Raises:
    ///     ConfigError: Where the tasks are not sound.
    ///     RecordError: Where there are no records, or not the columns that are asked for.
    #[staticmethod]
    #[pyo3(signature = (table, tasks, *, id=None, columns=None, json=None, trace=None, case_key=None, cluster_key=None, skip_bad=false))]
    #[expect(
        clippy::too_many_arguments,
        reason = "they are the arguments of a Python function, given by name"
    )]
    fn from_table(
        table: &Bound<'_, PyAny>,
        tasks: Tasks<'_>,
        id: Option<String>,
        columns: Option<Columns<'_>>,
        json: Option<Vec<String>>,
        trace: Option<String>,
        case_key: Option<String>,
        cluster_key: Option<String>,
        skip_bad: bool,
    ) -> PyResult<Self> {
        let mapping = columns::mapping(id, columns, json, trace)?;
        let (schema, batches) = tables::import(table, errors::record)?;
        let keyed = Keyed::new(tasks.0.py(), case_key, cluster_key)?;
        Self::of_table(tasks, Location::Memory(schema, batches), mapping, keyed, skip_bad)
    }

    /// A column of the file or the table that is called as one of ids is, where none was named to hold them.
    #[getter]
    fn _id_column(&self) -> Option<&str> {
        self.table.as_ref()?.id_column.as_deref()
    }

    /// Makes the dataset of a pickle again.
    #[staticmethod]
    fn _unpickled(
        path: PathBuf,
        tasks: Tasks<'_>,
        format: &str,
        mapping: &str,
        keys: (Option<String>, Option<String>),
        skip_bad: bool,
    ) -> PyResult<Self> {
        let format = columns::format(&path, Some(format))?;
        let mapping = from_json(mapping).map_err(errors::value)?;
        let mapping = from_value(&mapping).map_err(errors::value)?;
        let keyed = Keyed::new(tasks.0.py(), keys.0, keys.1)?;
        Self::of_table(tasks, Location::Path(path, format), mapping, keyed, skip_bad)
    }
}

impl PyDataset {
    fn of_table(
        tasks: Tasks<'_>,
        from: Location,
        mapping: Mapping,
        keyed: Option<Keyed>,
        skip_bad: bool,
    ) -> PyResult<Self> {
        let py = tasks.0.py();
        let (tasks, suite) = compiled(&tasks)?;
        let table = py.detach(|| {
            let table = Table::new(&from, mapping, skip_bad)?;
            let keys = keyed.as_ref().map(|keyed| keyed.keys.clone()).unwrap_or_default();
            let reads = [suite.reads.as_ref(), keys.reads()];
            table.check_columns(&Shape::new(table.mapping.clone(), &reads, suite.wants_origin))?;
            Ok(table)
        });
        let table = table.map_err(|error: TableError| error.told(py, &from))?;
        if let Some(name) = left_out(&table, &suite) {
            warn(py, format!("`columns` leaves out `{name}`, which tasks look at: name it too"));
        }
        let table = Some(table);
        let reader = Reader::new(py, &suite.reads)?;
        Ok(Self { records: Vec::new(), listed: None, table, tasks, suite, reader, keyed })
    }
}

/// A column that the tasks look at by its own name, and that becomes nothing since others are named.
fn left_out<'t>(table: &'t Table, suite: &Suite) -> Option<&'t str> {
    let is_there = |name: &str| {
        let task = suite.tasks.iter().any(|task| task.id == name.to_lowercase());
        task || table.mapping.column_of(name).is_some()
    };
    let reads = || suite.reads.paths().iter().filter_map(|path| path.first_key());
    let mut left_out = table.left_out.iter().map(String::as_str).filter(|name| !is_there(name));
    left_out.find(|name| reads().any(|key| key == *name))
}
