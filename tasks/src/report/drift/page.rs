//! The page, and what notebooks show: the same table and the same drawings.

use std::collections::BTreeSet;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment};
use serde::Serialize;

use super::about::About;
use super::drawn::{Drawn, drawn};
use super::table::table;
use crate::counted::counted;
use crate::report::chart::STYLE as CHARTS;
use crate::report::html::{STYLE, shown as user_text};
use crate::report::text::head;

const PAGE: &str = include_str!("../page/drift.html.jinja");
const FRAGMENT: &str = include_str!("../page/drift_fragment.html.jinja");

/// How many features are drawn on a page; those that drifted come first.
const MOST_DRAWN: usize = 200;
/// How many features a notebook shows.
const MOST_IN_NOTEBOOK: usize = 12;

/// A page that needs nothing beside itself.
pub fn page(about: About<'_>, title: Option<&str>) -> String {
    let content = Content::new(about, title, MOST_DRAWN, usize::MAX);
    // The templates are ours and their values are plain data: a test renders every part of them.
    render(PAGE, content)
        .unwrap_or_else(|error| format!("<!doctype html><title>failed</title><pre>{error:#}</pre>"))
}

/// What a notebook shows.
pub fn fragment(about: About<'_>) -> String {
    let content = Content::new(about, None, MOST_IN_NOTEBOOK, 4 * MOST_IN_NOTEBOOK);
    render(FRAGMENT, content).unwrap_or_else(|error| format!("<pre>{error:#}</pre>"))
}

fn render(template: &str, content: Content) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_filter("counted", |number: usize, noun: String| counted(number, &noun));
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.render_named_str("page.html", template, Serde(content))
}

#[derive(Debug, Serialize)]
struct Content {
    style: &'static str,
    charts: &'static str,
    title: String,
    heading: &'static str,
    whose: Option<String>,
    /// How it is, in a sentence; none where nothing is compared.
    verdict: Option<String>,
    sound: bool,
    columns: Vec<String>,
    rows: Vec<Row>,
    rows_left_out: usize,
    features: Vec<Feature>,
    features_left_out: usize,
    absent: Vec<(String, String)>,
}

#[derive(Debug, Serialize)]
struct Row {
    /// The number of its drawing, where it has one.
    at: Option<usize>,
    name: String,
    drifted: bool,
    /// What stands in it, and whether that is a number.
    cells: Vec<(String, bool)>,
}

#[derive(Debug, Serialize)]
struct Feature {
    at: usize,
    name: String,
    drifted: bool,
    svg: Option<String>,
    notes: Vec<String>,
}

/// How it is, in a sentence; none where nothing is compared.
fn verdict(about: About<'_>) -> Option<String> {
    let features = counted(about.features().len() - about.undecided().len(), "feature");
    let drifted = match about.drifted()?.len() {
        0 => format!("none of {features} drifted"),
        some => format!("{some} of {features} drifted"),
    };
    Some(match about.lost().len() {
        0 => drifted,
        lost => format!("{drifted}, {lost} more could not be compared"),
    })
}

impl Content {
    fn new(about: About<'_>, title: Option<&str>, most: usize, most_rows: usize) -> Self {
        let drifted: Option<BTreeSet<&str>> = about.drifted().map(|names| names.into_iter().collect());
        let has_drifted = |name: &str| drifted.as_ref().is_some_and(|drifted| drifted.contains(name));
        let names = about.features();
        let mut order: Vec<usize> = (0..names.len()).collect();
        order.sort_by_key(|at| !has_drifted(names[*at]));
        let drawings: Vec<Feature> = order
            .iter()
            .take(most)
            .filter_map(|at| {
                let name = names[*at];
                let Drawn { svg, notes } = drawn(about, name);
                let notes: Vec<String> = notes.iter().map(|note| user_text(note)).collect();
                let feature =
                    Feature { at: *at, name: user_text(name), drifted: has_drifted(name), svg, notes };
                (feature.svg.is_some() || !feature.notes.is_empty()).then_some(feature)
            })
            .collect();
        let table = table(about);
        let drawn: BTreeSet<usize> = drawings.iter().map(|feature| feature.at).collect();
        let row = |at: &usize| Row {
            at: drawn.contains(at).then_some(*at),
            name: user_text(names[*at]),
            drifted: has_drifted(names[*at]),
            cells: table.rows[*at][1..].iter().map(|cell| (cell.shown(), cell.is_number())).collect(),
        };
        let any_drawn = !drawings.is_empty();
        let not_told = about.absent().into_iter().chain(about.undecided());
        Self {
            style: STYLE,
            charts: CHARTS,
            title: user_text(title.unwrap_or(about.heading())),
            heading: about.heading(),
            whose: about.whose().map(|whose| user_text(&whose)),
            verdict: verdict(about),
            // Where something could not be compared, it is not known to be well.
            sound: drifted.as_ref().is_some_and(BTreeSet::is_empty)
                && !names.is_empty()
                && about.lost().is_empty(),
            columns: table.columns.iter().map(|name| head(name)).collect(),
            rows: order.iter().take(most_rows).map(row).collect(),
            rows_left_out: names.len().saturating_sub(most_rows),
            features_left_out: if any_drawn { names.len() - drawings.len() } else { 0 },
            features: drawings,
            absent: not_told.map(|(name, why)| (user_text(name), why)).collect(),
        }
    }
}
