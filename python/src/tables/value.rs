//! Cells of Arrow columns into values.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::temporal_conversions::{as_date, as_datetime, as_time};
use arrow_array::types::{
    Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, DecimalType,
    Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, Time32MillisecondType,
    Time32SecondType, Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrowPrimitiveType, StructArray};
use arrow_schema::{DataType, Field, TimeUnit};
use scouter_tasks::value::{Decimal, MAX_DEPTH, Map, Value};
use smol_str::SmolStr;

/// Checks that the cells of a column can be values.
///
/// # Errors
/// With what they hold that has no form in JSON.
pub(super) fn check(field: &Field) -> Result<(), String> {
    let wrong = |what: &str| Err(format!("column `{}` holds {what}", field.name()));
    match unreadable(field.data_type(), 0) {
        None => Ok(()),
        Some(what) => wrong(&what),
    }
}

/// What there is in a type that has no form in JSON.
fn unreadable(kind: &DataType, depth: usize) -> Option<String> {
    use DataType as T;
    if depth > MAX_DEPTH / 2 {
        return Some(format!("values nested deeper than {} levels", MAX_DEPTH / 2));
    }
    let below = |kind: &DataType| unreadable(kind, depth + 1);
    match kind {
        T::Binary | T::LargeBinary | T::BinaryView | T::FixedSizeBinary(_) => {
            Some("bytes, which have no form in JSON".to_owned())
        }
        T::List(item) | T::LargeList(item) | T::ListView(item) | T::LargeListView(item) => {
            below(item.data_type())
        }
        T::FixedSizeList(item, _) | T::Map(item, _) => below(item.data_type()),
        T::Struct(fields) => fields.iter().find_map(|field| below(field.data_type())),
        T::Dictionary(_, values) => below(values),
        T::Duration(_) | T::Interval(_) | T::Union(..) | T::RunEndEncoded(..) => {
            Some(format!("cells of the type `{kind}`, which have no form in JSON"))
        }
        _ => None,
    }
}

/// The value of a cell of a column that was [`check`]ed.
pub(super) fn value(column: &dyn Array, row: usize) -> Value {
    use DataType as T;
    if column.is_null(row) {
        return Value::Null;
    }
    match column.data_type() {
        T::Boolean => Value::Bool(column.as_boolean().value(row)),
        T::Int8 => int::<Int8Type>(column, row),
        T::Int16 => int::<Int16Type>(column, row),
        T::Int32 => int::<Int32Type>(column, row),
        T::Int64 => int::<Int64Type>(column, row),
        T::UInt8 => int::<UInt8Type>(column, row),
        T::UInt16 => int::<UInt16Type>(column, row),
        T::UInt32 => int::<UInt32Type>(column, row),
        T::UInt64 => Decimal::from(column.as_primitive::<UInt64Type>().value(row)).into_value(),
        T::Float16 => Value::Float(column.as_primitive::<Float16Type>().value(row).to_f64()),
        T::Float32 => Value::Float(column.as_primitive::<Float32Type>().value(row).into()),
        T::Float64 => Value::Float(column.as_primitive::<Float64Type>().value(row)),
        T::Decimal32(..) => decimal::<Decimal32Type>(column, row),
        T::Decimal64(..) => decimal::<Decimal64Type>(column, row),
        T::Decimal128(..) => decimal::<Decimal128Type>(column, row),
        T::Decimal256(..) => decimal::<Decimal256Type>(column, row),
        T::Utf8 => Value::text(column.as_string::<i32>().value(row)),
        T::LargeUtf8 => Value::text(column.as_string::<i64>().value(row)),
        T::Utf8View => Value::text(column.as_string_view().value(row)),
        T::Date32 => text(as_date::<Date32Type>(column.as_primitive::<Date32Type>().value(row).into())),
        T::Date64 => text(as_date::<Date64Type>(column.as_primitive::<Date64Type>().value(row))),
        T::Time32(_) | T::Time64(_) => time(column, row),
        T::Timestamp(unit, zone) => timestamp(column, row, *unit, zone.is_some()),
        T::List(_) => items(column.as_list::<i32>().value(row).as_ref()),
        T::LargeList(_) => items(column.as_list::<i64>().value(row).as_ref()),
        T::ListView(_) => items(column.as_list_view::<i32>().value(row).as_ref()),
        T::LargeListView(_) => items(column.as_list_view::<i64>().value(row).as_ref()),
        T::FixedSizeList(..) => items(column.as_fixed_size_list().value(row).as_ref()),
        T::Struct(_) => object(column.as_struct(), row),
        T::Map(..) => entries(&column.as_map().value(row)),
        T::Dictionary(..) => {
            let dictionary = column.as_any_dictionary();
            match value(dictionary.keys(), row) {
                Value::Int(key) => {
                    usize::try_from(key).map_or(Value::Null, |key| value(dictionary.values().as_ref(), key))
                }
                _ => Value::Null,
            }
        }
        // No cell of a column that was checked is anything else.
        _ => Value::Null,
    }
}

