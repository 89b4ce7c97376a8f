//! What nodes that wait came to before, so that nobody is asked the same thing twice.
//!
//! An *answer* is what such a node made before it was judged. It is found again by all that it
//! was made of: what makes it (a function and its code, a model and its prompt), the record, and the
//! values of the tasks that it depends on. How it is judged is no part of that, so a threshold can be
//! changed without asking again. What answers at once is not remembered: it is quicker done again.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Arc;

use scouter_engine::Verdict;
use smol_str::SmolStr;

use crate::call::Call;
use crate::codec::{Broken, Decoder, Encoder, read_call, write_call};
use crate::fingerprint::{Fingerprint, Printer};
use crate::run::log::{Answers, Log};
use crate::suite::Suite;
use crate::value::Value;

/// What a node that waits came to, before it is judged.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It said everything itself.
    Said {
        /// The value that it looked at.
        value: Value,
        /// What it decided.
        verdict: Verdict,
        /// Why.
        message: Option<String>,
    },
    /// A value, for an operator to judge where there is one.
    Value(Value),
    /// A model replied.
    Replied(Box<Call>),
}

impl Answer {
    /// The same, taken over: this run paid nothing for it.
    fn of_another_run(self) -> Self {
        match self {
            Self::Replied(call) => Self::Replied(Box::new(call.remembered())),
            other => other,
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        let mut encoder = Encoder::plain(out);
        match self {
            Self::Value(value) => {
                encoder.byte(0);
                encoder.value(value);
            }
            Self::Replied(call) => {
                encoder.byte(4);
                write_call(out, call);
            }
            Self::Said { value, verdict, message } => {
                encoder.byte(match verdict {
                    Verdict::Passed => 1,
                    Verdict::Failed => 2,
                    Verdict::NotApplicable => 3,
                });
                encoder.value(value);
                encoder.maybe_text(message.as_deref());
            }
        }
    }

    pub(crate) fn read(decoder: &mut Decoder<'_>) -> Result<Self, Broken> {
        let verdict = match decoder.byte()? {
            0 => return decoder.value().map(Self::Value),
            1 => Verdict::Passed,
            2 => Verdict::Failed,
            3 => Verdict::NotApplicable,
            4 => return read_call(decoder).map(|call| Self::Replied(Box::new(call))),
            _ => return Err(Broken),
        };
        let value = decoder.value()?;
        let message = decoder.maybe_text()?.map(str::to_owned);
        Ok(Self::Said { value, verdict, message })
    }
}

/// The answers of earlier runs, and where those of this one are written down.
#[derive(Debug)]
pub struct Memory {
    /// What makes the value of each task that is worth remembering, by the task's id.
    makers: HashMap<String, Fingerprint>,
    /// Where answers are looked for; those of the run itself come first.
    earlier: Vec<Answers>,
    /// How many of `earlier` are in `log` already.
    own: usize,
    log: Option<Arc<Log>>,
}

impl Memory {
    pub(crate) fn new(suite: &Suite, own: Option<(Answers, Arc<Log>)>, reused: Option<Answers>) -> Self {
        let makers = suite.specs.iter().filter_map(|task| {
            let id = task.head().id.to_lowercase();
            // Two tasks may ask the same thing on purpose, to see whether the answers agree.
            let named = Value::map([("id", Value::from(id.as_str())), ("maker", task.maker()?)]);
            Some((id, Fingerprint::of(&named)))
        });
        let (own, log) = own.unzip();
        let count = usize::from(own.is_some());
        Self { makers: makers.collect(), earlier: own.into_iter().chain(reused).collect(), own: count, log }
    }

    /// Whether a task of the suite has something to remember.
    pub fn is_needed(&self) -> bool {
        !self.makers.is_empty()
    }
}

/// What memory has to know of a record.
#[derive(Clone, Debug)]
pub struct Recall {
    /// The memory.
    pub memory: Arc<Memory>,
    /// The user's id of the record: two records that are alike are still two.
    pub id: Option<SmolStr>,
}

/// What could be seen of something that is not a value as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Of all that could be seen.
    pub print: Fingerprint,
    /// Whether that is all of it. Nothing is remembered of what may differ where nobody looks.
    pub whole: bool,
}

/// A question that a node would ask.
#[derive(Debug)]
pub struct Question {
    memory: Arc<Memory>,
    key: Fingerprint,
}

impl Recall {
    /// The question of a task with what `inputs` puts down: all that the task is shown. Each of several
    /// trials asks anew. `None` where its
    /// answer is not remembered.
    pub fn question(
        &self,
        task: &str,
        trial: Option<NonZeroU32>,
        inputs: impl FnOnce(&mut Printer),
    ) -> Option<Question> {
        let mut printer = Printer::default();
        printer.print(*self.memory.makers.get(task)?);
        printer.text(self.id.as_deref());
        printer.trial(trial);
        inputs(&mut printer);
        Some(Question { memory: self.memory.clone(), key: printer.done() })
    }
}

impl Question {
    /// The answer that was given before: by this run as it was, with what it took, by another as one that took nothing.
    pub fn recall(&self) -> Option<Answer> {
        let found = |answers: &Answers| answers.get(self.key);
        let (at, answer) =
            self.memory.earlier.iter().enumerate().find_map(|(at, answers)| Some((at, found(answers)?)))?;
        if at < self.memory.own {
            return Some(answer);
        }
        let answer = answer.of_another_run();
        // The run's own log is to hold all that the run is made of.
        self.remember(&answer);
        Some(answer)
    }

    /// Writes the answer down. Where that fails, the run ends as soon as it would log the record.
    pub fn remember(&self, answer: &Answer) {
        if let Some(log) = &self.memory.log {
            log.answer(self.key, |out| answer.write(out));
        }
    }
}
