//! From typed data to values, by serde.

use serde::ser::{self, Serialize, SerializeMap, Serializer};
use smol_str::SmolStr;

use super::data::Value;
use super::de::VALUE;
use super::number::Decimal;

/// A value from typed data.
///
/// # Errors
/// Where the data holds a key that is not text, or bytes.
pub fn to_value<T: Serialize + ?Sized>(data: &T) -> Result<Value, SerError> {
    data.serialize(ToValue)
}

/// Data that has no form as a value.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SerError(String);

impl ser::Error for SerError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl Serialize for Value {
    /// Numbers are exact in every format: a whole number of up to 128 bits is written as one, and
    /// what no number of serde holds as text.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(int) => serializer.serialize_i64(*int),
            Self::Float(float) => serializer.serialize_f64(*float),
            // The name tells `ToValue`, which reads nothing into the value of a user, what it is.
            Self::Decimal(decimal) => serializer.serialize_newtype_struct(VALUE, &Exact(decimal)),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items.iter()),
            Self::Map(map) => serializer.collect_map(map.iter()),
        }
    }
}

struct Exact<'a>(&'a Decimal);

impl Serialize for Exact<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.to_i128() {
            Some(whole) => match u64::try_from(whole) {
                Ok(whole) => serializer.serialize_u64(whole),
                Err(_) => serializer.serialize_i128(whole),
            },
            None => serializer.collect_str(self.0),
        }
    }
}

struct ToValue;

/// An array on its way, wrapped in the name of its variant where it has one.
struct Items {
    items: Vec<Value>,
    variant: Option<&'static str>,
}

/// An object on its way.
struct Entries {
    pairs: Vec<(SmolStr, Value)>,
    key: Option<SmolStr>,
    variant: Option<&'static str>,
}

fn wrap(variant: Option<&'static str>, value: Value) -> Value {
    match variant {
        Some(name) => Value::map([(name, value)]),
        None => value,
    }
}

impl Items {
    fn new(len: Option<usize>, variant: Option<&'static str>) -> Self {
        Self { items: Vec::with_capacity(len.unwrap_or_default()), variant }
    }

    fn push<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), SerError> {
        self.items.push(to_value(item)?);
        Ok(())
    }

    fn finish(self) -> Value {
        wrap(self.variant, Value::from(self.items))
    }
}

impl Entries {
    fn new(len: Option<usize>, variant: Option<&'static str>) -> Self {
        Self { pairs: Vec::with_capacity(len.unwrap_or_default()), key: None, variant }
    }

    fn push<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), SerError> {
        self.pairs.push((key.into(), to_value(value)?));
        Ok(())
    }

    fn finish(self) -> Value {
        wrap(self.variant, Value::map(self.pairs))
    }
}

macro_rules! scalars {
    ($($name:ident($type:ty) => $make:expr;)*) => {
        $(fn $name(self, value: $type) -> Result<Value, SerError> {
            Ok(($make)(value))
        })*
    };
}

impl Serializer for ToValue {
    type Ok = Value;
    type Error = SerError;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Entries;
    type SerializeStruct = Entries;
    type SerializeStructVariant = Entries;

    scalars! {
        serialize_bool(bool) => Value::Bool;
        serialize_i8(i8) => |n| Value::Int(i64::from(n));
        serialize_i16(i16) => |n| Value::Int(i64::from(n));
        serialize_i32(i32) => |n| Value::Int(i64::from(n));
        serialize_i64(i64) => Value::Int;
        serialize_i128(i128) => |n| Decimal::from(n).into_value();
        serialize_u8(u8) => |n| Value::Int(i64::from(n));
        serialize_u16(u16) => |n| Value::Int(i64::from(n));
        serialize_u32(u32) => |n| Value::Int(i64::from(n));
        serialize_u64(u64) => |n| Decimal::from(n).into_value();
        serialize_u128(u128) => |n| Decimal::from(n).into_value();
        serialize_f32(f32) => |n| Value::Float(f64::from(n));
        serialize_f64(f64) => Value::Float;
        serialize_char(char) => |c: char| Value::text(c.encode_utf8(&mut [0; 4]));
        serialize_str(&str) => Value::text;
    }

    fn serialize_bytes(self, _bytes: &[u8]) -> Result<Value, SerError> {
        Err(ser::Error::custom("bytes have no form in JSON"))
    }

