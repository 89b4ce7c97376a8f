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
    #[error("resolve `${{{path}}}`: the record has no `{missing}`{hint}", hint = did_you_mean(.near.as_deref()))]
    Missing {
        /// The path.
        path: String,
        /// The path as far as the part of it that is not there.
        missing: String,
        /// One that leads somewhere in what a dependency made.
        near: Option<String>,
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

fn did_you_mean(near: Option<&str>) -> String {
    near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
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
                let (missing, near) = (self.path.up_to_missing(taken), self.source.near(&self.path, cx));
                Err(FillError::Missing { path: path(), missing, near })
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
            // The items as compiled, not as written: in them an escaped `$${` is a plain `${`.
            let constant: Option<Vec<_>> = items.iter().map(|item| item.constant().cloned()).collect();
            constant.map_or(Template::List(items), |items| Template::Constant(Value::from(items)))
        }
        Value::Map(map) => {
            let entries: Vec<_> =
                map.iter().map(|(key, value)| (key.clone(), compile(value, source, problems))).collect();
            let constant: Option<Vec<_>> =
                entries.iter().map(|(key, value)| Some((key.clone(), value.constant()?.clone()))).collect();
            constant.map_or(Template::Map(entries), |entries| Template::Constant(Value::map(entries)))
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
        let place = &rest[at + 2..];
        let Some(end) = closing(place) else {
            problems.push(format!(
                "`{}` has no closing `}}`; write `$${{` for a plain `${{`",
                start(&rest[at..])
            ));
            break;
        };
        match Path::parse(place[..end].trim()) {
            Ok(path) => {
                if !literal.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut literal)));
                }
                let source = source(path.clone());
                parts.push(Part::Place(Box::new(Place { path, source })));
            }
            Err(error) => problems.push(error.to_string()),
        }
        rest = &place[end + 1..];
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

/// Where the place ends: at the first `}` that is not part of a quoted key.
fn closing(place: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in place.char_indices() {
        match quote {
            _ if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(end) if c == end => quote = None,
            None if c == '}' => return Some(at),
            None if c == '"' || c == '\'' => quote = Some(c),
            Some(_) | None => {}
        }
    }
    None
}

/// The beginning of a text, for messages.
fn start(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subject::Reads;
    use crate::value::from_json;

    fn compiled(json: &str) -> Result<Template, Vec<String>> {
        let mut reads = Reads::default();
        Template::compile(&from_json(json).unwrap(), &mut |path| Source::new(path, &[], &mut reads))
    }

    fn constant(json: &str) -> Value {
        compiled(json).unwrap().constant().unwrap().clone()
    }

    #[test]
    fn an_escaped_place_is_plain_text_wherever_it_stands() {
        assert_eq!(constant(r#""$${x}""#), Value::from("${x}"));
        assert_eq!(constant(r#"["$${x}", 1]"#), from_json(r#"["${x}", 1]"#).unwrap());
        assert_eq!(constant(r#"{"k": ["$${x}"]}"#), from_json(r#"{"k": ["${x}"]}"#).unwrap());
        assert_eq!(constant(r#""$$${x}""#), Value::from("$${x}"));
    }

    #[test]
    fn a_dollar_before_anything_else_is_a_dollar() {
        for text in ["$5", "$x", "{x}", "$ {x}", "$"] {
            assert_eq!(constant(&format!("{text:?}")), Value::from(text));
        }
    }

    #[test]
    fn a_place_alone_keeps_the_type_of_its_value() {
        assert!(matches!(compiled(r#""${x}""#).unwrap(), Template::Whole(_)));
        assert!(matches!(compiled(r#""a ${x}""#).unwrap(), Template::Text(_)));
    }

    #[test]
    fn a_brace_in_a_quoted_key_does_not_end_the_place() {
        let template = compiled(r#""${[\"a}b\"].c}""#).unwrap();
        assert!(matches!(&template, Template::Whole(place) if place.path.to_string() == r#"["a}b"].c"#));
    }

    #[test]
    fn every_broken_place_is_told() {
        let problems = compiled(r#"["${a", "${}", "${a..b}"]"#).unwrap_err();
        assert_eq!(problems.len(), 3, "{problems:?}");
        assert!(problems[0].contains("`${a` has no closing `}`"), "{problems:?}");
    }

    #[test]
    fn a_place_that_is_never_closed_is_shown_shortened() {
        let problems = compiled(&format!("\"${{{}\"", "x".repeat(1_000_000))).unwrap_err();
        assert!(problems[0].len() < 200);
    }
}
