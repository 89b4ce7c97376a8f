//! Whether an id was there before, for any number of records.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The ids that were seen, as fingerprints of 128 bits: 16 bytes a record (some 40 with the room that the
/// set keeps), however long its id is. Two ids of a billion share one with a chance of 10⁻²¹.
#[derive(Debug, Default)]
pub(super) struct Ids(HashSet<u128>);

impl Ids {
    /// Whether the id is new.
    pub(super) fn add(&mut self, id: &str) -> bool {
        self.0.insert(u128::from(half(0, id)) << 64 | u128::from(half(1, id)))
    }
}

fn half(which: u8, id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (which, id).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_is_new_once(given in prop::collection::vec("[a-c]{0,3}", 0..40)) {
            let mut ids = Ids::default();
            let mut seen = HashSet::new();
            for id in given {
                prop_assert_eq!(ids.add(&id), seen.insert(id));
            }
        }
    }
}
