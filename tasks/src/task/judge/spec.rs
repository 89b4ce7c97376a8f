//! What a judge is, as it is written down.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use scouter_providers::prompt::{NamedOutput, OutputType, Prompt};
use serde::{Deserialize, Serialize};

use super::ask::Question;
use super::calibrated::Calibrated;
use super::jury::{self, Combine, Juror};
use super::node::{Judge, Judges};
use super::pair::{self, Pair};
use super::possible::Possible;
use super::prompt;
use super::votes::Jury;
use crate::fingerprint::Fingerprint;
use crate::operator::Operator;
use crate::path::Path;
use crate::task::build::{Build, Built};
use crate::task::expectation::{Each, Expectation, given};
use crate::task::head::Head;
use crate::task::spec::{Ask, Subtitle, Task, Terms};
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
    /// What is expected of it; `${path}` is filled in from the context. Left out where the operator
    /// expects nothing.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Value")]
    pub expected_value: Option<Value>,
    /// How many items of an array must pass.
    #[serde(default)]
    pub each: Each,
    /// How often a call that failed is made again; the run's own number where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_retries: Option<u32>,
    /// How many seconds asking may take in all, retries included, but for the time in which it waits for its turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.001))]
    pub timeout: Option<f64>,
    /// Further models that are asked the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "jury::schema")]
    pub jury: Vec<Juror>,
    /// What the votes of a jury come to.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub combine: Combine,
    /// Two values to compare, by name: the prompt shows them as `${first}` and `${second}`, in an order that is
    /// drawn for each record, and the reply's `winner` names one of them, or `tie`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "pair::schema")]
    pub pair: Option<Pair>,
    /// What the orders of a pair are drawn from; 0 where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// How good it is against labels, and how good it must be: below that it reports, but decides nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration: Option<Calibrated>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_usual(combine: &Combine) -> bool {
    *combine == Combine::default()
}

impl LLMJudgeSpec {
    /// The name of the kind in files.
    pub const KIND: &'static str = "LLMJudge";

    /// The field with the prompt.
    pub const PROMPT: &'static str = "prompt";

    /// The field that says which two things are compared.
    pub const PAIR: &'static str = "pair";

    /// The fields it has beside those of every task.
    pub const FIELDS: [&'static str; 12] = [
        Self::PROMPT,
        "context_path",
        "operator",
        "expected_value",
        "each",
        "max_retries",
        "timeout",
        "jury",
        "combine",
        Self::PAIR,
        "seed",
        "calibration",
    ];

