//! The node of a judge, and its half that judges.

use std::sync::Arc;
use std::time::Duration;

use scouter_engine::{Node, NodeResult, Output, Step, Verdict};

use super::ask::{Question, ask};
use super::spec::LLMJudgeSpec;
use crate::call::Call;
use crate::measured::Measured;
use crate::memory::{self, Answer};
use crate::path::Path;
use crate::source::Cx;
use crate::subject::Subject;
use crate::task::build::Explain;
use crate::task::expectation::{Expectation, Ready};

/// The most of a reason that a message shows, in characters.
const SHOWN: usize = 300;

/// A judge, compiled.
#[derive(Debug)]
pub(super) struct Judge {
    pub(super) question: Question,
    pub(super) path: Path,
    pub(super) timeout: Option<Duration>,
    pub(super) expectation: Expectation,
}

impl Judge {
    /// What a reply comes to.
    fn judge(&self, call: Call, ready: Ready<'_>) -> NodeResult<Measured> {
        let read = self.path.read(&call.reply());
        let Output { value, verdict } = ready.judge(&read, &self.path)?;
        Ok(Output { value: value.with_call(call), verdict })
    }
}

impl Explain for Judge {
    fn message(&self, _verdict: Option<Verdict>, measured: &Measured) -> String {
        let explained = self.expectation.explain(measured);
        let explained = if self.path.is_root() { explained } else { format!("`{}`: {explained}", self.path) };
        match measured.call().and_then(Call::reason) {
            Some(reason) => format!("{explained}; the reason: {}", short(&reason)),
            None => explained,
        }
    }
}

fn short(reason: &str) -> String {
    match reason.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &reason[..end]),
        None => reason.to_owned(),
    }
}

/// The node; the judge is shared with what explains its outcomes.
#[derive(Debug)]
pub(super) struct Judges(pub(super) Arc<Judge>);

impl Judges {
    fn start<'a>(&'a self, cx: &Cx<'a, '_>) -> Result<Step<'a, Measured>, scouter_engine::NodeError> {
        let judge = &*self.0;
        let ready = judge.expectation.ready(cx)?;
        let request = judge.question.fill(cx)?;
        let question = judge.question.remembered(&request, cx);
        if let Some(Answer::Replied(call)) = question.as_ref().and_then(memory::Question::recall) {
            return Ok(Step::Ready(judge.judge(call.remembered(), ready)));
        }
        let asked = judge.question.asked(cx)?;
        Ok(Step::Pending(Box::pin(async move {
            let call = ask(asked, &request).await?;
            if let Some(question) = question {
                question.remember(&Answer::Replied(Box::new(call.clone())));
            }
            judge.judge(call, ready)
        })))
    }
}

impl Node<Subject, Measured> for Judges {
    fn kind(&self) -> &'static str {
        LLMJudgeSpec::KIND
    }

    fn timeout(&self) -> Option<Duration> {
        self.0.timeout
    }

    fn run<'a>(&'a self, cx: Cx<'a, '_>) -> Step<'a, Measured> {
        self.start(&cx).unwrap_or_else(|error| Step::Ready(Err(error)))
    }
}
