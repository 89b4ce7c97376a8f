//! Some of the tasks of a run.

use scouter_engine::{Outcome, Position, SkipReason};

use super::results::Results;
use super::row::Row;
use crate::suite::TaskInfo;

impl Results {
    /// The same run as if there had been these tasks alone, by their ids in lower case. What depended on another one depends on
    /// what that depended on, and was skipped because of it.
    #[must_use]
    pub fn only(&self, ids: &[String]) -> Self {
        let tasks = self.tasks();
        let kept: Vec<usize> = (0..tasks.len()).filter(|at| ids.contains(&tasks[*at].id)).collect();
        let mut places: Vec<Option<Position>> = vec![None; tasks.len()];
        for (place, at) in kept.iter().enumerate() {
            places[*at] = Some(Position::new(place));
        }
        // By stages, what a task depends on comes before it.
        let mut order: Vec<usize> = (0..tasks.len()).collect();
        order.sort_by_key(|at| tasks[*at].stage);
        let (mut above, mut stages) = (vec![Vec::new(); tasks.len()], vec![0; tasks.len()]);
        for at in order {
            for need in tasks[at].depends_on.iter().map(|need| need.index()) {
                let nearest = places[need].map_or_else(|| above[need].clone(), |place| vec![place]);
                for place in nearest {
                    if !above[at].contains(&place) {
                        above[at].push(place);
                    }
                }
                stages[at] = stages[need].max(stages[at]);
            }
            stages[at] += usize::from(places[at].is_some());
        }
        let info = |at: &usize| TaskInfo {
            stage: stages[*at],
            depends_on: above[*at].clone(),
            ..tasks[*at].clone()
        };
        let named = |by: Position| {
            let place = places.get(by.index()).copied().flatten();
            place.or_else(|| above.get(by.index())?.first().copied())
        };
        let row = |row: &Row| Row {
            outcomes: kept.iter().map(|at| renamed(&row.outcomes[*at], named)).collect(),
            ..row.clone()
        };
        let (tasks, rows) = (kept.iter().map(info).collect(), self.rows().iter().map(row).collect());
        let mut only = Self::new(tasks, rows, self.cancelled);
        only.stopped.clone_from(&self.stopped);
        only.bad.clone_from(&self.bad);
        only.window.clone_from(&self.window);
        only.embedded.clone_from(&self.embedded);
        only.used = self.used;
        only
    }
}

/// An outcome with other positions of tasks.
fn renamed<V: Clone>(outcome: &Outcome<V>, named: impl Fn(Position) -> Option<Position>) -> Outcome<V> {
    let reason = match outcome {
        Outcome::Skipped(SkipReason::GateClosed { by }) => named(*by).map(|by| SkipReason::GateClosed { by }),
        Outcome::Skipped(SkipReason::UpstreamErrored { by }) => {
            named(*by).map(|by| SkipReason::UpstreamErrored { by })
        }
        Outcome::Skipped(SkipReason::UpstreamSkipped { by }) => {
            named(*by).map(|by| SkipReason::UpstreamSkipped { by })
        }
        other => return other.clone(),
    };
    // Because of nobody who is left.
    reason.map_or(Outcome::Cancelled, Outcome::Skipped)
}
