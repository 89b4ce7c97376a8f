//! A control chart: points in their order, the zones around the centre, and the points that broke rules.

use std::collections::BTreeMap;
use std::fmt::Write;

use scouter_drift::column::Unit;
use scouter_drift::spc::{Alert, AlertKind, Rule, SpcBaseline, SpcDrift, Zone};

use super::scale::Scale;
use super::svg::{EDGE, Rect, Svg, WIDE};
use crate::counted::counted;
use crate::profile::value_among;
use crate::result::short_number;

const HEIGHT: f64 = 244.0;
/// Room for the values of limits; more where they are moments, which are longer.
pub(super) const LEFT: f64 = 64.0;
/// How wide a letter of a label is at most.
const LETTER: f64 = 6.4;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 204.0;

/// How many points are drawn one by one; of more, the least and the greatest of every stretch.
pub(super) const MOST_POINTS: usize = 600;
/// How many points that broke a rule are marked.
pub(super) const MOST_MARKS: usize = 400;

/// The axis of values: where they are placed, how they are written, and where the room for that ends.
struct Axis {
    y: Scale,
    left: f64,
    unit: Unit,
    /// What limits are apart.
    apart: f64,
}

impl Axis {
    fn new(baseline: &SpcBaseline, y: Scale) -> Self {
        let apart = baseline.three_ucl / 6.0 - baseline.three_lcl / 6.0;
        let axis = Self { y, left: LEFT, unit: baseline.unit, apart };
        let letters = axis.shown(baseline.center).chars().count() as f64;
        match axis.unit {
            Unit::Number => axis,
            Unit::Moment => Self { left: LEFT.max(letters * LETTER + 12.0), ..axis },
        }
    }

    fn shown(&self, value: f64) -> String {
        value_among(self.unit, value, self.apart)
    }
}

/// The chart of a feature; without points, its limits alone.
pub(crate) fn control(name: &str, baseline: &SpcBaseline, drift: Option<&SpcDrift>) -> String {
    let points = drift.map_or(&[][..], |drift| &drift.means);
    let limits = [baseline.three_lcl, baseline.three_ucl];
    let seen = points.iter().chain(&limits).copied().filter(|value| value.is_finite());
    let (low, high) =
        seen.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    let room = (high / 20.0 - low / 20.0).max(0.0);
    let y = Scale::new(low - room, high + room, BOTTOM, TOP);
    let axis = Axis::new(baseline, y);
    let x = Scale::new(0.0, points.len().saturating_sub(1).max(1) as f64, axis.left + 6.0, EDGE - 6.0);
    let what = match drift.map(SpcDrift::alert_count) {
        None => "limits of its control chart".to_owned(),
        Some(alerts) => {
            let (points, alerts) = (counted(points.len(), "point"), counted(alerts, "alert"));
            format!("control chart of {points} with {alerts}")
        }
    };
    let mut svg = Svg::new(&format!("{name}: {what}"), WIDE, HEIGHT);
    zones(&mut svg, baseline, &axis);
    svg.path("path", thinned(points).map(|(at, value)| (x.place(at as f64), y.place(value))));
    let broken = drift.map(broken).unwrap_or_default();
    if points.len() <= MOST_POINTS {
        for (at, value) in points.iter().enumerate().filter(|(at, _)| !broken.contains_key(at)) {
            let title = format!("point {at}: {}", axis.shown(*value));
            svg.dot("point", (x.place(at as f64), y.place(*value)), 2.2, &title);
        }
    }
    for (at, rules) in broken.iter().take(MOST_MARKS) {
        let Some(value) = points.get(*at) else { continue };
        let title = format!("point {at}: {}; {}", axis.shown(*value), rules.join(", "));
        svg.dot("alert", (x.place(*at as f64), y.place(*value)), 3.6, &title);
    }
    let is_part = drift.is_some_and(|drift| drift.more_alerts > 0);
    foot(&mut svg, points.len(), (broken.len(), is_part), (axis.left, x));
    svg.finish()
}

