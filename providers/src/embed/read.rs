//! Vectors out of JSON.

use serde_json::Value;

use crate::wire::items;

/// The numbers of a list at a pointer; none where anything else is among them.
pub(crate) fn numbers(json: &Value, pointer: &'static str) -> Vec<f32> {
    #[expect(clippy::cast_possible_truncation, reason = "embeddings are of single precision")]
    let number = |number: &Value| number.as_f64().map(|number| number as f32);
    items(json, pointer).map(number).collect::<Option<_>>().unwrap_or_default()
}
