//! Calls that brought no answer.

use std::fmt;
use std::time::Duration;

use smol_str::SmolStr;

use crate::Dollars;
use crate::chat::{Raw, Usage};

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// No key was given.
    NoKey,
    /// The provider does not accept the key.
    Unauthorized,
    /// The key is accepted, but not for this model.
    Forbidden,
    /// Credit or quota is used up; waiting a little does not bring it back.
    Quota,
    /// What was asked for or how to reach the provider makes no sense; nothing was sent.
    Configuration,
    /// The provider does not accept the question.
    BadRequest,
    /// The provider has no such model.
    UnknownModel,
    /// Too many requests or tokens in a short time.
    RateLimited,
    /// The provider is overloaded or broken.
    Unavailable,
    /// No answer in time.
    Timeout,
    /// No connection, or one that broke.
    Connection,
    /// The body of the reply is not JSON.
    NotJson,
    /// The body of the reply is JSON of another form than the provider's.
    UnexpectedReply,
    /// The body of the reply is larger than the limit.
    TooLarge,
    /// The model, or the provider for it, refuses to answer.
    Refused,
    /// The reply was cut by the limit on tokens.
    CutOff,
    /// The reply does not fit the schema, also when asked again.
    Misfit,
    /// There is nothing in the reply, also when asked again.
    Empty,
    /// There is no recording, and none may be made.
    NotRecorded,
    /// The budget is used up.
    OutOfBudget(BudgetLimit),
    /// There is a budget of dollars, and no price for the model.
    UnknownPrice,
    /// A scripted model has no further reply.
    ScriptEnded,
}

/// What a budget limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BudgetLimit {
    /// Dollars.
    Dollars,
    /// Tokens, read and written.
    Tokens,
    /// Requests sent.
    Calls,
    /// Time since the first call.
    Time,
}

/// Whether asking again helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// It may, not before the provider's own time where it names one.
    Helps {
        /// How long the provider wants to be left alone.
        after: Option<Duration>,
    },
    /// It does not.
    Pointless,
}

/// What an error says of other calls: who sees it there need not ask again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Nothing: another question may be answered.
    Call,
    /// No call to this model will be answered.
    Model,
    /// No call to this provider with this key will be answered.
    Provider,
    /// No call of this run will be answered.
    Run,
}

/// A call that brought no answer.
#[derive(Clone, Debug, PartialEq)]
pub struct CallError(Box<Details>);

/// What is known of a call that brought no answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Details {
    /// Why.
    pub kind: ErrorKind,
    /// Whose model was asked.
    pub provider: SmolStr,
    /// The cause, in the provider's words where there are any; keys are not in it.
    pub message: String,
    /// The status of HTTP.
    pub status: Option<u16>,
    /// How long the provider wants to be left alone.
    pub after: Option<Duration>,
    /// What came back, where something did.
    pub raw: Option<Raw>,
    /// Tokens that were paid for all the same.
    pub usage: Option<Usage>,
    /// What that cost, as far as prices are known.
    pub cost: Option<Dollars>,
    /// Requests that were sent.
    pub attempts: u32,
    /// Those of them that the provider may have worked on all the same, and want money for, which nobody knows how much it is: the
    /// question was sent, and no status says that it came to nothing.
    pub unpriced: u32,
}

impl CallError {
    /// The longest message that is kept, in characters.
    const MESSAGE_LIMIT: usize = 2_000;

    /// An error of which nothing more is known.
    pub fn new(kind: ErrorKind, provider: &str, message: impl Into<String>) -> Self {
        let mut message: String = message.into();
        if let Some((end, _)) = message.char_indices().nth(Self::MESSAGE_LIMIT) {
            message.truncate(end);
            message.push('…');
        }
        Self(Box::new(Details {
            kind,
            provider: provider.into(),
            message,
            status: None,
            after: None,
            raw: None,
            usage: None,
            cost: None,
            attempts: 0,
            unpriced: 0,
        }))
    }

    /// All that is known.
    pub fn details(&self) -> &Details {
        &self.0
    }

    /// The same with more known.
    #[must_use]
    pub fn with(mut self, more: impl FnOnce(&mut Details)) -> Self {
        more(&mut self.0);
        self
    }

    /// Why.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether asking again helps.
    pub fn retry(&self) -> Retry {
        match self.0.kind {
            ErrorKind::RateLimited | ErrorKind::Unavailable | ErrorKind::Timeout | ErrorKind::Connection => {
                Retry::Helps { after: self.0.after }
            }
            _ => Retry::Pointless,
        }
    }

