//! JSONPath, by `jsonpath-rust`.

use std::collections::BTreeSet;

use jsonpath_rust::parser::errors::JsonPathError;
use jsonpath_rust::parser::model::{JpQuery, Segment, Selector};
use jsonpath_rust::parser::{Rule, parse_json_path};
use jsonpath_rust::query::js_path_process;
use pest::error::{ErrorVariant, InputLocation};

use super::read::{PathError, Read, Step};
use crate::value::{MAX_DEPTH, Value};

/// How deep brackets and parentheses may stand within each other: the reader of JSONPath calls
/// itself for each.
pub(super) const NESTING: usize = 32;

/// A compiled JSONPath.
#[derive(Clone, Debug)]
pub(super) enum Query {
    /// Only names and positions: one node at most, read like a dotted path.
    Single(Vec<Step>),
    /// Anything else: a list of nodes.
    Many(JpQuery),
}

pub(super) fn parse(text: &str) -> Result<Query, PathError> {
    let open = unclosed(text).map_err(|at| {
        let column = text[..at].chars().count() + 1;
        PathError::new(text, format!("nested deeper than {NESTING} levels"), column)
    })?;
    let query = parse_json_path(text).map_err(|error| told(text, &error, &open))?;
    if query.segments.len() > MAX_DEPTH {
        return Err(PathError::too_long(text, 1));
    }
    let steps: Option<Vec<Step>> = query.segments.iter().map(single).collect();
    Ok(steps.map_or(Query::Many(query), Query::Single))
}

/// What is wrong and where, in our words: the reader of JSONPath speaks of its grammar.
fn told(text: &str, error: &JsonPathError, open: &[usize]) -> PathError {
    if text.starts_with("${") {
        let message = "not a JSONPath: `${…}` fills in expected values and prompts; a path stands by itself";
        return PathError::new(text, message, 1);
    }
    let JsonPathError::PestError(error) = error else {
        return PathError::new(text, "not a JSONPath: a part of it has no meaning (RFC 9535)", 1);
    };
    let (InputLocation::Pos(at) | InputLocation::Span((at, _))) = error.location;
    let at = text.floor_char_boundary(at);
    let (before, rest) = text.split_at(at);
    let expected: BTreeSet<&str> = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives.iter().copied().filter_map(word).collect(),
        ErrorVariant::CustomError { .. } => BTreeSet::new(),
    };
    let expected = expected.into_iter().collect::<Vec<_>>().join(", or ");
    let found = rest.chars().next().map_or_else(|| "the end".to_owned(), |found| format!("`{found}`"));
    let wrong = match expected.as_str() {
        "" => format!("unexpected: {found}"),
        expected => format!("expected {expected}, found {found}"),
    };
    let unclosed = open.last().and_then(|at| text[*at..].chars().next());
    let hint = unclosed.map(|open| format!("`{open}` is never closed")).or_else(|| hint(before, rest));
    let hint = hint.map(|hint| format!("; {hint}")).unwrap_or_default();
    let message = format!("not a JSONPath: {wrong}{hint}");
    PathError::new(text, message, before.chars().count() + 1)
}

/// What a rule of the grammar stands for.
fn word(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::segment | Rule::child_segment | Rule::descendant_segment | Rule::bracketed_selection => {
            "`.` or `[`"
        }
        Rule::member_name_shorthand | Rule::name_first | Rule::name_char => "a key",
        Rule::wildcard_selector => "`*`",
        Rule::selector | Rule::name_selector | Rule::index_selector | Rule::slice_selector => {
            "a key in quotes, a position, `*` or `?` with a condition"
        }
        Rule::logical_expr
        | Rule::logical_expr_and
        | Rule::atom_expr
        | Rule::paren_expr
        | Rule::comp_expr
        | Rule::test_expr
        | Rule::test => "a condition such as `@.score > 3`",
        Rule::comp_op => "a comparison such as `==`",
        Rule::comparable | Rule::literal | Rule::function_argument => {
            "a number, a text in quotes, or a path that begins with `@` or `$`"
        }
        Rule::string => "a text in quotes",
        Rule::EOI => "the end",
        _ => return None,
    })
}

/// What was probably meant, by what stands around the mistake.
fn hint(before: &str, rest: &str) -> Option<String> {
    let bare = |c: char| c.is_alphanumeric() || c == '_';
    let outer = before.trim_end_matches(bare);
    let begun = before[outer.len()..].chars();
    let key: String = begun.chain(rest.chars().take_while(|c| bare(*c) || "- ".contains(*c))).collect();
    let key = key.trim_end();
    let outside = outer.ends_with('.') && !key.is_empty();
    let odd = key.starts_with(|c: char| c.is_ascii_digit()) || key.contains(['-', ' ']);
    (outside && odd)
        .then(|| format!("a key that is not only letters, digits and `_` stands in brackets: ['{key}']"))
}

/// The places of brackets and quotes that are never closed, from the outside in.
///
/// # Errors
/// Where brackets go deeper than [`NESTING`]: the place.
fn unclosed(text: &str) -> Result<Vec<usize>, usize> {
    let mut open = Vec::new();
    let mut quote = None;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' if quote.is_some() => drop(bytes.next()),
            _ if quote.is_some_and(|(quote, _)| quote == byte) => quote = None,
            b'"' | b'\'' if quote.is_none() => quote = Some((byte, at)),
            b'[' | b'(' if quote.is_none() => {
                open.push(at);
                if open.len() > NESTING {
                    return Err(at);
                }
            }
            b']' | b')' if quote.is_none() => {
                let opener = if byte == b']' { b'[' } else { b'(' };
                open.pop_if(|at| text.as_bytes()[*at] == opener);
            }
            _ => {}
        }
    }
    open.extend(quote.map(|(_, at)| at));
    Ok(open)
}

fn single(segment: &Segment) -> Option<Step> {
    match segment {
        Segment::Selector(Selector::Name(name)) => Some(Step::Key(name.as_str().into())),
        Segment::Selector(Selector::Index(index)) => Some(Step::Index(*index)),
        _ => None,
    }
}

/// The values of all nodes that match: an array, empty where none does.
pub(super) fn read(query: &JpQuery, value: &Value) -> Read {
    match js_path_process(query, value) {
        Ok(found) => Read::Found(Value::list(found.into_iter().map(|node| node.val().clone()))),
        Err(error) => Read::Unreadable(format!("evaluate the JSONPath: {error}").into()),
    }
}
