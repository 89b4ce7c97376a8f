//! What a judge is, as it is written down.

use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use scouter_providers::prompt::Prompt;
use serde::{Deserialize, Serialize};

use super::ask::Question;
use super::node::{Judge, Judges};
use super::prompt;
use crate::operator::Operator;
use crate::path::Path;
use crate::task::build::{Build, Built};
use crate::task::expectation::{Each, Expectation};
use crate::task::head::Head;
use crate::task::spec::{Ask, Subtitle, Task};
use crate::value::{Value, to_value};

/// A check by a model: its reply is judged as assertions judge a value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LLMJudgeSpec {
    /// What every task has.
    #[serde(flatten)]
    pub head: Head,
    /// What the model is asked. Names in it are read from the record's context, and from the outputs of
    /// the tasks it depends on.
    #[schemars(schema_with = "prompt::schema")]
    pub prompt: Prompt,
    /// Where in the reply the value is, such as `score`; the whole reply where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context_path: Option<String>,
    /// How the value is judged.
    pub operator: Operator,
    /// What is expected of it; `${path}` is filled in from the context.
    #[serde(default)]
    pub expected_value: Value,
    /// How many items of an array must pass.
    #[serde(default)]
    pub each: Each,
    /// How often a call that failed is made again; the run's own number where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_retries: Option<u32>,
    /// How many seconds the whole of it may take, retries included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.001))]
    pub timeout: Option<f64>,
}

impl LLMJudgeSpec {
    /// The name of the kind in files.
    pub const KIND: &'static str = "LLMJudge";

    /// The field with the prompt.
    pub const PROMPT: &'static str = "prompt";

    /// The fields it has beside those of every task.
    pub const FIELDS: [&'static str; 7] =
        [Self::PROMPT, "context_path", "operator", "expected_value", "each", "max_retries", "timeout"];

    /// The fields whose value may stand in a file of its own.
    pub const APART: [&'static str; 1] = [Self::PROMPT];

    fn path(&self, cx: &mut Build<'_>) -> Option<Path> {
        let path = match self.context_path.as_deref() {
            None => Path::root(),
            Some(path) => cx.path("context_path", path)?,
        };
        if let Err(why) = prompt::has(&self.prompt, &path) {
            cx.problem("context_path", why);
            return None;
        }
        Some(path)
    }
}

/// A time that a judge may take; `None` where that is no time.
fn time(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds).ok().filter(|time| !time.is_zero())
}

impl Task for LLMJudgeSpec {
    fn head(&self) -> &Head {
        &self.head
    }

    fn kind(&self) -> &'static str {
        Self::KIND
    }

    fn subtitle(&self) -> Subtitle {
        Subtitle {
            context_path: self.context_path.clone(),
            operator: Some(self.operator),
            expected: self.expected_value.clone(),
            each: self.each,
            ..Subtitle::default()
        }
    }

    fn build(&self, cx: &mut Build<'_>) -> Option<Built> {
        let question = Question::build(cx, &self.head.id, &self.prompt);
        let path = self.path(cx);
        let timeout = self.timeout.map(time);
        if timeout == Some(None) {
            cx.problem("timeout", "it must be a positive number of seconds");
        }
        let expectation = Expectation::build(cx, self.operator, &self.expected_value, self.each, None);
        if timeout == Some(None) {
            return None;
        }
        let timeout = timeout.flatten();
        let judge = Arc::new(Judge { question: question?, path: path?, timeout, expectation: expectation? });
        Some(Built { node: Box::new(Judges(judge.clone())), explain: judge })
    }

    fn asks(&self) -> Vec<Ask<'_>> {
        vec![Ask { prompt: &self.prompt, max_retries: self.max_retries }]
    }

    fn to_value(&self) -> Option<Value> {
        to_value(self).ok()
    }

    /// Whose model answers. All else that makes the reply is in the question itself.
    fn maker(&self) -> Option<Value> {
        let provider = Value::from(self.prompt.provider.as_str());
        let address = Value::from(self.prompt.connection.base_url.as_deref());
        Some(Value::map([("provider", provider), ("base_url", address)]))
    }
}
