//! How numbers are spread: bars between edges.

use scouter_drift::column::Unit;

use super::scale::Scale;
use super::svg::{Rect, Svg};
use crate::counted::counted;
use crate::profile::value_among;

const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 110.0;
const BOTTOM: f64 = 88.0;

/// A histogram: one more edge than counts, and what the edges are.
pub(crate) fn histogram(name: &str, unit: Unit, edges: &[f64], counts: &[u64]) -> String {
    let mut svg = Svg::new(&format!("{name}: histogram of {}", counted(counts.len(), "bin")), WIDTH, HEIGHT);
    let (low, high) = (edges.first().copied().unwrap_or(0.0), edges.last().copied().unwrap_or(0.0));
    let x = Scale::new(low, high, 1.0, WIDTH - 1.0);
    let shown = |value| value_among(unit, value, (high - low) / counts.len().max(1) as f64);
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let y = Scale::new(0.0, most as f64, BOTTOM, 4.0);
    for (pair, count) in edges.windows(2).zip(counts) {
        // One bin of equal values has no width of its own.
        let (from, to) =
            if pair[0] < pair[1] { (x.place(pair[0]), x.place(pair[1])) } else { (1.0, WIDTH - 1.0) };
        let top = y.place(*count as f64);
        let [from_value, to_value] = [pair[0], pair[1]].map(shown);
        let title = format!("{from_value} to {to_value}: {}", counted(*count, "row"));
        let place = Rect { x: from, y: top, width: (to - from - 1.0).max(0.5), height: BOTTOM - top };
        svg.fill("was", place, &title);
    }
    svg.line("axis", (0.0, BOTTOM), (WIDTH, BOTTOM));
    svg.text("soft", (0.0, BOTTOM + 15.0), &shown(low));
    svg.text("soft end", (WIDTH, BOTTOM + 15.0), &shown(high));
    svg.finish()
}
