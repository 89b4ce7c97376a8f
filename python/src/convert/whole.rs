//! Whole numbers as arguments, with the range of each: one that is out of it is a `ValueError` that says so, whether it
//! fits a number of Rust's or not.

use std::fmt::Display;
use std::ops::RangeInclusive;

use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;

use crate::errors;

/// A function for each name, which reads the argument of that name.
macro_rules! numbers {
    ($($name:ident: $type:ty = $least:literal..=$most:expr;)*) => {$(
        pub(crate) fn $name(given: &Bound<'_, PyAny>) -> PyResult<$type> {
            number(given, stringify!($name), $least..=$most)
        }
    )*};
}

/// The same for arguments that may be `None`.
macro_rules! optional_numbers {
    ($($name:ident: $type:ty = $least:literal..=$most:expr;)*) => {$(
        pub(crate) fn $name(given: &Bound<'_, PyAny>) -> PyResult<Option<$type>> {
            if given.is_none() {
                return Ok(None);
            }
            number(given, stringify!($name), $least..=$most).map(Some)
        }
    )*};
}

numbers! {
    dropped_attributes_count: u32 = 0..=u32::MAX;
    k: u64 = 0..=u64::MAX;
    // Beyond these, of threads and of records or calls under way, a machine only gets slower.
    max_concurrency: usize = 1..=65_536;
    max_records: usize = 0..=usize::MAX;
    max_rows: usize = 0..=usize::MAX;
    sample: usize = 1..=usize::MAX;
    trials: u32 = 1..=u32::MAX;
}

optional_numbers! {
    budget_calls: u64 = 0..=u64::MAX;
    budget_tokens: u64 = 0..=u64::MAX;
    concurrency: usize = 1..=16_384;
    max: usize = 0..=usize::MAX;
    max_retries: u32 = 0..=u32::MAX;
    min: usize = 0..=usize::MAX;
    of: u64 = 0..=u64::MAX;
    requests_per_minute: u64 = 0..=u64::MAX;
    seed: u64 = 0..=u64::MAX;
    tokens_per_minute: u64 = 0..=u64::MAX;
    workers: usize = 1..=1_024;
}

fn number<'py, T>(given: &Bound<'py, PyAny>, name: &str, range: RangeInclusive<T>) -> PyResult<T>
where
    T: for<'a> FromPyObject<'a, 'py, Error = PyErr> + PartialOrd + Display,
{
    match given.extract() {
        Ok(number) if range.contains(&number) => return Ok(number),
        Err(error) if !error.is_instance_of::<PyOverflowError>(given.py()) => return Err(error),
        _ => {}
    }
    let (least, most) = range.into_inner();
    Err(errors::value(format!("`{name}` must be from {least} to {most}")))
}
