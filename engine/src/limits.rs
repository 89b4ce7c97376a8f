//! How much may happen at once, and for how long.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

/// The name of a pool of permits, such as `openai`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PoolName(Arc<str>);

impl PoolName {
    /// A pool's name.
    pub fn new(name: &str) -> Self {
        Self(name.into())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Pools, timeouts and a deadline. Copies share the pools, so that all runs together stay within
/// them.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    pools: HashMap<PoolName, Arc<Semaphore>>,
    /// How long one run of a node may take unless the node says otherwise; only work that waits
    /// can be timed out.
    pub node_timeout: Option<Duration>,
    /// How long a batch may take from its start on. Then it is stopped, and `Cancel::is_overdue` says why. A node that
    /// does not wait is not broken off.
    pub deadline: Option<Duration>,
}

impl Limits {
    /// At most `permits` nodes of the pool run at once, over all runs that share these limits. A
    /// pool without a limit has none.
    #[must_use]
    pub fn pool(mut self, name: PoolName, permits: usize) -> Self {
        let permits = permits.clamp(1, Semaphore::MAX_PERMITS);
        self.pools.insert(name, Arc::new(Semaphore::new(permits)));
        self
    }

    pub(crate) fn permits(&self, pool: Option<&PoolName>) -> Option<&Semaphore> {
        self.pools.get(pool?).map(Arc::as_ref)
    }
}