/// The bands between the limits, and their lines with names and values.
fn zones(svg: &mut Svg, baseline: &SpcBaseline, axis: &Axis) {
    let (y, left) = (axis.y, axis.left);
    let limits = [
        (baseline.three_lcl, baseline.three_ucl, "3σ"),
        (baseline.two_lcl, baseline.two_ucl, "2σ"),
        (baseline.one_lcl, baseline.one_ucl, "1σ"),
    ];
    for (low, high, _) in limits {
        let (top, bottom) = (y.place(high), y.place(low));
        svg.fill("zone", Rect { x: left, y: top, width: EDGE - left, height: bottom - top }, "");
    }
    // Names stand apart where lines are too near to each other.
    let apart = (y.place(baseline.one_lcl) - y.place(baseline.one_ucl)).abs() > 22.0;
    for (low, high, name) in limits {
        for (limit, sign) in [(high, "+"), (low, "−")] {
            svg.line("limit", (left, y.place(limit)), (EDGE, y.place(limit)));
            if apart || name == "3σ" {
                svg.text("soft", (EDGE + 6.0, y.place(limit) + 4.0), &format!("{sign}{name}"));
                svg.text("soft end", (left - 6.0, y.place(limit) + 4.0), &axis.shown(limit));
            }
        }
    }
    let center = y.place(baseline.center);
    svg.line("center", (left, center), (EDGE, center));
    svg.text("soft", (EDGE + 6.0, center + 4.0), "centre");
    svg.text("soft end", (left - 6.0, center + 4.0), &axis.shown(baseline.center));
}

/// How many points broke a rule, or at least how many.
fn foot(svg: &mut Svg, points: usize, (broken, is_part): (usize, bool), (left, x): (f64, Scale)) {
    positions(svg, points, BOTTOM, (left, x));
    if points == 0 {
        return;
    }
    let least = if is_part { "at least " } else { "" };
    let mut text = format!("{least}{broken} of {} broke a rule", counted(points, "point"));
    if broken > MOST_MARKS {
        let _ = write!(text, ", of which the first {MOST_MARKS} are marked");
    }
    svg.text("soft end", (EDGE, HEIGHT - 6.0), &text);
}

/// The axis of positions, from 0.
pub(super) fn positions(svg: &mut Svg, points: usize, bottom: f64, (left, x): (f64, Scale)) {
    svg.line("axis", (left, bottom), (EDGE, bottom));
    for mark in x.marks(6.0).into_iter().filter(|mark| mark.fract() == 0.0 && *mark < points as f64) {
        svg.text("soft middle", (x.place(mark), bottom + 16.0), &short_number(mark));
    }
}

/// The points, or of many the least and the greatest of every stretch, in their order.
pub(super) fn thinned(points: &[f64]) -> impl Iterator<Item = (usize, f64)> + '_ {
    let stretch = if points.len() <= MOST_POINTS { 1 } else { (2 * points.len()).div_ceil(MOST_POINTS) };
    points.chunks(stretch).enumerate().flat_map(move |(at, chunk)| {
        let place = |(within, value): (usize, &f64)| (at * stretch + within, *value);
        let by = |a: &(usize, &f64), b: &(usize, &f64)| a.1.total_cmp(b.1);
        let least = chunk.iter().enumerate().min_by(by).map(place);
        let greatest = chunk.iter().enumerate().max_by(by).map(place);
        let mut both: Vec<(usize, f64)> = least.into_iter().chain(greatest).collect();
        both.sort_by_key(|(at, _)| *at);
        both.dedup();
        both
    })
}

/// The points that broke rules, with the rules in words.
fn broken(drift: &SpcDrift) -> BTreeMap<usize, Vec<String>> {
    let mut broken: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for alert in &drift.alerts {
        let says = says(alert);
        for point in &alert.points {
            let rules = broken.entry(*point).or_default();
            if !rules.contains(&says) {
                rules.push(says.clone());
            }
        }
    }
    broken
}

/// A rule that was broken, in words.
pub(crate) fn says(alert: &Alert) -> String {
    let zone = alert.zone.map(|zone| match zone {
        Zone::Zone1 => " in zone 1 or beyond",
        Zone::Zone2 => " in zone 2 or beyond",
        Zone::Zone3 => " in zone 3 or beyond",
        Zone::Zone4 => " beyond three standard deviations",
    });
    let zone = zone.unwrap_or_default();
    match (alert.rule, alert.kind) {
        (Rule::Cusum, _) => "the cumulative sum is beyond its limit".to_owned(),
        (Rule::Ewma, _) => "the weighted average is beyond its limit".to_owned(),
        (Rule::Spread, _) => "the spread is beyond its limits".to_owned(),
        (_, AlertKind::OutOfBounds) => "beyond three standard deviations".to_owned(),
        (Rule::Consecutive { points }, _) => format!("{points} in a row{zone}"),
        (Rule::Alternating { points }, _) => format!("{points} on changing sides{zone}"),
        (Rule::Trend { points }, _) => format!("a trend of {points}"),
        (Rule::WesternElectric { number }, _) => format!("rule {number} of Western Electric"),
        (Rule::Nelson { number }, _) => format!("Nelson's test {number}"),
    }
}
