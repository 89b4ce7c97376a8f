//! The name somebody probably meant.

use rapidfuzz::distance::osa::{Args, BatchComparator};

/// The most characters of a name. What is longer is text, and comparing takes time by the product of both lengths.
const LONGEST: usize = 256;

/// The most edits of a slip.
const SLIP: usize = 2;

/// The candidate nearest to `name`, where one is near enough to be worth offering: at most one
/// edit in three characters (optimal string alignment, case ignored). A name of one character is near to none but
/// itself: any other would be one edit away. One of more than 256 characters is near to none.
///
/// ```
/// use scouter_engine::nearest;
///
/// assert_eq!(nearest("not_emtpy", ["not_empty", "quality"]), Some("not_empty"));
/// assert_eq!(nearest("zzz", ["not_empty", "quality"]), None);
/// assert_eq!(nearest("c", ["b"]), None);
/// ```
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    within(usize::MAX, name, candidates)
}

/// The candidate that `name` is a slip of: one that is near to it, two edits away at most. Names with other numbers are no slips
/// of each other: there may be no `turn_2` beside `turn_1`.
///
/// ```
/// use scouter_engine::misspelt;
///
/// assert_eq!(misspelt("anwser", ["answer"]), Some("answer"));
/// assert_eq!(misspelt("turn_2", ["turn_1"]), None);
/// assert_eq!(misspelt("usage.input_tokens", ["usage.output_tokens"]), None);
/// ```
pub fn misspelt<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let own = unnumbered(name);
    let others = candidates.into_iter().filter(|other| *other == name || unnumbered(other) != own);
    within(SLIP, name, others)
}

/// The nearest candidate, at most so many edits away.
fn within<'a>(edits: usize, name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = name.to_lowercase().chars().collect();
    let most = match wanted.len() {
        0 | 1 => 0,
        count if count > LONGEST => return None,
        count => (count / 3).max(1).min(edits),
    };
    let (wanted, limit) = (BatchComparator::new(wanted), Args::default().score_cutoff(most));
    candidates
        .into_iter()
        // A character takes four bytes at most, and those that are more than twice as long are too far away.
        .filter(|candidate| candidate.len() <= 8 * LONGEST)
        .filter_map(|candidate| {
            let distance = wanted.distance_with_args(candidate.to_lowercase().chars(), &limit)?;
            Some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The name with the same digit in place of every number.
fn unnumbered(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for c in name.chars() {
        let c = if c.is_ascii_digit() { '0' } else { c };
        if c != '0' || !text.ends_with('0') {
            text.push(c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_the_nearest_is_offered_whatever_its_case() {
        assert_eq!(nearest("POLTE", ["quite", "Polite", "police"]), Some("Polite"));
        assert_eq!(nearest("ab", ["ba", "ac"]), Some("ba"));
        assert_eq!(nearest("größe", ["GRÖSSE", "GROßE"]), Some("GROßE"));
        assert_eq!(nearest("", [""]), Some(""));
        assert_eq!(nearest("", ["a"]), None);
    }

    #[test]
    fn a_slip_is_few_edits_away_and_has_the_same_numbers() {
        assert_eq!(misspelt("gen_ai.usage.tokns", ["gen_ai.usage.tokens"]), Some("gen_ai.usage.tokens"));
        assert_eq!(misspelt("Turn_1", ["turn_1", "turn_2"]), Some("turn_1"));
        assert_eq!(misspelt("step9.txet", ["step9.text"]), Some("step9.text"));
        assert_eq!(misspelt("step9", ["step10", "step"]), Some("step"));
        assert_eq!(misspelt("step9", ["step10", "step8"]), None);
        // Long names may have most of their characters in common and be of other things.
        let (one, other) = ("gen_ai.usage.cached_tokens", "gen_ai.usage.output_tokens");
        assert_eq!((nearest(one, [other]), misspelt(one, [other])), (Some(other), None));
    }

    #[test]
    fn long_text_is_near_to_nothing_and_takes_no_time() {
        let (long, other) = ("x".repeat(200_000), "x".repeat(200_001));
        assert_eq!(nearest(&long, [other.as_str(), "x"]), None);
        assert_eq!(nearest("x", [other.as_str()]), None);
        let (longest, near) = ("x".repeat(256), "x".repeat(250));
        assert_eq!(nearest(&longest, [other.as_str(), near.as_str()]), Some(near.as_str()));
    }
}
