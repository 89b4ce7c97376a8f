//! The page: one file that needs nothing beside itself.

use std::error::Error;
use std::io::{self, Write};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment};
use serde::Serialize;

use super::chart::STYLE as CHARTS;
use super::diff::{Number, TaskChange};
use super::facts::{Facts, Report, is_quiet};
use super::graph::graph;
use super::listing::{Records, records};
use super::rate::Rate;
use super::repeats::{Repeats, repeats};
use super::text::{clip, marked, visible};
use super::window::{Window, window};
use crate::counted::{count, counted};
use crate::result::{Counts, Status, points};

const PAGE: &str = include_str!("page/page.html.jinja");
pub(super) const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");
/// What the page allows to run: this script and no other, whatever its data may hold. The hash is
/// that of [`SCRIPT`]; a test compares them.
const SCRIPT_HASH: &str = "sha256-ynIbjvnkWRyJIHBL4OQCZxiduZNkz+rJRDOYbAjENlQ=";

/// How many characters of a value or message are shown.
pub(super) const MOST_LETTERS: usize = 400;
/// How many records are linked from a task.
const MOST_LINKS: usize = 12;

/// Writes the report as a page of HTML.
///
/// # Errors
/// Those of what is written to.
pub(super) fn html(report: &Report<'_>, out: &mut impl Write) -> io::Result<()> {
    let facts = Facts::new(report);
    let records = records(&facts);
    let page = Page {
        style: STYLE,
        charts: CHARTS,
        script: SCRIPT,
        script_hash: SCRIPT_HASH,
        headline: facts.headline(),
        sound: facts.is_sound(),
        started: facts.started(),
        records_text: counted(facts.results.rows().len(), "record"),
        tasks_text: counted(facts.tasks_in_all(), "task"),
        rate: ShownRate::new(Rate::from(&facts.counts)),
        not_counted: facts.not_counted(),
        hints: facts.hints().iter().map(|hint| marked(&shown(hint))).collect(),
        shares: shares(&facts.counts),
        diff: diff(&facts),
        window: facts.window.as_deref().map(window),
        trials: repeats(&facts, &records.listed()),
        graph: graph(&facts),
        columns: columns(&facts).map(label).collect(),
        tasks: tasks(&facts, &records),
        records,
        title: facts.title,
    };
    render(page, out).map_err(|error| {
        match error.source().and_then(|cause| cause.downcast_ref::<io::Error>()) {
            // The number of the system is what tells a full disk from others.
            Some(cause) => match cause.raw_os_error() {
                Some(number) => io::Error::from_raw_os_error(number),
                None => io::Error::new(cause.kind(), cause.to_string()),
            },
            // The template is ours and its values are plain data: a test renders every part of it.
            None => io::Error::other(error),
        }
    })
}

fn render(page: Page, out: &mut impl Write) -> Result<(), minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_filter("counted", |number: usize, noun: String| counted(number, &noun));
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.template_from_named_str("page.html", PAGE)?.render_captured_to(Serde(page), out).map(drop)
}

/// What the template is filled with.
#[derive(Debug, Serialize)]
struct Page {
    style: &'static str,
    charts: &'static str,
    script: &'static str,
    script_hash: &'static str,
    title: String,
    headline: String,
    sound: bool,
    started: Option<String>,
    records_text: String,
    tasks_text: String,
    rate: Option<ShownRate>,
    not_counted: String,
    /// Sentences in parts; every second is a name.
    hints: Vec<Vec<String>>,
    shares: Vec<Share>,
    diff: Option<ShownDiff>,
    window: Option<Window>,
    trials: Option<Repeats>,
    graph: Option<String>,
    columns: Vec<String>,
    tasks: Vec<ShownTask>,
    records: Records,
}

#[derive(Debug, Serialize)]
struct ShownRate {
    percent: String,
    fraction: String,
    interval: String,
    /// The ends of the interval and the rate, in percent.
    low: f64,
    high: f64,
    at: f64,
}

impl ShownRate {
    fn new(rate: Rate) -> Option<Self> {
        let (low, high) = rate.interval()?;
        let percent = |share: f64| (1000.0 * share).round() / 10.0;
        Some(Self {
            percent: rate.percent(),
            fraction: rate.fraction(),
            interval: rate.interval_text(),
            low: percent(low),
            high: percent(high),
            at: percent(rate.share()?),
        })
    }
}

#[derive(Debug, Serialize)]
struct Share {
    status: &'static str,
    label: String,
    count: String,
    percent: f64,
}

fn shares(counts: &Counts) -> Vec<Share> {
    let total = counts.total().max(1) as f64;
    let there = Status::ALL.into_iter().filter(|status| counts.of(*status) > 0);
    let share = |status: Status| Share {
        status: status.as_str(),
        label: label(status),
        count: count(counts.of(status)),
        percent: 100.0 * counts.of(status) as f64 / total,
    };
    there.map(share).collect()
}

