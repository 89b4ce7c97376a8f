//! Comparisons as text.

use std::fmt::Write;

use comfy_table::Cell;
use scouter_drift::statistics::wilson::wilson;
use scouter_drift::statistics::{Alpha, Interval};

use super::comparison::Comparison;
use super::pair::{Side, Trend};
use super::tally::TaskTally;
use super::words::{evidence, headline, number, p_value, points, signed};
use crate::counted::counted;
use crate::result::counts::{Counts, share_percent};
use crate::result::status::Status;
use crate::result::table::{name_cells, number as number_cell, percent, table, whose};

/// A row for every record in both runs, at most `most` of them: regressions first, then
/// improvements, then the rest; the largest change first in each. Where intervals are asked for, each
/// rate shows its own.
pub fn comparison_table(comparison: &Comparison, most: usize, intervals: bool, width: Option<u16>) -> String {
    let level = intervals.then_some(comparison.options.alpha);
    let whose = whose(&comparison.compared);
    let header = [whose, &["before", "now", "change, points", "trend"][..]].concat();
    let mut table = table(&header, width);
    let mut pairs: Vec<_> = comparison.pairs.iter().enumerate().collect();
    pairs.sort_by(|(_, a), (_, b)| {
        let larger = || b.delta().abs().total_cmp(&a.delta().abs());
        a.trend.rank().cmp(&b.trend.rank()).then_with(larger)
    });
    for (at, pair) in pairs.iter().take(most) {
        let mut cells = name_cells(comparison.row(*at), whose);
        cells.extend([
            number_cell(&share(pair.baseline_passed.into(), pair.compared.into(), level)),
            number_cell(&share(pair.comparison_passed.into(), pair.compared.into(), level)),
            number_cell(&points(pair.delta())),
            pair.trend.as_str().into(),
        ]);
        table.add_row(cells);
    }
    with_more(table.to_string(), pairs.len(), most, "record")
}

/// A row for every task over all records that both runs have. Where intervals are asked for, each
/// rate shows its own.
pub fn task_table(comparison: &Comparison, intervals: bool, width: Option<u16>) -> String {
    let level = percent(1.0 - comparison.options.alpha.get());
    let change = format!("points ({level} interval)");
    let header =
        ["task", "before", "now", &change, "verdict", "needs", "changed", "no verdict", "p (adjusted)"];
    let level = intervals.then_some(comparison.options.alpha);
    let mut table = table(&header, width);
    for tally in &comparison.tasks {
        let rate = |passed: usize| share(passed as u64, tally.judged as u64, level);
        let change =
            tally.rate.map(|rate| format!("{} ({})", points(rate.difference), bounds(rate.interval)));
        let needed = tally.rate.and_then(|rate| rate.records_needed).map(|needed| needed.to_string());
        table.add_row(vec![
            comparison.task_id(tally.task).into(),
            number_cell(&rate(tally.baseline_passed)),
            number_cell(&rate(tally.comparison_passed)),
            number_cell(&change.unwrap_or_default()),
            tally.verdict().as_str().into(),
            number_cell(&needed.unwrap_or_default()),
            number_cell(&tally.changed),
            not_judged(tally).into(),
            number_cell(&tally.rate.map(|rate| p_value(rate.adjusted_p)).unwrap_or_default()),
        ]);
    }
    format!("{table}\nRates and changes of records judged in both runs; needs: about how many would decide")
}

/// A row for every task that measured a number on both sides; `None` where there is none.
pub fn number_table(comparison: &Comparison, width: Option<u16>) -> Option<String> {
    let interval = format!("{} interval", percent(1.0 - comparison.options.alpha.get()));
    let header = ["measured by", "records", "mean before", "mean now", "change", &interval, "now", "p"];
    let mut table = table(&header, width);
    for tally in &comparison.tasks {
        let Some(numbers) = tally.numbers else { continue };
        let interval = numbers.interval.map(|of| format!("{} to {}", signed(of.low), signed(of.high)));
        table.add_row(vec![
            comparison.task_id(tally.task).into(),
            number_cell(&numbers.records),
            number_cell(&number(numbers.baseline_mean)),
            number_cell(&number(numbers.comparison_mean)),
            number_cell(&signed(numbers.difference)),
            number_cell(&interval.unwrap_or_default()),
            numbers.direction().as_str().into(),
            number_cell(&numbers.p.map(p_value).unwrap_or_default()),
        ]);
    }
    (table.row_count() > 0).then(|| table.to_string())
}

