//! Arrays of NumPy, borrowed as they lie: any width, any stride, any order.

use numpy::ndarray::ArrayView1;
use numpy::{
    Element, Ix1, Ix2, PyArray, PyArrayMethods, PyReadonlyArray, PyReadonlyArray1, PyUntypedArrayMethods,
};
use pyo3::prelude::*;
use scouter_drift::column::{Code, Column, Mask, Matrix, Number, Numbers as Flat, Rows, Tally, chunked};
use scouter_drift::profile::TextState;

use super::cells::{Coded, Numbers, Texts};
use crate::errors;

/// An array of numbers that is not written to by Rust while it is borrowed.
pub(super) enum Typed<'py, D: numpy::ndarray::Dimension> {
    F64(PyReadonlyArray<'py, f64, D>),
    F32(PyReadonlyArray<'py, f32, D>),
    I64(PyReadonlyArray<'py, i64, D>),
    I32(PyReadonlyArray<'py, i32, D>),
    I16(PyReadonlyArray<'py, i16, D>),
    I8(PyReadonlyArray<'py, i8, D>),
    U64(PyReadonlyArray<'py, u64, D>),
    U32(PyReadonlyArray<'py, u32, D>),
    U16(PyReadonlyArray<'py, u16, D>),
    U8(PyReadonlyArray<'py, u8, D>),
    Bool(PyReadonlyArray<'py, bool, D>),
}

/// Rows that can be read on any thread.
pub(crate) type InRows<'a> = Box<dyn Rows + Send + Sync + 'a>;

macro_rules! by_type {
    ($typed:expr, $array:ident => $body:expr) => {
        match $typed {
            Typed::F64($array) => $body,
            Typed::F32($array) => $body,
            Typed::I64($array) => $body,
            Typed::I32($array) => $body,
            Typed::I16($array) => $body,
            Typed::I8($array) => $body,
            Typed::U64($array) => $body,
            Typed::U32($array) => $body,
            Typed::U16($array) => $body,
            Typed::U8($array) => $body,
            Typed::Bool($array) => $body,
        }
    };
}

impl<'py, D: numpy::ndarray::Dimension> Typed<'py, D> {
    /// Borrows an array of numbers; `None` where it holds something else or has other dimensions.
    pub(super) fn read(object: &Bound<'py, PyAny>) -> PyResult<Option<Self>> {
        fn of<'py, T: Element, D: numpy::ndarray::Dimension>(
            object: &Bound<'py, PyAny>,
        ) -> PyResult<Option<PyReadonlyArray<'py, T, D>>> {
            match object.cast::<PyArray<T, D>>() {
                Ok(array) => array.try_readonly().map(Some).map_err(|error| {
                    errors::data(
                        object.py(),
                        format!("the array cannot be read while it is written to: {error}"),
                    )
                }),
                Err(_) => Ok(None),
            }
        }
        macro_rules! first {
            ($($variant:ident),*) => {
                $(if let Some(array) = of(object)? {
                    return Ok(Some(Self::$variant(array)));
                })*
            };
        }
        first!(F64, F32, I64, I32, I16, I8, U64, U32, U16, U8, Bool);
        Ok(None)
    }
}

impl<D: numpy::ndarray::Dimension> Typed<'_, D> {
    /// How much memory its elements take.
    pub(super) fn bytes(&self) -> usize {
        fn of<T: Element, D: numpy::ndarray::Dimension>(array: &PyReadonlyArray<'_, T, D>) -> usize {
            array.len() * size_of::<T>()
        }
        by_type!(self, array => of(array))
    }
}

impl Typed<'_, Ix1> {
    pub(super) fn rows(&self) -> usize {
        by_type!(self, array => array.len())
    }

    /// Categories, whose codes these are.
    pub(super) fn texts<'a>(&'a self, categories: &'a [String]) -> Box<dyn Texts + 'a> {
        let categories = categories.iter().map(|text| Some(text.as_str())).collect();
        Box::new(Recoded { codes: self.numbers(None), categories })
    }

    /// The numbers, of which some may be missing.
    pub(super) fn numbers<'a>(&'a self, missing: Option<&'a [bool]>) -> Numbers<'a> {
        by_type!(self, array => Box::new(View { values: array.as_array(), missing }))
    }
}

impl Typed<'_, Ix2> {
    pub(super) fn rows(&self) -> usize {
        by_type!(self, array => array.shape()[0])
    }

    pub(super) fn width(&self) -> usize {
        by_type!(self, array => array.shape()[1])
    }

    /// The rows, where there are several columns and each row lies after the one before.
    pub(super) fn in_rows(&self) -> Option<InRows<'_>> {
        by_type!(self, array => {
            let view = array.as_array();
            let (rows, width) = view.dim();
            let values = view.to_slice().filter(|_| rows > 0 && width > 1)?;
            Some(Box::new(Matrix::new(values, width)) as InRows<'_>)
        })
    }

    /// One column.
    pub(super) fn numbers(&self, column: usize) -> Numbers<'_> {
        by_type!(self, array => {
            let view = array.as_array();
            match view.to_slice() {
                // Rows that lie one after another.
                Some(all) if view.ncols() > 1 && view.nrows() > 0 => {
                    Box::new(Flat::strided(&all[column..], view.ncols()))
                }
                _ => Box::new(View { values: view.index_axis_move(numpy::ndarray::Axis(1), column), missing: None }),
            }
        })
    }
}

/// One column of any stride.
struct View<'a, T> {
    values: ArrayView1<'a, T>,
    missing: Option<&'a [bool]>,
}

/// Categories with codes of any width.
struct Recoded<'a> {
    codes: Numbers<'a>,
    categories: Vec<Option<&'a str>>,
}

impl Recoded<'_> {
    /// The codes, which are small whole numbers, and −1 where there is none. They are made by whoever reads them, on a thread of its own.
    fn each_code(&self, visit: &mut dyn FnMut(i32)) {
        #[expect(clippy::cast_possible_truncation, reason = "codes are small")]
        self.codes.each_chunk(&mut |chunk| chunk.iter().for_each(|code| visit(*code as i32)));
    }

    fn coded(&self, with: impl FnOnce(Coded<'_, i32>)) {
        let mut codes = Vec::with_capacity(self.codes.rows());
        self.each_code(&mut |code| codes.push(code));
        with(Coded { codes: &codes, categories: self.categories.clone(), mask: None });
    }
}

impl Texts for Recoded<'_> {
    fn rows(&self) -> usize {
        self.codes.rows()
    }

    fn each<'s>(&'s self, visit: &mut dyn FnMut(Option<&'s str>)) {
        self.each_code(&mut |code| {
            visit(code.position().and_then(|at| self.categories.get(at)).copied().flatten());
        });
    }

    fn tally(&self, tally: &mut Tally) {
        self.coded(|coded| coded.tally(tally));
    }

    fn describe(&self, state: &mut TextState) {
        self.coded(|coded| coded.describe(state));
    }
}

impl<T: Number> Column for View<'_, T> {
    fn rows(&self) -> usize {
        self.values.len()
    }

    fn each_chunk(&self, visit: &mut dyn FnMut(&[f64])) {
        if let Some(slice) = self.values.to_slice() {
            let flat = Flat::new(slice);
            return match self.missing {
                Some(missing) => flat.masked(Mask::Missing(missing)).each_chunk(visit),
                None => flat.each_chunk(visit),
            };
        }
        let missing = |row| self.missing.and_then(|missing| missing.get(row)).copied().unwrap_or(false);
        let value = |(row, value): (usize, &T)| if missing(row) { f64::NAN } else { value.to_f64() };
        chunked(self.values.iter().enumerate().map(value), visit);
    }

    fn read(&self, first: usize, to: &mut [f64]) {
        let missing = |row| self.missing.and_then(|missing| missing.get(row)).copied().unwrap_or(false);
        for (row, to) in (first..).zip(to) {
            *to = if missing(row) { f64::NAN } else { self.values[row].to_f64() };
        }
    }

    fn each_whole(&self, visit: &mut dyn FnMut(Option<i128>)) -> bool {
        let missing = |row| self.missing.and_then(|missing| missing.get(row)).copied().unwrap_or(false);
        if T::WIDE {
            self.values.iter().enumerate().for_each(|(row, v)| visit(v.whole().filter(|_| !missing(row))));
        }
        T::WIDE
    }
}

