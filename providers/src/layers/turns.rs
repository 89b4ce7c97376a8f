//! One call at a time for one question.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Mutex as Queue, OwnedMutexGuard};

/// Who asks what is being asked waits until it is answered, and then finds the answer where the first one left it. Where
/// there is none, the next in the queue asks.
#[derive(Debug)]
pub(super) struct Turns<K>(Mutex<HashMap<K, Arc<Queue<()>>>>);

/// The turn of a question, until it is dropped.
pub(super) struct Turn<'a, K: Hash + Eq> {
    turns: &'a Turns<K>,
    key: K,
    held: Option<OwnedMutexGuard<()>>,
}

impl<K> Default for Turns<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Hash + Eq + Clone> Turns<K> {
    pub(super) async fn take(&self, key: &K) -> Turn<'_, K> {
        let queue = Arc::clone(self.lock().entry(key.clone()).or_default());
        // Made before it is waited for: whoever gives up waiting leaves nothing behind either.
        let mut turn = Turn { turns: self, key: key.clone(), held: None };
        turn.held = Some(queue.lock_owned().await);
        turn
    }
}

impl<K> Turns<K> {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<K, Arc<Queue<()>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Hash + Eq> Drop for Turn<'_, K> {
    fn drop(&mut self) {
        self.held = None;
        let mut queues = self.turns.lock();
        if queues.get(&self.key).is_some_and(|queue| Arc::strong_count(queue) == 1) {
            queues.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn one_question_has_one_turn_at_a_time_and_others_do_not_wait() {
        let turns = Turns::default();
        let first = turns.take(&"a").await;
        assert!(turns.take(&"a").now_or_never().is_none());
        assert!(turns.take(&"b").now_or_never().is_some());
        drop(first);
        assert!(turns.take(&"a").now_or_never().is_some());
    }

    #[tokio::test]
    async fn nothing_is_left_of_turns_that_are_over_or_were_given_up() {
        let turns = Turns::default();
        let first = turns.take(&"a").await;
        assert!(turns.take(&"a").now_or_never().is_none());
        drop(first);
        assert!(turns.lock().is_empty());
    }
}
