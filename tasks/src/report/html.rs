//! The page: one file that needs nothing beside itself.
//!
//! What it holds of records is bounded, and what is left out is told: details of as many records
//! as fit [`DETAIL_BYTES`], one line for others, [`LINE_BYTES`] of them. Those that are looked at
//! first come first.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment};
use serde::Serialize;

use super::check::Check;
use super::diff::{TaskChange, points};
use super::facts::{Facts, Report, is_quiet};
use super::graph::graph;
use super::rate::{Rate, count, counted};
use super::text::{clip, visible};
use crate::result::{Counts, Status};

const PAGE: &str = include_str!("page/page.html.jinja");
const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");
/// What the page allows to run: this script and no other, whatever its data may hold. The hash is
/// that of [`SCRIPT`]; a test compares them.
const SCRIPT_HASH: &str = "sha256-ynIbjvnkWRyJIHBL4OQCZxiduZNkz+rJRDOYbAjENlQ=";

/// How many characters of a value or message are shown.
const MOST_LETTERS: usize = 400;
/// How many characters of an error's detail are shown.
const MOST_DETAIL: usize = 2_000;
/// How many bytes the details of records may take, before markup.
const DETAIL_BYTES: usize = 2_000_000;
/// What a check is counted as, beside its texts.
const CHECK_BYTES: usize = 500;
/// How many bytes the names of records without details may take.
const LINE_BYTES: usize = 1_500_000;
/// What a line is counted as, beside its text.
const LINE_MARKUP: usize = 60;
/// How many records are linked from a task.
const MOST_LINKS: usize = 12;

/// The report as a page of HTML.
pub fn html(report: &Report<'_>) -> String {
    let facts = Facts::new(report);
    let records = records(&facts);
    let page = Page {
        style: STYLE,
        script: SCRIPT,
        script_hash: SCRIPT_HASH,
        headline: facts.headline(),
        sound: facts.is_sound(),
        started: facts.started(),
        records_text: counted(facts.results.rows().len(), "record"),
        tasks_text: counted(facts.results.tasks().len(), "task"),
        rate: ShownRate::new(Rate::from(&facts.counts)),
        not_counted: facts.not_counted(),
        shares: shares(&facts.counts),
        diff: diff(&facts),
        graph: graph(&facts),
        tasks: tasks(&facts, &records),
        records,
        title: facts.title,
    };
    // The template is ours and its values are plain data: a test renders every part of it.
    render(page).unwrap_or_else(|error| format!("<!doctype html><title>failed</title><pre>{error:#}</pre>"))
}

fn render(page: Page) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.render_named_str("page.html", PAGE, Serde(page))
}

/// What the template is filled with.
#[derive(Debug, Serialize)]
struct Page {
    style: &'static str,
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
    shares: Vec<Share>,
    diff: Option<ShownDiff>,
    graph: Option<String>,
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
fn label(status: Status) -> String {
    status.as_str().replace('_', " ")
}

#[derive(Debug, Serialize)]
struct ShownDiff {
    verdict: &'static str,
    summary: String,
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
        what: format!("{} {}", count(unpaired.names.len()), unpaired.what),
        names: unpaired.names.iter().take(MOST).map(|name| shown(name)).collect(),
        more: unpaired.names.len().saturating_sub(MOST),
    });
    Some(ShownDiff { verdict: diff.verdict(), summary: diff.summary(), unpaired: unpaired.collect() })
}

#[derive(Debug, Serialize)]
struct ShownTask {
    id: String,
    kind: String,
    gate: bool,
    after: Vec<(usize, String)>,
    path: Option<String>,
    operator: Option<String>,
    expected: Option<String>,
    counts: Vec<usize>,
    rate: Option<ShownRate>,
    change: Option<ShownChange>,
    /// Records to look at: their places and names.
    links: Vec<(usize, String)>,
    more: usize,
}

#[derive(Debug, Serialize)]
struct ShownChange {
    was: String,
    delta: String,
    trend: &'static str,
    changed: usize,
}

fn change(change: TaskChange) -> ShownChange {
    let trend = if change.delta > 0.0 {
        "improved"
    } else if change.delta < 0.0 {
        "regressed"
    } else {
        ""
    };
    ShownChange { was: change.was.percent(), delta: points(change.delta), trend, changed: change.changed }
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
            kind: visible(&task.kind).into_owned(),
            gate: task.gate,
            after: needs.map(|(at, need)| (at, shown(&need.id))).collect(),
            path: task.context_path.as_deref().map(shown),
            operator: task.operator.map(|operator| operator.to_string()),
            expected: task.operator.map(|_| shown(&task.expected.to_string())),
            counts: Status::ALL.map(|status| facts.tasks[at].of(status)).into(),
            rate: ShownRate::new(Rate::from(&facts.tasks[at])),
            change: facts.diff.as_ref().and_then(|diff| diff.task(at)).map(change),
            more: noteworthy.saturating_sub(links.len()),
            links,
        }
    };
    (0..all.len()).map(shown_task).collect()
}

/// The records, as they are listed.
#[derive(Debug, Default, Serialize)]
struct Records {
    /// Those with details.
    detailed: Vec<Detailed>,
    /// Those with something to look at, but without details.
    brief: Vec<Line>,
    /// How many of those there are, and how many are not even listed.
    brief_count: usize,
    brief_more: usize,
    /// Those where everything passed.
    clean: Vec<Line>,
    clean_count: usize,
    clean_more: usize,
}