    /// What it says of other calls.
    pub fn scope(&self) -> Scope {
        match self.0.kind {
            ErrorKind::OutOfBudget(_) => Scope::Run,
            ErrorKind::NoKey | ErrorKind::Unauthorized | ErrorKind::Quota => Scope::Provider,
            ErrorKind::Forbidden | ErrorKind::UnknownModel | ErrorKind::UnknownPrice => Scope::Model,
            _ => Scope::Call,
        }
    }

    /// Whether nothing else of the run that asks the same provider can succeed, so that the run
    /// should stop rather than fail at every call.
    pub fn stops_run(&self) -> bool {
        self.scope() >= Scope::Provider
    }
}

impl std::error::Error for CallError {}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "get an answer from `{}`: {}", self.0.provider, self.0.kind)?;
        match (self.0.status, self.0.attempts) {
            (Some(status), 2..) => write!(f, " (HTTP {status}, {} attempts)", self.0.attempts)?,
            (Some(status), _) => write!(f, " (HTTP {status})")?,
            (None, 2..) => write!(f, " ({} attempts)", self.0.attempts)?,
            (None, _) => {}
        }
        if self.0.message.is_empty() { Ok(()) } else { write!(f, ": {}", self.0.message) }
    }
}

impl ErrorKind {
    /// One word for spans and counters.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoKey => "no_key",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::Quota => "quota",
            Self::Configuration => "configuration",
            Self::BadRequest => "bad_request",
            Self::UnknownModel => "unknown_model",
            Self::RateLimited => "rate_limited",
            Self::Unavailable => "unavailable",
            Self::Timeout => "timeout",
            Self::Connection => "connection",
            Self::NotJson => "not_json",
            Self::UnexpectedReply => "unexpected_reply",
            Self::TooLarge => "too_large",
            Self::Refused => "refused",
            Self::CutOff => "cut_off",
            Self::Misfit => "misfit",
            Self::Empty => "empty",
            Self::NotRecorded => "not_recorded",
            Self::OutOfBudget(_) => "out_of_budget",
            Self::UnknownPrice => "unknown_price",
            Self::ScriptEnded => "script_ended",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoKey => "no key",
            Self::Unauthorized => "the key is not accepted",
            Self::Forbidden => "the key may not use this model",
            Self::Quota => "credit or quota is used up",
            Self::Configuration => "wrong configuration",
            Self::BadRequest => "the request is not accepted",
            Self::UnknownModel => "no such model",
            Self::RateLimited => "too many requests",
            Self::Unavailable => "the provider is unavailable",
            Self::Timeout => "no answer in time",
            Self::Connection => "the connection failed",
            Self::NotJson => "the reply is not JSON",
            Self::UnexpectedReply => "the reply has an unexpected form",
            Self::TooLarge => "the reply is too large",
            Self::Refused => "the model refuses",
            Self::CutOff => "the reply was cut by the limit on tokens",
            Self::Misfit => "the reply does not fit the schema",
            Self::Empty => "the reply is empty",
            Self::NotRecorded => "no recording",
            Self::OutOfBudget(BudgetLimit::Dollars) => "the budget of dollars is used up",
            Self::OutOfBudget(BudgetLimit::Tokens) => "the budget of tokens is used up",
            Self::OutOfBudget(BudgetLimit::Calls) => "the budget of calls is used up",
            Self::OutOfBudget(BudgetLimit::Time) => "the budget of time is used up",
            Self::UnknownPrice => "the price of the model is unknown",
            Self::ScriptEnded => "the script has no further reply",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cause_is_told_with_status_and_attempts() {
        let error = CallError::new(ErrorKind::RateLimited, "openai", "slow down").with(|details| {
            details.status = Some(429);
            details.attempts = 4;
        });
        assert_eq!(
            error.to_string(),
            "get an answer from `openai`: too many requests (HTTP 429, 4 attempts): slow down"
        );
    }

    #[test]
    fn a_wrong_key_stops_the_run_and_a_wrong_model_does_not() {
        assert!(CallError::new(ErrorKind::Unauthorized, "openai", "").stops_run());
        assert!(!CallError::new(ErrorKind::UnknownModel, "openai", "").stops_run());
    }

    #[test]
    fn a_message_of_megabytes_is_cut() {
        let error = CallError::new(ErrorKind::BadRequest, "openai", "ü".repeat(5_000_000));
        assert_eq!(error.details().message.chars().count(), 2_001);
    }
}
