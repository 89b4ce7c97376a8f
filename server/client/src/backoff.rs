//! How long is waited after an attempt that failed.

use std::time::Duration;

use ring::rand::{SecureRandom, SystemRandom};

/// The first pause, and the longest.
const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(30);
/// The longest one while somebody waits for the end.
const LONGEST_AT_THE_END: Duration = Duration::from_millis(500);
/// The longest time that a server is left alone because it says so.
const LONGEST_ASKED: Duration = Duration::from_mins(5);
/// The first pause of who is not let in, and the longest: by then a server has forgotten that a wrong password was given for the name.
const FIRST_KEPT_OUT: Duration = Duration::from_secs(30);
const LONGEST_KEPT_OUT: Duration = Duration::from_mins(16);

/// The first pause before a server is asked again about a profile that it did not know, and the longest.
const FIRST_UNKNOWN: Duration = Duration::from_mins(1);
const LONGEST_UNKNOWN: Duration = Duration::from_hours(1);

/// The pause after so many failures in a row: between half of twice as long each time and all of it (`drawn`, from 0 to 1), so that clients that failed
/// together do not come back together. At least what the server asked for, and somewhat more.
pub(crate) fn pause(failures: u32, drawn: f64, asked: Option<Duration>, ending: bool) -> Duration {
    let longest = if ending { LONGEST_AT_THE_END } else { LONGEST };
    let most = FIRST.saturating_mul(1 << failures.min(16)).min(longest);
    let own = most.mul_f64(0.5 + drawn / 2.0);
    match asked {
        Some(asked) => asked.min(LONGEST_ASKED) + FIRST.mul_f64(drawn),
        None => own,
    }
}

/// The pause of who was not let in for so many times in a row: twice as long each time, and up to a quarter more (`drawn`, from 0 to 1). So a server hears of
/// six wrong passwords of one queue, after which others of that name wait for two seconds at most, and has forgotten them when the next comes.
pub(crate) fn kept_out(times: u32, drawn: f64) -> Duration {
    FIRST_KEPT_OUT.saturating_mul(1 << times.min(16)).min(LONGEST_KEPT_OUT).mul_f64(1.0 + drawn / 4.0)
}

/// The pause before a server is asked again about a profile that it did not know for so many times before: twice as long each time, and up to a quarter more
/// (`drawn`, from 0 to 1).
pub(crate) fn unknown(times: u32, drawn: f64) -> Duration {
    FIRST_UNKNOWN.saturating_mul(1 << times.min(16)).min(LONGEST_UNKNOWN).mul_f64(1.0 + drawn / 4.0)
}

/// A random number from 0 to 1; where the system has none, the middle.
#[expect(clippy::disallowed_methods, reason = "this is the owner of randomness in pauses")]
pub(crate) fn drawn() -> f64 {
    let mut random = [0; 4];
    match SystemRandom::new().fill(&mut random) {
        Ok(()) => f64::from(u32::from_le_bytes(random)) / f64::from(u32::MAX),
        Err(_) => 0.5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_not_let_in_asks_ever_more_seldom_and_not_often_enough_to_lock_a_name() {
        let pauses: Vec<_> = (0..8).map(|times| kept_out(times, 0.0).as_secs()).collect();
        assert_eq!(pauses, [30, 60, 120, 240, 480, 960, 960, 960]);
        // After a quarter of an hour a server has forgotten them.
        assert!(pauses[5..].iter().all(|seconds| *seconds > 15 * 60));
        assert_eq!(kept_out(0, 1.0), FIRST_KEPT_OUT.mul_f64(1.25));
    }

    #[test]
    fn pauses_grow_to_the_longest_and_lie_between_half_and_whole() {
        assert_eq!(pause(0, 1.0, None, false), FIRST);
        assert_eq!(pause(1, 0.0, None, false), FIRST);
        assert_eq!(pause(60, 1.0, None, false), LONGEST);
        assert_eq!(pause(60, 0.0, None, false), LONGEST / 2);
    }

    #[test]
    fn a_server_is_left_alone_for_as_long_as_it_asks() {
        let asked = Duration::from_secs(7);
        assert!(pause(0, 0.0, Some(asked), false) >= asked);
        assert!(pause(0, 1.0, Some(Duration::MAX), false) <= LONGEST_ASKED + FIRST);
    }

    #[test]
    fn pauses_are_short_while_somebody_waits() {
        assert_eq!(pause(60, 1.0, None, true), LONGEST_AT_THE_END);
    }
}
