//! Markdown for pull requests: what matters first, and never longer than a comment may be.

use std::fmt::Write;

use super::check::Check;
use super::diff::{Diff, Number};
use super::facts::{Facts, Report, is_quiet};
use super::markup::{MOST_LETTERS, about, code, escape, name, named, sentence};
use super::rate::Rate;
use super::repeats::{self, share};
use super::text::{clip, one_line};
use crate::counted::{count, counted};
use crate::result::{ComparisonOutcome, ComparisonVerdict, Status, points};

/// The most bytes of a report. GitHub takes comments of 65,536 characters; the rest is for what
/// others add around it.
const MOST_BYTES: usize = 60_000;
/// The most bytes of the table of tasks, so that there is room for the rest.
const TASK_BYTES: usize = 24_000;
/// The most bytes of each of the tables of numbers and of trials.
const TABLE_BYTES: usize = 6_000;
/// The most sentences about tasks, and how many characters of each are told.
const MOST_HINTS: usize = 8;
const HINT_LETTERS: usize = 400;
/// How many records are told of.
const MOST_RECORDS: usize = 20;
/// How many tasks are told of each of them.
const MOST_TASKS: usize = 10;
/// What is kept free for the lines that say what was left out.
const TAIL_BYTES: usize = 400;

/// The report as Markdown, of at most 60,000 bytes. What has no room is counted.
pub(super) fn markdown(report: &Report<'_>) -> String {
    let facts = Facts::new(report);
    let mut out = head(&facts);
    table(&mut out, &facts);
    window(&mut out, &facts);
    numbers(&mut out, &facts);
    trials(&mut out, &facts);
    records(&mut out, &facts);
    out
}

fn head(facts: &Facts<'_>) -> String {
    let mark = match &facts.diff {
        Some(diff) => beside(diff, facts.is_whole()),
        None if facts.is_sound() => "✅ ".to_owned(),
        None => "❌ ".to_owned(),
    };
    let rate = Rate::from(&facts.counts);
    let title = escape(&clip(&one_line(&facts.title), MOST_LETTERS));
    let mut out = format!("### {title}\n\n**{mark}{}**\n\n", facts.headline());
    let mut line = format!("Pass rate **{}** ({})", rate.percent(), rate.fraction());
    if rate.interval().is_some() {
        let _ = write!(line, ", 95% interval {}", rate.interval_text());
    }
    let results = facts.results;
    let _ = write!(
        line,
        " · {} · {}",
        counted(results.rows().len(), "record"),
        counted(facts.tasks_in_all(), "task")
    );
    let left_out = facts.not_counted();
    if !left_out.is_empty() {
        let _ = write!(line, " · not in the rate: {left_out}");
    }
    let _ = writeln!(out, "{line}");
    let hints = facts.hints();
    if !hints.is_empty() {
        out.push('\n');
    }
    for hint in hints.iter().take(MOST_HINTS) {
        let _ = writeln!(out, "- ⚠️ {}", sentence(&clip(hint, HINT_LETTERS)));
    }
    if hints.len() > MOST_HINTS {
        let _ = writeln!(out, "- and {} more", count(hints.len() - MOST_HINTS));
    }
    if let Some(diff) = &facts.diff {
        out.push('\n');
        let _ = writeln!(out, "- **{}**: {}", diff.verdict().as_str(), sentence(&diff.headline()));
        for (what, says) in diff.evidence() {
            let _ = writeln!(out, "- {what}: {}", sentence(&says));
        }
        for unpaired in diff.unpaired() {
            let _ = writeln!(out, "\n{}: {}", unpaired.heading(), named(&unpaired.names));
        }
    }
    out
}

/// What stands before the headline of a run beside its baseline. A tick means that both the comparison passes and everything
/// could be checked.
fn beside(diff: &Diff<'_>, is_whole: bool) -> String {
    let verdict = diff.verdict();
    let sign = match (diff.outcome(), verdict) {
        (ComparisonOutcome::Failed | ComparisonOutcome::TooManyErrors, _)
        | (_, ComparisonVerdict::Invalid) => "❌",
        _ if !is_whole => "❌",
        (ComparisonOutcome::Inconclusive, _) | (_, ComparisonVerdict::Inconclusive) => "❔",
        (ComparisonOutcome::Passed, _) => "✅",
    };
    let what = if verdict == ComparisonVerdict::Invalid { "invalid comparison" } else { verdict.as_str() };
    format!("{sign} {what}: ")
}

