//! JUnit XML: a `testsuite` for every task, with a `testcase` for every record.
//!
//! CI systems sum up by suite, so that they show what each task came to, and name a case by its
//! suite and its own name. A check that failed is a `failure`, one that could not be carried out, or that a stopped run did not
//! come to, an `error`, and what did not come to a verdict is `skipped`, with the reason. A gate that does
//! not pass is no failure: it decides what runs, and counts in no rate.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io::{self, Write};

use super::check::Check;
use super::facts::{Facts, Report};
use super::rate::Rate;
use super::text::{clip, one_line, visible};
use crate::result::{Counts, Status, TrialLine};
use crate::suite::TaskInfo;

/// How many characters of a value or message are written.
const MOST_LETTERS: usize = 2_000;
/// How many characters of a message stand in an attribute, which CI systems show in lists.
const MOST_SHORT: usize = 300;

/// What a check is to CI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    Passed,
    Failure,
    Error,
    Skipped,
}

/// Writes the report as JUnit XML.
///
/// # Errors
/// Those of what is written to.
pub(super) fn junit(report: &Report<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut writer = Writer::new_with_indent(out, b' ', 1);
    write(&mut writer, &Facts::new(report))?;
    writer.into_inner().write_all(b"\n")
}

fn case(status: Status, counts: bool) -> Case {
    match status {
        Status::Passed => Case::Passed,
        Status::Failed if counts => Case::Failure,
        Status::Errored | Status::Cancelled => Case::Error,
        Status::Failed | Status::Skipped | Status::NotApplicable => Case::Skipped,
    }
}

