//! What the rows of a window are brought together to: a state of each feature, which is all that its method has to know of them.

use indexmap::IndexMap;
use scouter_tasks::window::State;

use crate::store::Measures;

/// The rows of a window.
pub(super) struct Gathered {
    /// How many there are.
    pub(super) rows: u64,
    /// What was made of each feature.
    pub(super) states: IndexMap<String, State>,
    /// The same in numbers, for drift over time.
    pub(super) measures: Measures,
}
