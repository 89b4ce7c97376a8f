//! Names that nobody knows, in the words of serde.

use scouter_engine::nearest;

/// A message of serde about a field or a variant that it does not know, or ours about a provider, with the nearest of the names that it
/// lists instead of all of them. Any other message, and one with no name near enough, stays as it is.
///
/// ```
/// use scouter_tasks::with_nearest;
///
/// let told = "message 1: unknown variant `usr`, expected one of `system`, `user`".to_owned();
/// assert_eq!(with_nearest(told), "message 1: unknown variant `usr`; did you mean `user`?");
/// let told = "unknown field `x`, expected `name` or `schema`".to_owned();
/// assert_eq!(with_nearest(told.clone()), told);
/// ```
pub fn with_nearest(message: String) -> String {
    guess(&message).unwrap_or(message)
}

fn guess(message: &str) -> Option<String> {
    let (told, expected) = message.rsplit_once("`, expected ")?;
    let begins = |words: &str| told.rfind(words).map(|at| at + words.len());
    let name = ["unknown field `", "unknown variant `", "unknown provider `"]
        .into_iter()
        .filter_map(begins)
        .max()?;
    let near = nearest(&told[name..], expected.split('`').skip(1).step_by(2))?;
    Some(format!("{told}`; did you mean `{near}`?"))
}
