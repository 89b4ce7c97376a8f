//! JSONPath, by `jsonpath-rust`.

use jsonpath_rust::parser::model::{JpQuery, Segment, Selector};
use jsonpath_rust::parser::parse_json_path;
use jsonpath_rust::query::js_path_process;

use super::read::{PathError, Read, Step};
use crate::value::Value;

/// A compiled JSONPath.
#[derive(Clone, Debug)]
pub(super) enum Query {
    /// Only names and positions: one node at most, read like a dotted path.
    Single(Vec<Step>),
    /// Anything else: a list of nodes.
    Many(JpQuery),
}

pub(super) fn parse(text: &str) -> Result<Query, PathError> {
    let query = parse_json_path(text).map_err(|error| PathError {
        path: text.to_owned(),
        message: format!("not a JSONPath: {error}"),
        column: 1,
    })?;
    let steps: Option<Vec<Step>> = query.segments.iter().map(single).collect();
    Ok(steps.map_or(Query::Many(query), Query::Single))
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