/// The attributes that count cases; the last, `skipped`, is one of suites, not of all of them together.
fn totals(counts: impl IntoIterator<Item = (Counts, bool)>) -> [(&'static str, String); 4] {
    let (mut all, mut failures, mut errors, mut skipped) = (0, 0, 0, 0);
    for (counts, counted) in counts {
        all += counts.total();
        for status in Status::ALL {
            let place = match case(status, counted) {
                Case::Passed => continue,
                Case::Failure => &mut failures,
                Case::Error => &mut errors,
                Case::Skipped => &mut skipped,
            };
            *place += counts.of(status);
        }
    }
    [("tests", all), ("failures", failures), ("errors", errors), ("skipped", skipped)]
        .map(|(name, number)| (name, number.to_string()))
}

fn write<W: Write>(writer: &mut Writer<W>, facts: &Facts<'_>) -> io::Result<()> {
    let tasks = facts.results.tasks();
    let window = facts.window.as_deref();
    let parts = [Some(facts), window].into_iter().flatten();
    let counted = parts.flat_map(|facts| facts.tasks.iter().zip(facts.results.tasks().iter()));
    let all = totals(counted.map(|(counts, task)| (*counts, task.counts())));
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let element =
        writer.create_element("testsuites").with_attribute(("name", attribute(&facts.title).as_str()));
    let element = all[..3]
        .iter()
        .fold(element, |element, (name, value)| element.with_attribute((*name, value.as_str())));
    element.write_inner_content(|writer| {
        (0..tasks.len()).try_for_each(|at| suite(writer, facts, at, &tasks[at]))?;
        window.into_iter().try_for_each(|facts| {
            let tasks = facts.results.tasks();
            (0..tasks.len()).try_for_each(|at| suite(writer, facts, at, &tasks[at]))
        })
    })?;
    Ok(())
}

fn suite<W: Write>(writer: &mut Writer<W>, facts: &Facts<'_>, at: usize, task: &TaskInfo) -> io::Result<()> {
    let counts = &facts.tasks[at];
    let id = attribute(&task.id);
    let element = writer.create_element("testsuite").with_attribute(("name", id.as_str()));
    let all = totals([(*counts, task.counts())]);
    let mut element =
        all.iter().fold(element, |element, (name, value)| element.with_attribute((*name, value.as_str())));
    let started = facts.results.rows().iter().map(|row| row.created_at).min();
    if let Some(started) = started {
        let started = started.format("%Y-%m-%dT%H:%M:%S").to_string();
        element = element.with_attribute(("timestamp", started.as_str()));
    }
    element.write_inner_content(|writer| {
        let all = properties(facts, at, task);
        writer.create_element("properties").write_inner_content(|writer| {
            all.iter().try_for_each(|(name, value)| {
                let element = writer.create_element("property").with_attribute(("name", *name));
                element.with_attribute(("value", attribute(value).as_str())).write_empty().map(drop)
            })
        })?;
        (0..facts.results.rows().len()).try_for_each(|row| test(writer, facts, row, at, task, &id))
    })?;
    Ok(())
}

/// What stands beside a suite: its rate, what of it is certain, and how it changed.
fn properties(facts: &Facts<'_>, at: usize, task: &TaskInfo) -> Vec<(&'static str, String)> {
    let rate = Rate::from(&facts.tasks[at]);
    let mut all = vec![
        ("task_type", task.kind.clone()),
        ("gate", task.gate.to_string()),
        ("advisory", task.advisory.is_some().to_string()),
        ("passed", rate.passed.to_string()),
        ("counted", rate.of.to_string()),
    ];
    all.extend(rate.share().map(|share| ("pass_rate", share.to_string())));
    if let Some((low, high)) = rate.interval() {
        all.extend([("pass_rate_low_95", format!("{low:.6}")), ("pass_rate_high_95", format!("{high:.6}"))]);
    }
    if let Some(change) = facts.diff.as_ref().and_then(|diff| diff.task(at)) {
        all.push(("baseline_passed", change.was.passed.to_string()));
        all.push(("counted_in_both", change.was.of.to_string()));
        all.extend(change.was.share().map(|share| ("baseline_pass_rate", share.to_string())));
        all.push(("change_in_points", format!("{:+.1}", 100.0 * change.delta())));
        all.push(("verdict", change.verdict.to_owned()));
        all.push(("changed_records", change.changed.to_string()));
        if !change.not_judged.is_empty() {
            all.push(("no_verdict_before_and_now", change.not_judged.clone()));
        }
        if let Some(number) = &change.number {
            all.push(("baseline_mean", number.baseline_mean.to_string()));
            all.push(("mean", number.comparison_mean.to_string()));
            all.push(("mean_change", number.difference.to_string()));
            all.extend(number.interval.map(|of| ("mean_change_low", of.low.to_string())));
            all.extend(number.interval.map(|of| ("mean_change_high", of.high.to_string())));
            all.push(("mean_direction", number.direction().as_str().to_owned()));
        }
    }
    let trials = facts.trials.as_ref().and_then(|told| told.tasks.iter().find(|(task, _)| *task == at));
    all.extend(trials.map(|(_, line)| repeated(line)).unwrap_or_default());
    all.extend(
        task.description.as_deref().map(|text| ("description", clip(text, MOST_LETTERS).into_owned())),
    );
    all
}

/// What several trials of each case say.
fn repeated(line: &TrialLine) -> Vec<(&'static str, String)> {
    let shares = [
        ("trials_mean", line.mean.map(|mean| mean.mean.value)),
        ("trials_standard_error", line.mean.and_then(|mean| mean.mean.standard_error)),
        ("pass_at_k", line.pass_at.map(|mean| mean.value)),
        ("pass_hat_k", line.pass_hat.map(|mean| mean.value)),
    ];
    let mut all = vec![("trial_cases", line.cases.to_string()), ("flaky_cases", line.flaky.to_string())];
    all.push(("k", line.k.to_string()));
    all.extend(shares.into_iter().filter_map(|(name, share)| Some((name, format!("{:.6}", share?)))));
    all
}

fn test<W: Write>(
    writer: &mut Writer<W>,
    facts: &Facts<'_>,
    row: usize,
    at: usize,
    task: &TaskInfo,
    id: &str,
) -> io::Result<()> {
    let outcome = &facts.results.rows()[row].outcomes[at];
    let name = attribute(&facts.name(row));
    let element = writer.create_element("testcase").with_attribute(("classname", id));
    let element = element.with_attribute(("name", name.as_str()));
    let what = match case(Status::of(outcome), task.counts()) {
        Case::Passed => return element.write_empty().map(drop),
        Case::Failure => "failure",
        Case::Error => "error",
        Case::Skipped => "skipped",
    };
    let check = Check::of(facts.results, row, at, MOST_LETTERS);
    element.write_inner_content(|writer| {
        let short = clip(&check.message, MOST_SHORT);
        let short = match check.status {
            Status::Failed if task.gate => format!("the gate did not pass: {short}"),
            Status::Failed if !task.counts() => format!("it only reports: {short}"),
            Status::Failed | Status::Errored | Status::Cancelled => format!("{}: {short}", task.id),
            Status::NotApplicable => format!("nothing to check: {short}"),
            _ => short.into_owned(),
        };
        let element = writer.create_element(what).with_attribute(("message", attribute(&short).as_str()));
        if what == "skipped" {
            return element.write_empty().map(drop);
        }
        let element = element.with_attribute(("type", check.status.as_str()));
        element.write_text_content(BytesText::new(&body(&check, task))).map(drop)
    })?;
    Ok(())
}

/// What a failure shows when it is opened.
fn body(check: &Check, task: &TaskInfo) -> String {
    let id = visible(&task.id).into_owned();
    let lines = [
        ("task", Some(&id)),
        ("path", check.path.as_ref()),
        ("operator", check.operator.as_ref()),
        ("expected", check.expected.as_ref()),
        ("actual", check.actual.as_ref()),
        ("message", Some(&check.message).filter(|message| !message.is_empty())),
        ("detail", check.detail.as_ref()),
    ];
    let lines = lines.into_iter().filter_map(|(name, text)| Some(format!("{name}: {}", text?)));
    lines.collect::<Vec<_>>().join("\n")
}

/// Text as it may stand in an attribute, where XML takes line breaks for blanks.
fn attribute(text: &str) -> String {
    one_line(&visible(text))
}