fn int<T: ArrowPrimitiveType<Native: Into<i64>>>(column: &dyn Array, row: usize) -> Value {
    Value::Int(column.as_primitive::<T>().value(row).into())
}

fn decimal<T: DecimalType>(column: &dyn Array, row: usize) -> Value {
    let digits = column.as_primitive::<T>().value_as_string(row);
    digits.parse::<Decimal>().map_or_else(|_| Value::from(digits), Decimal::into_value)
}

/// As text in ISO 8601's form; what is out of any calendar is null.
fn text(time: Option<impl ToString>) -> Value {
    Value::from(time.map(|time| time.to_string()))
}

fn time(column: &dyn Array, row: usize) -> Value {
    text(match column.data_type() {
        DataType::Time32(TimeUnit::Second) => {
            as_time::<Time32SecondType>(column.as_primitive::<Time32SecondType>().value(row).into())
        }
        DataType::Time32(_) => {
            as_time::<Time32MillisecondType>(column.as_primitive::<Time32MillisecondType>().value(row).into())
        }
        DataType::Time64(TimeUnit::Microsecond) => {
            as_time::<Time64MicrosecondType>(column.as_primitive::<Time64MicrosecondType>().value(row))
        }
        _ => as_time::<Time64NanosecondType>(column.as_primitive::<Time64NanosecondType>().value(row)),
    })
}

fn timestamp(column: &dyn Array, row: usize, unit: TimeUnit, has_zone: bool) -> Value {
    fn of<T: ArrowPrimitiveType<Native = i64>>(
        column: &dyn Array,
        row: usize,
    ) -> Option<chrono::NaiveDateTime> {
        as_datetime::<T>(column.as_primitive::<T>().value(row))
    }
    let time = match unit {
        TimeUnit::Second => of::<TimestampSecondType>(column, row),
        TimeUnit::Millisecond => of::<TimestampMillisecondType>(column, row),
        TimeUnit::Microsecond => of::<TimestampMicrosecondType>(column, row),
        TimeUnit::Nanosecond => of::<TimestampNanosecondType>(column, row),
    };
    // A column with a zone holds instants, in UTC.
    let form = if has_zone { "%Y-%m-%dT%H:%M:%S%.f+00:00" } else { "%Y-%m-%dT%H:%M:%S%.f" };
    text(time.map(|time| time.format(form)))
}

fn items(items: &dyn Array) -> Value {
    Value::list((0..items.len()).map(|at| value(items, at)))
}

fn object(object: &StructArray, row: usize) -> Value {
    let names = object.fields().iter().map(|field| SmolStr::new(field.name()));
    let members = names.zip(object.columns()).map(|(name, column)| (name, value(column.as_ref(), row)));
    Value::Map(Arc::new(members.collect::<Map>()))
}

fn entries(entries: &StructArray) -> Value {
    let (keys, values) = (entries.column(0), entries.column(1));
    let key = |at| match value(keys.as_ref(), at) {
        Value::Text(text) => text,
        other => SmolStr::from(other.to_string()),
    };
    Value::Map(Arc::new((0..entries.len()).map(|at| (key(at), value(values.as_ref(), at))).collect::<Map>()))
}
