//! Results as tables of text.

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};
use scouter_drift::statistics::Alpha;
use scouter_engine::{Outcome, SkipReason};

use super::counts::{Counts, share_percent};
use super::results::Results;
use super::row::Row;
use super::status::Status;
use crate::counted::counted;
use crate::suite::TaskInfo;
use crate::value::Value;

/// How much of a table is shown.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// The most records.
    pub records: usize,
    /// How wide the table may be, in columns of text; `None` for as wide as it gets.
    pub width: Option<u16>,
    /// The level of the intervals that rates show beside them; `None` for no intervals.
    pub intervals: Option<Alpha>,
}

pub(super) fn table(header: &[&str], width: Option<u16>) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_header(header);
    if let Some(width) = width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    table
}

pub(super) fn number(text: &(impl ToString + ?Sized)) -> Cell {
    Cell::new(text.to_string()).set_alignment(CellAlignment::Right)
}

/// A row for every record, then a row for every task over all records.
pub fn records_table(results: &Results, shown: Shown) -> String {
    let mut head = vec!["passed", "failed", "errored", "skipped", "n/a", "cancelled", "pass rate"];
    let interval = shown.intervals.map(|alpha| format!("{} interval", percent(1.0 - alpha.get())));
    head.extend(interval.as_deref());
    let whose = whose(results);
    let mut records = table(&[whose, &head[..], &["ms"][..]].concat(), shown.width);
    for row in results.rows().iter().take(shown.records) {
        let counts = row.counts(results.tasks());
        let mut cells = name_cells(row, whose);
        cells.extend(count_cells(&counts, shown.intervals));
        cells.push(number(&format!("{:.3}", 1000.0 * row.took.as_secs_f64())));
        records.add_row(cells);
    }
    let mut tasks = table(&[&["task"][..], &head[..]].concat(), shown.width);
    for (at, task) in results.tasks().iter().enumerate() {
        let mut cells = vec![Cell::new(task_name(task))];
        cells.extend(count_cells(&results.task_counts(at), shown.intervals));
        tasks.add_row(cells);
    }
    let about = [
        window(results, shown),
        descriptions(results.tasks()),
        headline(results),
        trials_line(results),
        hints(results),
    ];
    let about = about.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
    format!("{records}\n{}\n{tasks}\n{about}", more(results, shown))
}

/// A row for every task that looks at all records at once.
fn window(results: &Results, shown: Shown) -> String {
    let Some(window) = results.window.as_deref() else { return String::new() };
    let mut table = table(&["all records together", "status", "actual", "message"], shown.width);
    for (outcome, task) in window.rows().iter().flat_map(|row| &row.outcomes).zip(window.tasks().iter()) {
        let actual = outcome.output().map(|output| short(&output.value.actual()));
        table.add_row([
            Cell::new(task_name(task)),
            Cell::new(Status::of(outcome)),
            Cell::new(actual.unwrap_or_default()),
            Cell::new(plain(&message(window.tasks(), outcome, task))),
        ]);
    }
    let about = [descriptions(window.tasks()), hints(window)];
    let about = about.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
    format!("\n{table}\n{about}")
}

/// The pass rate, and whatever it does not count: a rate alone looks best where most went wrong.
fn headline(results: &Results) -> String {
    let left_out = not_counted(results);
    let left_out =
        if left_out.is_empty() { String::new() } else { format!("\nnot counted: {}", left_out.join(", ")) };
    let stopped = if results.cancelled { "; the run was stopped" } else { "" };
    let (records, tasks) = (counted(results.rows().len(), "record"), counted(results.tasks().len(), "task"));
    format!("{records}, {tasks}, pass rate {}{stopped}{left_out}", results.counts())
}

/// What the pass rate does not count, a part for each reason.
pub fn not_counted(results: &Results) -> Vec<String> {
    let counts = results.counts();
    let of = |status| Some(counts.of(status)).filter(|count| *count > 0);
    let uncounted = [Status::Errored, Status::Skipped, Status::NotApplicable, Status::Cancelled];
    let mut left_out: Vec<String> =
        uncounted.into_iter().filter_map(|status| Some(format!("{} {status}", of(status)?))).collect();
    let gates = results.tasks().iter().enumerate().filter(|(_, task)| task.gate);
    let gates: Vec<Counts> = gates.map(|(at, _)| results.task_counts(at)).collect();
    let closed = |statuses: &[Status]| -> usize {
        gates.iter().flat_map(|gate| statuses.iter().map(|status| gate.of(*status))).sum()
    };
    let told = [
        (closed(&[Status::Failed, Status::NotApplicable]), "did not pass"),
        (closed(&[Status::Errored]), "could not be carried out"),
    ];
    let told = told.into_iter().filter(|(gates, _)| *gates > 0);
    left_out.extend(told.map(|(gates, what)| format!("{} that {what}", counted(gates, "gate"))));
    left_out
}

/// How often records passed that ran several times.
fn trials_line(results: &Results) -> String {
    let records = results.rows().chunk_by(|before, row| row.goes_on(before));
    let records: Vec<&[Row]> = records.filter(|trials| trials[0].trial().is_some()).collect();
    if records.len() == results.rows().len() || records.is_empty() {
        return String::new();
    }
    let (mut every, mut never) = (0, 0);
    for trials in &records {
        let passed = trials.iter().filter(|row| row.status(results.tasks()) == Status::Passed).count();
        every += usize::from(passed == trials.len());
        never += usize::from(passed == 0);
    }
    let all = counted(records.len(), "record");
    let some = records.len() - every - never;
    format!("trials of {all}: {every} passed in every trial, {some} in some, {never} in none")
}

