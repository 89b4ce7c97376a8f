//! The name somebody probably meant.

/// The candidate nearest to `name`, where one is near enough to be worth offering: at most one
/// edit in three characters (Levenshtein distance, case ignored).
///
/// ```
/// use scouter_engine::nearest;
///
/// assert_eq!(nearest("not_emtpy", ["not_empty", "quality"]), Some("not_empty"));
/// assert_eq!(nearest("zzz", ["not_empty", "quality"]), None);
/// ```
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    let most = (wanted.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&wanted, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
