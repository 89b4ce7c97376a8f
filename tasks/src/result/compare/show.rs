//! Comparisons as text.

use std::fmt::Write;

use scouter_drift::statistics::wilson::wilson;
use scouter_drift::statistics::{Alpha, Interval};

use super::comparison::{Comparison, Validity};
use super::decide::{ComparisonVerdict, RateChange};
use super::options::Options;
use super::pair::{Side, Trend};
use super::tally::TaskTally;
use crate::result::counts::Counts;
use crate::result::status::Status;
use crate::result::table::{number, percent, table};

/// A row for every record in both runs, at most `most` of them: regressions first, then
/// improvements, then the rest; the largest change first in each. Where intervals are asked for, each
/// rate shows its own.
pub fn comparison_table(comparison: &Comparison, most: usize, intervals: bool, width: Option<u16>) -> String {
    let level = intervals.then_some(comparison.options.alpha);
    let mut table = table(&["record", "baseline", "comparison", "change", "trend"], width);
    let mut pairs: Vec<_> = comparison.pairs.iter().enumerate().collect();
    pairs.sort_by(|(_, a), (_, b)| {
        let larger = || b.delta().abs().total_cmp(&a.delta().abs());
        a.trend.rank().cmp(&b.trend.rank()).then_with(larger)
    });
    for (at, pair) in pairs.iter().take(most) {
        table.add_row(vec![
            comparison.record(*at).into(),
            number(&share(pair.baseline_passed.into(), pair.compared.into(), level)),
            number(&share(pair.comparison_passed.into(), pair.compared.into(), level)),
            number(&points(pair.delta())),
            pair.trend.as_str().into(),
        ]);
    }
    with_more(table.to_string(), pairs.len(), most, "records")
}

/// A row for every task over all records that both runs have. Where intervals are asked for, each
/// rate shows its own.
pub fn task_table(comparison: &Comparison, intervals: bool, width: Option<u16>) -> String {
    let interval = format!("{} interval", percent(1.0 - comparison.options.alpha.get()));
    let header = [
        "task",
        "baseline",
        "comparison",
        "change",
        &interval,
        "p (adjusted)",
        "verdict",
        "changed records",
        "not judged",
    ];
    let level = intervals.then_some(comparison.options.alpha);
    let mut table = table(&header, width);
    for tally in &comparison.tasks {
        let of = tally.compared.max(1) as f64;
        let delta = (tally.comparison_passed as f64 - tally.baseline_passed as f64) / of;
        let rate = |passed: usize| share(passed as u64, tally.compared as u64, level);
        table.add_row(vec![
            comparison.task_id(tally.task).into(),
            number(&rate(tally.baseline_passed)),
            number(&rate(tally.comparison_passed)),
            number(&points(delta)),
            number(&tally.rate.map(|rate| bounds(rate.interval)).unwrap_or_default()),
            number(&tally.rate.map(|rate| p_value(rate.adjusted_p)).unwrap_or_default()),
            verdict(tally).into(),
            number(&tally.changed),
            not_judged(tally).into(),
        ]);
    }
    table.to_string()
}

/// A row for every task that measured a number on both sides; `None` where there is none.
pub fn number_table(comparison: &Comparison, width: Option<u16>) -> Option<String> {
    let interval = format!("{} interval", percent(1.0 - comparison.options.alpha.get()));
    let header = ["number", "records", "baseline mean", "comparison mean", "difference", &interval, "p"];
    let mut table = table(&header, width);
    for tally in &comparison.tasks {
        let Some(numbers) = tally.numbers else { continue };
        let interval = numbers.interval.map(|of| format!("{} to {}", short(of.low), short(of.high)));
        table.add_row(vec![
            comparison.task_id(tally.task).into(),
            number(&numbers.records),
            number(&short(numbers.baseline_mean)),
            number(&short(numbers.comparison_mean)),
            number(&short(numbers.difference)),
            number(&interval.unwrap_or_default()),
            number(&numbers.p.map(p_value).unwrap_or_default()),
        ]);
    }
    (table.row_count() > 0).then(|| table.to_string())
}

/// A row for every task that came out otherwise than before, at most `most` of them.
pub fn status_changes_table(comparison: &Comparison, most: usize, width: Option<u16>) -> String {
    let mut table = table(&["record", "task", "baseline", "comparison"], width);
    for change in comparison.changes().take(most) {
        table.add_row(vec![
            comparison.record(change.pair),
            comparison.task_id(change.task).to_owned(),
            change.baseline.to_string(),
            change.comparison.to_string(),
        ]);
    }
    with_more(table.to_string(), comparison.changes().count(), most, "changes")
}

