//! The records of a page.
//!
//! What it holds of them is bounded, and what is left out is told: details of as many as fit
//! [`DETAIL_BYTES`], one line for others, [`LINE_BYTES`] of them. Those that are looked at first
//! come first.

use std::collections::HashSet;
use std::time::Duration;

use serde::Serialize;

use super::check::Check;
use super::facts::{Facts, is_quiet};
use super::html::{MOST_LETTERS, label, shown};
use super::text::clip;
use crate::result::{Counts, Status};

/// How many bytes the details of records may take, before markup.
const DETAIL_BYTES: usize = 1_200_000;
/// What a check is counted as, beside its texts.
const CHECK_BYTES: usize = 500;
/// How many bytes the names of records without details may take.
const LINE_BYTES: usize = 1_500_000;
/// What a line is counted as, beside its text.
const LINE_MARKUP: usize = 60;
/// How many checks a record shows.
const MOST_CHECKS: usize = 100;
/// How many checks that passed are named in a record.
const MOST_PASSED: usize = 30;
/// What such a name is counted as, beside its text.
const NAME_BYTES: usize = 15;
/// What the place of a task is counted as, by which records are found.
const PLACE_BYTES: usize = 5;

/// The records, as they are listed.
#[derive(Debug, Default, Serialize)]
pub(super) struct Records {
    /// Those with details.
    pub(super) detailed: Vec<Detailed>,
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

impl Records {
    /// The places of all that are listed in one way or another.
    pub(super) fn listed(&self) -> HashSet<usize> {
        let lines = self.brief.iter().chain(&self.clean).map(|line| line.at);
        self.detailed.iter().map(|record| record.at).chain(lines).collect()
    }
}

#[derive(Debug, Serialize)]
pub(super) struct Detailed {
    pub(super) at: usize,
    pub(super) name: String,
    took: String,
    trend: Option<&'static str>,
    /// What stands in the line of the record.
    told: Vec<(&'static str, String)>,
    checks: Vec<ShownCheck>,
    /// How many checks there are beside those.
    checks_more: usize,
    passed: Vec<String>,
    /// How many passed beside those that are named.
    passed_more: usize,
    /// The tasks that did not pass, by place.
    pub(super) tasks: Vec<usize>,
    /// Their ids, as they stand in the line of the record.
    named: String,
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
    description: Option<String>,
    mark: Option<&'static str>,
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
            description: info.description.as_deref().map(shown),
            mark: info.mark(),
            status: check.status.as_str(),
            label: label(check.status),
            was_actual: was.as_ref().and_then(|(_, actual)| actual.as_deref().map(shown)),
            was: was.map(|(status, _)| label(status)),
            path: check.path,
            operator: check.operator,
            expected: check.expected,
            actual: check.actual,
            message: check.message,
            detail: check.detail,
        }
    }

    fn bytes(&self) -> usize {
        let texts =
            [&self.description, &self.was_actual, &self.path, &self.expected, &self.actual, &self.detail];
        let texts: usize = texts.into_iter().flatten().map(String::len).sum();
        CHECK_BYTES + self.id.len() + self.message.len() + texts
    }
}

impl Detailed {
    fn bytes(&self) -> usize {
        let checks: usize = self.checks.iter().map(ShownCheck::bytes).sum();
        let passed: usize = self.passed.iter().map(|id| id.len() + NAME_BYTES).sum();
        checks + passed + self.name.len() + self.named.len() + PLACE_BYTES * self.tasks.len()
    }
}

pub(super) fn records(facts: &Facts<'_>) -> Records {
    let mut records = Records::default();
    let (mut details, mut lines) = (DETAIL_BYTES, LINE_BYTES);
    for &row in &facts.order {
        if !facts.is_noteworthy(row) {
            records.clean_count += 1;
            match line(facts, row, &[], &mut lines) {
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
            details = details.saturating_sub(detailed.bytes());
            records.detailed.push(detailed);
        } else {
            records.brief_count += 1;
            match line(facts, row, &open, &mut lines) {
                Some(line) => records.brief.push(line),
                None => records.brief_more += 1,
            }
        }
    }
    records
}

fn detailed(facts: &Facts<'_>, row: usize, open: &[usize]) -> Detailed {
    let all = facts.results.tasks();
    let passed = (0..all.len()).filter(|task| open.binary_search(task).is_err());
    Detailed {
        at: row,
        name: name(facts, row),
        took: took(facts.results.rows()[row].took),
        trend: facts.diff.as_ref().and_then(|diff| diff.record(row)),
        told: told(facts, row),
        checks: open.iter().take(MOST_CHECKS).map(|&task| ShownCheck::new(facts, row, task)).collect(),
        checks_more: open.len().saturating_sub(MOST_CHECKS),
        passed: passed.take(MOST_PASSED).map(|task| shown(&all[task].id)).collect(),
        passed_more: (all.len() - open.len()).saturating_sub(MOST_PASSED),
        named: clip(&ids(facts, &not_passed(facts, row, open)), MOST_LETTERS).into_owned(),
        tasks: not_passed(facts, row, open),
    }
}

fn ids(facts: &Facts<'_>, tasks: &[usize]) -> String {
    let ids: Vec<String> = tasks.iter().map(|task| shown(&facts.results.tasks()[*task].id)).collect();
    ids.join(", ")
}

/// A duration in the unit that suits it.
fn took(time: Duration) -> String {
    let micros = 1e6 * time.as_secs_f64();
    match micros {
        ..0.5 => "<1 µs".to_owned(),
        ..1000.0 => format!("{micros:.0} µs"),
        ..10_000.0 => format!("{:.1} ms", micros / 1e3),
        ..10_000_000.0 => format!("{:.0} ms", micros / 1e3),
        _ => format!("{:.0} s", micros / 1e6),
    }
}

/// The line of a record, while there is room.
fn line(facts: &Facts<'_>, row: usize, open: &[usize], room: &mut usize) -> Option<Line> {
    let name = name(facts, row);
    let told = if open.is_empty() { Vec::new() } else { told(facts, row) };
    let tasks = not_passed(facts, row, open);
    let bytes = LINE_MARKUP * (1 + told.len()) + name.len() + PLACE_BYTES * tasks.len();
    *room = room.checked_sub(bytes).or_else(|| {
        // No further ones either: a list with holes would not be in order.
        *room = 0;
        None
    })?;
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
