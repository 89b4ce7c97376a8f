//! Arrays of Arrow, borrowed as they lie.

use std::marker::PhantomData;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type,
    Decimal128Type, Decimal256Type, DecimalType, DurationMicrosecondType, DurationMillisecondType,
    DurationNanosecondType, DurationSecondType, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayAccessor, ArrayRef, BooleanArray};
use arrow_schema::{DataType, TimeUnit};
use scouter_drift::column::{Code, Column, Mask, Number, Numbers as Flat, chunked};

use super::cells::{Cells, Chunked, Coded, Numbers, Scaled, Texts};

/// What a column of this type becomes.
enum Becomes {
    Numbers(f64),
    Times(f64),
    Texts,
    /// A column of nothing.
    Missing,
}

fn becomes(kind: &DataType) -> Option<Becomes> {
    use DataType as T;
    // So many of its units are a second.
    let second = |unit: &TimeUnit| match unit {
        TimeUnit::Second => 1.0,
        TimeUnit::Millisecond => 1e3,
        TimeUnit::Microsecond => 1e6,
        TimeUnit::Nanosecond => 1e9,
    };
    Some(match kind {
        T::Null => Becomes::Missing,
        T::Boolean
        | T::Float16
        | T::Float32
        | T::Float64
        | T::Int8
        | T::Int16
        | T::Int32
        | T::Int64
        | T::UInt8
        | T::UInt16
        | T::UInt32
        | T::UInt64
        | T::Decimal32(..)
        | T::Decimal64(..)
        | T::Decimal128(..)
        | T::Decimal256(..) => Becomes::Numbers(1.0),
        T::Duration(unit) => Becomes::Numbers(1.0 / second(unit)),
        T::Date32 => Becomes::Times(86_400e6),
        T::Date64 => Becomes::Times(1e3),
        T::Timestamp(unit, _) => Becomes::Times(1e6 / second(unit)),
        T::Utf8 | T::LargeUtf8 | T::Utf8View => Becomes::Texts,
        T::Dictionary(_, values) if matches!(**values, T::Utf8 | T::LargeUtf8 | T::Utf8View) => {
            Becomes::Texts
        }
        _ => return None,
    })
}

/// Whether columns of this type can be read.
pub(super) fn is_readable(kind: &DataType) -> bool {
    becomes(kind).is_some()
}

/// The values of pieces of a column that is readable.
pub(super) fn cells<'a>(kind: &DataType, pieces: &'a [ArrayRef]) -> Cells<'a> {
    let chunked = |factor: f64| -> Numbers<'a> {
        let numbers: Numbers<'a> =
            Box::new(Chunked(pieces.iter().map(|piece| numbers(piece.as_ref())).collect()));
        let whole = factor.to_bits() == 1.0_f64.to_bits();
        if whole { numbers } else { Box::new(Scaled { numbers, factor, missing: None }) }
    };
    match becomes(kind) {
        Some(Becomes::Numbers(factor)) => Cells::Numbers(chunked(factor)),
        Some(Becomes::Times(factor)) => Cells::Times(chunked(factor)),
        Some(Becomes::Missing) => Cells::Missing(pieces.iter().map(Array::len).sum(), None),
        Some(Becomes::Texts) | None => {
            Cells::Texts(Box::new(pieces.iter().map(|piece| texts(piece.as_ref())).collect::<Vec<_>>()))
        }
    }
}

fn mask(array: &dyn Array) -> Option<Mask<'_>> {
    array.nulls().map(|nulls| Mask::Valid { bits: nulls.validity(), offset: nulls.offset() })
}

fn flat<T: ArrowPrimitiveType<Native: Number>>(array: &dyn Array) -> Numbers<'_> {
    let numbers = Flat::new(&array.as_primitive::<T>().values()[..]);
    match mask(array) {
        Some(mask) => Box::new(numbers.masked(mask)),
        None => Box::new(numbers),
    }
}

fn numbers(array: &dyn Array) -> Numbers<'_> {
    use DataType as T;
    match array.data_type() {
        T::Boolean => Box::new(Bits(array.as_boolean())),
        T::Int8 => flat::<Int8Type>(array),
        T::Int16 => flat::<Int16Type>(array),
        T::Int32 => flat::<Int32Type>(array),
        T::Int64 => flat::<Int64Type>(array),
        T::UInt8 => flat::<UInt8Type>(array),
        T::UInt16 => flat::<UInt16Type>(array),
        T::UInt32 => flat::<UInt32Type>(array),
        T::UInt64 => flat::<UInt64Type>(array),
        T::Float32 => flat::<Float32Type>(array),
        T::Float64 => flat::<Float64Type>(array),
        T::Date32 => flat::<Date32Type>(array),
        T::Date64 => flat::<Date64Type>(array),
        T::Timestamp(TimeUnit::Second, _) => flat::<TimestampSecondType>(array),
        T::Timestamp(TimeUnit::Millisecond, _) => flat::<TimestampMillisecondType>(array),
        T::Timestamp(TimeUnit::Microsecond, _) => flat::<TimestampMicrosecondType>(array),
        T::Timestamp(TimeUnit::Nanosecond, _) => flat::<TimestampNanosecondType>(array),
        T::Duration(TimeUnit::Second) => flat::<DurationSecondType>(array),
        T::Duration(TimeUnit::Millisecond) => flat::<DurationMillisecondType>(array),
        T::Duration(TimeUnit::Microsecond) => flat::<DurationMicrosecondType>(array),
        T::Duration(TimeUnit::Nanosecond) => flat::<DurationNanosecondType>(array),
        T::Float16 => each(array, move |row| array.as_primitive::<Float16Type>().value(row).to_f64()),
        T::Decimal32(..) => decimal::<Decimal32Type>(array),
        T::Decimal64(..) => decimal::<Decimal64Type>(array),
        T::Decimal128(..) => decimal::<Decimal128Type>(array),
        T::Decimal256(..) => decimal::<Decimal256Type>(array),
        _ => each(array, |_| f64::NAN),
    }
}

