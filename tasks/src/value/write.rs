//! Values into JSON text.

use std::fmt::{self, Write};

use super::data::Value;

impl fmt::Display for Value {
    /// Compact JSON. NaN and the infinities are written `NaN`, `Infinity` and `-Infinity`, as
    /// Python's `json` module writes and reads them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, self, None)
    }
}

/// JSON with one entry a line, indented by two spaces.
pub fn pretty(value: &Value) -> String {
    let mut text = String::new();
    // Writing into a `String` cannot fail.
    let _ = write(&mut text, value, Some(0));
    text
}

/// Appends compact JSON, as `Display` writes it.
pub(crate) fn write_json(out: &mut String, value: &Value) {
    // Writing into a `String` cannot fail.
    let _ = write(out, value, None);
}

/// Text as a JSON string, quotes and escapes included.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    let _ = write_text(&mut out, text);
    out
}

fn write(out: &mut impl Write, value: &Value, indent: Option<usize>) -> fmt::Result {
    match value {
        Value::Null => out.write_str("null"),
        Value::Bool(value) => write!(out, "{value}"),
        Value::Int(int) => write!(out, "{int}"),
        Value::Float(float) => write_float(out, *float),
        Value::Decimal(decimal) => write!(out, "{decimal}"),
        Value::Text(text) => write_text(out, text),
        Value::List(items) => {
            let items = items.iter().map(|item| (None, item));
            write_nested(out, ['[', ']'], items, indent)
        }
        Value::Map(map) => {
            let entries = map.iter().map(|(key, item)| (Some(key.as_str()), item));
            write_nested(out, ['{', '}'], entries, indent)
        }
    }
}

fn write_nested<'a>(
    out: &mut impl Write,
    [open, close]: [char; 2],
    entries: impl Iterator<Item = (Option<&'a str>, &'a Value)>,
    indent: Option<usize>,
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
        write(out, value, inner)?;
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
    use crate::value::from_json;
    use proptest::prelude::*;

    #[test]
    fn pretty_json_is_indented_and_empty_containers_stay_on_their_line() {
        let value = from_json(r#"{"a":[1,{}],"b":[]}"#).unwrap();
        assert_eq!(pretty(&value), "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
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
