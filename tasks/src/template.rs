//! `${path}` in expected values: compiled once, filled in for each record.

use crate::path::{Path, Read};
use crate::source::{Cx, Source};
use crate::value::Value;

/// A value with places to fill in.
#[derive(Clone, Debug)]
pub enum Template {
    /// Nothing to fill in.
    Constant(Value),
    /// `"${path}"` alone: the value itself, with its type.
    Whole(Box<Place>),
    /// Text with places in it.
    Text(Vec<Part>),
    /// An array with places in it.
    List(Vec<Template>),
    /// An object with places in it.
    Map(Vec<(smol_str::SmolStr, Template)>),
}

/// A place that is filled in.
#[derive(Clone, Debug)]
pub struct Place {
    path: Path,
    source: Source,
}

/// A piece of text with places in it.
#[derive(Clone, Debug)]
pub enum Part {
    /// Text as it stands.
    Text(String),
    /// A value: text as it is, anything else as JSON.
    Place(Box<Place>),
}

/// A template that cannot be filled in for a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FillError {
    /// The record does not have it.
    #[error("resolve `${{{path}}}`: the record has no `{missing}`")]
    Missing {
        /// The path.
        path: String,
        /// The part of it that is not there.
        missing: String,
    },
    /// The record has it, but it has no form as a value.
    #[error("resolve `${{{path}}}`: {why}")]
    Unreadable {
        /// The path.
        path: String,
        /// Why.
        why: String,
    },
}

impl Template {
    /// Compiles a value. `source` says where a path is read from.
    ///
    /// `${path}` is a place, `$${` stands for `${` itself; a `$` before anything else is a `$`.
    ///
    /// # Errors
    /// With a message for every place that is not closed or holds no path.
    pub fn compile(value: &Value, source: &mut impl FnMut(Path) -> Source) -> Result<Self, Vec<String>> {
        let mut problems = Vec::new();
        let template = compile(value, source, &mut problems);
        if problems.is_empty() { Ok(template) } else { Err(problems) }
    }

    /// The value, where there is nothing to fill in.
    pub fn constant(&self) -> Option<&Value> {
        match self {
            Self::Constant(value) => Some(value),
            _ => None,
        }
    }

    /// Fills it in. Text that is filled in is never looked at again: a `${…}` in it stays.
    ///
    /// # Errors
    /// Where a place leads nowhere.
    pub fn fill(&self, cx: &Cx<'_, '_>) -> Result<Value, FillError> {
        Ok(match self {
            Self::Constant(value) => value.clone(),
            Self::Whole(place) => place.read(cx)?,
            Self::Text(parts) => {
                let mut text = String::new();
                for part in parts {
                    match part {
                        Part::Text(part) => text.push_str(part),
                        Part::Place(place) => match place.read(cx)? {
                            Value::Text(part) => text.push_str(&part),
                            other => text.push_str(&other.to_string()),
                        },
                    }
                }
                Value::from(text)
            }
            Self::List(items) => {
                Value::from(items.iter().map(|item| item.fill(cx)).collect::<Result<Vec<_>, _>>()?)
            }
            Self::Map(entries) => {
                let filled = entries.iter().map(|(key, value)| Ok((key.clone(), value.fill(cx)?)));
                Value::map(filled.collect::<Result<Vec<_>, FillError>>()?)
            }
        })
    }
}

impl Place {
    fn read(&self, cx: &Cx<'_, '_>) -> Result<Value, FillError> {
        let path = || self.path.to_string();
        match self.source.read(cx).into_owned() {
            Read::Found(value) => Ok(value),
            Read::Missing { taken } => {
                Err(FillError::Missing { path: path(), missing: self.path.missing_part(taken) })
            }
            Read::Unreadable(why) => Err(FillError::Unreadable { path: path(), why: why.into() }),
        }
    }
}

fn compile(value: &Value, source: &mut impl FnMut(Path) -> Source, problems: &mut Vec<String>) -> Template {
    match value {
        Value::Text(text) if text.contains("${") => text_template(text, source, problems),
        Value::List(items) => {
            let items: Vec<_> = items.iter().map(|item| compile(item, source, problems)).collect();
            if items.iter().all(|item| item.constant().is_some()) {
                Template::Constant(value.clone())
            } else {
                Template::List(items)
            }
        }
        Value::Map(map) => {
            let entries: Vec<_> =
                map.iter().map(|(key, value)| (key.clone(), compile(value, source, problems))).collect();
            if entries.iter().all(|(_, value)| value.constant().is_some()) {
                Template::Constant(value.clone())
            } else {
                Template::Map(entries)
            }
        }
        other => Template::Constant(other.clone()),
    }
}

fn text_template(
    text: &str,
    source: &mut impl FnMut(Path) -> Source,
    problems: &mut Vec<String>,
) -> Template {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        if rest[..at].ends_with('$') {
            // `$${` is an escaped `${`.
            literal.push_str(&rest[..at - 1]);
            literal.push_str("${");
            rest = &rest[at + 2..];
            continue;
        }
        literal.push_str(&rest[..at]);
        let Some(end) = rest[at..].find('}') else {
            problems.push(format!("`{}` has no closing `}}`; write `$${{` for a plain `${{`", &rest[at..]));
            break;
        };
        match Path::parse(rest[at + 2..at + end].trim()) {
            Ok(path) => {
                if !literal.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut literal)));
                }
                let source = source(path.clone());
                parts.push(Part::Place(Box::new(Place { path, source })));
            }
            Err(error) => problems.push(error.to_string()),
        }
        rest = &rest[at + end + 1..];
    }
    literal.push_str(rest);
    if parts.is_empty() {
        return Template::Constant(Value::from(literal));
    }
    if !literal.is_empty() {
        parts.push(Part::Text(literal));
    }
    match parts.pop() {
        Some(Part::Place(place)) if parts.is_empty() => Template::Whole(place),
        Some(last) => {
            parts.push(last);
            Template::Text(parts)
        }
        None => Template::Text(parts),
    }
}
