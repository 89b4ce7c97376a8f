//! Calls that are over, on their way to whoever writes their spans.

use std::time::Duration;

use tokio::sync::mpsc::{OwnedPermit, Receiver, Sender, channel};
use tokio::time::Instant;

use super::Attributes;

/// A call that is over. All requests that it took are one call.
#[derive(Clone, Debug, PartialEq)]
pub struct CallSpan {
    /// What was done and by which model, such as `chat gpt-4o-mini`.
    pub name: String,
    /// When the first request went out: time in a queue of ours is no part of it.
    pub began: Instant,
    /// How long it took from then on, waits between retries included.
    pub took: Duration,
    /// What is known of it.
    pub attributes: Attributes,
    /// Why there is no answer, in words of ours, where there is none. What a provider says of it may quote the question.
    pub failure: Option<String>,
}

/// Where the spans of calls go; nowhere by default. Copies lead to the same place.
#[derive(Clone, Debug, Default)]
pub struct Spans(Option<Sender<CallSpan>>);

/// How a question is asked is no part of it.
impl PartialEq for Spans {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Spans {
    /// How many calls may be open, or over and not taken yet. A further one waits before it begins, so that no span is lost.
    pub const MOST: usize = 16_384;

    /// A way for spans, and its end, where they are to be taken from all the time.
    pub fn channel() -> (Self, Receiver<CallSpan>) {
        let (sender, receiver) = channel(Self::MOST);
        (Self(Some(sender)), receiver)
    }

    /// Whether anybody wants them.
    pub(crate) fn are_wanted(&self) -> bool {
        self.0.is_some()
    }

    /// Room for the span of a call that is about to begin; `None` where nobody takes it.
    pub(crate) async fn room(&self) -> Option<OwnedPermit<CallSpan>> {
        self.0.clone()?.reserve_owned().await.ok()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn a_call_for_whose_span_there_is_no_room_waits() {
        let (spans, over) = Spans::channel();
        let mut open: Vec<_> = (0..Spans::MOST).map(|_| spans.room().now_or_never().flatten()).collect();
        assert!(open.iter().all(Option::is_some));
        assert!(spans.room().now_or_never().is_none());
        open.pop();
        assert!(spans.room().now_or_never().flatten().is_some());
        drop(over);
        // Nobody takes it any more, and nobody waits for that.
        assert!(matches!(spans.room().now_or_never(), Some(None)));
    }
}
