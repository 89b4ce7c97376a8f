//! Looking values up in an array, fast where it is long.

use std::sync::Arc;

use crate::value::Value;

/// Beyond this many items a lookup goes through the sorted index.
const SCAN: usize = 32;

/// The items of an expected list, ready for lookups.
#[derive(Clone, Debug)]
pub(super) struct Members {
    items: Arc<Vec<Value>>,
    index: Index,
}

/// Positions of items, sorted by [`Value::total_cmp`]; empty where a scan is as fast.
#[derive(Clone, Debug)]
pub(super) struct Index(Box<[usize]>);

impl Members {
    pub(super) fn new(items: Arc<Vec<Value>>) -> Self {
        Self { index: Index::new(&items), items }
    }

    pub(super) fn items(&self) -> &[Value] {
        &self.items
    }

    #[inline]
    pub(super) fn has(&self, value: &Value) -> bool {
        self.index.has(&self.items, value)
    }
}

impl Index {
    pub(super) fn new(items: &[Value]) -> Self {
        if items.len() <= SCAN {
            return Self(Box::default());
        }
        let mut sorted: Box<[usize]> = (0..items.len()).collect();
        sorted.sort_by(|&a, &b| items[a].total_cmp(&items[b]));
        Self(sorted)
    }

    /// Whether `items`, of which this is the index, has an item equal to `value`.
    pub(super) fn has(&self, items: &[Value], value: &Value) -> bool {
        if self.0.is_empty() {
            return items.contains(value);
        }
        let found = self.0.binary_search_by(|&at| items[at].total_cmp(value));
        // The order takes NaN for equal to itself, equality does not.
        found.is_ok_and(|at| items[self.0[at]] == *value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_lists_find_every_item_and_nothing_else() {
        for count in [1_i64, 32, 33, 1000] {
            let members = Members::new(Arc::new((0..count).rev().map(Value::Int).collect()));
            assert!((0..count).all(|n| members.has(&Value::Float(n as f64))), "{count}");
            assert!(!members.has(&Value::Int(count)) && !members.has(&Value::from("0")), "{count}");
        }
    }

    #[test]
    fn nan_is_found_in_no_list() {
        for size in [1, 100] {
            let members = Members::new(Arc::new(vec![Value::Float(f64::NAN); size]));
            assert!(!members.has(&Value::Float(f64::NAN)), "{size}");
        }
    }
}
