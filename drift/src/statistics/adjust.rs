//! Many tests at once.
//!
//! Of twenty tests at the level 0.05 one is expected to cry wolf. An *adjusted* p value can be
//! compared with the level as if its test were the only one. For p₍₁₎ ≤ … ≤ p₍ₘ₎:
//!
//! ```text
//! Holm                 max over j ≤ i of min(1, (m − j + 1)·p₍ⱼ₎)
//! Benjamini–Hochberg   min over j ≥ i of min(1, (m/j)·p₍ⱼ₎)
//! ```
//!
//! Holm keeps the chance of *any* false alarm at the level, whatever hangs together. Benjamini and
//! Hochberg keep the expected *share* of false alarms among all alarms, where tests are independent
//! or go together; they find more.
//!
//! Sources: S. Holm, *A simple sequentially rejective multiple test procedure*, Scandinavian
//! Journal of Statistics 6 (1979); Y. Benjamini, Y. Hochberg, *Controlling the false discovery
//! rate*, JRSS B 57 (1995).

/// P values adjusted by Holm's method, in the order they came in. Each is from 0 to 1.
///
/// ```
/// use scouter_drift::statistics::adjust::holm;
///
/// assert_eq!(holm(&[0.01, 0.04, 0.03]), [0.03, 0.06, 0.06]);
/// ```
pub fn holm(p: &[f64]) -> Vec<f64> {
    let order = ascending(p);
    let mut adjusted = vec![1.0; p.len()];
    let mut least: f64 = 0.0;
    for (rank, at) in order.iter().enumerate() {
        least = least.max(((p.len() - rank) as f64 * p[*at]).min(1.0));
        adjusted[*at] = least;
    }
    adjusted
}

/// P values adjusted by the method of Benjamini and Hochberg, in the order they came in. Each is
/// from 0 to 1.
///
/// ```
/// use scouter_drift::statistics::adjust::benjamini_hochberg;
///
/// assert_eq!(benjamini_hochberg(&[0.01, 0.04, 0.03]), [0.03, 0.04, 0.04]);
/// ```
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let order = ascending(p);
    let mut adjusted = vec![1.0; p.len()];
    let mut most: f64 = 1.0;
    for (rank, at) in order.iter().enumerate().rev() {
        most = most.min(p[*at] * (p.len() as f64 / (rank + 1) as f64));
        adjusted[*at] = most;
    }
    adjusted
}

fn ascending(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    order
}