/// The comparison in a few lines.
pub fn summary_text(comparison: &Comparison) -> String {
    let options = &comparison.options;
    let mut text = format!("Verdict: {}", comparison.verdict().as_str());
    match comparison.validity() {
        Validity::Valid => {}
        Validity::NothingCompared => text.push_str(": no record came to a verdict in both runs"),
        Validity::TooManyErrors => {
            let (share, most) = (percent(comparison.error_share()), percent(options.max_error_share));
            let _ = write!(text, ": {share} of the compared records errored or are lost, {most} may");
        }
    }
    text.extend(comparison.overall.as_ref().map(|overall| rate_text(overall, options)));
    for (verdict, word) in
        [(ComparisonVerdict::Regressed, "regressed"), (ComparisonVerdict::Improved, "improved")]
    {
        let tasks = comparison.tasks.iter().filter(|task| task.verdict() == verdict);
        let tasks: Vec<String> = tasks.map(|task| format!("`{}`", comparison.task_id(task.task))).collect();
        if !tasks.is_empty() {
            let _ = write!(text, "\n  tasks that {word}: {}", tasks.join(", "));
        }
    }
    let _ = write!(
        text,
        "\n  {} records in both runs ({} in the baseline, {} compared)\n  {} improved, {} regressed, \
         {} unchanged (threshold: {} points)\n  mean change of the pass rate: {}",
        comparison.pairs.len(),
        comparison.baseline.rows().len(),
        comparison.compared.rows().len(),
        comparison.trend(Trend::Improved),
        comparison.trend(Trend::Regressed),
        comparison.trend(Trend::Unchanged),
        (1e8 * options.threshold).round() / 1e6,
        points(comparison.mean_delta()),
    );
    for (count, first, text_of) in [
        (comparison.lost_records().len(), comparison.lost_records().next(), "only in the baseline"),
        (comparison.new_records().len(), comparison.new_records().next(), "only in the compared run"),
    ] {
        if let Some(first) = first {
            let _ = write!(text, "\n  {count} records are {text_of}, `{first}` first");
        }
    }
    if !comparison.missing_tasks.is_empty() {
        let _ = write!(text, "\n  {} tasks are in one of the runs only", comparison.missing_tasks.len());
    }
    text
}

/// What the records say, and what more of them would.
fn rate_text(rate: &RateChange, options: &Options) -> String {
    let mut text = format!(
        "\n  pass rate {} ({} interval {}; adjusted p {}), {} records gained and {} lost of {}",
        points(rate.difference),
        percent(1.0 - options.alpha.get()),
        bounds(rate.interval),
        p_value(rate.adjusted_p),
        rate.gained,
        rate.lost,
        rate.records,
    );
    if rate.clusters != rate.records {
        let _ = write!(text, " in {} clusters", rate.clusters);
    }
    if let Some(smallest) = rate.smallest {
        let _ = write!(text, "\n  so many find a difference of {:.1} points", 100.0 * smallest);
    }
    if rate.verdict == ComparisonVerdict::Inconclusive {
        match rate.records_needed {
            Some(records) => {
                let _ = write!(text, "\n  about {records} records would decide, if they go on like this");
            }
            None => {
                text.push_str("\n  no number of records shows that nothing changes at all: set a threshold");
            }
        }
    }
    text
}

fn verdict(tally: &TaskTally) -> String {
    let verdict = tally.verdict().as_str();
    match tally.rate.and_then(|rate| rate.records_needed) {
        Some(records) => format!("{verdict} (needs {records})"),
        None => verdict.to_owned(),
    }
}

/// What came to no verdict on either side.
fn not_judged(tally: &TaskTally) -> String {
    let of = |counts: &Counts, status| counts.of(status);
    let told = [Status::Errored, Status::Skipped, Status::NotApplicable, Status::Cancelled];
    let told =
        told.into_iter().map(|status| (status, of(&tally.baseline, status), of(&tally.comparison, status)));
    let told = told.filter(|(_, before, now)| before + now > 0);
    let told: Vec<String> = told.map(|(status, before, now)| format!("{before} → {now} {status}")).collect();
    told.join(", ")
}

fn bounds(of: Interval) -> String {
    format!("{:+.1} to {:+.1}", 100.0 * of.low, 100.0 * of.high)
}

fn p_value(p: f64) -> String {
    if p >= 0.001 { format!("{p:.3}") } else { format!("{p:.1e}") }
}

/// A number of any size, to four digits.
fn short(number: f64) -> String {
    let size = number.abs();
    if size != 0.0 && !(1e-3..1e6).contains(&size) { format!("{number:.3e}") } else { format!("{number:.4}") }
}

/// A rate with its denominator, and, where a level is given, with its interval.
fn share(passed: u64, of: u64, level: Option<Alpha>) -> String {
    if of == 0 {
        return "– (0/0)".to_owned();
    }
    let rate = format!("{:.1}% ({passed}/{of})", 100.0 * passed as f64 / of as f64);
    match level.and_then(|alpha| wilson(passed, of, alpha)) {
        Some(bounds) => format!("{rate} [{:.1} to {:.1}]", 100.0 * bounds.low, 100.0 * bounds.high),
        None => rate,
    }
}

fn points(delta: f64) -> String {
    format!("{:+.1} points", 100.0 * delta)
}

fn with_more(table: String, all: usize, most: usize, what: &str) -> String {
    if all > most { format!("{table}\n… and {} more {what}", all - most) } else { table }
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