/// A row for every task that came out otherwise than before, at most `most` of them.
pub fn status_changes_table(comparison: &Comparison, most: usize, width: Option<u16>) -> String {
    let whose = whose(&comparison.compared);
    let mut table = table(&[whose, &["task", "before", "now"][..]].concat(), width);
    for change in comparison.changes().take(most) {
        let mut cells = name_cells(comparison.row(change.pair), whose);
        cells.extend([
            Cell::new(comparison.task_id(change.task)),
            Cell::new(change.baseline),
            Cell::new(change.comparison),
        ]);
        table.add_row(cells);
    }
    with_more(table.to_string(), comparison.changes().count(), most, "change")
}

/// The comparison in a few lines: what it says, and what that rests on.
pub fn summary_text(comparison: &Comparison) -> String {
    let mut text = format!("Verdict: {}: {}.\n", comparison.verdict().as_str(), headline(comparison));
    let mut lines = evidence(comparison);
    let (lost, new) = (comparison.lost_records(), comparison.new_records());
    lines.extend(named(lost).map(|lost| ("Records lost", format!("{lost}, only in the baseline"))));
    lines.extend(named(new).map(|new| ("Records new", format!("{new}, only in this run"))));
    for (what, side, run) in
        [("Tasks lost", Side::Baseline, "the baseline"), ("Tasks new", Side::Comparison, "this run")]
    {
        let tasks: Vec<String> = comparison
            .missing_tasks
            .iter()
            .filter(|task| task.present_in == side)
            .map(|task| task.task_id.clone())
            .collect();
        lines.extend(named(tasks.into_iter()).map(|tasks| (what, format!("{tasks}, only in {run}"))));
    }
    lines.extend(
        comparison
            .changed_tasks
            .iter()
            .map(|task| ("Task changed", format!("`{}`: {}", task.task_id, task.what))),
    );
    for (what, says) in lines {
        let _ = write!(text, "\n  {what:<14} {says}");
    }
    text
}

/// How many there are, and the first.
fn named(mut names: impl ExactSizeIterator<Item = String>) -> Option<String> {
    let count = names.len();
    let first = names.next()?;
    Some(if count == 1 { format!("`{first}`") } else { format!("{count}, `{first}` first") })
}

/// What came to no verdict on either side.
pub(crate) fn not_judged(tally: &TaskTally) -> String {
    let of = |counts: &Counts, status| counts.of(status);
    let told = [Status::Errored, Status::Skipped, Status::NotApplicable, Status::Cancelled];
    let told =
        told.into_iter().map(|status| (status, of(&tally.baseline, status), of(&tally.comparison, status)));
    let told = told.filter(|(_, before, now)| before + now > 0);
    let told: Vec<String> = told.map(|(status, before, now)| format!("{before} → {now} {status}")).collect();
    told.join(", ")
}

fn bounds(of: Interval) -> String {
    format!("{} to {}", points(of.low), points(of.high))
}

/// A rate with its denominator, and, where a level is given, with its interval.
fn share(passed: u64, of: u64, level: Option<Alpha>) -> String {
    if of == 0 {
        return "– (0/0)".to_owned();
    }
    let rate = format!("{}% ({passed}/{of})", share_percent(passed as f64 / of as f64));
    match level.and_then(|alpha| wilson(passed, of, alpha)) {
        Some(bounds) => {
            format!("{rate} [{} to {}]", share_percent(bounds.low), share_percent(bounds.high))
        }
        None => rate,
    }
}

fn with_more(table: String, all: usize, most: usize, noun: &str) -> String {
    if all > most {
        format!("{table}\n… and {}", counted(all - most, &format!("more {noun}")))
    } else {
        table
    }
}

impl Trend {
    /// The name as in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Improved => "improved",
            Self::Regressed => "regressed",
            Self::Unchanged => "unchanged",
        }
    }

    fn rank(self) -> u8 {
        match self {
            Self::Regressed => 0,
            Self::Improved => 1,
            Self::Unchanged => 2,
        }
    }
}

impl Side {
    /// The name as in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Comparison => "comparison",
        }
    }
}
