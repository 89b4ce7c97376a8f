//! How alike two texts are, by edit distance.

use rapidfuzz::distance::levenshtein;
use smol_str::SmolStr;

use super::check::{Test, WrongKind};
use super::expected::{self, Problem};
use super::short::short;
use crate::value::Value;

/// The most characters of a text whose edit distance is measured: without a bound on the distance
/// the cost grows with the product of the two lengths.
const LONGEST: usize = 10_000;

/// Text, and how near to it is near enough.
#[derive(Clone, Debug)]
pub(super) struct Similarity {
    text: SmolStr,
    limit: Limit,
}

#[derive(Clone, Copy, Debug)]
enum Limit {
    MostEdits(usize),
    LeastRatio(f64),
}

pub(super) fn distance(expected: &Value) -> Result<Test, Problem> {
    let [text, edits] = expected::named_pair(expected, ["text", "distance"])?;
    near(text, Limit::MostEdits(expected::count(edits)?))
}

pub(super) fn ratio(expected: &Value) -> Result<Test, Problem> {
    let [text, ratio] = expected::named_pair(expected, ["text", "ratio"])?;
    let ratio = expected::number(ratio)?.number().to_f64();
    if !(0.0..=1.0).contains(&ratio) {
        return Err(Problem::Ratio);
    }
    near(text, Limit::LeastRatio(ratio))
}

fn near(text: &Value, limit: Limit) -> Result<Test, Problem> {
    let text = expected::any_text(text)?;
    if text.chars().count() > LONGEST {
        return Err(Problem::TooLong(LONGEST));
    }
    Ok(Test::Similarity(Similarity { text, limit }))
}

impl Similarity {
    pub(super) fn holds(&self, actual: &Value) -> Result<bool, WrongKind> {
        let text = measurable(actual)?;
        Ok(match self.limit {
            Limit::MostEdits(most) => within(text, &self.text, most),
            Limit::LeastRatio(least) => similarity(text, &self.text) >= least,
        })
    }

    pub(super) fn detail(&self, actual: &Value, says: &str) -> Option<String> {
        let text = measurable(actual).ok()?;
        let (shown, expected) = (short(actual), short(&Value::Text(self.text.clone())));
        Some(match self.limit {
            Limit::MostEdits(most) => {
                let edits = levenshtein::distance(text.chars(), self.text.chars());
                format!("edit distance {edits} of {shown} from {expected} {says} {most}")
            }
            Limit::LeastRatio(least) => {
                let ratio = similarity(text, &self.text);
                format!("similarity {ratio:.3} of {shown} to {expected} {says} {least}")
            }
        })
    }
}

/// Whether so many edits (insertions, deletions, substitutions) at most lead from one text to the
/// other. Stops once there are more.
fn within(a: &str, b: &str, most: usize) -> bool {
    let args = levenshtein::Args::default().score_cutoff(most.min(LONGEST));
    levenshtein::distance_with_args(a.chars(), b.chars(), &args).is_some()
}

/// `1 - edits / length of the longer text`: 1 for equal texts, 0 for those with nothing in common.
fn similarity(a: &str, b: &str) -> f64 {
    let longer = a.chars().count().max(b.chars().count());
    if longer == 0 {
        return 1.0;
    }
    1.0 - levenshtein::distance(a.chars(), b.chars()) as f64 / longer as f64
}

fn measurable(actual: &Value) -> Result<&str, WrongKind> {
    const WANTED: WrongKind = WrongKind { wanted: "text of at most 10000 characters" };
    let text = actual.as_text().ok_or(WANTED)?;
    if text.len() > LONGEST && text.chars().count() > LONGEST { Err(WANTED) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, similarity, within};
    use crate::operator::Operator;
    use crate::operator::tests::{cannot_judge, explain, fails, json, passes};
    use proptest::prelude::*;
    use std::time::{Duration, Instant};

    #[test]
    fn a_distance_is_given_as_a_pair_or_by_name() {
        passes(Operator::LevenshteinAtMost, r#""sitting""#, r#"["kitten", 3]"#);
        passes(Operator::LevenshteinAtMost, r#""sitting""#, r#"{"distance": 3, "text": "kitten"}"#);
        for expected in [r#"{"text": "x"}"#, r#""x""#, r#"["x", -1]"#, r#"["x", 1, 2]"#, r"[1, 1]"] {
            assert!(Operator::LevenshteinAtMost.prepare(&json(expected)).is_err(), "{expected}");
        }
    }

    #[test]
    fn a_ratio_is_from_0_to_1() {
        passes(Operator::SimilarityAtLeast, r#""abcd""#, r#"["abcx", 0.75]"#);
        for ratio in ["1.5", "-0.1", "NaN", "null"] {
            let expected = json(&format!(r#"["x", {ratio}]"#));
            assert!(Operator::SimilarityAtLeast.prepare(&expected).is_err(), "{ratio}");
        }
    }

    #[test]
    fn texts_too_long_to_measure_are_refused() {
        let long = format!("{:?}", "x".repeat(20_000));
        cannot_judge(Operator::SimilarityAtLeast, &long, r#"["x", 0.5]"#);
        assert!(Operator::LevenshteinAtMost.prepare(&json(&format!("[{long}, 1]"))).is_err());
    }

    #[test]
    fn the_reason_names_the_distance() {
        assert_eq!(
            explain(Operator::LevenshteinAtMost, r#""sitting""#, r#"["kitten", 2]"#),
            "edit distance 3 of `\"sitting\"` from `\"kitten\"` is more than 2"
        );
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "it is the time that is measured")]
    fn long_texts_are_judged_within_the_bound_of_edits() {
        let long = |text: &str| text.repeat(LONGEST / 2);
        let (ab, cd) = (format!("{:?}", long("ab")), long("cd"));
        passes(Operator::LevenshteinAtMost, &ab, &format!("[{:?}, 10000]", long("ab")));
        let start = Instant::now();
        for _ in 0..50 {
            fails(Operator::LevenshteinAtMost, &ab, &format!("[{cd:?}, 3]"));
            fails(Operator::LevenshteinAtMost, &ab, r#"["", 9999]"#);
        }
        // The whole table of 10,000 by 10,000 takes half a second each time.
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    }

    proptest! {
        #[test]
        fn the_bound_says_what_the_whole_distance_says(a in "[abé]{0,90}", b in "[abé]{0,90}", most in 0_usize..100) {
            prop_assert_eq!(within(&a, &b, most), strsim::levenshtein(&a, &b) <= most);
            prop_assert!((similarity(&a, &b) - strsim::normalized_levenshtein(&a, &b)).abs() < 1e-12);
        }

        #[test]
        fn a_few_edits_are_found_in_long_texts(a in "[a-d]{60,300}", cut in 0_usize..50, most in 0_usize..6) {
            let b = format!("x{}{}", &a[..cut], &a[cut + 2..]);
            prop_assert_eq!(within(&a, &b, most), strsim::levenshtein(&a, &b) <= most);
        }
    }
}
