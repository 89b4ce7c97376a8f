//! Who sends what is due, and when it is tried again.

use std::sync::Arc;
use std::time::Duration;

use scouter_engine::Clock;
use scouter_tasks::result::NewUid;
use scouter_wire::alerts::Notice;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tracing::field::Empty;
use tracing::{Instrument, Span};

use super::{Sender, Target};
use crate::backoff::Backoff;
use crate::metrics::DELIVERIES;
use crate::store::{Delivery, Store, StoreError};

/// How long one may take, and how long it is its server's: whatever becomes of it is written down before its lease runs out.
const PATIENCE: Duration = Duration::from_secs(45);
const LASTS: Duration = Duration::from_mins(1);
/// How many are sent at once.
const AT_ONCE: i64 = 8;
/// How long is waited after the first failure; twice as long after each further one, up to the longest.
const PAUSE: Duration = Duration::from_secs(10);
const LONGEST_PAUSE: Duration = Duration::from_hours(1);
/// How often it is tried: for a day.
const TRIES: i32 = 32;

/// Sends what is due. Any number of them may be at work on one database.
#[derive(Debug, Clone)]
pub struct Dispatcher {
    store: Store,
    sender: Arc<Sender>,
    clock: Arc<dyn Clock>,
}

impl Dispatcher {
    /// One that sends from this store.
    pub fn new(store: Store, sender: Sender, clock: Arc<dyn Clock>) -> Self {
        Self { store, sender: Arc::new(sender), clock }
    }

    /// Works until it is dropped, which leaves what was on its way to others once its leases have run out. It looks that often for what is due, and
    /// at once again while there is any; less often while the database is away.
    pub async fn work(&self, every: Duration) {
        let mut backoff = Backoff::new(every);
        loop {
            let sent = self.send_due().await;
            if let Err(error) = &sent {
                tracing::warn!(%error, "alerts cannot be sent");
            }
            if !matches!(sent, Ok(1..)) {
                sleep(backoff.after(sent.is_ok())).await;
            }
        }
    }

    /// Sends what is due, as much as is sent at once. How many there were.
    ///
    /// # Errors
    /// The database cannot be reached. What does not arrive is written down as that, and tried again later.
    pub async fn send_due(&self) -> Result<usize, StoreError> {
        let deliveries = self.store.claim_deliveries(self.clock.new_uid(), LASTS, AT_ONCE).await?;
        let claimed = deliveries.len();
        let mut sending = JoinSet::new();
        for delivery in deliveries {
            let dispatcher = self.clone();
            let span = tracing::info_span!("delivery", delivery = delivery.id, otel.status_code = Empty);
            sending.spawn(async move { dispatcher.deliver(&delivery).await }.instrument(span));
        }
        while let Some(sent) = sending.join_next().await {
            match sent {
                Ok(Ok(())) => {}
                // Its lease runs out, and it is sent again.
                Ok(Err(error)) => tracing::warn!(%error, "what became of an alert cannot be written down"),
                Err(error) => tracing::error!(%error, "sending an alert came to no end"),
            }
        }
        Ok(claimed)
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<(), StoreError> {
        let (failure, after) = match self.try_once(delivery).await {
            Ok(()) => {
                count(delivery, "sent");
                // Whether it was lost meanwhile does not matter: somebody sends it again.
                let _ = self.store.end_delivery(delivery, None).await?;
                return Ok(());
            }
            Err(failure) => failure,
        };
        Span::current().record("otel.status_code", "ERROR");
        let Delivery { id, tries, target, .. } = delivery;
        if *tries >= TRIES {
            count(delivery, "given_up");
            tracing::error!(delivery = id, to = target, failure, "an alert is given up: it did not arrive");
            let _ = self.store.end_delivery(delivery, Some(&failure)).await?;
        } else {
            count(delivery, "put_off");
            tracing::warn!(
                delivery = id,
                to = target,
                tries,
                failure,
                "an alert did not arrive, and is sent again later"
            );
            let after = pause(*tries).max(after.unwrap_or_default()).min(LONGEST_PAUSE);
            let _ = self.store.put_off_delivery(delivery, &failure, after).await?;
        }
        Ok(())
    }

    /// Why it did not arrive, and after how long the other side wants to be asked again.
    async fn try_once(&self, delivery: &Delivery) -> Result<(), (String, Option<Duration>)> {
        let unread = |error: serde_json::Error| (format!("failed to read what is to be told: {error}"), None);
        let target: Target = serde_json::from_str(&delivery.target).map_err(unread)?;
        let notice: Notice = serde_json::from_str(&delivery.notice).map_err(unread)?;
        let id = format!("scouter-{}", delivery.id);
        match timeout(PATIENCE, self.sender.send(&id, &target, &notice)).await {
            Ok(sent) => sent.map_err(|error| (error.to_string(), error.after())),
            Err(_) => Err((format!("it took longer than {} s", PATIENCE.as_secs()), None)),
        }
    }
}

fn count(delivery: &Delivery, outcome: &'static str) {
    let target: Result<Target, _> = serde_json::from_str(&delivery.target);
    let target = target.map_or("unknown", |target| target.kind());
    metrics::counter!(DELIVERIES, "target" => target, "outcome" => outcome).increment(1);
}

fn pause(tries: i32) -> Duration {
    let doubled = 2_u32.saturating_pow(u32::try_from(tries.saturating_sub(1)).unwrap_or(0));
    PAUSE.saturating_mul(doubled).min(LONGEST_PAUSE)
}
