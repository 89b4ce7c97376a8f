//! `GET /v1/profiles/{uid}/drift`: drift over time.

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use chrono::{DateTime, TimeDelta, Utc};
use scouter_wire::drift::{BinnedDrift, DriftQuery, TimeInterval};
use uuid::Uuid;

use super::answers::{Absent, Unfit};
use super::problem::Failure;
use super::profiles::{invalid, moment, not_found, path};
use super::router::Api;
use crate::registry::{Profile, ProfileError};
use crate::series::{Span, most_parts, series, series_until_now};
use crate::store::{StoreError, Window};

/// Shows drift over time.
///
/// A point is what all jobs found whose windows ended in its part of the time. Parts in which no job ended have no point. What came since the
/// last window ended is told too, where the time reaches until now; `open` says in which point, which is provisional.
#[utoipa::path(
    get,
    path = "/v1/profiles/{uid}/drift",
    tag = "drift",
    operation_id = "get_drift",
    params(("uid" = Uuid, Path, description = "Which profile."), DriftQuery),
    responses((status = 200, description = "Drift, by feature or metric.", body = BinnedDrift), Absent, Unfit)
)]
pub(super) async fn get(
    State(api): State<Api>,
    uid: Result<Path<Uuid>, PathRejection>,
    query: Result<Query<DriftQuery>, QueryRejection>,
) -> Result<Json<BinnedDrift>, Failure> {
    let uid = path(&api, uid).await?;
    let Query(query) = query.map_err(|error| invalid(error.body_text()))?;
    let profile = read(&api, uid).await?;
    let space = &profile.identity().space;
    if let Some(asked) = query.space.as_ref().filter(|asked| *asked != space) {
        return Err(invalid(format!(
            "the profile `{uid}` is in the space `{space}`, and `{asked}` was asked for"
        )));
    }
    let now = api.clock.now().into();
    let span = span(&query, now, most_parts(&profile))?;
    let drift = if span.window.ended < now {
        series(&api.store, uid, &profile, span).await
    } else {
        series_until_now(&api.store, &api.open_windows, uid, &profile, span).await
    };
    Ok(Json(drift?))
}

/// The profile about whose drift or columns somebody asks.
///
/// # Errors
/// It is not there, or what came for it is kept and no more.
pub(super) async fn read(api: &Api, uid: Uuid) -> Result<Profile, Failure> {
    let Some(document) = api.store.profile_document(uid).await? else { return Err(not_found(uid)) };
    let damaged =
        |why: ProfileError| StoreError::Damaged { what: format!("profile `{uid}`"), why: why.to_string() };
    let profile = Profile::read(&document).map_err(damaged)?;
    match profile.kind().remark() {
        Some(remark) => Err(invalid(format!("profile `{uid}` is one of evaluations: {remark}"))),
        None => Ok(profile),
    }
}

fn span(query: &DriftQuery, now: DateTime<Utc>, most: u32) -> Result<Span, Failure> {
    let DriftQuery { time_interval, max_data_points: parts, start_datetime, end_datetime, .. } = query;
    if !(1..=most).contains(parts) {
        return Err(invalid(format!("`max_data_points` is {parts}: of this profile it is 1 to {most}")));
    }
    let end = moment("end_datetime", *end_datetime)?;
    let ended = end.unwrap_or(now);
    let began = match (time_interval, time_interval.length(), moment("start_datetime", *start_datetime)?) {
        (TimeInterval::Custom, _, Some(start)) => start,
        (TimeInterval::Custom, _, None) => {
            return Err(invalid("a `custom` interval has a `start_datetime`"));
        }
        (_, Some(_), Some(_)) => {
            return Err(invalid("only a `custom` interval has a `start_datetime`; the others have a length"));
        }
        (_, Some(length), None) if end.is_none() => return Ok(standing(now, length, *parts)),
        (_, Some(length), None) => ended - length,
        (other, None, _) => {
            let known: Vec<_> = TimeInterval::ALL.iter().map(TimeInterval::as_str).collect();
            let (other, known) = (other.as_str(), known.join("`, `"));
            return Err(invalid(format!("`time_interval` is `{other}`: it is one of `{known}`")));
        }
    };
    if began >= ended {
        return Err(invalid(format!("the time begins at {began} and ends at {ended}, which is not later")));
    }
    Ok(Span { window: Window { began, ended }, parts: *parts })
}

/// Parts that stay where they are, whenever somebody asks: each is as long as the others, and begins at a multiple of that since 1970. The
/// last is the one that goes on.
fn standing(now: DateTime<Utc>, length: TimeDelta, parts: u32) -> Span {
    let part = (length.num_microseconds().unwrap_or(i64::MAX) / i64::from(parts)).max(1);
    let ended = (now.timestamp_micros().div_euclid(part) + 1) * part;
    let at = |micros| DateTime::from_timestamp_micros(micros).unwrap_or(now);
    Span { window: Window { began: at(ended - part * i64::from(parts)), ended: at(ended) }, parts }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    const MICROSECOND: TimeDelta = TimeDelta::microseconds(1);

    #[test]
    fn parts_of_days_are_days_and_the_last_one_goes_on() {
        let window = Window { began: at("2026-03-02T00:00:00Z"), ended: at("2026-03-09T00:00:00Z") };
        for now in
            ["2026-03-08T00:00:00Z", "2026-03-08T13:14:15.161718192Z", "2026-03-08T23:59:59.999999999Z"]
        {
            let span = standing(at(now), TimeDelta::days(7), 7);
            assert_eq!(span, Span { window, parts: 7 }, "{now}");
        }
    }

    #[test]
    fn parts_that_do_not_come_out_even_stay_where_they_are_too() {
        let length = TimeDelta::minutes(15);
        let first = standing(at("2026-03-08T12:00:00Z"), length, 7).window;
        let whole = (first.ended - first.began).num_microseconds().unwrap();
        let part = TimeDelta::microseconds(whole / 7);
        assert_eq!(part, TimeDelta::microseconds(128_571_428));
        assert_eq!(standing(first.ended - MICROSECOND, length, 7).window, first);
        assert_eq!(standing(first.ended, length, 7).window.ended, first.ended + part);
    }
}
