//! How a node ended, and the report of a run.

use std::fmt;
use std::time::Duration;

/// A node's place in the order of declaration, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(pub(crate) u32);

impl Position {
    /// The place of this index.
    pub fn new(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// The place as an index into [`Report::outcomes`] and [`crate::Plan::nodes`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a check came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The check holds.
    Passed,
    /// The check does not hold.
    Failed,
    /// There was nothing to check: neither passed nor failed, and never counted as either.
    NotApplicable,
}

/// What a node made.
#[derive(Clone, Debug, PartialEq)]
pub struct Output<V> {
    /// The value its dependents see.
    pub value: V,
    /// What it came to; `None` for a node that only makes a value.
    pub verdict: Option<Verdict>,
}

/// How a node ended. Every node of a graph has exactly one outcome in every report.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome<V> {
    /// It ran and came to an output.
    Done(Output<V>),
    /// It could not come to an output.
    Errored(NodeError),
    /// It did not run because of what happened before it.
    Skipped(SkipReason),
    /// The run was stopped before the node was done.
    Cancelled,
}

impl<V> Outcome<V> {
    /// What the node made, where it is done.
    pub fn output(&self) -> Option<&Output<V>> {
        match self {
            Self::Done(output) => Some(output),
            _ => None,
        }
    }

    /// The verdict, where the node is done and has one.
    pub fn verdict(&self) -> Option<Verdict> {
        self.output().and_then(|output| output.verdict)
    }
}

/// Why a node did not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SkipReason {
    /// The gate `by`, upstream of the node, did not pass.
    GateClosed {
        /// The gate.
        by: Position,
    },
    /// Its dependency `by` errored.
    UpstreamErrored {
        /// The dependency.
        by: Position,
    },
    /// Its dependency `by` was itself skipped, for a reason other than a gate.
    UpstreamSkipped {
        /// The dependency.
        by: Position,
    },
}

/// The kind of a [`NodeError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The node said so: its data or its provider failed it.
    Failed,
    /// The node panicked.
    Panicked,
    /// The node took longer than it may.
    TimedOut,
}

/// Why a node could not come to an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeError(Box<ErrorParts>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct ErrorParts {
    kind: ErrorKind,
    message: String,
    detail: Option<String>,
    account: Option<String>,
}

impl NodeError {
    /// An error of the node's own making: `message` is a fragment that fits "failed to …".
    pub fn new(message: impl Into<String>) -> Self {
        Self::of(ErrorKind::Failed, message)
    }

    /// An error of this kind.
    pub fn of(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(ErrorParts { kind, message: message.into(), detail: None, account: None }))
    }

    /// The same error with more for whoever looks into it: a traceback, a raw reply.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// The same error with what the node did until then, in a form that whoever made the node can read again: the
    /// engine does not look at it.
    #[must_use]
    pub fn with_account(mut self, account: impl Into<String>) -> Self {
        self.0.account = Some(account.into());
        self
    }

    /// What kind of error it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What went wrong, in one line.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What else is known: a traceback, a raw reply.
    pub fn detail(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    /// What the node did until then, where it says so.
    pub fn account(&self) -> Option<&str> {
        self.0.account.as_deref()
    }
}

impl fmt::Display for NodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl std::error::Error for NodeError {}

/// What one run came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Report<V> {
    /// One outcome for every node, in the order of declaration.
    pub outcomes: Vec<Outcome<V>>,
    /// How long the run took, by the run's clock. In a batch, opening its input counts too, and what was kept of the input that the lane
    /// had before.
    pub took: Duration,
}
