//! Identifiers of records: UUIDs of version 7.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ring::rand::{SecureRandom, SystemRandom};
use scouter_wire::records::Uid;
use uuid::Builder;

/// How many random bytes are asked of the system at once: a call takes longer than all else that a push does.
const POOL: usize = 2_000;
/// How many of them an identifier takes.
const EACH: usize = 10;

/// Makes identifiers. Two never share their random bytes: a process that is forked would draw the same ones, so it makes a new one.
pub struct Uids {
    random: Box<[u8; POOL]>,
    used: usize,
}

impl Uids {
    /// A new identifier, of this time; none where the system has no random bytes.
    #[expect(clippy::disallowed_methods, reason = "this is the owner of randomness in identifiers")]
    pub fn next(&mut self, now: SystemTime) -> Option<Uid> {
        if self.used + EACH > POOL {
            SystemRandom::new().fill(&mut *self.random).ok()?;
            self.used = 0;
        }
        let mut drawn = *self.random[self.used..].first_chunk::<EACH>()?;
        self.used += EACH;
        let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let millis = u64::try_from(since.as_millis()).unwrap_or_default();
        [drawn[0], drawn[1]] = fraction(since).to_be_bytes();
        Uid::try_from(Builder::from_unix_timestamp_millis(millis, &drawn).into_uuid()).ok()
    }
}

/// How much of its millisecond is over, in 4,096 parts: identifiers of one millisecond stand in their order, too (RFC 9562, 6.2, method 3).
fn fraction(since: Duration) -> u16 {
    let parts = u64::from(since.subsec_nanos() % 1_000_000) * 4_096 / 1_000_000;
    u16::try_from(parts).unwrap_or_default()
}

impl Default for Uids {
    /// Without random bytes yet.
    fn default() -> Self {
        Self { random: Box::new([0; POOL]), used: POOL }
    }
}

impl fmt::Debug for Uids {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Uids").field("used", &self.used).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn identifiers_differ_and_say_when_they_were_made() {
        let now = UNIX_EPOCH + Duration::from_millis(1_790_000_000_123);
        let mut uids = Uids::default();
        let made: Vec<Uid> = (0..10_000).filter_map(|_| uids.next(now)).collect();
        assert_eq!(made.iter().collect::<HashSet<_>>().len(), 10_000);
        assert!(made.iter().all(|uid| uid.millis() == 1_790_000_000_123));
    }
    #[test]
    fn identifiers_of_one_millisecond_stand_in_their_order() {
        let mut uids = Uids::default();
        let at = |nanos| UNIX_EPOCH + Duration::from_millis(1_790_000_000_123) + Duration::from_nanos(nanos);
        let made: Vec<Uid> = (0..1_000).filter_map(|step| uids.next(at(step * 1_000))).collect();
        assert!(made.len() == 1_000 && made.is_sorted());
    }
}
