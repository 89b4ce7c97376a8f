//! What is recorded of a question: its answer, or an error that is one.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{CallError, ErrorKind, Reply};

/// What is recorded of a question.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Recording {
    /// It was answered: the reply as JSON, of whatever kind it is.
    Reply(Value),
    /// The model gave no answer that counts.
    Failure(Failure),
}

/// An error that belongs to the question: whoever asks again pays again, for the same. What is wrong with the connection, the key or
/// the budget says nothing of it. The provider's whole reply is left out: it has times and numbers that differ with every recording.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Failure {
    kind: Kind,
    pub(super) message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Refused,
    CutOff,
    Misfit,
    Empty,
}

impl Recording {
    /// What is worth recording of an answer.
    pub(super) fn of(answer: &Result<impl Reply, CallError>) -> Option<Self> {
        match answer {
            // Plain data always has a form as JSON.
            Ok(reply) => serde_json::to_value(reply).ok().map(Self::Reply),
            Err(error) => Failure::of(error).map(Self::Failure),
        }
    }
}

impl Failure {
    fn of(error: &CallError) -> Option<Self> {
        let kind = match error.kind() {
            ErrorKind::Refused => Kind::Refused,
            ErrorKind::CutOff => Kind::CutOff,
            ErrorKind::Misfit => Kind::Misfit,
            ErrorKind::Empty => Kind::Empty,
            _ => return None,
        };
        Some(Self { kind, message: error.details().message.clone() })
    }

    /// The error again, for which nothing is sent.
    pub(super) fn error(self, provider: &str) -> CallError {
        let kind = match self.kind {
            Kind::Refused => ErrorKind::Refused,
            Kind::CutOff => ErrorKind::CutOff,
            Kind::Misfit => ErrorKind::Misfit,
            Kind::Empty => ErrorKind::Empty,
        };
        CallError::new(kind, provider, self.message)
    }
}
