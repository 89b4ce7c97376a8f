//! What a call hears while it waits.

use std::future::Future;
use std::sync::Arc;

use super::{Fuse, Ledger};
use crate::CallError;

/// Whether it is still worth waiting: calls that wait for their turn, or to be made again, hear at once that they will fail.
#[derive(Clone, Debug, Default)]
pub struct Outlook {
    /// What others learnt from the provider.
    pub fuse: Arc<Fuse>,
    /// What the run may still use.
    pub ledger: Option<Arc<Ledger>>,
}

impl Outlook {
    /// What `wait` comes to, unless the call turns out to be in vain before.
    pub(super) async fn hopeful<T>(
        &self,
        provider: &str,
        model: &str,
        wait: impl Future<Output = T>,
    ) -> Result<T, CallError> {
        let spent = async {
            match &self.ledger {
                Some(ledger) => ledger.ends(provider).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            error = self.fuse.blows(model) => Err(error),
            error = spent => Err(error),
            done = wait => Ok(done),
        }
    }
}
