//! YAML into values. The parser takes whole numbers beyond 64 bits for floats; their digits are looked up in
//! the text, so that they stay what they are.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

use crate::value::{Decimal, Value};

/// The value of a YAML document.
///
/// # Errors
/// Where it does not parse; the error is a line that names line and column.
pub(super) fn parse(text: &str) -> Result<Value, String> {
    let options = serde_saphyr::options! {
        strict_booleans: true,
        with_snippet: false,
        non_finite_float_policy: serde_saphyr::NonFiniteFloatPolicy::PassThrough,
    };
    let root: Read = serde_saphyr::from_str_with_options(text, options).map_err(|error| error.to_string())?;
    Ok(value(root.0, text))
}

/// A part of a document; floats know where they stand.
struct Node(Form);

enum Form {
    Float(f64, Location),
    Scalar(Value),
    List(Vec<Form>),
    Map(Vec<(String, Form)>),
}

fn value(form: Form, text: &str) -> Value {
    match form {
        Form::Scalar(value) => value,
        Form::Float(float, at) => whole(text, at).unwrap_or(Value::Float(float)),
        Form::List(items) => Value::list(items.into_iter().map(|item| value(item, text))),
        Form::Map(entries) => Value::map(entries.into_iter().map(|(key, form)| (key, value(form, text)))),
    }
}

/// The whole number that stands there, exactly.
fn whole(text: &str, at: Location) -> Option<Value> {
    let (start, len) = (at.span().byte_offset()?, at.span().byte_len()?);
    let start = usize::try_from(start).ok()?;
    let written = text.get(start..start.checked_add(usize::try_from(len).ok()?)?)?.trim();
    let digits = written.strip_prefix(['-', '+']).unwrap_or(written);
    let is_whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let decimal: Decimal = written.strip_prefix('+').unwrap_or(written).parse().ok().filter(|_| is_whole)?;
    Some(Value::from(decimal))
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Spanned { value, defined, .. } = Spanned::<Read>::deserialize(deserializer)?;
        Ok(Self(match value.0 {
            Form::Float(float, _) => Form::Float(float, defined),
            other => other,
        }))
    }
}

/// What stands at a place, before it is known where that is.
struct Read(Form);

impl<'de> Deserialize<'de> for Read {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Build).map(Self)
    }
}

struct Build;

impl<'de> Visitor<'de> for Build {
    type Value = Form;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of YAML")
    }

    fn visit_unit<E>(self) -> Result<Form, E> {
        Ok(Form::Scalar(Value::Null))
    }

    fn visit_none<E>(self) -> Result<Form, E> {
        Ok(Form::Scalar(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Form, E> {
        Ok(Form::Scalar(Value::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Form, E> {
        Ok(Form::Scalar(Value::Int(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Form, E> {
        Ok(Form::Scalar(Value::from(Decimal::from(value))))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Form, E> {
        Ok(Form::Float(value, Location::UNKNOWN))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Form, E> {
        Ok(Form::Scalar(Value::text(value)))
    }

    fn visit_string<E>(self, value: String) -> Result<Form, E> {
        Ok(Form::Scalar(Value::from(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Form, A::Error> {
        let mut list = Vec::new();
        while let Some(Node(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Form::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Form, A::Error> {
        let mut map = Vec::new();
        while let Some((key, Node(form))) = entries.next_entry::<String, Node>()? {
            map.push((key, form));
        }
        Ok(Form::Map(map))
    }
}
