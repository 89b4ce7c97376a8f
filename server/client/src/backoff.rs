//! How long is waited after an attempt that failed.

use std::time::Duration;

/// The first pause, and the longest.
const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(30);
/// As after so many failures, the longest pauses begin.
pub(crate) const SELDOM: u32 = 8;
/// The longest one while somebody waits for the end.
const LONGEST_AT_THE_END: Duration = Duration::from_millis(500);
/// The longest time that a server is left alone because it says so.
const LONGEST_ASKED: Duration = Duration::from_mins(5);

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

#[cfg(test)]
mod tests {
    use super::*;

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