    fn serialize_none(self) -> Result<Value, SerError> {
        Ok(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, SerError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, SerError> {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Value, SerError> {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Value, SerError> {
        Ok(Value::text(variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<Value, SerError> {
        match value.serialize(self)? {
            Value::Text(digits) if name == VALUE => {
                digits.parse().map(Decimal::into_value).map_err(ser::Error::custom)
            }
            value => Ok(value),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Value, SerError> {
        Ok(wrap(Some(variant), to_value(value)?))
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Items, SerError> {
        Ok(Items::new(len, None))
    }

    fn serialize_tuple(self, len: usize) -> Result<Items, SerError> {
        Ok(Items::new(Some(len), None))
    }

    fn serialize_tuple_struct(self, _name: &'static str, len: usize) -> Result<Items, SerError> {
        Ok(Items::new(Some(len), None))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Items, SerError> {
        Ok(Items::new(Some(len), Some(variant)))
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Entries, SerError> {
        Ok(Entries::new(len, None))
    }

    fn serialize_struct(self, _name: &'static str, len: usize) -> Result<Entries, SerError> {
        Ok(Entries::new(Some(len), None))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Entries, SerError> {
        Ok(Entries::new(Some(len), Some(variant)))
    }
}

macro_rules! sequences {
    ($($trait:ident :: $method:ident),*) => {
        $(impl ser::$trait for Items {
            type Ok = Value;
            type Error = SerError;

            fn $method<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), SerError> {
                self.push(item)
            }

            fn end(self) -> Result<Value, SerError> {
                Ok(self.finish())
            }
        })*
    };
}

sequences!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
);

macro_rules! structs {
    ($($trait:ident),*) => {
        $(impl ser::$trait for Entries {
            type Ok = Value;
            type Error = SerError;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), SerError> {
                self.push(key, value)
            }

            fn end(self) -> Result<Value, SerError> {
                Ok(self.finish())
            }
        })*
    };
}

structs!(SerializeStruct, SerializeStructVariant);

impl SerializeMap for Entries {
    type Ok = Value;
    type Error = SerError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), SerError> {
        self.key = match to_value(key)? {
            Value::Text(key) => Some(key),
            Value::Int(key) => Some(SmolStr::from(key.to_string())),
            other => return Err(ser::Error::custom(format!("the key `{other}` is not text"))),
        };
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), SerError> {
        let key = self.key.take().ok_or_else(|| SerError("a value without its key".to_owned()))?;
        self.push(&key, value)
    }

    fn end(self) -> Result<Value, SerError> {
        Ok(self.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{from_json, from_value};
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Spec {
        id: String,
        expected: Value,
        shape: Shape,
        depth: Option<u64>,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Shape {
        Plain,
        Named { name: String },
        Empty {},
        Pair(i64, f64),
    }

    #[test]
    fn typed_data_comes_back_from_json_text_exactly() {
        for shape in [Shape::Plain, Shape::Named { name: "n".into() }, Shape::Empty {}, Shape::Pair(1, 0.5)] {
            let expected = from_json("[1180591620717411303424, Infinity, {\"a\": 1.0}]").unwrap();
            let spec = Spec { id: "a".into(), expected, shape, depth: Some(u64::MAX) };
            let text = to_value(&spec).unwrap().to_string();
            assert!(text.contains("[1180591620717411303424,Infinity,{\"a\":1.0}]"), "{text}");
            assert_eq!(from_value::<Spec>(&from_json(&text).unwrap()).unwrap(), spec);
        }
    }

    #[test]
    fn exact_numbers_and_the_objects_of_users_stay_what_they_are() {
        for text in ["0.1", "-1e30", "18446744073709551615", "1e4299", "-1.5e-9999", "1e60"] {
            let exact: Value = text.parse::<Decimal>().unwrap().into();
            let nested = Value::list([exact.clone(), Value::map([(VALUE, exact)])]);
            assert_eq!(to_value(&nested).unwrap(), nested, "{text}");
            assert_eq!(from_value::<Value>(&nested).unwrap(), nested, "{text}");
        }
        for name in ["$scouter::decimal", VALUE] {
            for held in ["\"abc\"", "\"12\"", "null", "{}"] {
                let value = from_json(&format!("{{\"{name}\": {held}}}")).unwrap();
                assert_eq!(to_value(&value).unwrap(), value);
                assert_eq!(from_value::<Value>(&value).unwrap(), value);
                assert_eq!(serde_json::from_str::<Value>(&value.to_string()).unwrap(), value);
            }
        }
    }

    #[test]
    fn other_formats_are_given_the_exact_number_or_its_digits() {
        let json = |text: &str| {
            let value: Value = text.parse::<Decimal>().unwrap().into();
            serde_json::to_string(&value).unwrap()
        };
        assert_eq!(json("1180591620717411303424"), "1180591620717411303424");
        assert_eq!(json("18446744073709551615"), "18446744073709551615");
        assert_eq!(json("0.1"), r#""0.1""#);
    }

    #[test]
    fn a_decimal_reads_into_the_number_that_is_asked_for() {
        let decimal = |text: &str| Value::from(text.parse::<Decimal>().unwrap());
        assert_eq!(from_value::<u64>(&decimal("18446744073709551615")).unwrap(), u64::MAX);
        assert_eq!(from_value::<i128>(&decimal("-1180591620717411303424")).unwrap(), -(1 << 70));
        assert_eq!(from_value::<f64>(&decimal("0.1")).unwrap().to_bits(), 0.1_f64.to_bits());
        assert_eq!(
            from_value::<f64>(&decimal("1180591620717411303424")).unwrap().to_bits(),
            2_f64.powi(70).to_bits()
        );
        assert!(from_value::<u64>(&decimal("1180591620717411303424")).is_err());
        assert!(from_value::<u64>(&decimal("0.5")).is_err());
        assert!(from_value::<String>(&decimal("0.5")).is_err());
    }

    #[test]
    fn a_variant_without_fields_reads_with_and_without_braces() {
        let read = |text: &str| from_value::<Shape>(&from_json(text).unwrap()).unwrap();
        assert_eq!(read(r#"{"Empty": {}}"#), Shape::Empty {});
        assert_eq!(read(r#""Empty""#), Shape::Empty {});
        assert!(from_value::<Shape>(&from_json("[]").unwrap()).is_err());
    }
}
