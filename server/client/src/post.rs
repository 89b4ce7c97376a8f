//! One attempt to send a batch.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, StatusCode};
use scouter_wire::problem::ProblemCode;
use scouter_wire::protobuf::read_receipt;
use scouter_wire::receipt::{Receipt, RefusalCode};

use crate::server::{CallError, Server, read};

/// What an attempt came to.
#[derive(Debug)]
pub(crate) enum Answer {
    /// What is accepted is committed.
    Kept(Receipt),
    /// There is more in it than is taken at once.
    TooLarge(String),
    /// It will never be taken.
    Refused(RefusalCode, String),
    /// It may be taken later: after so long at least, where the server says so.
    Again {
        why: String,
        after: Option<Duration>,
        /// Whether that may be soon: who is not let in will hardly be a moment later, and looks like somebody who guesses.
        soon: bool,
    },
}

/// Sends a batch. Whatever is no clear answer to it (no connection, a proxy that knows no server, a token that is not accepted yet) is a reason to
/// send it again: a batch is thrown away only where it is the batch that is wrong.
pub(crate) async fn post(client: &Client, server: &Server, body: Bytes) -> Answer {
    let again = |why: String| Answer::Again { why, after: None, soon: true };
    let not_let_in = |why: String| Answer::Again { why, after: None, soon: false };
    let url = match server.url("v1/records") {
        Ok(url) => url,
        Err(error) => return again(error),
    };
    let request = client.post(url).header(CONTENT_TYPE, "application/protobuf").body(body);
    let request = match server.signed(client, request).await {
        Ok(request) => request,
        Err(CallError::Problem(problem)) => {
            let after = problem.retry_after.map(Duration::from_secs);
            let soon = !matches!(problem.code, ProblemCode::Unauthenticated | ProblemCode::Forbidden);
            let why = format!("log in: {}", CallError::Problem(problem));
            return Answer::Again { why, after, soon };
        }
        Err(CallError::Unreachable(why)) => return again(why),
    };
    let response = match request.send().await {
        Ok(response) => response,
        Err(error) => return again(server.unreachable(&error).to_string()),
    };
    let (status, headers) = (response.status(), response.headers().clone());
    let body = match read(response).await {
        Ok(body) => body,
        Err(error) => return again(error),
    };
    if status == StatusCode::OK {
        return read_receipt(body).map_or_else(|error| again(error.to_string()), Answer::Kept);
    }
    let problem = serde_json::from_slice(&body).ok().map(|problem| server.told(problem));
    let detail = problem.as_ref().map(|problem| format!(": {}", problem.detail)).unwrap_or_default();
    let why = format!("HTTP {}{detail}", status.as_u16());
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => Answer::TooLarge(why),
        StatusCode::BAD_REQUEST | StatusCode::UNSUPPORTED_MEDIA_TYPE | StatusCode::UNPROCESSABLE_ENTITY => {
            Answer::Refused(RefusalCode::Unreadable, why)
        }
        // A token that was good a moment ago may have been revoked, and a login gives another.
        StatusCode::UNAUTHORIZED if server.forget_tokens().await => again(why),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => not_let_in(why),
        _ => {
            let told = problem.and_then(|problem| problem.retry_after).map(Duration::from_secs);
            Answer::Again { why, after: retry_after(&headers).or(told), soon: true }
        }
    }
}

/// The wait that `Retry-After` names (RFC 9110, section 10.2.3). A date is measured against that of the same answer: clocks that differ do no harm.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
    let named = text(RETRY_AFTER)?;
    if let Ok(seconds) = named.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(named).ok()?;
    let now = httpdate::parse_http_date(text(DATE)?).ok()?;
    Some(until.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(headers: &[(&'static str, &str)]) -> Option<Duration> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        retry_after(&map)
    }

    #[test]
    fn the_wait_is_read_in_seconds_and_as_a_date() {
        assert_eq!(after(&[("retry-after", "7")]), Some(Duration::from_secs(7)));
        let until = ("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT");
        assert_eq!(after(&[until, ("date", "Wed, 21 Oct 2015 07:27:30 GMT")]), Some(Duration::from_secs(30)));
        assert_eq!(after(&[until, ("date", "Wed, 21 Oct 2015 07:30:00 GMT")]), Some(Duration::ZERO));
    }

    #[test]
    fn what_is_no_wait_says_nothing() {
        for value in ["soon", "-1", "", "Wed, 21 Oct 2015 07:28:00 GMT"] {
            assert_eq!(after(&[("retry-after", value)]), None, "{value}");
        }
    }
}
