//! Values into JSON text.

use std::fmt::{self, Write};

use super::data::Value;

/// What stands behind the digits of a decimal fraction in JSON, and behind those of no float: to every reader of
/// JSON it is the same number, and [`from_saved_json`](super::from_saved_json) tells by it which of both it was.
pub(super) const DECIMAL_MARK: &str = "e0";

/// Who is to read a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum For {
    /// People, to whom digits are enough.
    People,
    /// Programs, which read values back.
    Programs,
}

impl fmt::Display for Value {
    /// Compact JSON for people, such as in messages. NaN and the infinities are written `NaN`, `Infinity` and
    /// `-Infinity`, as Python's `json` module writes and reads them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, self, None, For::People)
    }
}

/// Compact JSON, which [`from_saved_json`](super::from_saved_json) reads back exactly: a decimal fraction is marked
/// as one by an exponent of zero.
///
/// ```
/// use scouter_tasks::value::{Decimal, Value, from_saved_json, to_json};
///
/// let tenth = Value::from("0.1".parse::<Decimal>()?);
/// assert_eq!((to_json(&tenth), to_json(&Value::Float(0.1))), ("0.1e0".to_owned(), "0.1".to_owned()));
/// assert_eq!(from_saved_json("0.1e0")?, tenth);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn to_json(value: &Value) -> String {
    let mut text = String::new();
    write_json(&mut text, value);
    text
}

/// The same with one entry a line, indented by two spaces.
pub fn pretty(value: &Value) -> String {
    let mut text = String::new();
    // Writing into a `String` cannot fail.
    let _ = write(&mut text, value, Some(0), For::Programs);
    text
}

/// Appends what [`to_json`] writes.
pub(crate) fn write_json(out: &mut String, value: &Value) {
    // Writing into a `String` cannot fail.
    let _ = write(out, value, None, For::Programs);
}

/// Text as a JSON string, quotes and escapes included.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    let _ = write_text(&mut out, text);
    out
}

fn write(out: &mut impl Write, value: &Value, indent: Option<usize>, reader: For) -> fmt::Result {
    match value {
        Value::Null => out.write_str("null"),
        Value::Bool(value) => write!(out, "{value}"),
        Value::Int(int) => write!(out, "{int}"),
        Value::Float(float) => write_float(out, *float),
        Value::Decimal(decimal) => {
            let marked = reader == For::Programs && !decimal.is_integer();
            write!(out, "{decimal}{}", if marked { DECIMAL_MARK } else { "" })
        }
        Value::Text(text) => write_text(out, text),
        Value::List(items) => {
            let items = items.iter().map(|item| (None, item));
            write_nested(out, ['[', ']'], items, indent, reader)
        }
        Value::Map(map) => {
            let entries = map.iter().map(|(key, item)| (Some(key.as_str()), item));
            write_nested(out, ['{', '}'], entries, indent, reader)
        }
    }
}

fn write_nested<'a>(
    out: &mut impl Write,
    [open, close]: [char; 2],
    entries: impl Iterator<Item = (Option<&'a str>, &'a Value)>,
    indent: Option<usize>,
    reader: For,
) -> fmt::Result {
    out.write_char(open)?;
    let inner = indent.map(|level| level + 1);
    let mut empty = true;
    for (key, value) in entries {
        if !empty {
            out.write_char(',')?;
        }
        empty = false;
        new_line(out, inner)?;
        if let Some(key) = key {
            write_text(out, key)?;
            out.write_str(if indent.is_some() { ": " } else { ":" })?;
        }
        write(out, value, inner, reader)?;
    }
    if !empty {
        new_line(out, indent)?;
    }
    out.write_char(close)
}

fn new_line(out: &mut impl Write, indent: Option<usize>) -> fmt::Result {
    match indent {
        None => Ok(()),
        Some(level) => write!(out, "\n{:width$}", "", width = 2 * level),
    }
}

fn write_float(out: &mut impl Write, float: f64) -> fmt::Result {
    if float.is_nan() {
        out.write_str("NaN")
    } else if float.is_infinite() {
        out.write_str(if float > 0.0 { "Infinity" } else { "-Infinity" })
    } else {
        // Debug prints the shortest digits that read back as the same float, and keeps `.0`.
        write!(out, "{float:?}")
    }
}

fn write_text(out: &mut impl Write, text: &str) -> fmt::Result {
    out.write_char('"')?;
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.write_str(&text[plain..at])?;
        plain = at + 1;
        match byte {
            b'"' => out.write_str("\\\"")?,
            b'\\' => out.write_str("\\\\")?,
            b'\n' => out.write_str("\\n")?,
            b'\r' => out.write_str("\\r")?,
            b'\t' => out.write_str("\\t")?,
            _ => write!(out, "\\u{byte:04x}")?,
        }
    }
    out.write_str(&text[plain..])?;
    out.write_char('"')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Decimal, from_json, from_saved_json};
    use proptest::prelude::*;

    #[test]
    fn pretty_json_is_indented_and_empty_containers_stay_on_their_line() {
        let value = from_json(r#"{"a":[1,{}],"b":[]}"#).unwrap();
        assert_eq!(pretty(&value), "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
    }

    fn decimal(text: &str) -> Value {
        text.parse::<Decimal>().unwrap().into()
    }

    #[test]
    fn a_decimal_fraction_is_read_back_as_what_it_was_and_as_a_number_by_everybody_else() {
        for text in ["0.1", "-1.10", "12345678901234567890.5", "-0.0000000001", "1e-9999"] {
            let value = Value::list([decimal(text), Value::Float(0.1)]);
            for json in [to_json(&value), pretty(&value)] {
                assert_eq!(from_saved_json(&json).unwrap(), value, "{text}");
                assert!(matches!(from_json(&json).unwrap().as_list(), Some([Value::Float(_), _])), "{text}");
                assert!(serde_json::from_str::<[f64; 2]>(&json).is_ok(), "{text}");
            }
        }
    }

    #[test]
    fn people_are_shown_the_digits_of_a_decimal_alone() {
        assert_eq!(decimal("1.10").to_string(), "1.10");
        assert_eq!(to_json(&decimal("1e30")), "1000000000000000000000000000000");
    }

    proptest! {
        #[test]
        fn text_reads_back_as_it_was(text: String) {
            prop_assert_eq!(from_json(&quoted(&text)).unwrap(), Value::from(text));
        }

        #[test]
        fn floats_read_back_as_the_same_float(float: f64) {
            let Value::Float(back) = from_json(&Value::Float(float).to_string()).unwrap() else {
                panic!("not a float");
            };
            prop_assert!(back.to_bits() == float.to_bits() || (back.is_nan() && float.is_nan()));
        }
    }
}
