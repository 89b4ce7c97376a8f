//! How alike vectors are.

/// The cosine of the angle between two vectors, from -1 to 1; `None` where they differ in length or
/// one has no direction.
///
/// ```
/// use scouter_providers::embed::cosine;
///
/// assert_eq!(cosine(&[1.0, 0.0], &[0.0, 2.0]), Some(0.0));
/// assert_eq!(cosine(&[1.0, 0.0], &[0.0, 0.0]), None);
/// ```
pub fn cosine(one: &[f32], other: &[f32]) -> Option<f64> {
    if one.len() != other.len() {
        return None;
    }
    let dot =
        |a: &[f32], b: &[f32]| -> f64 { a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum() };
    let length = (dot(one, one) * dot(other, other)).sqrt();
    (length > 0.0 && length.is_finite()).then(|| (dot(one, other) / length).clamp(-1.0, 1.0))
}
