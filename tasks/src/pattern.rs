//! Regular expressions of users: compiled within a bound of memory, and what is wrong in one line.

use regex::{Regex, RegexBuilder};

/// The largest compiled regular expression, in bytes. `\w` alone takes some 20 kB, for it knows
/// the letters of every script; repetitions multiply that.
pub const PATTERN_BYTES: usize = 10 << 20;

/// Why a text is no regular expression that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PatternError {
    /// It takes more than [`PATTERN_BYTES`] when compiled.
    TooLarge,
    /// It looks ahead or behind, or refers back to a group.
    LookAround,
    /// It does not parse: why.
    Invalid(String),
}

/// The compiled pattern.
pub(crate) fn compile(pattern: &str) -> Result<Regex, PatternError> {
    RegexBuilder::new(pattern).size_limit(PATTERN_BYTES).build().map_err(|error| {
        if matches!(error, regex::Error::CompiledTooBig(_)) {
            return PatternError::TooLarge;
        }
        let text = error.to_string();
        // The lines before the last draw the pattern with a mark under the fault.
        let reason = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
        if reason.contains("look-around") || reason.contains("backreferences") {
            PatternError::LookAround
        } else {
            PatternError::Invalid(reason.to_owned())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_told_in_one_line_and_look_around_apart() {
        assert_eq!(compile("(a").unwrap_err(), PatternError::Invalid("unclosed group".into()));
        assert_eq!(compile(r"(a)\1").unwrap_err(), PatternError::LookAround);
        assert_eq!(compile(r"\w{1000}{1000}").unwrap_err(), PatternError::TooLarge);
    }

    #[test]
    fn a_group_named_look_around_is_no_look_around() {
        let error = compile("(?P<look>backreferences look-around").unwrap_err();
        assert_eq!(error, PatternError::Invalid("unclosed group".into()));
    }
}
