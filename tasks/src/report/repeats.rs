//! The trials, as the page shows them.

use std::collections::HashSet;

use serde::Serialize;

use super::facts::Facts;
use super::html::{label, shown};
use super::trials::{Flaky, Told};
use crate::counted::{count, counted};
use crate::result::{TrialLine, share_percent};

/// How many cases are named that are flaky.
const MOST_CASES: usize = 100;
/// How many trials of such a case are shown.
const MOST_TRIALS: usize = 24;

/// What stands in the section of trials.
#[derive(Debug, Serialize)]
pub(super) struct Repeats {
    cases: String,
    records: String,
    /// Of whole records.
    whole: ShownLine,
    /// What would make the mean surer, in words.
    surer: Option<&'static str>,
    tasks: Vec<ShownLine>,
    chances: Vec<(u64, String, String)>,
    flaky: Vec<ShownFlaky>,
    flaky_more: usize,
}

#[derive(Debug, Serialize)]
struct ShownLine {
    /// The place of the task; none for whole records.
    task: Option<usize>,
    id: String,
    mark: Option<&'static str>,
    cases: String,
    trials: String,
    mean: String,
    /// The standard error of the mean in points, and its two parts.
    error: String,
    between: String,
    within: String,
    k: u64,
    pass_at: String,
    pass_hat: String,
    /// How many cases have too few trials for these two.
    left_out: usize,
    flaky: String,
}

#[derive(Debug, Serialize)]
struct ShownFlaky {
    name: String,
    passed: String,
    trials: Vec<ShownTrial>,
    more: usize,
}

#[derive(Debug, Serialize)]
struct ShownTrial {
    /// Its record.
    at: usize,
    /// Whether the record is listed, so that it can be linked.
    listed: bool,
    number: usize,
    status: &'static str,
    label: String,
}

/// The section of trials; `None` where each case has but one.
pub(super) fn repeats(facts: &Facts<'_>, listed: &HashSet<usize>) -> Option<Repeats> {
    let told = facts.trials.as_ref()?;
    let tasks = facts.results.tasks();
    let line = |(at, line): &(usize, TrialLine)| ShownLine {
        task: Some(*at),
        mark: tasks[*at].mark(),
        ..ShownLine::new(shown(&tasks[*at].id), line)
    };
    Some(Repeats {
        cases: counted(told.cases, "case"),
        records: counted(facts.results.rows().len(), "trial"),
        whole: ShownLine::new("whole record".to_owned(), &told.whole),
        surer: surer(told),
        tasks: told.tasks.iter().map(line).collect(),
        chances: told.chances.iter().map(|(k, at, hat)| (*k, share(Some(*at)), share(Some(*hat)))).collect(),
        flaky: told.flaky.iter().take(MOST_CASES).map(|case| flaky(case, listed)).collect(),
        flaky_more: told.flaky.len().saturating_sub(MOST_CASES),
    })
}

impl ShownLine {
    fn new(id: String, line: &TrialLine) -> Self {
        let mean = line.mean;
        Self {
            task: None,
            id,
            mark: None,
            cases: count(line.cases),
            trials: count(line.trials),
            mean: share(mean.map(|mean| mean.mean.value)),
            error: error(mean.and_then(|mean| mean.mean.standard_error)),
            between: error(mean.and_then(|mean| mean.between)),
            within: error(mean.and_then(|mean| mean.within)),
            k: line.k,
            pass_at: share(line.pass_at.map(|mean| mean.value)),
            pass_hat: share(line.pass_hat.map(|mean| mean.value)),
            left_out: line.pass_hat.map_or(0, |mean| mean.left_out),
            flaky: count(line.flaky),
        }
    }
}

/// A share in percent.
pub(super) fn share(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| share_percent(share) + "%")
}

/// A standard error in percentage points; empty where there is none.
pub(super) fn error(error: Option<f64>) -> String {
    error.map(|error| format!("±{:.1}", 100.0 * error)).unwrap_or_default()
}

fn surer(told: &Told) -> Option<&'static str> {
    let mean = told.whole.mean?;
    let (between, within) = (mean.between?, mean.within?);
    Some(match () {
        () if between.max(within) == 0.0 => return None,
        () if between >= 2.0 * within => "more cases would make it surer, more trials hardly",
        () if within >= 2.0 * between => "more trials would make it surer, more cases hardly",
        () => "more cases and more trials would make it surer",
    })
}

fn flaky(case: &Flaky, listed: &HashSet<usize>) -> ShownFlaky {
    let (passed, of) = case.passed();
    let trials = case.rows.iter().zip(1..).take(MOST_TRIALS).map(|((at, status), number)| ShownTrial {
        at: *at,
        listed: listed.contains(at),
        number,
        status: status.as_str(),
        label: label(*status),
    });
    ShownFlaky {
        name: shown(&case.name),
        passed: format!("{}/{}", count(passed), count(of)),
        trials: trials.collect(),
        more: case.rows.len().saturating_sub(MOST_TRIALS),
    }
}
