//! What became of everything that was pushed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What became of the records of one profile. Each is counted in one place: `inserted` is the sum of all counts below it, up to `undelivered`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stats {
    /// All that came, and the records that requests were counted into.
    pub inserted: u64,
    /// Left out by sampling.
    pub sampled_out: u64,
    /// Held here: not sent yet, or sent and not acknowledged yet.
    pub waiting: u64,
    /// Acknowledged by the server, which has committed them.
    pub accepted: u64,
    /// Not what a record of this profile is, by the code of the reason: found here, or by the server.
    pub refused: BTreeMap<String, u64>,
    /// Dropped since there was no room, or since the queue was closed.
    pub dropped: u64,
    /// In the spool, since the server could not be reached: not in memory any more.
    pub spooled: u64,
    /// Given up, since the queue was closed and its time was over, or since the spool cannot be read any more. The server may have some of them.
    pub undelivered: u64,
    /// Left in the spool by earlier processes, and acknowledged by the server now.
    pub recovered: u64,
    /// Left in the spool by earlier processes: records that the server refused, and pieces that cannot be read, as where a process was killed while it
    /// wrote.
    pub unrecovered: u64,
    /// By feature, values that were missing of features which always have one in the baseline, or in rows that had none at all. They are sent.
    #[serde(default)]
    pub missing: BTreeMap<String, u64>,
    /// By feature, values of categories that the baseline does not know. They are sent.
    #[serde(default)]
    pub unseen: BTreeMap<String, u64>,
    /// Attempts to send that failed, and were made again.
    pub failures: u64,
    /// Why the last of them failed.
    pub last_error: Option<String>,
    /// Why the last record was refused.
    pub last_refusal: Option<String>,
}

/// What a value is that the baseline has none like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Odd {
    /// Missing.
    Missing,
    /// Of a category that it does not know.
    Unseen,
}

impl Stats {
    /// Counts a value that the baseline has none like.
    pub(crate) fn remark(&mut self, feature: &str, odd: Odd) {
        let counts = match odd {
            Odd::Missing => &mut self.missing,
            Odd::Unseen => &mut self.unseen,
        };
        match counts.get_mut(feature) {
            Some(count) => *count += 1,
            None => {
                counts.insert(feature.to_owned(), 1);
            }
        }
    }

    /// Refused, for whatever reason.
    pub fn refusals(&self) -> u64 {
        self.refused.values().sum()
    }

    /// How many records are lost.
    pub fn lost(&self) -> u64 {
        self.refusals() + self.dropped + self.undelivered
    }
}