/// A status as people read it.
pub(super) fn label(status: Status) -> String {
    status.as_str().replace('_', " ")
}

#[derive(Debug, Serialize)]
struct ShownDiff {
    verdict: &'static str,
    /// Sentences in parts; every second is a name.
    headline: Vec<String>,
    evidence: Vec<(&'static str, Vec<String>)>,
    /// How sure the intervals are.
    level: String,
    /// Tasks that measured a number in both runs, by their places.
    numbers: Vec<(usize, String, Number)>,
    unpaired: Vec<ShownUnpaired>,
}

#[derive(Debug, Serialize)]
struct ShownUnpaired {
    what: String,
    names: Vec<String>,
    more: usize,
}

fn diff(facts: &Facts<'_>) -> Option<ShownDiff> {
    const MOST: usize = 50;
    let diff = facts.diff.as_ref()?;
    let unpaired = diff.unpaired().into_iter().map(|unpaired| ShownUnpaired {
        what: unpaired.heading(),
        names: unpaired.names.iter().take(MOST).map(|name| shown(name)).collect(),
        more: unpaired.names.len().saturating_sub(MOST),
    });
    let tasks = facts.results.tasks().iter().enumerate();
    let numbers = tasks
        .filter_map(|(at, task)| Some((at, shown(&task.id), Number::new(diff.task(at)?.number.as_ref()?))));
    Some(ShownDiff {
        verdict: diff.verdict().as_str(),
        headline: marked(&visible(&diff.headline())),
        evidence: diff.evidence().into_iter().map(|(what, says)| (what, marked(&visible(&says)))).collect(),
        level: diff.level(),
        numbers: numbers.collect(),
        unpaired: unpaired.collect(),
    })
}

#[derive(Debug, Serialize)]
struct ShownTask {
    id: String,
    description: Option<String>,
    kind: String,
    mark: Option<&'static str>,
    after: Vec<(usize, String)>,
    path: Option<String>,
    operator: Option<String>,
    expected: Option<String>,
    counts: Vec<(&'static str, String)>,
    rate: Option<ShownRate>,
    change: Option<ShownChange>,
    /// Records to look at: their places and names.
    links: Vec<(usize, String)>,
    more: usize,
}

#[derive(Debug, Serialize)]
struct ShownChange {
    was: String,
    now: String,
    delta: String,
    verdict: &'static str,
    evidence: String,
    changed: usize,
    not_judged: String,
}

fn change(change: &TaskChange) -> ShownChange {
    ShownChange {
        was: change.was.to_string(),
        now: change.now.to_string(),
        delta: points(change.delta()),
        verdict: change.verdict,
        evidence: change.evidence.clone(),
        changed: change.changed,
        not_judged: change.not_judged.clone(),
    }
}

/// The statuses that the table of tasks has a column for: the usual ones, and those that there are.
fn columns(facts: &Facts<'_>) -> impl Iterator<Item = Status> {
    Status::ALL.into_iter().filter(|status| {
        let usual = matches!(status, Status::Passed | Status::Failed | Status::Errored | Status::Skipped);
        usual || facts.tasks.iter().any(|task| task.of(*status) > 0)
    })
}

fn tasks(facts: &Facts<'_>, records: &Records) -> Vec<ShownTask> {
    let all = facts.results.tasks();
    let shown_task = |at: usize| {
        let task = &all[at];
        let listed = records.detailed.iter().filter(|record| record.tasks.contains(&at));
        let noteworthy = facts.results.rows().iter().filter(|row| !is_quiet(&row.outcomes[at])).count();
        let links: Vec<(usize, String)> =
            listed.take(MOST_LINKS).map(|record| (record.at, record.name.clone())).collect();
        let needs = task.depends_on.iter().filter_map(|need| Some((need.index(), all.get(need.index())?)));
        ShownTask {
            id: shown(&task.id),
            description: task.description.as_deref().map(shown),
            kind: visible(&task.kind).into_owned(),
            mark: task.mark(),
            after: needs.map(|(at, need)| (at, shown(&need.id))).collect(),
            path: task.context_path.as_deref().map(shown),
            operator: task.operator.map(|operator| operator.to_string()),
            expected: task.operator.map(|_| shown(&task.expected.to_string())),
            counts: columns(facts)
                .map(|status| (status.as_str(), count(facts.tasks[at].of(status))))
                .collect(),
            rate: ShownRate::new(Rate::from(&facts.tasks[at])),
            change: facts.diff.as_ref().and_then(|diff| diff.task(at)).map(change),
            more: noteworthy.saturating_sub(links.len()),
            links,
        }
    };
    (0..all.len()).map(shown_task).collect()
}

/// Text of users, short enough to be shown.
pub(super) fn shown(text: &str) -> String {
    clip(&visible(text), MOST_LETTERS).into_owned()
}
