//! Dates and times.

use chrono::{FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};

use super::check::{Test, WrongKind};
use super::expected::{self, Problem};
use crate::value::Value;

/// Where a date has to lie; all in UTC.
#[derive(Clone, Debug)]
pub(super) enum Period {
    Before(NaiveDateTime),
    After(NaiveDateTime),
    Between(NaiveDateTime, NaiveDateTime),
}

pub(super) fn bound(make: fn(NaiveDateTime) -> Period, expected: &Value) -> Result<Test, Problem> {
    expected_date(expected).map(|date| Test::Date(make(date)))
}

pub(super) fn between(expected: &Value) -> Result<Test, Problem> {
    let [from, to] = expected::pair(expected)?.map(expected_date);
    let (from, to) = (from?, to?);
    if from > to { Err(Problem::UpsideDown) } else { Ok(Test::Date(Period::Between(from, to))) }
}

fn expected_date(expected: &Value) -> Result<NaiveDateTime, Problem> {
    instant(&expected::any_text(expected)?).ok_or(Problem::NotADate)
}

impl Period {
    pub(super) fn holds(&self, actual: &Value) -> Result<bool, WrongKind> {
        const WANTED: WrongKind = WrongKind { wanted: "an ISO 8601 date or date-time" };
        let date = actual.as_text().and_then(instant).ok_or(WANTED)?;
        Ok(match self {
            Self::Before(limit) => date < *limit,
            Self::After(limit) => date > *limit,
            Self::Between(from, to) => (from..=to).contains(&&date),
        })
    }
}

/// The point in time, in UTC, of an ISO 8601 date or date-time in the extended form. A date is
/// the start of its day; what names no offset is UTC.
pub fn instant(text: &str) -> Option<NaiveDateTime> {
    let Some((date, rest)) = text.split_once('T') else {
        return day(text)?.and_hms_opt(0, 0, 0);
    };
    let (clock, offset) = match rest.find(['Z', '+', '-']) {
        Some(at) => rest.split_at(at),
        None => (rest, "Z"),
    };
    day(date)?.and_time(time(clock)?).checked_sub_offset(zone(offset)?)
}

/// The calendar date `YYYY-MM-DD`.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    let shaped = has_shape(text, "0000-00-00");
    shaped.then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten()
}

/// `HH:MM`, `HH:MM:SS` or `HH:MM:SS.fraction`.
fn time(text: &str) -> Option<NaiveTime> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if text.len() == 5 && has_shape(text, "00:00") {
        return NaiveTime::parse_from_str(text, "%H:%M").ok();
    }
    has_shape(clock, "00:00:00").then(|| NaiveTime::parse_from_str(text, "%H:%M:%S%.f").ok()).flatten()
}

/// `Z`, `+HH`, `+HHMM` or `+HH:MM`.
fn zone(text: &str) -> Option<FixedOffset> {
    let (sign, digits) = text.split_at_checked(1)?;
    match sign {
        "Z" if digits.is_empty() => FixedOffset::east_opt(0),
        "+" | "-" if has_shape(digits, "00") => format!("{text}:00").parse().ok(),
        "+" | "-" if has_shape(digits, "0000") || has_shape(digits, "00:00") => text.parse().ok(),
        _ => None,
    }
}

/// Whether the text has a digit where the shape has `0`, and is the shape elsewhere. Chrono
/// itself is content with `2026-1-5`.
fn has_shape(text: &str, shape: &str) -> bool {
    let fits = |(byte, wanted): (u8, u8)| if wanted == b'0' { byte.is_ascii_digit() } else { byte == wanted };
    text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(fits)
}

#[cfg(test)]
mod tests {
    use super::instant;
    use crate::operator::Operator;
    use crate::operator::tests::{cannot_judge, fails, json, passes};

    #[test]
    fn dates_and_times_of_the_extended_form_are_read() {
        for text in [
            "2026-01-31",
            "2026-01-31T12:00",
            "2026-01-31T12:00:59Z",
            "2026-01-31T12:00:59.123456+02:00",
            "2026-01-31T12:00:59-0530",
            "2026-01-31T12:00:59+02",
        ] {
            assert!(instant(text).is_some(), "{text}");
        }
    }

    #[test]
    fn anything_else_is_no_date() {
        for text in [
            "",
            "T",
            "2026",
            "2026-1-5",
            "2026-02-30",
            "+2026-01-31",
            "2026-01-31 12:00:00",
            "2026-01-31T",
            "2026-01-31T24:30",
            "2026-01-31T1:2:3",
            "2026-01-31T12:00:59.",
            "2026-01-31T12:00:59 Z",
            "2026-01-31T12:00:59+2",
            "2026-01-31T12:00:59Zulu",
            "2026-01-31T12:00.5",
            "31.01.2026",
            "２０２６-01-31",
        ] {
            assert_eq!(instant(text), None, "{text}");
        }
    }

    #[test]
    fn a_date_is_the_start_of_its_day_in_utc() {
        passes(Operator::IsAfter, r#""2026-01-31T00:00:01""#, r#""2026-01-31""#);
        fails(Operator::IsAfter, r#""2026-01-31""#, r#""2026-01-31T00:00:00Z""#);
        passes(Operator::IsBefore, r#""2026-01-31T01:00:00+02:00""#, r#""2026-01-31""#);
    }

    #[test]
    fn both_ends_belong_to_the_period() {
        passes(Operator::IsBetween, r#""2026-01-31""#, r#"["2026-01-01", "2026-01-31"]"#);
        fails(Operator::IsBetween, r#""2026-01-31T00:00:01Z""#, r#"["2026-01-01", "2026-01-31"]"#);
        assert!(Operator::IsBetween.prepare(&json(r#"["2026-02-01", "2026-01-31"]"#)).is_err());
    }

    #[test]
    fn what_is_no_date_is_neither_before_nor_after_one() {
        cannot_judge(Operator::IsBefore, r#""yesterday""#, r#""2026-01-31""#);
        cannot_judge(Operator::IsAfter, "1769817600", r#""2026-01-31""#);
    }
}
