//! The S chart: how far the values of every subgroup are spread, or of single values how far each is from the one before.

use scouter_drift::spc::{SpcBaseline, SpcDrift};

use super::control::{LEFT, MOST_MARKS, MOST_POINTS, positions, thinned};
use super::scale::Scale;
use super::svg::{EDGE, Rect, Svg, WIDE};
use crate::counted::counted;

const HEIGHT: f64 = 152.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 112.0;
/// How near to each other lines may be that are named.
const NEAR: f64 = 12.0;

/// The S chart of a feature, at the positions of the chart above it. `shown` writes how far values are apart.
pub(crate) fn spread(
    name: &str,
    baseline: &SpcBaseline,
    drift: &SpcDrift,
    shown: impl Fn(f64) -> String,
) -> String {
    let (points, all) = (&drift.deviations, drift.means.len());
    // Of single values the first has none before it.
    let first = all.saturating_sub(points.len());
    let (low, high) = (baseline.deviation_lcl, baseline.deviation_ucl);
    let most = points.iter().copied().filter(|point| point.is_finite()).fold(high, f64::max);
    let y = Scale::new(0.0, most, BOTTOM, TOP);
    let x = Scale::new(0.0, all.saturating_sub(1).max(1) as f64, LEFT + 6.0, EDGE - 6.0);
    let (of, out) = (counted(points.len(), "point"), drift.deviations_out.len());
    let mut svg = Svg::new(&format!("{name}: S chart of {of} with {}", counted(out, "alert")), WIDE, HEIGHT);
    let (top, bottom) = (y.place(high), y.place(low));
    svg.fill("zone", Rect { x: LEFT, y: top, width: EDGE - LEFT, height: bottom - top }, "");
    limits(&mut svg, baseline, y, &shown);
    svg.path("path", thinned(points).map(|(at, point)| (x.place((first + at) as f64), y.place(point))));
    let mut dot = |class: &str, at: usize, radius: f64| {
        if let Some(point) = at.checked_sub(first).and_then(|at| points.get(at)) {
            let title = format!("point {at}: {}", shown(*point));
            svg.dot(class, (x.place(at as f64), y.place(*point)), radius, &title);
        }
    };
    if points.len() <= MOST_POINTS {
        let inside = (first..all).filter(|at| drift.deviations_out.binary_search(at).is_err());
        inside.for_each(|at| dot("point", at, 2.2));
    }
    drift.deviations_out.iter().take(MOST_MARKS).for_each(|at| dot("alert", *at, 3.6));
    positions(&mut svg, all, BOTTOM, (LEFT, x));
    let more = if out > MOST_MARKS {
        format!(", of which the first {MOST_MARKS} are marked")
    } else {
        String::new()
    };
    let told = format!("spread: {out} of {of} beyond the limits{more}");
    svg.text("soft end", (EDGE, HEIGHT - 6.0), &told);
    svg.finish()
}

/// The lines of the centre and the limits, with their values; no lower limit where that is zero.
fn limits(svg: &mut Svg, baseline: &SpcBaseline, y: Scale, shown: &impl Fn(f64) -> String) {
    let lines = [
        ("limit", "+3σ", baseline.deviation_ucl),
        ("center", "centre", baseline.mean_deviation),
        ("limit", "−3σ", baseline.deviation_lcl),
    ];
    let mut named = f64::NEG_INFINITY;
    for (class, name, value) in lines.into_iter().filter(|(_, _, value)| *value > 0.0) {
        let at = y.place(value);
        svg.line(class, (LEFT, at), (EDGE, at));
        if at - named > NEAR {
            svg.text("soft", (EDGE + 6.0, at + 4.0), name);
            svg.text("soft end", (LEFT - 6.0, at + 4.0), &shown(value));
            named = at;
        }
    }
}