/// Which rows are missing.
pub(super) type Missing<'py> = PyReadonlyArray1<'py, bool>;

/// What an array holds that is not plain numbers.
pub(super) enum Kind {
    /// Numbers of a type that is read as it is.
    Numbers,
    /// Moments; a microsecond is so many of its units.
    Times(f64),
    /// Lengths of time; a second is so many of its units.
    Spans(f64),
    /// Python objects.
    Objects,
}

/// An array in a form that can be borrowed: native byte order, aligned, of a width that Rust has. Copied only where it is not.
pub(super) fn native<'py>(array: &Bound<'py, PyAny>) -> PyResult<(Kind, Bound<'py, PyAny>)> {
    let py = array.py();
    let dtype = array.getattr("dtype")?;
    let kind: char = dtype.getattr("kind")?.extract()?;
    let width: usize = dtype.getattr("itemsize")?.extract()?;
    let aligned = |array: Bound<'py, PyAny>| -> PyResult<Bound<'py, PyAny>> {
        let is_native: bool = array.getattr("dtype")?.getattr("isnative")?.extract()?;
        if !is_native {
            let order = array.getattr("dtype")?.call_method1("newbyteorder", ("=",))?;
            return array.call_method1("astype", (order,));
        }
        let is_aligned: bool = array.getattr("flags")?.getattr("aligned")?.extract()?;
        if is_aligned { Ok(array) } else { array.call_method0("copy") }
    };
    Ok(match kind {
        'b' | 'i' | 'u' => (Kind::Numbers, aligned(array.clone())?),
        'f' if width == 4 || width == 8 => (Kind::Numbers, aligned(array.clone())?),
        'f' => {
            (Kind::Numbers, array.call_method1("astype", (if width < 4 { "float32" } else { "float64" },))?)
        }
        'M' | 'm' => {
            let (array, unit) = units(array, &dtype, kind)?;
            let second = match unit {
                Unit::Nanosecond => 1e9,
                Unit::Microsecond => 1e6,
                Unit::Millisecond => 1e3,
                Unit::Second => 1.0,
            };
            let kind = if kind == 'M' { Kind::Times(second / 1e6) } else { Kind::Spans(second) };
            (kind, aligned(array)?)
        }
        'O' | 'U' | 'T' => (Kind::Objects, array.clone()),
        _ => {
            return Err(errors::data(
                py,
                format!("an array of `{dtype}` has neither numbers, moments nor texts"),
            ));
        }
    })
}

#[derive(Clone, Copy)]
enum Unit {
    Nanosecond,
    Microsecond,
    Millisecond,
    Second,
}

/// Moments or lengths of time as whole numbers, and their unit.
fn units<'py>(
    array: &Bound<'py, PyAny>,
    dtype: &Bound<'py, PyAny>,
    kind: char,
) -> PyResult<(Bound<'py, PyAny>, Unit)> {
    let numpy = array.py().import("numpy")?;
    let (unit, count): (String, i64) = numpy.call_method1("datetime_data", (dtype,))?.extract()?;
    let unit = match unit.as_str() {
        "ns" => Some(Unit::Nanosecond),
        "us" => Some(Unit::Microsecond),
        "ms" => Some(Unit::Millisecond),
        "s" => Some(Unit::Second),
        _ => None,
    };
    let is_native: bool = dtype.getattr("isnative")?.extract()?;
    if let Some(unit) = unit.filter(|_| count == 1 && is_native) {
        return Ok((array.call_method1("view", ("int64",))?, unit));
    }
    let to = if kind == 'M' { "datetime64[us]" } else { "timedelta64[us]" };
    let array = array.call_method1("astype", (to,))?.call_method1("view", ("int64",))?;
    Ok((array, Unit::Microsecond))
}
