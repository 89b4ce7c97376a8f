//! JSON text into values.

use jiter::{Jiter, JiterError, JiterErrorType, JsonErrorType, NumberAny, NumberInt, Peek};
use smol_str::SmolStr;

use super::data::Value;
use super::map::Map;
use super::number::{Decimal, NumberError};
use super::write::DECIMAL_MARK;

/// How deep arrays and objects may be nested. Deeper data is refused with an error rather than
/// followed until the stack ends.
pub const MAX_DEPTH: usize = 256;

/// JSON text that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at line {line}, column {column}")]
pub struct JsonError {
    /// What is wrong.
    pub message: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
}

/// Reads one JSON document. `NaN`, `Infinity` and `-Infinity` are read as Python writes them;
/// whole numbers of any size stay exact.
///
/// # Errors
/// Where the text is not JSON, goes deeper than [`MAX_DEPTH`], or holds a number of more than
/// 4,300 digits before the point; with the line and column.
pub fn from_json(text: &str) -> Result<Value, JsonError> {
    document(Reader::new(text))
}

/// Reads what [`to_json`](super::to_json) wrote, in which decimal fractions are marked. In JSON of others the mark would
/// be but a way to write a float.
///
/// # Errors
/// As [`from_json`].
pub fn from_saved_json(text: &str) -> Result<Value, JsonError> {
    document(Reader { marked: true, ..Reader::new(text) })
}

fn document(mut reader: Reader<'_>) -> Result<Value, JsonError> {
    let value =
        reader.json.peek().map_err(|error| reader.explain(&error)).and_then(|at| reader.value(at, 0))?;
    reader.json.finish().map_err(|error| reader.explain(&error))?;
    Ok(value)
}

/// Reads those members of an object that are `wanted`, with what that says of them; others are passed
/// over, which takes a fraction of the time.
///
/// # Errors
/// As [`from_json`], and where the document is no object.
pub(crate) fn members<U>(
    text: &str,
    mut wanted: impl FnMut(&str) -> Option<U>,
) -> Result<Vec<(SmolStr, U, Value)>, JsonError> {
    let mut reader = Reader::new(text);
    let at = reader.json.peek().map_err(|error| reader.explain(&error))?;
    if at != Peek::Object {
        let kind = reader.value(at, 0)?.kind();
        return Err(JsonError { message: format!("expected an object, got {kind}"), line: 1, column: 1 });
    }
    let mut found = Vec::new();
    let named = |key: Option<&str>, wanted: &mut dyn FnMut(&str) -> Option<U>| {
        key.map(|key| wanted(key).map(|used| (SmolStr::new(key), used)))
    };
    let mut next = reader.json.known_object().map(|key| named(key, &mut wanted));
    loop {
        let key = match next {
            Ok(Some(key)) => key,
            Ok(None) => break,
            Err(error) => return Err(reader.explain(&error)),
        };
        let at = reader.json.peek().map_err(|error| reader.explain(&error))?;
        match key {
            Some((key, used)) => found.push((key, used, reader.value(at, 1)?)),
            None => reader.json.known_skip(at).map_err(|error| reader.explain(&error))?,
        }
        next = reader.json.next_key().map(|key| named(key, &mut wanted));
    }
    reader.json.finish().map_err(|error| reader.explain(&error))?;
    Ok(found)
}

struct Reader<'a> {
    json: Jiter<'a>,
    text: &'a [u8],
    /// Whether decimal fractions are marked.
    marked: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        let text = text.as_bytes();
        Self { json: Jiter::new(text).with_allow_inf_nan(), text, marked: false }
    }

    fn value(&mut self, at: Peek, depth: usize) -> Result<Value, JsonError> {
        if depth > MAX_DEPTH {
            return Err(self.here(format!("nested deeper than {MAX_DEPTH} levels")));
        }
        let start = self.json.current_index();
        let read = match at {
            Peek::Null => self.json.known_null().map(|()| Value::Null),
            Peek::True | Peek::False => self.json.known_bool(at).map(Value::Bool),
            Peek::String => self.json.known_str().map(Value::from),
            Peek::Array => return self.list(depth),
            Peek::Object => return self.map(depth),
            _ => match self.json.known_number(at) {
                Ok(NumberAny::Int(NumberInt::Int(int))) => Ok(Value::Int(int)),
                Ok(NumberAny::Int(NumberInt::BigInt(int))) => {
                    return match Decimal::try_from(int) {
                        Ok(decimal) => Ok(decimal.into_value()),
                        Err(error) => Err(self.here(error.to_string())),
                    };
                }
                Ok(NumberAny::Float(float)) => {
                    return match self.marked.then(|| self.decimal(start)).flatten() {
                        None => Ok(Value::Float(float)),
                        Some(Ok(decimal)) => Ok(decimal.into_value()),
                        Some(Err(error)) => Err(self.here(error.to_string())),
                    };
                }
                Err(error) => Err(error),
            },
        };
        read.map_err(|error| self.explain(&error))
    }

    /// The decimal fraction that begins here, where the number that was read is marked as one.
    fn decimal(&self, start: usize) -> Option<Result<Decimal, NumberError>> {
        let number = std::str::from_utf8(self.json.slice_to_current(start)).ok()?;
        number.strip_suffix(DECIMAL_MARK).map(str::parse)
    }

    fn list(&mut self, depth: usize) -> Result<Value, JsonError> {
        let mut items = Vec::new();
        let mut next = self.json.known_array().map_err(|error| self.explain(&error))?;
        while let Some(at) = next {
            items.push(self.value(at, depth + 1)?);
            next = self.json.array_step().map_err(|error| self.explain(&error))?;
        }
        Ok(Value::from(items))
    }

    fn map(&mut self, depth: usize) -> Result<Value, JsonError> {
        let mut entries: Vec<(SmolStr, Value)> = Vec::new();
        let mut next = self.json.known_object().map(|key| key.map(SmolStr::new));
        loop {
            let key = match next {
                Ok(Some(key)) => key,
                Ok(None) => break,
                Err(error) => return Err(self.explain(&error)),
            };
            let at = self.json.peek().map_err(|error| self.explain(&error))?;
            entries.push((key, self.value(at, depth + 1)?));
            next = self.json.next_key().map(|key| key.map(SmolStr::new));
        }
        Ok(Value::Map(std::sync::Arc::new(entries.into_iter().collect::<Map>())))
    }

    fn explain(&self, error: &JiterError) -> JsonError {
        let told = foreign(self.text, error);
        let (index, message) = told.unwrap_or_else(|| (error.index, error.error_type.to_string()));
        let at = self.json.error_position(index);
        JsonError { message, line: at.line, column: at.column }
    }

    fn here(&self, message: String) -> JsonError {
        let at = self.json.current_position();
        JsonError { message, line: at.line, column: at.column }
    }
}