fn table(out: &mut String, facts: &Facts<'_>) {
    let diff = facts.diff.as_ref();
    out.push_str("\n| task | passed | failed | errored | skipped | pass rate | 95% interval |");
    out.push_str(if diff.is_some() { " in both runs | change | verdict |\n" } else { "\n" });
    out.push_str("|---|--:|--:|--:|--:|--:|--:|");
    out.push_str(if diff.is_some() { "--:|--:|---|\n" } else { "\n" });
    let lines = facts.results.tasks().iter().enumerate().map(|(at, task)| {
        let counts = &facts.tasks[at];
        let rate = Rate::from(counts);
        let mark = task.mark().map(|mark| format!(" ({mark})")).unwrap_or_default();
        let mut line = format!("| {}{mark}", name(&task.id));
        if let Some(description) = &task.description {
            let _ = write!(line, "<br>{}", about(description));
        }
        for status in [Status::Passed, Status::Failed, Status::Errored, Status::Skipped] {
            let _ = write!(line, " | {}", count(counts.of(status)));
        }
        let _ = write!(line, " | {rate} | {} |", rate.interval_text());
        match diff.map(|diff| diff.task(at)) {
            Some(Some(change)) => {
                let (was, now, delta) = (change.was, change.now, points(change.delta()));
                let _ = write!(line, " {was} → {now}");
                if !change.not_judged.is_empty() {
                    let _ = write!(line, "<br>no verdict: {}", change.not_judged);
                }
                let _ = write!(line, " | {delta} | {} |", change.verdict);
            }
            Some(None) => line.push_str(" new | | |"),
            None => {}
        }
        line
    });
    rows(out, lines, TASK_BYTES);
}

/// The tasks that look at all records at once.
fn window(out: &mut String, facts: &Facts<'_>) {
    let Some(window) = facts.window.as_deref() else { return };
    out.push_str("\n| all records together | status | check |\n|---|---|---|\n");
    let lines = window.results.tasks().iter().enumerate().map(|(at, task)| {
        let check = Check::of(window.results, 0, at, MOST_LETTERS);
        let gate = if task.gate { " (gate)" } else { "" };
        let mut line = format!("| {}{gate}", name(&task.id));
        if let Some(description) = &task.description {
            let _ = write!(line, "<br>{}", about(description));
        }
        let _ = write!(line, " | {} | {} |", check.status.as_str().replace('_', " "), code(&check.message));
        line
    });
    rows(out, lines, TABLE_BYTES);
}

/// Tasks that measured a number in both runs.
fn numbers(out: &mut String, facts: &Facts<'_>) {
    let Some(diff) = &facts.diff else { return };
    let tasks = facts.results.tasks().iter().enumerate();
    let all = tasks.filter_map(|(at, task)| Some((task, Number::new(diff.task(at)?.number.as_ref()?))));
    let lines: Vec<String> = all
        .map(|(task, number)| {
            let (was, now, change) = (&number.was, &number.now, &number.change);
            let (records, interval, way) = (&number.records, &number.interval, number.direction);
            format!("| {} | {records} | {was} | {now} | {change} | {interval} | {way} |", name(&task.id))
        })
        .collect();
    if lines.is_empty() {
        return;
    }
    let level = diff.level();
    let _ = writeln!(
        out,
        "\n| measured by | records | mean before | mean now | change | {level} interval | now |"
    );
    out.push_str("|---|--:|--:|--:|--:|--:|---|\n");
    rows(out, lines.into_iter(), TABLE_BYTES);
}

