//! Markdown for pull requests: what matters first, and never longer than a comment may be.

use std::fmt::Write;

use super::check::Check;
use super::diff::{Diff, points};
use super::facts::{Facts, Report, is_quiet};
use super::rate::{Rate, count, counted};
use super::text::{clip, one_line, visible};
use crate::result::{ComparisonVerdict, Status};

/// The most bytes of a report. GitHub takes comments of 65,536 characters; the rest is for what
/// others add around it.
const MOST_BYTES: usize = 60_000;
/// The most bytes of the table of tasks, so that there is room for records.
const TABLE_BYTES: usize = 30_000;
/// How many records are told of.
const MOST_RECORDS: usize = 20;
/// How many characters of a value or message are shown.
const MOST_LETTERS: usize = 160;
/// What is kept free for the lines that say what was left out.
const TAIL_BYTES: usize = 400;

/// The report as Markdown, of at most 60,000 bytes. What has no room is counted.
pub fn markdown(report: &Report<'_>) -> String {
    let facts = Facts::new(report);
    let mut out = head(&facts);
    table(&mut out, &facts);
    records(&mut out, &facts);
    out
}

fn head(facts: &Facts<'_>) -> String {
    let mark = match facts.diff.as_ref().map(Diff::verdict) {
        Some(ComparisonVerdict::Regressed) => "❌ regressed: ",
        Some(ComparisonVerdict::Improved) => "✅ improved: ",
        Some(ComparisonVerdict::Unchanged) => "✅ unchanged: ",
        Some(ComparisonVerdict::Inconclusive) => "❔ inconclusive: ",
        Some(ComparisonVerdict::Invalid) => "❌ invalid comparison: ",
        None if facts.is_sound() => "✅ ",
        None => "❌ ",
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
        counted(results.tasks().len(), "task")
    );
    let left_out = facts.not_counted();
    if !left_out.is_empty() {
        let _ = write!(line, " · not in the rate: {left_out}");
    }
    let _ = writeln!(out, "{line}");
    if let Some(diff) = &facts.diff {
        out.push('\n');
        for line in diff.summary() {
            let _ = writeln!(out, "- {line}");
        }
        for unpaired in diff.unpaired() {
            let names: Vec<String> = unpaired.names.iter().take(5).map(|unpaired| name(unpaired)).collect();
            let more = unpaired.names.len() - names.len();
            let more = if more > 0 { format!(" and {} more", count(more)) } else { String::new() };
            let _ = writeln!(
                out,
                "\n{} {}: {}{more}",
                count(unpaired.names.len()),
                unpaired.what,
                names.join(", ")
            );
        }
    }
    out
}

fn table(out: &mut String, facts: &Facts<'_>) {
    let diff = facts.diff.as_ref();
    out.push_str("\n| task | passed | failed | errored | skipped | pass rate | 95% interval |");
    out.push_str(if diff.is_some() { " in both runs | change | verdict |\n" } else { "\n" });
    out.push_str("|---|--:|--:|--:|--:|--:|--:|");
    out.push_str(if diff.is_some() { "--:|--:|---|\n" } else { "\n" });
    let end = out.len() + TABLE_BYTES;
    for (at, task) in facts.results.tasks().iter().enumerate() {
        let counts = &facts.tasks[at];
        let rate = Rate::from(counts);
        let gate = if task.gate { " (gate)" } else { "" };
        let mut line = format!("| {}{gate}", name(&task.id));
        for status in [Status::Passed, Status::Failed, Status::Errored, Status::Skipped] {
            let _ = write!(line, " | {}", count(counts.of(status)));
        }
        let _ = write!(line, " | {} ({}) | {} |", rate.percent(), rate.fraction(), rate.interval_text());
        match diff.map(|diff| diff.task(at)) {
            Some(Some(change)) => {
                let (was, now) = (change.was.percent(), change.now.percent());
                let _ = write!(line, " {was} → {now} | {} | {} |", points(change.delta()), change.verdict);
            }
            Some(None) => line.push_str(" new | | |"),
            None => {}
        }
        if out.len() + line.len() > end {
            let _ = writeln!(out, "\n{} more tasks are not shown.", count(facts.tasks.len() - at));
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
        let _ = writeln!(out, "\n{} more records are not shown.", count(open.len() - told));
    }
    out.push_str("\n</details>\n");
}

/// The lines of one record: a line for each task to look at.
fn record(facts: &Facts<'_>, row: usize) -> String {
    let record = name(&facts.name(row));
    let mut lines = String::new();
    for (task, outcome) in facts.results.rows()[row].outcomes.iter().enumerate() {
        let status = Status::of(outcome);
        let was = facts.diff.as_ref().and_then(|diff| diff.was(row, task, status));
        if is_quiet(outcome) && was.is_none() {
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
    lines
}

/// The name of a record or task.
fn name(text: &str) -> String {
    code(&clip(&visible(text), MOST_LETTERS))
}

/// Text of users as code, which nothing in it can leave: no markup, no mention of people, no new
/// cell or line.
fn code(text: &str) -> String {
    let text = one_line(&visible(text)).replace('|', "\\|");
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    // A space is taken off both ends where both have one; blanks alone would stay as they are.
    let pad = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Text that is none of Markdown's.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '!') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_cannot_be_left() {
        assert_eq!(code("a|b"), "`a\\|b`");
        assert_eq!(code("x\ny"), "`x\\ny`");
        assert_eq!(code("``a`"), "``` ``a` ```");
        assert_eq!(code("@someone <script>"), "`@someone <script>`");
        assert_eq!(code(""), "`  `");
    }

    #[test]
    fn a_title_is_text() {
        assert_eq!(escape("a*b <i> [x](y)"), "a\\*b \\<i\\> \\[x\\](y)");
    }
}
