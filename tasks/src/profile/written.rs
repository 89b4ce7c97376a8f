//! Values of a feature as people read them: numbers as numbers, moments as days and times.

use chrono::{DateTime, NaiveTime};
use scouter_drift::column::Unit;

use crate::result::short_number;

const SECOND: f64 = 1e6;
const MINUTE: f64 = 60.0 * SECOND;
const DAY: f64 = 86_400.0 * SECOND;

/// A value on its own.
pub(crate) fn short_value(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Number => short_number(value),
        Unit::Moment => short_moment(value),
    }
}

/// A value among others that are so far apart, as those on an axis: moments are told no more finely than tells them from each other.
pub(crate) fn value_among(unit: Unit, value: f64, apart: f64) -> String {
    match unit {
        Unit::Number => short_number(value),
        Unit::Moment if apart >= DAY => written(value, "%Y-%m-%d"),
        Unit::Moment if apart >= MINUTE => written(value, "%Y-%m-%d %H:%M"),
        Unit::Moment if apart >= SECOND || apart <= 0.0 => short_moment(value),
        Unit::Moment => written(value, "%Y-%m-%d %H:%M:%S%.6f"),
    }
}

/// Microseconds since 1970 as a day, or as a day and a time where it is not its beginning.
pub(crate) fn short_moment(micros: f64) -> String {
    match moment(micros) {
        Some(moment) if moment.time() == NaiveTime::MIN => written(micros, "%Y-%m-%d"),
        _ => written(micros, "%Y-%m-%d %H:%M:%S"),
    }
}

fn written(micros: f64, format: &str) -> String {
    moment(micros).map_or_else(|| short_number(micros), |moment| moment.format(format).to_string())
}

fn moment(micros: f64) -> Option<DateTime<chrono::Utc>> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a cast saturates, and what is out of range is no moment"
    )]
    DateTime::from_timestamp_micros(micros as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: f64 = 1_735_732_800e6;

    #[test]
    fn moments_on_an_axis_are_as_fine_as_tells_them_apart() {
        let shown = |apart| value_among(Unit::Moment, NOON + 1_500_000.0, apart);
        assert_eq!(
            [2.0 * DAY, 0.5 * DAY, MINUTE, SECOND, 0.0].map(shown),
            [
                "2025-01-01",
                "2025-01-01 12:00",
                "2025-01-01 12:00",
                "2025-01-01 12:00:01",
                "2025-01-01 12:00:01"
            ]
        );
        assert_eq!(shown(1000.0), "2025-01-01 12:00:01.500000");
    }

    #[test]
    fn numbers_and_what_is_no_moment_are_told_as_numbers() {
        assert_eq!(value_among(Unit::Number, NOON, DAY), "1.736e15");
        assert_eq!(value_among(Unit::Moment, f64::MAX, DAY), "1.798e308");
        assert_eq!(short_value(Unit::Moment, NOON), "2025-01-01 12:00:00");
        assert_eq!(short_value(Unit::Number, 12.5), "12.5");
    }
}