#[derive(Debug, Serialize)]
struct Detailed {
    at: usize,
    name: String,
    ms: String,
    trend: Option<&'static str>,
    /// What stands in the line of the record.
    told: Vec<(&'static str, String)>,
    checks: Vec<ShownCheck>,
    passed: Vec<String>,
    /// The tasks that did not pass, by place.
    tasks: Vec<usize>,
}

#[derive(Debug, Serialize)]
struct Line {
    at: usize,
    name: String,
    trend: Option<&'static str>,
    told: Vec<(&'static str, String)>,
    tasks: Vec<usize>,
}

#[derive(Debug, Serialize)]
struct ShownCheck {
    task: usize,
    id: String,
    gate: bool,
    status: &'static str,
    label: String,
    was: Option<String>,
    was_actual: Option<String>,
    path: Option<String>,
    operator: Option<String>,
    expected: Option<String>,
    actual: Option<String>,
    message: String,
    detail: Option<String>,
}

impl ShownCheck {
    fn new(facts: &Facts<'_>, row: usize, task: usize) -> Self {
        let info = &facts.results.tasks()[task];
        let check = Check::of(facts.results, row, task, MOST_LETTERS);
        let was = facts.diff.as_ref().and_then(|diff| diff.was(row, task, check.status));
        Self {
            task,
            id: shown(&info.id),
            gate: info.gate,
            status: check.status.as_str(),
            label: label(check.status),
            was_actual: was.as_ref().and_then(|(_, actual)| actual.as_deref().map(shown)),
            was: was.map(|(status, _)| label(status)),
            path: check.path,
            operator: check.operator,
            expected: check.expected,
            actual: check.actual,
            message: check.message,
            detail: check.detail.map(|detail| clip(&detail, MOST_DETAIL).into_owned()),
        }
    }

    fn bytes(&self) -> usize {
        let texts = [&self.was_actual, &self.path, &self.expected, &self.actual, &self.detail];
        let texts: usize = texts.into_iter().flatten().map(String::len).sum();
        CHECK_BYTES + self.id.len() + self.message.len() + texts
    }
}

fn records(facts: &Facts<'_>) -> Records {
    let mut records = Records::default();
    let (mut details, mut lines) = (DETAIL_BYTES, LINE_BYTES);
    for &row in &facts.order {
        if !facts.is_noteworthy(row) {
            records.clean_count += 1;
            match line(facts, row, Vec::new(), &mut lines) {
                Some(line) => records.clean.push(line),
                None => records.clean_more += 1,
            }
            continue;
        }
        let outcomes = &facts.results.rows()[row].outcomes;
        let was = |task: usize| facts.diff.as_ref()?.was(row, task, Status::of(&outcomes[task]));
        let open = |task: &usize| !is_quiet(&outcomes[*task]) || was(*task).is_some();
        let open: Vec<usize> = (0..outcomes.len()).filter(open).collect();
        if details > 0 {
            let detailed = detailed(facts, row, &open);
            let bytes: usize = detailed.checks.iter().map(ShownCheck::bytes).sum();
            details = details.saturating_sub(bytes + detailed.name.len());
            records.detailed.push(detailed);
        } else {
            records.brief_count += 1;
            match line(facts, row, open, &mut lines) {
                Some(line) => records.brief.push(line),
                None => records.brief_more += 1,
            }
        }
    }
    records
}

fn detailed(facts: &Facts<'_>, row: usize, open: &[usize]) -> Detailed {
    let all = facts.results.tasks();
    let passed = (0..all.len()).filter(|task| !open.contains(task)).map(|task| shown(&all[task].id));
    let took = 1000.0 * facts.results.rows()[row].took.as_secs_f64();
    Detailed {
        at: row,
        name: name(facts, row),
        ms: if took < 10.0 { format!("{took:.2}") } else { format!("{took:.0}") },
        trend: facts.diff.as_ref().and_then(|diff| diff.record(row)),
        told: told(facts, row),
        checks: open.iter().map(|&task| ShownCheck::new(facts, row, task)).collect(),
        passed: passed.collect(),
        tasks: not_passed(facts, row, open),
    }
}

/// The line of a record, while there is room.
fn line(facts: &Facts<'_>, row: usize, open: Vec<usize>, room: &mut usize) -> Option<Line> {
    let name = name(facts, row);
    let told = if open.is_empty() { Vec::new() } else { told(facts, row) };
    let bytes = LINE_MARKUP * (1 + told.len()) + name.len();
    *room = room.checked_sub(bytes).or_else(|| {
        // No further ones either: a list with holes would not be in order.
        *room = 0;
        None
    })?;
    let tasks = not_passed(facts, row, &open);
    Some(Line { at: row, name, trend: facts.diff.as_ref().and_then(|diff| diff.record(row)), told, tasks })
}

fn not_passed(facts: &Facts<'_>, row: usize, open: &[usize]) -> Vec<usize> {
    let outcomes = &facts.results.rows()[row].outcomes;
    open.iter().copied().filter(|task| !is_quiet(&outcomes[*task])).collect()
}

/// How many tasks came out how, those aside that have nothing to look at.
fn told(facts: &Facts<'_>, row: usize) -> Vec<(&'static str, String)> {
    let open = facts.results.rows()[row].outcomes.iter().filter(|outcome| !is_quiet(outcome));
    let counts: Counts = open.map(Status::of).collect();
    let there = Status::ALL.into_iter().filter(|status| counts.of(*status) > 0);
    there.map(|status| (status.as_str(), format!("{} {}", counts.of(status), label(status)))).collect()
}

fn name(facts: &Facts<'_>, row: usize) -> String {
    clip(&facts.name(row), MOST_LETTERS).into_owned()
}

fn shown(text: &str) -> String {
    clip(&visible(text), MOST_LETTERS).into_owned()
}
