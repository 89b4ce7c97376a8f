//! Errors in one line, as the engine tells them: this crate stands on none of ours.

use std::error::Error;

/// An error and all that caused it. What a message says already of its cause is not said again.
pub(super) fn causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = error.source();
    }
    text
}
