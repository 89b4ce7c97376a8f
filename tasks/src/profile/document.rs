//! The frame of what is written to files: a format version and a kind before the data, so that a file of a later version, of
//! another kind, or a damaged one is told as that.

use std::fmt::Display;

use serde::{Serialize, de::DeserializeOwned};
use thiserror::Error;

use super::state::STATE_FORMAT;
use crate::value::{Map, Value, from_value, to_value};

/// The latest version of documents that can be read. Each is written in the first that has all that it says: an earlier version of the
/// package reads what it knows, and says of the rest that it is newer.
///
/// | format | what it has |
/// |---|---|
/// | 1 | all but what is below |
/// | 2 | the reason [`FewBefore`](scouter_drift::Absent::FewBefore) in a map of drift by bins |
pub const FORMAT: i64 = 2;

/// The version that nearly all documents are written in.
const FIRST: i64 = 1;

/// Data that are written to files.
pub trait Document: Serialize + DeserializeOwned {
    /// What it is, in the document.
    const KIND: &'static str;

    /// The first format that has all that it says.
    fn format(&self) -> i64 {
        FIRST
    }
}

/// Why a document cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DocumentError {
    /// It is no object, or has no format version.
    #[error("it has no `format`: it is no `{0}`, or it is damaged")]
    NoFormat(&'static str),
    /// It was written by a later version.
    #[error(
        "it was written in format `{0}`, and `{FORMAT}` is the latest that this version reads: install a newer version"
    )]
    Newer(i64),
    /// What is kept in it to put it together with others was written by a later version.
    #[error(
        "what it keeps to be put together with others was written in format `{0}`, and `{STATE_FORMAT}` is the latest that this \
         version reads: install a newer version, or make it again with this one"
    )]
    NewerState(i64),
    /// It is something else.
    #[error("it is a `{found}`, not a `{wanted}`")]
    Kind {
        /// What it is.
        found: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// Something in it is missing or wrong.
    #[error("it is damaged: {0}")]
    Damaged(String),
}

/// The document of some data.
///
/// # Errors
/// The data have no form in JSON.
pub fn write<D: Document>(data: &D) -> Result<Value, DocumentError> {
    let value = to_value(data).map_err(|error| DocumentError::Damaged(error.to_string()))?;
    let head = [("format", Value::Int(data.format())), ("kind", Value::text(D::KIND))];
    let head = head.into_iter().map(|(key, value)| (key.into(), value));
    let body =
        value.as_map().into_iter().flat_map(Map::iter).map(|(key, value)| (key.clone(), value.clone()));
    Ok(Value::Map(head.chain(body).collect::<Map>().into()))
}

/// Where in a document it stands what is kept beside the data to put them together with others.
const STATE: &str = "state";

/// The document of some data, with what is kept beside them to put them together with others.
///
/// # Errors
/// One of both has no form in JSON.
pub fn write_with<D: Document, S: Serialize>(data: &D, state: &S) -> Result<Value, DocumentError> {
    let document = write(data)?;
    let state = to_value(state).map_err(|error| DocumentError::Damaged(error.to_string()))?;
    let body =
        document.as_map().into_iter().flat_map(Map::iter).map(|(key, value)| (key.clone(), value.clone()));
    Ok(Value::Map(body.chain([(STATE.into(), state)]).collect::<Map>().into()))
}

/// What a document keeps beside its data, where it does.
///
/// # Errors
/// It is of a later version, or damaged.
pub fn read_state<S: DeserializeOwned>(document: &Value) -> Result<Option<S>, DocumentError> {
    let state = document.get(STATE).map(from_value).transpose();
    state.map_err(|error| wrong(document, &error))
}

/// Why a document cannot be read that is of a known format and kind: what it keeps is of a later version, or something in it is damaged.
fn wrong(document: &Value, error: &impl Display) -> DocumentError {
    match document.get(STATE).and_then(|state| state.get("format")) {
        Some(Value::Int(format)) if *format > STATE_FORMAT => DocumentError::NewerState(*format),
        _ => DocumentError::Damaged(error.to_string()),
    }
}

/// The data of a document.
///
/// # Errors
/// It, or what it keeps, is of a later version; it is of another kind, or damaged.
pub fn read<D: Document>(document: &Value) -> Result<D, DocumentError> {
    let no_format = || DocumentError::NoFormat(D::KIND);
    let map = document.as_map().ok_or_else(no_format)?;
    match map.get("format") {
        Some(Value::Int(format)) if *format > FORMAT => return Err(DocumentError::Newer(*format)),
        Some(Value::Int(_)) => {}
        _ => return Err(no_format()),
    }
    match map.get("kind") {
        Some(Value::Text(kind)) if kind == D::KIND => {}
        Some(Value::Text(kind)) => {
            return Err(DocumentError::Kind { found: kind.to_string(), wanted: D::KIND });
        }
        _ => return Err(DocumentError::Damaged("there is no `kind`".to_owned())),
    }
    from_value(document).map_err(|error| wrong(document, &error))
}
