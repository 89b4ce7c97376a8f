//! Moments as texts, and as objects.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// The moment that a `datetime` or a `date` is, in UTC: what has no zone is taken for UTC, and a day for its start.
pub(crate) fn moment_of(object: &Bound<'_, PyAny>) -> Option<NaiveDateTime> {
    if let Ok(moment) = object.extract::<DateTime<Utc>>() {
        return Some(moment.naive_utc());
    }
    if !object.get_type().hasattr("utcoffset").unwrap_or(false) {
        return object.extract::<NaiveDate>().ok().map(|day| day.and_time(NaiveTime::MIN));
    }
    let zoned = || {
        let offset = object.call_method0("utcoffset").ok()?;
        let utc = object.call_method1("__sub__", (offset,)).ok()?;
        let tzinfo = PyDict::new(object.py());
        tzinfo.set_item("tzinfo", object.py().None()).ok()?;
        utc.call_method("replace", (), Some(&tzinfo)).ok()?.extract::<NaiveDateTime>().ok()
    };
    object.extract::<NaiveDateTime>().ok().or_else(zoned)
}

/// The moment that a text tells as ISO 8601 has it, or with a space before the time, in UTC where it names no zone.
pub(super) fn moment(text: &str) -> Option<NaiveDateTime> {
    let bytes = text.as_bytes();
    if bytes.len() < 10 || !bytes[0].is_ascii_digit() || bytes[4] != b'-' {
        return None;
    }
    let naive = |form: &&str| NaiveDateTime::parse_from_str(text, form).ok();
    let zoned = |form: &&str| Some(DateTime::parse_from_str(text, form).ok()?.naive_utc());
    let day = || Some(NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_time(NaiveTime::MIN));
    let iso = || Some(DateTime::parse_from_rfc3339(text).ok()?.naive_utc());
    if bytes.len() == 10 {
        return day();
    }
    ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]
        .iter()
        .find_map(naive)
        .or_else(iso)
        .or_else(|| ["%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M:%S%.f%#z"].iter().find_map(zoned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_other_tools_write_them() {
        let noon = NaiveDate::from_ymd_opt(2013, 7, 1).and_then(|day| day.and_hms_opt(12, 0, 0));
        for text in [
            "2013-07-01 12:00:00",
            "2013-07-01T12:00:00.000000",
            "2013-07-01 12:00",
            "2013-07-01T12:00:00Z",
            "2013-07-01 08:00:00-04:00",
            "2013-07-01T21:00:00.000000+0900",
        ] {
            assert_eq!(moment(text), noon, "{text}");
        }
        assert_eq!(moment("2013-07-01").map(|day| day.to_string()), Some("2013-07-01 00:00:00".to_owned()));
        for text in ["", "2013", "2013-7-1", "2013-13-01", "no-moment at all", "2013-07-01 25:00"] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
