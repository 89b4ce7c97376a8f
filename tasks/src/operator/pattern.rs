//! Regular expressions.

use regex::{Regex, RegexBuilder};

use super::check::{Test, WrongKind};
use super::expected::{self, Problem};
use crate::value::Value;

/// The most memory that a compiled pattern may take, in bytes.
const LARGEST: usize = 10 << 20;

#[derive(Clone, Debug)]
pub(super) struct Pattern(Regex);

pub(super) fn pattern(expected: &Value) -> Result<Test, Problem> {
    let pattern = expected::text(expected)?;
    let compiled = RegexBuilder::new(&pattern).size_limit(LARGEST).build();
    Ok(Test::Pattern(Pattern(compiled.map_err(|error| explain(&error))?)))
}

fn explain(error: &regex::Error) -> Problem {
    match error {
        regex::Error::CompiledTooBig(limit) => Problem::PatternTooLarge(*limit),
        other => {
            let text = other.to_string();
            // The message draws the pattern over several lines and ends with what is wrong.
            let reason = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
            if reason.contains("look-around") || reason.contains("backreferences") {
                Problem::LookAround
            } else {
                Problem::Pattern(reason.to_owned())
            }
        }
    }
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
