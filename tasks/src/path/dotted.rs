//! The grammar of dotted paths.

use smol_str::SmolStr;

use super::read::{PathError, Step};
use crate::value::MAX_DEPTH;

/// Reads a dotted path. Errors name the column, in characters from 1.
pub(super) fn parse(text: &str) -> Result<Vec<Step>, PathError> {
    let mut rest = Cursor { text, at: 0 };
    let mut steps = Vec::new();
    loop {
        if steps.len() == MAX_DEPTH && rest.peek().is_some() {
            return Err(PathError::too_long(text, rest.column()));
        }
        match rest.peek() {
            Some('[') => steps.push(bracket(&mut rest)?),
            Some('.') if steps.is_empty() => return Err(rest.error("expected a key before `.`")),
            Some('.') => {
                rest.bump();
                steps.push(key(&mut rest)?);
            }
            Some(_) if steps.is_empty() => steps.push(key(&mut rest)?),
            Some(other) => return Err(rest.error(format!("expected `.` or `[`, found `{other}`"))),
            None if steps.is_empty() => return Err(rest.error("the path is empty")),
            None => return Ok(steps),
        }
    }
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn until(&mut self, end: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let taken = &rest[..rest.find(end).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }

    fn column(&self) -> usize {
        self.text[..self.at].chars().count() + 1
    }

    fn error(&self, message: impl Into<String>) -> PathError {
        PathError::new(self.text, message, self.column())
    }
}

fn key(rest: &mut Cursor<'_>) -> Result<Step, PathError> {
    let key = rest.until(|c| matches!(c, '.' | '[' | ']' | '"' | '\''));
    if key.is_empty() {
        return Err(rest.error("expected a key; quote one that holds `.`, `[` or quotes: [\"a.b\"]"));
    }
    Ok(Step::Key(SmolStr::new(key)))
}

fn bracket(rest: &mut Cursor<'_>) -> Result<Step, PathError> {
    rest.bump();
    let step = match rest.peek() {
        Some(quote @ ('"' | '\'')) => quoted(rest, quote)?,
        Some('*') => {
            rest.bump();
            Step::All
        }
        _ => {
            let at = rest.at;
            let index = rest.until(|c| c == ']');
            Step::Index(index.parse().map_err(|_| {
                let start = Cursor { text: rest.text, at };
                start.error(format!("`{index}` is not a position; quote a key: [\"{index}\"]"))
            })?)
        }
    };
    match rest.bump() {
        Some(']') => Ok(step),
        _ => Err(rest.error("expected `]`")),
    }
}

/// A key in quotes; a backslash keeps the character after it.
fn quoted(rest: &mut Cursor<'_>, quote: char) -> Result<Step, PathError> {
    rest.bump();
    let mut key = String::new();
    loop {
        match rest.bump() {
            Some(end) if end == quote => return Ok(Step::Key(key.into())),
            Some('\\') => key.extend(rest.bump()),
            Some(other) => key.push(other),
            None => return Err(rest.error(format!("expected {quote} to end the key"))),
        }
    }
}
