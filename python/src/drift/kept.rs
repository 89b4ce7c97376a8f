//! How much is kept of data that come in parts. The state of a column is bounded, but there is one for every group of rows, and charts grow
//! with the rows: so all of them together are bounded too.

use std::sync::atomic::{AtomicUsize, Ordering};

use scouter_tasks::counted::count;

use crate::intake::Intake;

/// So many values are kept at most, of all columns and groups: numbers take 2 GB then.
pub(crate) const MOST_KEPT: usize = 1 << 28;

/// Counts the values that states keep.
pub(crate) struct Kept {
    values: AtomicUsize,
    most: usize,
}

impl Kept {
    /// Nothing yet, and so many values at most; of data that are in memory anyway, any number.
    pub(crate) fn of(intake: &Intake<'_>, most: usize) -> Self {
        let most = if matches!(intake, Intake::Parts(_)) { most } else { usize::MAX };
        Self { values: AtomicUsize::new(0), most }
    }

    /// A state kept so many values before, and keeps so many now.
    ///
    /// # Errors
    /// All together are more than may be kept: that number, as people read it.
    pub(crate) fn change(&self, before: usize, now: usize) -> Result<(), String> {
        self.values.fetch_sub(before.saturating_sub(now), Ordering::Relaxed);
        let more = now.saturating_sub(before);
        let kept = self.values.fetch_add(more, Ordering::Relaxed).saturating_add(more);
        if kept > self.most { Err(count(self.most)) } else { Ok(()) }
    }

    /// The same of the state of a column in one of the groups.
    ///
    /// # Errors
    /// What is wrong, and what to do.
    pub(crate) fn change_in_groups(&self, before: usize, now: usize) -> Result<(), String> {
        self.change(before, now).map_err(|most| {
            format!(
                "with it more than {most} values are kept: some thousand of every column, in every group of rows; split into \
                 fewer groups, or leave columns out"
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_states_no_longer_keep_makes_room_for_others() {
        let kept = Kept { values: AtomicUsize::new(0), most: 2000 };
        assert_eq!(kept.change(0, 1500), Ok(()));
        assert_eq!(kept.change(1500, 500), Ok(()));
        assert_eq!(kept.change(0, 1500), Ok(()));
        assert_eq!(kept.change(0, 1), Err("2,000".to_owned()));
        let refused = kept.change_in_groups(0, 1).err().unwrap_or_default();
        assert!(refused.contains("more than 2,000 values") && refused.contains("fewer groups"), "{refused}");
    }
}
