//! What can be wrong with spans, and with the specs that measure them.

use smol_str::SmolStr;

use crate::operator::short_key;
use crate::pattern::PATTERN_BYTES;

/// How deep filters may stand within filters; a filter on its own is one level.
pub const MAX_FILTER_DEPTH: usize = 64;

/// The most of a cycle or a pattern that a message shows.
const SHOWN: usize = 80;

/// Spans that make no trace.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TraceError {
    /// Two spans have the same id.
    #[error("span id `{0}` is used by more than one span")]
    DuplicateSpan(SmolStr),
    /// A span that took less than no time: every limit on durations would hold for it.
    #[error("span {} ({}) ends before it starts", short_key(name), short_key(id))]
    EndsBeforeStart {
        /// What ran.
        name: SmolStr,
        /// The span.
        id: SmolStr,
    },
    /// Spans that are their own ancestors: each is the parent of the one before it, and the
    /// first is the parent of the last.
    #[error("spans are their own ancestors: {}", cycle(.0))]
    ParentCycle(Vec<SmolStr>),
}

fn cycle(ids: &[SmolStr]) -> String {
    let shown: Vec<String> =
        ids.iter().chain(ids.first()).take(SHOWN / 10).map(|id| format!("`{id}`")).collect();
    let rest = if shown.len() > ids.len() { String::new() } else { format!(" < … ({} spans)", ids.len()) };
    shown.join(" < ") + &rest
}

/// One mistake in the spec of a trace assertion.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{field}`: {problem}")]
pub struct TraceSpecError {
    /// Where it stands, such as `assertion.filter.filters[1].pattern`.
    pub field: String,
    /// What is wrong.
    pub problem: SpecProblem,
}

/// What is wrong with a field of a spec.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpecProblem {
    /// A list that needs an entry has none.
    #[error("the list is empty")]
    Empty,
    /// Text that is not a regular expression.
    #[error("`{}` is not a regular expression: {reason}", shown(pattern))]
    Pattern {
        /// The text.
        pattern: String,
        /// What the reader of regular expressions says.
        reason: String,
    },
    /// A regular expression that looks ahead or behind, or refers back to a group.
    #[error("`{}` looks ahead or behind, or refers back to a group, which is not supported", shown(.0))]
    LookAround(String),
    /// A regular expression that is too large when compiled.
    #[error("`{}` takes more than {PATTERN_BYTES} bytes when compiled", shown(.0))]
    PatternTooLarge(String),
    /// A least value above the greatest.
    #[error("`{min}` is above the maximum `{max}`, nothing lies between")]
    MinAboveMax {
        /// The least value.
        min: String,
        /// The greatest.
        max: String,
    },
    /// NaN where a duration is expected.
    #[error("`NaN` is not a duration")]
    NotADuration,
    /// Filters within filters beyond [`MAX_FILTER_DEPTH`].
    #[error("nested deeper than {MAX_FILTER_DEPTH} filters")]
    TooDeep,
    /// A superset of no tool calls: every trace is one.
    #[error("every trace has at least these calls, for there are none")]
    AlwaysTrue,
}

impl SpecProblem {
    /// What to write instead, where that is known.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::LookAround(_) => Some(
                "combine two patterns with `And`, `Or` and `Not` instead: a name that matches one \
                 pattern and not another",
            ),
            Self::PatternTooLarge(_) => Some("use smaller counts of repetition, or several patterns in `Or`"),
            Self::AlwaysTrue => Some("use the mode `Strict` to check that no tool is called"),
            Self::TooDeep => Some("`And` and `Or` take any number of filters in one list"),
            Self::Empty | Self::Pattern { .. } | Self::MinAboveMax { .. } | Self::NotADuration => None,
        }
    }
}

fn shown(pattern: &str) -> String {
    match pattern.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &pattern[..end]),
        None => pattern.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(count: usize) -> Vec<SmolStr> {
        (0..count).map(|n| SmolStr::from(n.to_string())).collect()
    }

    #[test]
    fn a_short_cycle_is_shown_whole() {
        assert_eq!(
            TraceError::ParentCycle(ids(2)).to_string(),
            "spans are their own ancestors: `0` < `1` < `0`"
        );
        assert_eq!(TraceError::ParentCycle(ids(1)).to_string(), "spans are their own ancestors: `0` < `0`");
    }

    #[test]
    fn a_long_cycle_is_cut_and_counted() {
        let text = TraceError::ParentCycle(ids(100_000)).to_string();
        assert!(text.ends_with("`7` < … (100000 spans)"), "{text}");
    }

    #[test]
    fn a_long_pattern_is_cut_in_the_message() {
        let text = SpecProblem::PatternTooLarge("é".repeat(1_000_000)).to_string();
        assert!(text.len() < 300, "{text}");
    }
}
