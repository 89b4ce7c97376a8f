//! The plan as a drawing: SVG whose colours are those of the page around it.

use std::fmt::Write;

use super::facts::Facts;
use super::layout::{Layout, NODE_HEIGHT, NODE_WIDTH, Point, layout};
use super::rate::Rate;
use super::text::{clip, visible};
use crate::result::{Counts, Status};

/// The most tasks and dependencies that are drawn; a larger plan is hard to look at.
const MOST_TASKS: usize = 150;
const MOST_EDGES: usize = 600;
/// Room around the drawing, in pixels.
const MARGIN: f64 = 8.0;
/// How many characters of an id fit into a node.
const MOST_LETTERS: usize = 22;
/// How many characters of a description are shown.
const MOST_ABOUT: usize = 160;
const BAR_WIDTH: f64 = NODE_WIDTH - 24.0;

/// The plan drawn; `None` where it is too large to look at.
pub(super) fn graph(facts: &Facts<'_>) -> Option<String> {
    let tasks = facts.results.tasks();
    let needs = |at: usize| tasks[at].depends_on.iter().map(move |need| (need.index(), at));
    let edges: Vec<(usize, usize)> = (0..tasks.len()).flat_map(needs).collect();
    if tasks.is_empty() || tasks.len() > MOST_TASKS || edges.len() > MOST_EDGES {
        return None;
    }
    let stages: Vec<usize> = tasks.iter().map(|task| task.stage.saturating_sub(1).min(tasks.len())).collect();
    let layout = layout(&stages, &edges);
    let (width, height) = (layout.width + 2.0 * MARGIN, layout.height + 2.0 * MARGIN);
    let mut svg = format!(
        r#"<svg class="plan" role="group" aria-label="Execution plan" viewBox="-{MARGIN} -{MARGIN} {width} {height}" width="{width}" height="{height}" style="max-width:{width}px;min-width:{least}px">"#,
        least = (0.75 * width).round(),
    );
    draw_edges(&mut svg, facts, &layout);
    for (at, place) in layout.nodes.iter().enumerate() {
        draw_node(&mut svg, facts, at, *place);
    }
    svg.push_str("</svg>");
    Some(svg)
}

fn draw_edges(svg: &mut String, facts: &Facts<'_>, layout: &Layout) {
    for edge in &layout.edges {
        let class = if facts.results.tasks()[edge.from].gate { "edge from-gate" } else { "edge" };
        let mut path = String::new();
        for (at, point) in edge.points.iter().enumerate() {
            let Point { x, y } = *point;
            if at == 0 {
                push(&mut path, format_args!("M{x:.0} {y:.1}"));
            } else if at % 2 == 1 {
                // From one column to the next, level at both ends.
                let before = edge.points[at - 1];
                let middle = f64::midpoint(before.x, x);
                push(
                    &mut path,
                    format_args!("C{middle:.0} {:.1} {middle:.0} {y:.1} {x:.0} {y:.1}", before.y),
                );
            } else {
                push(&mut path, format_args!("H{x:.0}"));
            }
        }
        push(svg, format_args!(r#"<path class="{class}" d="{path}"/>"#));
    }
}

fn draw_node(svg: &mut String, facts: &Facts<'_>, at: usize, place: Point) {
    let task = &facts.results.tasks()[at];
    let counts = &facts.tasks[at];
    let id = escape(&visible(&task.id));
    let short: String = task.id.chars().take(MOST_LETTERS).collect();
    let short = if short.len() < task.id.len() { format!("{short}…") } else { short };
    let mark = task.mark().map(|mark| format!("{mark}, ")).unwrap_or_default();
    let told = told(counts);
    let about = task.description.as_deref().map(|text| clip(text, MOST_ABOUT)).unwrap_or_default();
    let about = if about.is_empty() { String::new() } else { format!("\n{}", escape(&visible(&about))) };
    push(
        svg,
        format_args!(
            r##"<a href="#t{at}" class="node{gate_class}" transform="translate({x:.0} {y:.1})" aria-label="{id}: {mark}{told}"><title>{id}: {mark}{told}{about}</title><rect width="{NODE_WIDTH}" height="{NODE_HEIGHT}" rx="{radius}"/>"##,
            gate_class = if task.gate { " gate" } else { "" },
            x = place.x,
            y = place.y,
            radius = if task.gate { 2 } else { 8 },
        ),
    );
    if task.gate {
        push(svg, format_args!(r#"<path class="mark" d="M12 17l6-6 6 6-6 6z"/>"#));
    }
    let text_x = if task.gate { 30 } else { 12 };
    push(
        svg,
        format_args!(
            r#"<text x="{text_x}" y="21">{}</text><text class="rate" x="12" y="38">{}</text>"#,
            escape(&visible(&short)),
            escape(&told_short(counts)),
        ),
    );
    bar(svg, counts);
    svg.push_str("</a>");
}

/// The statuses side by side, each as wide as its share.
fn bar(svg: &mut String, counts: &Counts) {
    let total = counts.total().max(1) as f64;
    let mut x = 12.0;
    for status in Status::ALL.into_iter().filter(|status| counts.of(*status) > 0) {
        let width = BAR_WIDTH * counts.of(status) as f64 / total;
        // What is there must be seen, however few there are.
        let drawn = width.max(1.5);
        push(
            svg,
            format_args!(r#"<rect class="bar {status}" x="{x:.1}" y="44" width="{drawn:.1}" height="4"/>"#),
        );
        x += width;
    }
}

/// How a task came out, every status that there is.
fn told(counts: &Counts) -> String {
    let parts = Status::ALL.iter().filter(|status| counts.of(**status) > 0);
    let parts: Vec<String> =
        parts.map(|status| format!("{} {}", counts.of(*status), status.as_str().replace('_', " "))).collect();
    parts.join(", ")
}

/// The rate, and what else there is where that fits.
fn told_short(counts: &Counts) -> String {
    let rate = Rate::from(counts);
    if rate.of == 0 {
        return told(counts);
    }
    let without = Status::ALL.into_iter().filter(|status| !status.counts() && counts.of(*status) > 0);
    let without: Vec<String> = without
        .map(|status| format!("{} {}", counts.of(status), status.as_str().replace('_', " ")))
        .collect();
    let short = rate.to_string();
    let whole = format!("{short}, {}", without.join(", "));
    if without.is_empty() || whole.len() > MOST_LETTERS + 7 { short } else { whole }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing into a `String` cannot fail.
    let _ = out.write_fmt(text);
}

fn escape(text: &str) -> String {
    minijinja::HtmlEscape(text).to_string()
}
