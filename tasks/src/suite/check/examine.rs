//! The whole check, task by task.

use std::sync::Arc;

use super::finding::{Calls, Checked, Finding, Severity};
use super::sample::{Sample, Trial};
use super::{columns, paths, prompts, reach, shadowed, spans, values};
use crate::task::{ConfigError, Subtitle, Task};

/// Tries tasks on sample records: what would never run, never resolve, never fit, and how often
/// tasks that wait would be called on `records` records. Nothing that waits is run.
///
/// ```
/// use std::sync::Arc;
///
/// use scouter_tasks::suite::{Format, Kinds, Sample, check, read_text};
/// use scouter_tasks::value::from_json;
///
/// let suite = r#"{"tasks": [{"task_type": "Assertion", "id": "answers",
///     "context_path": "respnse.text", "operator": "IsNotEmpty"}]}"#;
/// let tasks = read_text(suite, Format::Json, &Kinds::default())?;
/// let context = from_json(r#"{"response": {"text": "hi"}}"#)?;
/// let checked = check(&tasks, &[Sample { context, ..Sample::default() }], 1_000)?;
/// assert_eq!(checked.findings[0].hint.as_deref(), Some("did you mean `response.text`?"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Where the tasks do not compile: see [`compile`](super::super::compile).
pub fn check(tasks: &[Arc<dyn Task>], sample: &[Sample], records: usize) -> Result<Checked, ConfigError> {
    let trial = Trial::new(tasks, sample)?;
    let mut findings = Vec::new();
    if trial.len() > 0 {
        for (at, task) in trial.suite.specs.iter().enumerate() {
            let mut found = Found { task: &trial.suite.plan.nodes[at].id, findings: &mut findings };
            if let Some(why) = task.advisory() {
                let message = format!("it only reports: {why}");
                found.add(Severity::Warning, Some("calibration"), message, None);
            }
            let subject = Looked { trial: &trial, at, reached: trial.reached(at), says: task.subtitle() };
            reach::examine(&subject, &mut found);
            if !subject.reached.is_empty() {
                prompts::examine(&subject, &mut found);
                let explained = paths::examine(&subject, &mut found);
                shadowed::examine(&subject, &mut found);
                spans::examine(&subject, &mut found);
                values::examine_braces(&subject, &mut found);
                values::examine(&subject, &mut found);
                if !explained {
                    reach::examine_errors(&subject, &mut found);
                }
            }
        }
        columns::examine(&trial, &mut findings);
    }
    Ok(Checked { sample: sample.len(), findings, calls: calls(&trial, records) })
}

/// A task, and the sample records that it reaches.
pub(super) struct Looked<'t> {
    pub(super) trial: &'t Trial<'t>,
    /// Its place among the tasks.
    pub(super) at: usize,
    pub(super) reached: Vec<usize>,
    pub(super) says: Subtitle,
}

/// Where findings about one task go.
pub(super) struct Found<'f> {
    task: &'f str,
    findings: &'f mut Vec<Finding>,
}

impl Found<'_> {
    pub(super) fn add(
        &mut self,
        severity: Severity,
        field: Option<&str>,
        message: String,
        hint: Option<String>,
    ) {
        let (task, field) = (self.task.to_owned(), field.map(str::to_owned));
        self.findings.push(Finding { severity, task, field, message, hint });
    }
}

fn calls(trial: &Trial<'_>, records: usize) -> Vec<Calls> {
    let mut calls: Vec<Calls> = Vec::new();
    for (at, node) in trial.suite.plan.nodes.iter().enumerate().filter(|(_, node)| node.waits) {
        let likely = match trial.len() {
            0 => records,
            all => (records * trial.reached(at).len()).div_ceil(all),
        };
        // A jury is asked as often as it has members.
        let asked = trial.suite.specs[at].asks().len().max(1);
        let (most, likely) = (asked * records, asked * likely);
        match calls.iter_mut().find(|calls| calls.kind == node.kind) {
            Some(calls) => {
                calls.tasks += 1;
                calls.most += most;
                calls.likely += likely;
            }
            None => calls.push(Calls { kind: node.kind.to_owned(), tasks: 1, most, likely }),
        }
    }
    calls
}
