//! Where a record says what it belongs to.

use smol_str::SmolStr;

use crate::path::{Path, Read};
use crate::result::Labels;
use crate::subject::{Lookup, ReadIndex, Reads};
use crate::value::{Kind, Value};

/// The places in a record's context of its case and its cluster.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    reads: Reads,
    case: Option<ReadIndex>,
    cluster: Option<ReadIndex>,
}

impl Keys {
    /// Keys that stand at these paths.
    pub fn new(case: Option<Path>, cluster: Option<Path>) -> Self {
        let mut reads = Reads::default();
        let [case, cluster] = [case, cluster].map(|path| path.map(|path| reads.add(path)));
        Self { reads, case, cluster }
    }

    /// What is read from a record.
    pub fn reads(&self) -> &Reads {
        &self.reads
    }

    /// The labels of a record of which this was read, in the order of [`Keys::reads`]. Texts, numbers and
    /// booleans make a key; a record that has none there belongs to nothing but itself.
    pub fn labels(&self, reads: &[Lookup]) -> Labels {
        let key = |index: ReadIndex| match reads.get(index.place()).map(Lookup::read) {
            Some(Read::Found(Value::Text(text))) => Some(text.clone()),
            Some(Read::Found(value)) if matches!(value.kind(), Kind::Number | Kind::Bool) => {
                Some(SmolStr::from(value.to_string()))
            }
            _ => None,
        };
        Labels { case: self.case.and_then(key), trial: None, cluster: self.cluster.and_then(key) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::from_json;

    fn labels(context: &str) -> Labels {
        let path = |text| Path::parse(text).ok();
        let keys = Keys::new(path("task.id"), path("user"));
        keys.labels(&keys.reads().read(&from_json(context).unwrap()))
    }

    #[test]
    fn texts_numbers_and_booleans_are_keys() {
        let read = labels(r#"{"task": {"id": 7}, "user": "ann"}"#);
        assert_eq!((read.case.as_deref(), read.cluster.as_deref()), (Some("7"), Some("ann")));
        assert_eq!(labels(r#"{"task": {"id": true}}"#).case.as_deref(), Some("true"));
    }

    #[test]
    fn what_is_missing_or_no_single_value_is_no_key() {
        for context in ["{}", r#"{"task": {"id": null}}"#, r#"{"task": {"id": [1]}}"#] {
            assert_eq!(labels(context), Labels::default(), "{context}");
        }
    }
}
