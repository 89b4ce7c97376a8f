//! From values to typed data, by serde.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{self, Deserialize, DeserializeOwned, Deserializer, EnumAccess, IntoDeserializer, MapAccess};
use serde::de::{SeqAccess, VariantAccess, Visitor};
use serde::forward_to_deserialize_any;
use smol_str::SmolStr;

use super::data::Value;
use super::map::Map;
use super::number::Decimal;

/// Typed data from a value.
///
/// # Errors
/// Where the value does not have the shape of the type.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, de::value::Error> {
    T::deserialize(Borrowed(value))
}

/// The name under which a [`Value`] goes through serde, which has no number that holds a decimal.
/// It is the name of a type: nothing that a user writes in data can be taken for it.
pub(super) const VALUE: &str = "$scouter::Value";

#[derive(Clone, Copy)]
struct Borrowed<'de>(&'de Value);

type Error = de::value::Error;

impl<'de> IntoDeserializer<'de, Error> for Borrowed<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Borrowed<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Int(int) => visitor.visit_i64(*int),
            Value::Float(float) => visitor.visit_f64(*float),
            Value::Decimal(decimal) => match decimal.to_i128() {
                Some(whole) => match u64::try_from(whole) {
                    Ok(whole) => visitor.visit_u64(whole),
                    Err(_) => visitor.visit_i128(whole),
                },
                None => visitor.visit_f64(decimal.to_f64()),
            },
            Value::Text(text) => visitor.visit_borrowed_str(text),
            Value::List(items) => visitor.visit_seq(SeqDeserializer::new(items.iter().map(Borrowed))),
            Value::Map(map) => {
                let entries = map.iter().map(|(key, value)| (key.as_str(), Borrowed(value)));
                visitor.visit_map(MapDeserializer::new(entries))
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            // The visitor of `Value` asks: bytes are what no JSON holds.
            Value::Decimal(decimal) if name == VALUE => visitor.visit_bytes(decimal.to_string().as_bytes()),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Decimal(decimal) => visitor.visit_f64(decimal.to_f64()),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::Text(name) => visitor.visit_enum(Variant { name, content: None }),
            Value::Map(map) if map.len() == 1 => match map.iter().next() {
                Some((name, content)) => visitor.visit_enum(Variant { name, content: Some(content) }),
                None => Err(de::Error::custom("expected one variant")),
            },
            other => Err(de::Error::custom(format!(
                "expected a name, or an object with one entry, got {}",
                other.kind()
            ))),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

struct Variant<'de> {
    name: &'de str,
    content: Option<&'de Value>,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: de::DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        Ok((seed.deserialize(self.name.into_deserializer())?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        match self.content {
            None => Ok(()),
            Some(_) => Err(de::Error::custom(format!("`{}` takes no fields", self.name))),
        }
    }

    fn newtype_variant_seed<T: de::DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(Borrowed(self.content.unwrap_or(&Value::Null)))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, Error> {
        Borrowed(self.content.unwrap_or(&Value::Null)).deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.content {
            // A variant without its fields reads as one with none, so that `TraceDuration`,
            // `TraceDuration:` and `TraceDuration: {}` are the same.
            None | Some(Value::Null) => {
                visitor.visit_map(MapDeserializer::new(std::iter::empty::<(&str, Borrowed<'de>)>()))
            }
            Some(content) => Borrowed(content).deserialize_any(visitor),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(VALUE, Build { own: true })
    }
}

/// Builds a value of what it is given.
struct Build {
    /// Whether bytes can only be the digits of a decimal, from our own deserializer.
    own: bool,
}

impl<'de> Visitor<'de> for Build {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(Self { own: false })
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Value, E> {
        match std::str::from_utf8(bytes) {
            Ok(digits) if self.own => digits.parse().map(Decimal::into_value).map_err(E::custom),
            _ => Err(E::invalid_type(de::Unexpected::Bytes(bytes), &self)),
        }
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Decimal::from(value).into_value())
    }

    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok(Decimal::from(value).into_value())
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(Decimal::from(value).into_value())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::text(value))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::from(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map: Vec<(SmolStr, Value)> = Vec::new();
        while let Some((key, value)) = entries.next_entry::<String, Value>()? {
            map.push((key.into(), value));
        }
        Ok(Value::Map(std::sync::Arc::new(map.into_iter().collect::<Map>())))
    }
}
