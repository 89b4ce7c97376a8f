//! The node of a judge, and its half that judges.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use scouter_engine::{Node, NodeError, NodeResult, Output, Step, Verdict};
use scouter_providers::prompt::OutputType;

use super::ask::{Awaited, Filled, Heard, Question};
use super::pair::{Order, Pair};
use super::spec::LLMJudgeSpec;
use super::votes::Jury;
use crate::call::Call;
use crate::measured::Measured;
use crate::path::Path;
use crate::source::Cx;
use crate::subject::Subject;
use crate::task::build::Explain;
use crate::task::expectation::{Expectation, Ready};
use crate::value::to_value;

/// The most of a reason that a message shows, in characters.
const SHOWN: usize = 300;

/// A judge, compiled.
#[derive(Debug)]
pub(super) struct Judge {
    pub(super) question: Question,
    pub(super) form: Option<OutputType>,
    pub(super) pair: Option<Pair>,
    pub(super) path: Path,
    pub(super) timeout: Option<Duration>,
    pub(super) expectation: Expectation,
    /// What becomes of several votes; `None` where one model is asked.
    pub(super) jury: Option<Jury>,
}

impl Judge {
    /// What the replies come to.
    fn judge(
        &self,
        replies: Vec<Result<Call, NodeError>>,
        order: Option<Order>,
        ready: Ready<'_>,
    ) -> NodeResult<Measured> {
        let mut replies = replies.into_iter().map(|reply| reply.map(|call| self.finished(call, order)));
        if let Some(jury) = &self.jury {
            return jury.judge(replies.collect(), &self.path, ready);
        }
        let call = replies.next().unwrap_or_else(|| Err(NodeError::new("ask a model: there is none")))?;
        let read = self.path.read(&call.reply());
        let Output { value, verdict } = ready.judge(&read, &self.path)?;
        Ok(Output { value: value.with_call(call), verdict })
    }

    /// The call with what follows from its reply.
    fn finished(&self, call: Call, order: Option<Order>) -> Call {
        let reply = match (&self.form, &self.pair, order) {
            (_, Some(pair), Some(order)) => Some(pair.named(&call.reply(), order)),
            (Some(form), ..) if !form.adds().is_empty() => {
                // What was read as JSON always has a form as a value, and back.
                let reply = serde_json::to_value(&*call.reply()).ok();
                reply.and_then(|reply| to_value(&form.finish(reply)).ok())
            }
            _ => None,
        };
        match reply {
            Some(reply) => call.with_reply(reply),
            None => call,
        }
    }
}

impl Explain for Judge {
    fn message(&self, verdict: Option<Verdict>, measured: &Measured) -> String {
        let explained = match &self.jury {
            Some(jury) => jury.explain(verdict, measured, &self.expectation),
            None => self.expectation.explain(measured),
        };
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
    fn start<'a>(&'a self, cx: &Cx<'a, '_>) -> Result<Step<'a, Measured>, NodeError> {
        let judge = &*self.0;
        let ready = judge.expectation.ready(cx)?;
        let Filled { requests, order } = judge.question.fill(cx)?;
        let asked = requests.into_iter().enumerate();
        let asked = asked.map(|(at, request)| judge.question.reply(at, request, cx));
        let asked = asked.collect::<Result<Vec<_>, _>>()?;
        if asked.iter().any(|reply| matches!(reply, Awaited::Asked { .. })) {
            return Ok(Step::Pending(Box::pin(async move {
                let heard = join_all(asked.into_iter().map(|awaited| awaited.reply(judge.timeout))).await;
                if heard.iter().any(|heard| heard.in_vain) && !heard.iter().any(Heard::is_paid) {
                    // One error tells why the run ends. The others wait for that, which is near.
                    std::future::pending::<()>().await;
                }
                judge.judge(heard.into_iter().map(|heard| heard.reply).collect(), order, ready)
            })));
        }
        let given = asked.into_iter().filter_map(Awaited::given).map(Ok);
        Ok(Step::Ready(judge.judge(given.collect(), order, ready)))
    }
}

impl Node<Subject, Measured> for Judges {
    fn kind(&self) -> &'static str {
        LLMJudgeSpec::KIND
    }

    /// Its time is kept where it asks: it stands still while a call waits for its turn, and what was sent by then is known.
    fn timeout(&self) -> Option<Duration> {
        Some(Duration::MAX)
    }

    fn run<'a>(&'a self, cx: Cx<'a, '_>) -> Step<'a, Measured> {
        self.start(&cx).unwrap_or_else(|error| Step::Ready(Err(error)))
    }
}
