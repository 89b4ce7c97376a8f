//! What the log says of profiles that are put together.

use pyo3::prelude::*;

use crate::intake::listed;
use crate::run::warn;

/// Warns of columns that only the first of two profiles has, and of those that only the other has.
pub(crate) fn warn_of_alone(py: Python<'_>, [here, there]: [Vec<&str>; 2]) {
    let told = match (here.is_empty(), there.is_empty()) {
        (true, true) => return,
        (false, false) => format!(
            "{} is in one profile alone, and {} in the other: each has no value in the rows of the other; \
             a column that was renamed must have one name in both",
            listed(&here),
            listed(&there)
        ),
        _ => format!(
            "{} is in one profile alone: it has no value in the rows of the other; where these have it too, make both \
             profiles of all columns",
            listed(&[here, there].concat())
        ),
    };
    warn(py, told);
}

/// Warns that both profiles are the same one.
pub(crate) fn warn_of_twice(py: Python<'_>) {
    warn(
        py,
        "a profile is merged with itself: each of its rows counts twice now; merge each part once".to_owned(),
    );
}