/// Numbers that are made when they are read.
struct Lazy<F> {
    rows: usize,
    value: F,
}

impl<F: Fn(usize) -> f64> Column for Lazy<F> {
    fn rows(&self) -> usize {
        self.rows
    }

    fn each_chunk(&self, visit: &mut dyn FnMut(&[f64])) {
        chunked((0..self.rows).map(&self.value), visit);
    }

    fn read(&self, first: usize, to: &mut [f64]) {
        (first..).zip(to).for_each(|(row, to)| *to = (self.value)(row));
    }
}

fn each<'a>(array: &'a dyn Array, value: impl Fn(usize) -> f64 + Send + Sync + 'a) -> Numbers<'a> {
    let value = move |row| if array.is_null(row) { f64::NAN } else { value(row) };
    Box::new(Lazy { rows: array.len(), value })
}

/// By their digits, so that each is the nearest number.
fn decimal<T: DecimalType>(array: &dyn Array) -> Numbers<'_> {
    let decimals = array.as_primitive::<T>();
    each(array, move |row| decimals.value_as_string(row).parse().unwrap_or(f64::NAN))
}

/// Booleans, eight to a byte.
struct Bits<'a>(&'a BooleanArray);

impl Column for Bits<'_> {
    fn rows(&self) -> usize {
        self.0.len()
    }

    fn each_chunk(&self, visit: &mut dyn FnMut(&[f64])) {
        let bit = |value: Option<bool>| value.map_or(f64::NAN, |value| f64::from(u8::from(value)));
        chunked(self.0.iter().map(bit), visit);
    }

    fn read(&self, first: usize, to: &mut [f64]) {
        for (row, to) in (first..).zip(to) {
            let bit = || f64::from(u8::from(self.0.value(row)));
            *to = if self.0.is_null(row) { f64::NAN } else { bit() };
        }
    }
}

struct Strings<'a, A>(A, PhantomData<&'a str>);

impl<'a, A: ArrayAccessor<Item = &'a str> + Copy + Send + Sync> Texts for Strings<'a, A> {
    fn rows(&self) -> usize {
        self.0.len()
    }

    fn each<'s>(&'s self, visit: &mut dyn FnMut(Option<&'s str>)) {
        for row in 0..self.0.len() {
            visit((!self.0.is_null(row)).then(|| self.0.value(row)));
        }
    }
}

fn strings<'a>(array: impl ArrayAccessor<Item = &'a str> + Copy + Send + Sync + 'a) -> Box<dyn Texts + 'a> {
    Box::new(Strings(array, PhantomData))
}

fn texts(array: &dyn Array) -> Box<dyn Texts + '_> {
    use DataType as T;
    match array.data_type() {
        T::LargeUtf8 => strings(array.as_string::<i64>()),
        T::Utf8View => strings(array.as_string_view()),
        T::Dictionary(key, _) => match **key {
            T::Int8 => coded::<Int8Type>(array),
            T::Int16 => coded::<Int16Type>(array),
            T::Int64 => coded::<Int64Type>(array),
            T::UInt8 => coded::<UInt8Type>(array),
            T::UInt16 => coded::<UInt16Type>(array),
            T::UInt32 => coded::<UInt32Type>(array),
            T::UInt64 => coded::<UInt64Type>(array),
            _ => coded::<Int32Type>(array),
        },
        _ => strings(array.as_string::<i32>()),
    }
}

fn coded<K: ArrowDictionaryKeyType<Native: Code + Send + Sync>>(array: &dyn Array) -> Box<dyn Texts + '_> {
    let dictionary = array.as_dictionary::<K>();
    let values = dictionary.values();
    let categories: Vec<Option<&str>> = match values.data_type() {
        DataType::LargeUtf8 => values.as_string::<i64>().iter().collect(),
        DataType::Utf8View => values.as_string_view().iter().collect(),
        _ => values.as_string::<i32>().iter().collect(),
    };
    Box::new(Coded { codes: &dictionary.keys().values()[..], categories, mask: mask(array) })
}