/// What several trials of each case say.
fn trials(out: &mut String, facts: &Facts<'_>) {
    let Some(told) = &facts.trials else { return };
    let (whole, k) = (&told.whole, told.whole.k);
    let _ = write!(
        out,
        "\n**Trials**: {} of {} · whole records pass {}",
        counted(facts.results.rows().len(), "trial"),
        counted(told.cases, "case"),
        share(whole.mean.map(|mean| mean.mean.value)),
    );
    if let Some(error) = whole.mean.and_then(|mean| mean.mean.standard_error) {
        let _ = write!(out, " {} points (standard error)", repeats::error(Some(error)));
    }
    let [at, hat] = [whole.pass_at, whole.pass_hat].map(|mean| share(mean.map(|mean| mean.value)));
    let _ = write!(out, " · at least once in {k}: {at} (pass@{k}) · every time of {k}: {hat} (pass^{k})");
    let flaky: Vec<String> = told.flaky.iter().map(|case| case.name.clone()).collect();
    if flaky.is_empty() {
        out.push_str(" · no flaky cases\n");
    } else {
        let _ = writeln!(out, " · {}: {}", counted(flaky.len(), "flaky case"), named(&flaky));
    }
    out.push_str("\n| trials of | cases | trials | mean | ± error, points | k | pass@k | pass^k | flaky |\n");
    out.push_str("|---|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    let tasks = told.tasks.iter().map(|(at, line)| (name(&facts.results.tasks()[*at].id), line));
    let lines = std::iter::once(("whole record".to_owned(), whole)).chain(tasks).map(|(name, line)| {
        let error = repeats::error(line.mean.and_then(|mean| mean.mean.standard_error));
        let [mean, at, hat] = [
            line.mean.map(|mean| mean.mean.value),
            line.pass_at.map(|mean| mean.value),
            line.pass_hat.map(|mean| mean.value),
        ]
        .map(share);
        let [cases, trials, flaky] = [line.cases, line.trials, line.flaky].map(count);
        format!("| {name} | {cases} | {trials} | {mean} | {error} | {} | {at} | {hat} | {flaky} |", line.k)
    });
    rows(out, lines, TABLE_BYTES);
}

/// The lines of a table, while there is room; what is left out is counted.
fn rows(out: &mut String, mut lines: impl Iterator<Item = String>, room: usize) {
    let end = out.len() + room;
    while let Some(line) = lines.next() {
        if out.len() + line.len() > end {
            let _ = writeln!(out, "\nNot shown: {}.", counted(1 + lines.count(), "more task"));
            return;
        }
        let _ = writeln!(out, "{line}");
    }
}

fn records(out: &mut String, facts: &Facts<'_>) {
    let open: Vec<usize> = facts.order.iter().copied().filter(|row| facts.is_noteworthy(*row)).collect();
    if open.is_empty() {
        return;
    }
    let what = if facts.diff.is_some() { "changed, failed or errored" } else { "failed or errored" };
    let _ = writeln!(out, "\n<details><summary>First records to look at: {what}</summary>\n");
    out.push_str("| record | task | status | check | expected | actual |\n|---|---|---|---|---|---|\n");
    let mut told = 0;
    for &row in open.iter().take(MOST_RECORDS) {
        let lines = record(facts, row);
        if out.len() + lines.len() + TAIL_BYTES > MOST_BYTES {
            break;
        }
        out.push_str(&lines);
        told += 1;
    }
    if told < open.len() {
        let _ = writeln!(out, "\nNot shown: {}.", counted(open.len() - told, "more record"));
    }
    out.push_str("\n</details>\n");
}

/// The lines of one record: a line for each of the first tasks to look at.
fn record(facts: &Facts<'_>, row: usize) -> String {
    let record = name(&facts.name(row));
    let (mut lines, mut open) = (String::new(), 0);
    for (task, outcome) in facts.results.rows()[row].outcomes.iter().enumerate() {
        let status = Status::of(outcome);
        let was = facts.diff.as_ref().and_then(|diff| diff.was(row, task, status));
        if is_quiet(outcome) && was.is_none() {
            continue;
        }
        open += 1;
        if open > MOST_TASKS {
            continue;
        }
        let check = Check::of(facts.results, row, task, MOST_LETTERS);
        let shown = |text: Option<&String>| text.map(|text| code(text)).unwrap_or_default();
        let was = was.map(|(was, _)| format!(" (was {})", was.as_str().replace('_', " ")));
        let operator = check.operator.unwrap_or_default();
        let what = match (&check.path, &check.actual) {
            // What was compared tells more than the message, which says the same again.
            (path, Some(_)) if !operator.is_empty() => format!("{} {operator}", shown(path.as_ref())),
            _ if check.message.is_empty() => String::new(),
            _ => code(&check.message),
        };
        let _ = writeln!(
            lines,
            "| {record} | {} | {}{} | {} | {} | {} |",
            name(&facts.results.tasks()[task].id),
            status.as_str().replace('_', " "),
            was.unwrap_or_default(),
            what.trim_start(),
            shown(check.expected.as_ref()),
            shown(check.actual.as_ref()),
        );
    }
    if open > MOST_TASKS {
        let _ = writeln!(lines, "| {record} | and {} more | | | | |", count(open - MOST_TASKS));
    }
    lines
}