/// A row for every task of every record.
pub fn tasks_table(results: &Results, shown: Shown) -> String {
    let header = ["task", "type", "stage", "status", "path", "operator", "expected", "actual", "message"];
    let whose = whose(results);
    let mut table = table(&[whose, &header[..]].concat(), shown.width);
    for row in results.rows().iter().take(shown.records) {
        for (outcome, task) in row.outcomes.iter().zip(results.tasks().iter()) {
            table.add_row(task_cells(results, row, outcome, task, whose));
        }
    }
    for (row, results) in
        results.window.iter().flat_map(|window| window.rows().iter().map(move |row| (row, window)))
    {
        for (outcome, task) in row.outcomes.iter().zip(results.tasks().iter()) {
            table.add_row(task_cells(results, row, outcome, task, whose));
        }
    }
    let parts = [table.to_string(), more(results, shown), descriptions(results.tasks())];
    let parts = parts.iter().map(|part| part.trim_end()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("\n")
}

/// What each task is for, a line each.
fn descriptions(tasks: &[TaskInfo]) -> String {
    let lines =
        tasks.iter().filter_map(|task| Some(format!("{}: {}", task.id, plain(task.description.as_deref()?))));
    lines.collect::<Vec<_>>().join("\n")
}

/// What there is to say of tasks beside how they came out, and which of them only report.
fn hints(results: &Results) -> String {
    let hints = results.hints().into_iter().map(|hint| format!("hint: {hint}"));
    let advisory = results.tasks().iter().filter_map(|task| Some((&task.id, task.advisory.as_ref()?)));
    let advisory = advisory.map(|(id, why)| format!("{id} only reports: {why}"));
    hints.chain(advisory).collect::<Vec<_>>().join("\n")
}

fn task_cells(
    results: &Results,
    row: &Row,
    outcome: &Outcome<crate::measured::Measured>,
    task: &TaskInfo,
    whose: &[&str],
) -> Vec<Cell> {
    let output = outcome.output().map(|output| &output.value);
    let expected = output.and_then(|measured| measured.expected()).unwrap_or(&task.expected);
    let mut cells = name_cells(row, whose);
    cells.extend([
        Cell::new(task_name(task)),
        Cell::new(&task.kind),
        number(&task.stage),
        Cell::new(Status::of(outcome)),
        Cell::new(task.context_path.as_deref().unwrap_or_default()),
        Cell::new(task.operator.map(|operator| operator.to_string()).unwrap_or_default()),
        Cell::new(short(expected)),
        Cell::new(output.map(|measured| short(&measured.actual())).unwrap_or_default()),
        Cell::new(clip(&message(results.tasks(), outcome, task), MESSAGE)),
    ]);
    cells
}

/// What tells a row from the others: its record, and its trial where records ran several times.
pub(super) fn whose(results: &Results) -> &'static [&'static str] {
    if results.rows().iter().any(|row| row.trial().is_some()) { &["record", "trial"] } else { &["record"] }
}

/// The cells of these columns.
pub(super) fn name_cells(row: &Row, whose: &[&str]) -> Vec<Cell> {
    let trial = (whose.len() > 1).then(|| row.trial().map_or_else(|| Cell::new(""), |trial| number(&trial)));
    std::iter::once(Cell::new(row.name())).chain(trial).collect()
}

/// Why a task came out as it did, in a line.
pub fn message(tasks: &[TaskInfo], outcome: &Outcome<crate::measured::Measured>, task: &TaskInfo) -> String {
    let name = |by: &scouter_engine::Position| tasks.get(by.index()).map_or("?", |task| task.id.as_str());
    let hinted = |message: String| match &task.hint {
        // What is told of a trace is kept with what was meant.
        Some(hint) if !message.ends_with(hint) => format!("{message}; {hint}"),
        _ => message,
    };
    match outcome {
        Outcome::Done(output) => hinted(task.message(output.verdict, &output.value)),
        Outcome::Errored(error) => hinted(format!("failed to {}", error.message())),
        Outcome::Skipped(SkipReason::GateClosed { by }) => format!("the gate `{}` did not pass", name(by)),
        Outcome::Skipped(SkipReason::UpstreamErrored { by }) => format!("`{}` errored", name(by)),
        Outcome::Skipped(SkipReason::UpstreamSkipped { by }) => format!("`{}` was skipped", name(by)),
        Outcome::Cancelled => "the run was stopped before".to_owned(),
    }
}

fn count_cells(counts: &Counts, intervals: Option<Alpha>) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Status::ALL.iter().map(|status| number(&counts.of(*status))).collect();
    cells.push(number(counts));
    cells.extend(intervals.map(|alpha| {
        let interval = counts.interval(alpha);
        number(
            &interval
                .map(|of| format!("{} to {}%", share_percent(of.low), share_percent(of.high)))
                .unwrap_or_default(),
        )
    }));
    cells
}

/// A share in percent, to as many digits as it has.
pub(super) fn percent(share: f64) -> String {
    format!("{}%", (1e6 * share).round() / 1e4)
}

fn task_name(task: &TaskInfo) -> String {
    match task.mark() {
        Some(mark) => format!("{} ({mark})", task.id),
        None => task.id.clone(),
    }
}

fn more(results: &Results, shown: Shown) -> String {
    match results.rows().len().saturating_sub(shown.records) {
        0 => String::new(),
        left => format!("… and {}\n", counted(left, "more record")),
    }
}

fn short(value: &Value) -> String {
    clip(&value.to_string(), VALUE)
}

/// Text in one line.
fn plain(text: &str) -> String {
    text.replace(['\n', '\r', '\t'], " ")
}

/// The most characters of a value, and of a message, which says what to do at its end.
const VALUE: usize = 60;
const MESSAGE: usize = 240;

/// Text as it fits into a cell.
fn clip(text: &str, most: usize) -> String {
    let text = plain(text);
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
