//! The half of a judge that asks: from a record to the reply of a model.

use std::collections::BTreeMap;

use scouter_engine::{ErrorKind, NodeError};
use scouter_providers::chat::ChatRequest;
use scouter_providers::prompt::{CompiledPrompt, Prompt};
use scouter_providers::{CallError, ErrorKind as CallKind, Provider};
use serde::Serialize;

use crate::call::Call;
use crate::fingerprint::Printer;
use crate::memory;
use crate::models::Asked;
use crate::path::{Path, Read};
use crate::source::{Cx, Source};
use crate::task::build::{Build, Purpose};
use crate::value::Value;

/// A question to a model, compiled.
#[derive(Debug)]
pub(super) struct Question {
    /// The task that asks, by id.
    task: String,
    provider: Provider,
    prompt: CompiledPrompt,
    /// What the prompt needs, and where it is read.
    needs: Vec<(Path, Source)>,
}

impl Question {
    /// Compiles the prompt of a task.
    pub(super) fn build(cx: &mut Build<'_>, task: &str, prompt: &Prompt) -> Option<Self> {
        let compiled = prompt.compile().map_err(|errors| {
            for problem in errors.problems() {
                cx.problem("prompt", format!("`{}`: {}", problem.place, problem.why));
            }
        });
        if prompt.provider == Provider::Undefined {
            cx.problem("prompt", "`provider` is missing: say whose model it is");
            return None;
        }
        let compiled = compiled.ok()?;
        let mut needs = Vec::with_capacity(compiled.needs().len());
        for need in compiled.needs() {
            // Names in templates are plain, so that they are paths as they stand.
            let path = cx.path("prompt", need)?;
            let purpose = if compiled.requires(need) { Purpose::Filled } else { Purpose::Offered };
            needs.push((path.clone(), cx.read("prompt", path, purpose)));
        }
        Some(Self { task: task.to_lowercase(), provider: prompt.provider, prompt: compiled, needs })
    }

    /// The question about the record, filled in.
    pub(super) fn fill(&self, cx: &Cx<'_, '_>) -> Result<ChatRequest, NodeError> {
        let mut given = BTreeMap::new();
        for (path, source) in &self.needs {
            match &*source.read(cx) {
                Read::Found(value) => put(&mut given, path.to_string().split('.'), value.clone()),
                // A template may say what to do without it; where it does not, it says so itself.
                Read::Missing { .. } => {}
                Read::Unreadable(why) => return Err(NodeError::new(format!("read `{path}`: {why}"))),
            }
        }
        let filled = self.prompt.fill(&given).map_err(|error| NodeError::new(error.to_string()))?;
        let trial = cx.input.trial.map_or(0, |trial| trial.get() - 1);
        Ok(ChatRequest { trial, ..filled })
    }

    /// The same question to the memory of the run.
    pub(super) fn remembered(&self, request: &ChatRequest, cx: &Cx<'_, '_>) -> Option<memory::Question> {
        let recall = cx.input.recall.as_ref()?;
        let canonical = |printer: &mut Printer| {
            printer.text(Some(&request.canonical(self.provider.as_str()).to_string()));
        };
        recall.question(&self.task, cx.input.trial, canonical)
    }

    /// Who is asked in this run.
    pub(super) fn asked<'a>(&self, cx: &Cx<'a, '_>) -> Result<Asked<'a>, NodeError> {
        let asked = cx.input.models.as_ref().and_then(|models| models.of(&self.task, 0));
        asked.ok_or_else(|| NodeError::new("ask a model: this run has none"))
    }
}

/// Asks.
pub(super) async fn ask(asked: Asked<'_>, request: &ChatRequest) -> Result<Call, NodeError> {
    match asked.chat(request).await {
        Ok(reply) => Ok(Call::new(asked.provider(), reply)),
        Err(error) => Err(failed(&error)),
    }
}

/// A call that brought no answer, with what came back.
fn failed(error: &CallError) -> NodeError {
    let kind = if error.kind() == CallKind::Timeout { ErrorKind::TimedOut } else { ErrorKind::Failed };
    let node = NodeError::of(kind, error.to_string());
    match &error.details().raw {
        Some(raw) if raw.is_cut() => {
            node.with_detail(format!("{}… [cut: {} bytes in all]", raw.text, raw.bytes))
        }
        Some(raw) => node.with_detail(raw.text.clone()),
        None => node,
    }
}

/// What a prompt is given: as much of the context as it names.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Given {
    Value(Value),
    Part(BTreeMap<String, Given>),
}

/// Puts a value under its names.
fn put(given: &mut BTreeMap<String, Given>, mut names: std::str::Split<'_, char>, value: Value) {
    let Some(name) = names.next() else { return };
    if names.clone().next().is_none() {
        given.insert(name.to_owned(), Given::Value(value));
        return;
    }
    let part = given.entry(name.to_owned()).or_insert_with(|| Given::Part(BTreeMap::new()));
    // Where the whole is there already, it holds the part.
    if let Given::Part(part) = part {
        put(part, names, value);
    }
}
