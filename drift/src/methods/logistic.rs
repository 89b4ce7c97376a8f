//! Logistic regression with a ridge: the weights w that make Σ cᵢ·ln(1 + exp(−yᵢ·w·xᵢ)) + λ/2·|w|² least, with yᵢ = ±1 and rows weighed by cᵢ so
//! that both classes count alike. By accelerated gradients (Y. Nesterov, 1983) whose momentum is given up where it leads uphill
//! (O'Donoghue and Candès, "Adaptive restart for accelerated gradient schemes", 2015), which is linear in rows and columns.

use crate::{sample::lanes_of_two, wide::wide};

/// More steps than this are not taken; a few dozen are usual.
const STEPS: usize = 300;
/// No slope steeper than this is left, in the scale of columns with a deviation of one.
const FLAT: f64 = 1e-8;

/// Rows of equal length with their classes.
pub(super) struct Labelled<'a> {
    pub(super) width: usize,
    pub(super) rows: &'a [f64],
    /// Whether a row is of the second class.
    pub(super) second: &'a [bool],
}

impl Labelled<'_> {
    fn each(&self) -> impl Iterator<Item = (&[f64], bool)> {
        self.rows.chunks_exact(self.width).zip(self.second.iter().copied())
    }

    /// What a row of each class weighs: both classes half of all.
    fn shares(&self) -> [f64; 2] {
        let second = self.second.iter().filter(|second| **second).count() as f64;
        [0.5 / (self.second.len() as f64 - second).max(1.0), 0.5 / second.max(1.0)]
    }
}

/// The weights of the columns. There is no constant term: it moves all scores alike.
pub(super) fn weights(data: &Labelled<'_>, ridge: f64) -> Vec<f64> {
    let steepest = 0.25 * largest_eigenvalue(data) + ridge;
    let mut at = vec![0.0; data.width];
    let (mut ahead, mut momentum) = (at.clone(), 1.0_f64);
    for _ in 0..STEPS {
        let slope = slope(data, &ahead, ridge);
        if slope.iter().all(|s| s.abs() < FLAT) {
            break;
        }
        let next: Vec<f64> = ahead.iter().zip(&slope).map(|(w, s)| w - s / steepest).collect();
        let uphill: f64 = slope.iter().zip(next.iter().zip(&at)).map(|(s, (next, at))| s * (next - at)).sum();
        let later =
            if uphill > 0.0 { 1.0 } else { f64::midpoint(1.0, (1.0 + 4.0 * momentum * momentum).sqrt()) };
        let push = if uphill > 0.0 { 0.0 } else { (momentum - 1.0) / later };
        ahead = next.iter().zip(&at).map(|(next, at)| next + push * (next - at)).collect();
        (at, momentum) = (next, later);
    }
    at
}

fn slope(data: &Labelled<'_>, weights: &[f64], ridge: f64) -> Vec<f64> {
    let shares = data.shares();
    let mut slope: Vec<f64> = weights.iter().map(|w| ridge * w).collect();
    wide(
        #[inline(always)]
        || {
            for (row, second) in data.each() {
                let score = dot(row, weights);
                let likely = 1.0 / (1.0 + (-score).exp());
                let off = if second { (likely - 1.0) * shares[1] } else { likely * shares[0] };
                add(&mut slope, off, row);
            }
        },
    );
    slope
}

/// The largest eigenvalue of Σ cᵢ·xᵢxᵢᵀ, from below by powers and then a tenth more.
fn largest_eigenvalue(data: &Labelled<'_>) -> f64 {
    let shares = data.shares();
    let mut direction = vec![1.0 / (data.width as f64).sqrt(); data.width];
    let mut value = 0.0;
    for _ in 0..30 {
        let mut image = vec![0.0; data.width];
        wide(
            #[inline(always)]
            || {
                for (row, second) in data.each() {
                    add(&mut image, dot(row, &direction) * shares[usize::from(second)], row);
                }
            },
        );
        value = dot(&image, &image).sqrt();
        if value <= 0.0 {
            break;
        }
        direction = image.into_iter().map(|v| v / value).collect();
    }
    // A direction that the first guess has nothing of is found late: a bound by the trace stays.
    let trace: f64 = data.each().map(|(row, second)| dot(row, row) * shares[usize::from(second)]).sum();
    (1.1 * value).min(trace).max(trace / data.width as f64)
}

#[inline(always)]
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    lanes_of_two(a, b, |a, b| a * b)
}

#[inline(always)]
fn add(to: &mut [f64], times: f64, row: &[f64]) {
    for (to, v) in to.iter_mut().zip(row) {
        *to += times * v;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{close, floats, golden};

    #[test]
    fn weights_agree_with_those_of_scipy() {
        for case in golden("logistic") {
            let rows: Vec<f64> = case["rows"].as_array().unwrap().iter().flat_map(floats).collect();
            let second: Vec<bool> =
                case["second"].as_array().unwrap().iter().map(|c| c.as_bool().unwrap()).collect();
            let data = Labelled { width: rows.len() / second.len(), rows: &rows, second: &second };
            let found = weights(&data, case["ridge"].as_f64().unwrap());
            for (w, golden) in found.into_iter().zip(case["weights"].as_array().unwrap()) {
                close(w, golden, 1e-5);
            }
        }
    }
}