/// What stands in the place of a value or a key and is none, and where it begins: what other languages write so.
fn foreign(text: &[u8], error: &JiterError) -> Option<(usize, String)> {
    /// What is longer is no word.
    const LONGEST: usize = 40;
    let JiterErrorType::JsonError(
        JsonErrorType::ExpectedSomeIdent | JsonErrorType::ExpectedSomeValue | JsonErrorType::KeyMustBeAString,
    ) = &error.error_type
    else {
        return None;
    };
    if text.get(error.index) == Some(&b'\'') {
        let told =
            "JSON strings need double quotes; this looks like Python's `repr`: write it with `json.dumps`";
        return Some((error.index, told.to_owned()));
    }
    let (before, after) = text.split_at_checked(error.index)?;
    let is_letter = |byte: &&u8| byte.is_ascii_alphabetic();
    let begin = error.index - before.iter().rev().take_while(is_letter).count();
    let end = error.index + after.iter().take_while(is_letter).count();
    let word = std::str::from_utf8(text.get(begin..end)?).ok()?;
    let json = match word {
        "" => return None,
        "None" => "null",
        "True" => "true",
        "False" => "false",
        "nan" => "NaN",
        "inf" => "Infinity",
        word if word.len() > LONGEST => return None,
        word => {
            return Some((
                begin,
                format!("`{word}` is no word of JSON: texts and keys stand in double quotes"),
            ));
        }
    };
    let told = format!("`{word}` is Python's word, and JSON's is `{json}`: write it with `json.dumps`");
    Some((begin, told))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_line_and_column() {
        let error = from_json("{\n  \"a\": 1,\n  \"b\": oops\n}").unwrap_err();
        assert_eq!((error.line, error.column), (3, 8), "{error}");
        assert!(from_json("").is_err());
        assert!(from_json("1 2").is_err());
    }

    #[test]
    fn what_python_writes_otherwise_is_told() {
        let told = |text: &str| from_json(text).unwrap_err().to_string();
        let quotes = "JSON strings need double quotes; this looks like Python's `repr`: write it with `json.dumps` at line 1, column";
        assert_eq!(told("{'a': 1}"), format!("{quotes} 2"));
        assert_eq!(told("{\"a\": 1, 'b': 2}"), format!("{quotes} 10"));
        assert_eq!(told("{\"a\": 'x'}"), format!("{quotes} 7"));
        for (word, json) in
            [("None", "null"), ("True", "true"), ("False", "false"), ("nan", "NaN"), ("inf", "Infinity")]
        {
            let expected = format!(
                "`{word}` is Python's word, and JSON's is `{json}`: write it with `json.dumps` at line 1, column 7"
            );
            assert_eq!(told(&format!("{{\"a\": {word}}}")), expected);
        }
        assert!(
            told("{\"a\": yes}")
                .starts_with("`yes` is no word of JSON: texts and keys stand in double quotes at")
        );
        assert!(told("{\"a\": }").starts_with("expected value"));
    }

    #[test]
    fn deep_nesting_is_an_error_not_a_crash() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert!(from_json(&deep).unwrap_err().message.contains("nested deeper than 256"));
        assert!(from_json(&("[".repeat(200) + &"]".repeat(200))).is_ok());
    }

    #[test]
    fn numbers_stay_what_they_are() {
        assert_eq!(from_json("1180591620717411303424").unwrap().to_string(), "1180591620717411303424");
        assert_eq!(from_json("18446744073709551615").unwrap().to_string(), "18446744073709551615");
        assert!(matches!(from_json("1.0").unwrap(), Value::Float(_)));
        assert!(matches!(from_json("NaN").unwrap(), Value::Float(float) if float.is_nan()));
        assert!(matches!(from_json("-Infinity").unwrap(), Value::Float(float) if float == f64::NEG_INFINITY));
    }
}
