//! How long a provider wants to be left alone.

use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use serde_json::Value;

/// The wait that headers or body name.
///
/// A date in `Retry-After` (RFC 9110, section 10.2.3) is measured against the `Date` of the same
/// reply: no clock of ours is asked, and clocks that differ do no harm. Without a `Date` it says
/// nothing. `retry-after-ms` is what `OpenAI` and Azure send beside it; Gemini names the wait in the
/// body (`google.rpc.RetryInfo`).
pub(super) fn retry_after(headers: &HeaderMap, body: Option<&Value>) -> Option<Duration> {
    let text = |value: &reqwest::header::HeaderValue| value.to_str().map(|text| text.trim().to_owned()).ok();
    let milliseconds = headers
        .get("retry-after-ms")
        .and_then(text)
        .and_then(|text| text.parse::<f64>().ok())
        .and_then(|ms| Duration::try_from_secs_f64(ms / 1_000.0).ok());
    let date = || headers.get(DATE).and_then(text);
    let named = || headers.get(RETRY_AFTER).and_then(text).and_then(|text| parse(&text, date().as_deref()));
    milliseconds.or_else(named).or_else(|| body.and_then(retry_info))
}

fn parse(value: &str, date: Option<&str>) -> Option<Duration> {
    if let Ok(seconds) = value.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let until = httpdate::parse_http_date(value).ok()?;
    let now = httpdate::parse_http_date(date?).ok()?;
    Some(until.duration_since(now).unwrap_or_default())
}

/// `{"error": {"details": [{"@type": "…RetryInfo", "retryDelay": "34.5s"}]}}`
fn retry_info(body: &Value) -> Option<Duration> {
    let details = body.get("error")?.get("details")?.as_array()?;
    let delay = details.iter().find_map(|detail| detail.get("retryDelay")?.as_str())?;
    Duration::try_from_secs_f64(delay.strip_suffix('s')?.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn after(headers: &[(&'static str, &str)], body: Option<&Value>) -> Option<Duration> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        retry_after(&map, body)
    }

    #[test]
    fn seconds_are_read() {
        assert_eq!(after(&[("retry-after", "7")], None), Some(Duration::from_secs(7)));
        assert_eq!(after(&[("retry-after", "0.5")], None), Some(Duration::from_millis(500)));
    }

    #[test]
    fn a_date_is_measured_against_the_replys_own_date() {
        let until = ("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT");
        let now = ("date", "Wed, 21 Oct 2015 07:27:30 GMT");
        assert_eq!(after(&[until, now], None), Some(Duration::from_secs(30)));
        assert_eq!(after(&[until], None), None);
    }

    #[test]
    fn a_date_in_the_past_means_now() {
        let until = ("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT");
        let now = ("date", "Wed, 21 Oct 2015 07:30:00 GMT");
        assert_eq!(after(&[until, now], None), Some(Duration::ZERO));
    }

    #[test]
    fn milliseconds_are_more_exact_than_seconds() {
        let headers = [("retry-after", "1"), ("retry-after-ms", "120")];
        assert_eq!(after(&headers, None), Some(Duration::from_millis(120)));
    }

    #[test]
    fn gemini_names_the_wait_in_the_body() {
        let body = json!({"error": {"details": [
            {"@type": "type.googleapis.com/google.rpc.Help"},
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.5s"}
        ]}});
        assert_eq!(after(&[], Some(&body)), Some(Duration::from_millis(34_500)));
    }

    #[test]
    fn nonsense_says_nothing() {
        for value in ["-1", "soon", "nan", "1e400", ""] {
            assert_eq!(after(&[("retry-after", value)], None), None, "{value}");
        }
    }
}
