//! The name somebody probably meant.

/// The candidate nearest to `name`, where one is near enough to be worth offering: at most one
/// edit in three characters (Levenshtein distance, case ignored). A name of one character is near to none but
/// itself: any other would be one edit away.
///
/// ```
/// use scouter_engine::nearest;
///
/// assert_eq!(nearest("not_emtpy", ["not_empty", "quality"]), Some("not_empty"));
/// assert_eq!(nearest("zzz", ["not_empty", "quality"]), None);
/// assert_eq!(nearest("c", ["b"]), None);
/// ```
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    let most = match wanted.chars().count() {
        0 | 1 => 0,
        count => (count / 3).max(1),
    };
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&wanted, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
