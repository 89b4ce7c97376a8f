//! Regular expressions.

use regex::Regex;

use super::check::{Test, WrongKind};
use super::expected::{self, Problem};
use crate::pattern::{self, PATTERN_BYTES, PatternError};
use crate::value::Value;

#[derive(Clone, Debug)]
pub(super) struct Pattern(Regex);

pub(super) fn pattern(expected: &Value) -> Result<Test, Problem> {
    let text = expected::text(expected)?;
    let compiled = pattern::compile(&text).map_err(|error| match error {
        PatternError::TooLarge => Problem::PatternTooLarge(PATTERN_BYTES),
        PatternError::LookAround => Problem::LookAround,
        PatternError::Invalid(reason) => Problem::Pattern(reason),
    })?;
    Ok(Test::Pattern(Pattern(compiled)))
}

impl Pattern {
    pub(super) fn holds(&self, actual: &Value) -> Result<bool, WrongKind> {
        Ok(self.0.is_match(actual.as_text().ok_or(WrongKind { wanted: "text" })?))
    }
}

#[cfg(test)]
mod tests {
    use super::Problem;
    use crate::operator::Operator;
    use crate::operator::tests::{cannot_judge, fails, passes};
    use crate::value::Value;

    fn problem(pattern: &str) -> Problem {
        Operator::MatchesRegex.prepare(&Value::from(pattern)).unwrap_err().problem
    }

    #[test]
    fn a_pattern_is_found_anywhere_unless_it_is_anchored() {
        passes(Operator::Matches, r#""order 66""#, r#""\\d+""#);
        fails(Operator::Matches, r#""order 66""#, r#""^\\d+$""#);
        passes(Operator::NotMatches, r#""order""#, r#""\\d+""#);
        cannot_judge(Operator::NotMatches, "5", r#""\\d+""#);
    }

    #[test]
    fn look_ahead_and_back_references_are_refused_with_a_way_out() {
        for pattern in ["(?!secret)", "(?=x)", "(?<=x)y", r"(a)\1"] {
            assert_eq!(problem(pattern), Problem::LookAround, "{pattern}");
        }
        assert!(Problem::LookAround.to_string().contains("NotMatches"));
    }

    #[test]
    fn patterns_that_people_write_are_not_oversized() {
        passes(Operator::Matches, r#""ann""#, r#""^\\w{1,128}$""#);
        passes(Operator::Matches, r#""ann""#, r#""^.{1,4000}$""#);
    }

    #[test]
    fn an_oversized_pattern_is_refused() {
        assert!(matches!(problem(r"\w{1000}{1000}"), Problem::PatternTooLarge(_)));
    }

    #[test]
    fn an_invalid_pattern_says_what_is_wrong_in_one_line() {
        assert_eq!(problem("(a"), Problem::Pattern("unclosed group".into()));
    }
}
