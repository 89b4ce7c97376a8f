//! JSONPath, by `jsonpath-rust`.

use jsonpath_rust::parser::model::{JpQuery, Segment, Selector};
use jsonpath_rust::parser::parse_json_path;
use jsonpath_rust::query::js_path_process;

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
    if let Some(at) = too_deep(text) {
        let column = text[..at].chars().count() + 1;
        return Err(PathError::new(text, format!("nested deeper than {NESTING} levels"), column));
    }
    let query =
        parse_json_path(text).map_err(|error| PathError::new(text, format!("not a JSONPath: {error}"), 1))?;
    if query.segments.len() > MAX_DEPTH {
        return Err(PathError::too_long(text, 1));
    }
    let steps: Option<Vec<Step>> = query.segments.iter().map(single).collect();
    Ok(steps.map_or(Query::Many(query), Query::Single))
}

/// Where brackets outside quotes go deeper than [`NESTING`].
fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quote = None;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' if quote.is_some() => drop(bytes.next()),
            _ if quote == Some(byte) => quote = None,
            b'"' | b'\'' if quote.is_none() => quote = Some(byte),
            b'[' | b'(' if quote.is_none() => {
                depth += 1;
                if depth > NESTING {
                    return Some(at);
                }
            }
            b']' | b')' if quote.is_none() => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
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