    /// The fields whose value may stand in a file of its own.
    pub const APART: [&'static str; 1] = [Self::PROMPT];

    /// What its verdicts depend on beside the record: prompt, models, settings, and how replies are judged. What it is called, what it
    /// waits for and how patiently it asks is not in it.
    pub fn print(&self) -> Fingerprint {
        let mut judging = Self {
            head: Head::default(),
            max_retries: None,
            timeout: None,
            calibration: None,
            ..self.clone()
        };
        judging.prompt.connection.timeout = None;
        // Plain data always has a form.
        Fingerprint::of(&to_value(&judging).unwrap_or_default())
    }

    fn path(&self, cx: &mut Build<'_>) -> Option<Path> {
        let path = match self.context_path.as_deref() {
            None => Path::root(),
            Some(path) => cx.path("context_path", path)?,
        };
        if let Err(why) = prompt::has(&self.prompt, self.pair.as_ref(), &path) {
            cx.problem("context_path", why);
            return None;
        }
        Some(path)
    }

    /// Notes an expectation that no reply can meet.
    fn note_unmet(&self, cx: &mut Build<'_>, path: &Path, expectation: &Expectation) {
        let one = Possible::at(&self.prompt, self.pair.as_ref(), path);
        let of_mean = !self.jury.is_empty() && self.combine == Combine::Mean;
        let possible = if of_mean { one.and_then(|one| one.mean()) } else { one };
        let why = possible.and_then(|possible| possible.unmet(path, self.operator, expectation));
        if let Some(why) = why {
            let field = if self.expected_value.is_some() { "expected_value" } else { "operator" };
            cx.problem(field, why);
        }
    }

    /// Whether what does not concern the question makes sense. All that does not is told.
    fn is_sound(&self, cx: &mut Build<'_>) -> bool {
        let preference = OutputType::Named(NamedOutput::Preference);
        let bar = self.calibration.as_ref().map(|calibration| calibration.least_kappa);
        let wrong = [
            (
                self.timeout.is_some_and(|seconds| time(seconds).is_none()),
                "timeout",
                "it must be a positive number of seconds",
            ),
            (
                self.jury.is_empty() && !is_usual(&self.combine),
                "combine",
                "there is one vote alone: name further models in `jury`",
            ),
            (
                self.pair.is_none() && self.seed.is_some(),
                "seed",
                "it draws the order of a pair, and there is none: give a `pair`",
            ),
            (
                self.pair.is_some() && self.prompt.output_type.as_ref() != Some(&preference),
                "prompt",
                "a pair is compared with the `output_type` `Preference`",
            ),
            (
                bar.is_some_and(|bar| !(-1.0..=1.0).contains(&bar)),
                "calibration",
                "`least_kappa` must be from -1 to 1",
            ),
        ];
        let mut sound = true;
        for (_, field, why) in wrong.into_iter().filter(|(wrong, ..)| *wrong) {
            cx.problem(field, why);
            sound = false;
        }
        sound
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
            expected: self.expected_value.clone().unwrap_or_default(),
            terms: Terms { each: self.each, ..Terms::default() },
        }
    }

    fn build(&self, cx: &mut Build<'_>) -> Option<Built> {
        let shown = self.pair.as_ref().map(|pair| (pair, self.seed.unwrap_or_default()));
        let question = Question::build(cx, &self.head.id, &self.prompt, &self.jury, shown);
        let path = self.path(cx);
        let expectation =
            Expectation::build(cx, self.operator, self.expected_value.as_ref(), self.each, None);
        if let (Some(path), Some(expectation)) = (&path, &expectation) {
            self.note_unmet(cx, path, expectation);
        }
        let timeout = self.timeout.map(time);
        if !self.is_sound(cx) {
            return None;
        }
        let question = question?;
        let names: Vec<String> = question.names().collect();
        let jury = (!self.jury.is_empty()).then_some(Jury {
            combine: self.combine,
            names,
            log_probs: self.prompt.settings.logprobs == Some(true),
        });
        let judge = Arc::new(Judge {
            question,
            form: self.prompt.output_type.clone(),
            pair: self.pair.clone(),
            path: path?,
            timeout: timeout.flatten(),
            expectation: expectation?,
            jury,
        });
        Some(Built { node: Box::new(Judges(judge.clone())), explain: judge })
    }

    fn lacks(&self, path: &Path) -> Option<String> {
        // What a jury makes is more than a reply.
        let alone = self.jury.is_empty();
        alone.then(|| prompt::has(&self.prompt, self.pair.as_ref(), path).err()).flatten()
    }

    fn asks(&self) -> Vec<Ask<'_>> {
        let jury = self.jury.iter().map(|juror| Cow::Owned(juror.prompt(&self.prompt)));
        let prompts = [Cow::Borrowed(&self.prompt)].into_iter().chain(jury);
        prompts.map(|prompt| Ask { prompt, max_retries: self.max_retries }).collect()
    }

    fn advisory(&self) -> Option<String> {
        self.calibration.as_ref()?.bars(self.print())
    }

    fn judge(&self) -> Option<Fingerprint> {
        Some(self.print())
    }

    fn to_value(&self) -> Option<Value> {
        to_value(self).ok()
    }

    /// All that makes a reply is in the question itself.
    fn maker(&self) -> Option<Value> {
        Some(Value::from(Self::KIND))
    }
}
