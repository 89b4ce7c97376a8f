//! Calls in flight.

use std::sync::{Mutex, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Duration, Instant};

/// A number of calls in flight that finds its own size: it grows while a provider answers and all
/// places are taken, and halves when the provider has had enough (additive increase, multiplicative
/// decrease; Chiu and Jain, 1989). Until the first time it is too much it grows by one with every
/// answer, as TCP's slow start does; afterwards by one with as many answers as there are places.
#[derive(Debug)]
pub(super) struct Flight {
    places: Semaphore,
    most: usize,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    size: usize,
    /// Places that are given up as soon as they come back.
    owed: usize,
    /// Answers since it last grew.
    answers: usize,
    /// Times that it was too much. A call that began before the last of them says nothing new.
    backed_off: u64,
    /// The provider wants to be left alone until then.
    hold: Option<Instant>,
}

/// How a call went, as far as the provider's capacity goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Load {
    /// It was answered.
    Answered,
    /// The provider has had enough, for so long where it says.
    Refused(Option<Duration>),
    /// It failed for another reason.
    Other,
}

/// A place, until it is given back.
pub(super) struct Place<'a> {
    flight: &'a Flight,
    permit: Option<SemaphorePermit<'a>>,
    backed_off: u64,
    load: Load,
}

impl Flight {
    pub(super) fn new(start: usize, most: usize) -> Self {
        let most = most.clamp(1, Semaphore::MAX_PERMITS);
        let size = start.clamp(1, most);
        let state = State { size, owed: 0, answers: 0, backed_off: 0, hold: None };
        Self { places: Semaphore::new(size), most, state: Mutex::new(state) }
    }

    /// How many calls may be in flight now.
    pub(super) fn size(&self) -> usize {
        self.lock().size
    }

    /// Waits for a place, and until the provider may be asked.
    pub(super) async fn place(&self) -> Place<'_> {
        // The semaphore is never closed, so there always is a permit in the end.
        let permit = self.places.acquire().await.ok();
        loop {
            let hold = self.lock().hold.filter(|hold| *hold > Instant::now());
            match hold {
                Some(until) => tokio::time::sleep_until(until).await,
                None => break,
            }
        }
        let backed_off = self.lock().backed_off;
        Place { flight: self, permit, backed_off, load: Load::Other }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn grow(&self, state: &mut State) {
        // A place that nobody wants proves nothing of the provider's capacity.
        if state.size >= self.most || self.places.available_permits() > 0 {
            return;
        }
        state.answers += 1;
        let wanted = if state.backed_off == 0 { 1 } else { state.size };
        if state.answers < wanted {
            return;
        }
        state.answers = 0;
        state.size += 1;
        if state.owed > 0 {
            state.owed -= 1;
        } else {
            self.places.add_permits(1);
        }
    }

    fn shrink(&self, state: &mut State, seen: u64, after: Option<Duration>) {
        if let Some(after) = after {
            let until = Instant::now() + after;
            state.hold = Some(state.hold.map_or(until, |hold| hold.max(until)));
        }
        if seen < state.backed_off {
            return;
        }
        state.backed_off += 1;
        state.answers = 0;
        let fewer = state.size - (state.size / 2).max(1);
        state.size -= fewer;
        state.owed += fewer - self.places.forget_permits(fewer);
    }
}

impl Place<'_> {
    /// Says how the call went.
    pub(super) fn went(mut self, load: Load) {
        self.load = load;
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut state = self.flight.lock();
        match self.load {
            Load::Answered => self.flight.grow(&mut state),
            Load::Refused(after) => self.flight.shrink(&mut state, self.backed_off, after),
            Load::Other => {}
        }
        if state.owed > 0
            && let Some(permit) = self.permit.take()
        {
            state.owed -= 1;
            permit.forget();
        }
    }
}

#[cfg(test)]
#[path = "tests/flight.rs"]
mod tests;
