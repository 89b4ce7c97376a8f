//! Nodes for tests, made from functions.

use futures_util::future::BoxFuture;
use scouter_engine::{Node, NodeCx, NodeError, NodeResult, Output, PoolName, Step, Verdict};

type Answer = dyn Fn(u64, &[u64]) -> NodeResult<u64> + Send + Sync;
type Work = dyn Fn(u64) -> BoxFuture<'static, NodeResult<u64>> + Send + Sync;

/// A node that answers at once: from its input and the values of its dependencies.
pub(crate) struct Now(pub(crate) Box<Answer>, pub(crate) bool);

/// A node that answers later.
pub(crate) struct Later {
    pub(crate) work: Box<Work>,
    pub(crate) pool: Option<PoolName>,
    pub(crate) timeout: Option<std::time::Duration>,
}

impl std::fmt::Debug for Now {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Now")
    }
}

impl std::fmt::Debug for Later {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Later")
    }
}

impl Node<u64, u64> for Now {
    fn kind(&self) -> &'static str {
        "now"
    }

    fn waits(&self) -> bool {
        false
    }

    fn has_verdict(&self) -> bool {
        self.1
    }

    fn run<'a>(&'a self, cx: NodeCx<'a, '_, u64, u64>) -> Step<'a, u64> {
        let mut upstream = Vec::new();
        while let Some(output) = cx.upstream(upstream.len()) {
            upstream.push(output.value);
        }
        Step::Ready((self.0)(*cx.input, &upstream))
    }
}

impl Node<u64, u64> for Later {
    fn kind(&self) -> &'static str {
        "later"
    }

    fn pool(&self) -> Option<&PoolName> {
        self.pool.as_ref()
    }

    fn timeout(&self) -> Option<std::time::Duration> {
        self.timeout
    }

    fn run<'a>(&'a self, cx: NodeCx<'a, '_, u64, u64>) -> Step<'a, u64> {
        Step::Pending((self.work)(*cx.input))
    }
}

pub(crate) fn now(answer: impl Fn(u64, &[u64]) -> NodeResult<u64> + Send + Sync + 'static) -> Now {
    Now(Box::new(answer), true)
}

pub(crate) fn later<F>(work: impl Fn(u64) -> F + Send + Sync + 'static) -> Later
where
    F: Future<Output = NodeResult<u64>> + Send + 'static,
{
    Later { work: Box::new(move |input| Box::pin(work(input))), pool: None, timeout: None }
}

pub(crate) fn passed(value: u64) -> NodeResult<u64> {
    Ok(Output { value, verdict: Some(Verdict::Passed) })
}

pub(crate) fn failed(value: u64) -> NodeResult<u64> {
    Ok(Output { value, verdict: Some(Verdict::Failed) })
}

pub(crate) fn errored() -> NodeResult<u64> {
    Err(NodeError::new("read the value"))
}
