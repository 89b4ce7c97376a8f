//! The name somebody probably meant.

use rapidfuzz::distance::osa::{Args, BatchComparator};

/// The most characters of a name. What is longer is text, and comparing takes time by the product of both lengths.
const LONGEST: usize = 256;

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
    let wanted: Vec<char> = name.to_lowercase().chars().collect();
    let most = match wanted.len() {
        0 | 1 => 0,
        count if count > LONGEST => return None,
        count => (count / 3).max(1),
    };
    let (wanted, within) = (BatchComparator::new(wanted), Args::default().score_cutoff(most));
    candidates
        .into_iter()
        // A character takes four bytes at most, and those that are more than twice as long are too far away.
        .filter(|candidate| candidate.len() <= 8 * LONGEST)
        .filter_map(|candidate| {
            let distance = wanted.distance_with_args(candidate.to_lowercase().chars(), &within)?;
            Some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
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
    fn long_text_is_near_to_nothing_and_takes_no_time() {
        let (long, other) = ("x".repeat(200_000), "x".repeat(200_001));
        assert_eq!(nearest(&long, [other.as_str(), "x"]), None);
        assert_eq!(nearest("x", [other.as_str()]), None);
        let (longest, near) = ("x".repeat(256), "x".repeat(250));
        assert_eq!(nearest(&longest, [other.as_str(), near.as_str()]), Some(near.as_str()));
    }
}
