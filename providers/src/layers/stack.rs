//! All layers in their order.

use std::sync::Arc;
use std::time::Duration;

use super::{
    Backoff, Budgeted, Cached, Cassette, DiskCache, Fuse, Fused, Jitter, Ledger, Limited, Limits, Outlook,
    Priced, Prices, Recorded, Retry, Timed, Traced,
};
use crate::chat::ChatModel;
use crate::embed::Embedder;
use crate::structured::Structured;
use crate::{Model, Question};

/// The layers of a run. Copies share limits, budget, cache, cassette and prices, so that a task may
/// have a stack of its own with other retries.
///
/// From the outside: cassette, cache, span, form of the reply, retries, limits, fuse, budget, timeout,
/// cost. What is recorded or cached costs no budget and no place, and makes no span; every attempt is within limits and
/// budget. An attempt that waits, for its place or to be made again, does not run out of time, and hears at once what
/// others learnt and that the budget is used up.
#[derive(Clone, Debug)]
pub struct Stack {
    /// When to ask again.
    pub backoff: Backoff,
    /// What spreads retries.
    pub jitter: Jitter,
    /// How long one attempt may take.
    pub timeout: Duration,
    /// The limits of the provider.
    pub limits: Arc<Limits>,
    /// Who is not asked any more.
    pub fuse: Arc<Fuse>,
    /// What tokens cost.
    pub prices: Arc<Prices>,
    /// What the run may use.
    pub ledger: Option<Arc<Ledger>>,
    /// Replies on disk, and what tells apart answers to the same question.
    pub cache: Option<(Arc<DiskCache>, String)>,
    /// Recorded replies, and what tells apart answers to the same question.
    pub cassette: Option<(Arc<Cassette>, Option<String>)>,
}

impl Stack {
    /// How long one attempt may take, unless said otherwise. Models that think take minutes.
    pub const TIMEOUT: Duration = Duration::from_mins(3);

    /// A stack for one provider, with nothing optional in it.
    pub fn new(limits: Arc<Limits>, prices: Arc<Prices>) -> Self {
        Self {
            backoff: Backoff::default(),
            jitter: Jitter::default(),
            timeout: Self::TIMEOUT,
            limits,
            fuse: Arc::default(),
            prices,
            ledger: None,
            cache: None,
            cassette: None,
        }
    }

    /// All layers around a provider.
    pub fn around(&self, provider: Arc<ChatModel>) -> Arc<ChatModel> {
        let model: Arc<ChatModel> = Arc::new(Structured::new(self.inside(Arc::clone(&provider))));
        self.outside(model, provider)
    }

    /// The same around an embedder, whose replies have one form alone.
    pub fn around_embedder(&self, embedder: Arc<Embedder>) -> Arc<Embedder> {
        self.outside(self.inside(Arc::clone(&embedder)), embedder)
    }

    /// What every request passes that is sent.
    fn inside<Q: Question>(&self, provider: Arc<dyn Model<Q>>) -> Arc<dyn Model<Q>> {
        let mut model: Arc<dyn Model<Q>> = Arc::new(Priced::new(provider, Arc::clone(&self.prices)));
        model = Arc::new(Timed::new(model, self.timeout));
        if let Some(ledger) = &self.ledger {
            model = Arc::new(Budgeted::new(model, Arc::clone(ledger)));
        }
        model = Arc::new(Fused::new(model, Arc::clone(&self.fuse)));
        model = Arc::new(Limited::new(model, Arc::clone(&self.limits), self.outlook()));
        Arc::new(Retry::new(model, self.backoff.clone(), self.jitter.clone(), self.outlook()))
    }

    /// What every question passes.
    fn outside<Q: Question>(
        &self,
        model: Arc<dyn Model<Q>>,
        provider: Arc<dyn Model<Q>>,
    ) -> Arc<dyn Model<Q>> {
        let mut model: Arc<dyn Model<Q>> = Arc::new(Traced::new(model, provider));
        if let Some((cache, place)) = &self.cache {
            model = Arc::new(Cached::new(model, Arc::clone(cache), place));
        }
        if let Some((cassette, place)) = &self.cassette {
            model = Arc::new(Recorded::new(model, Arc::clone(cassette), place.clone()));
        }
        model
    }

    fn outlook(&self) -> Outlook {
        Outlook { fuse: Arc::clone(&self.fuse), ledger: self.ledger.clone() }
    }
}
