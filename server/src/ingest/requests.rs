//! From requests to a row.

use std::collections::HashSet;

use scouter_wire::MAX_ROUTES;
use scouter_wire::receipt::RefusalCode;
use scouter_wire::records::{Latency, Route, StatusCount};
use uuid::Uuid;

use super::fit::{Misfit, storable, twice};
use crate::store::RequestsRow;

/// The row of a record of requests.
pub(super) fn of_requests(profile: Uuid, uid: Uuid, sent: &[Route]) -> Result<RequestsRow, Misfit> {
    if sent.is_empty() {
        return Err((RefusalCode::Shape, "there is no route in it".to_owned()));
    }
    if sent.len() > MAX_ROUTES {
        let reason = format!("it has {} routes: {MAX_ROUTES} are the most", sent.len());
        return Err((RefusalCode::TooLarge, reason));
    }
    let mut seen = HashSet::with_capacity(sent.len());
    for route in sent {
        storable(&route.route, || "the name of a route".to_owned())?;
        if !seen.insert(route.route.as_str()) {
            return Err(twice(&route.route));
        }
        check(route)?;
    }
    let routes = serde_json::to_string(sent)
        .map_err(|error| (RefusalCode::NotStorable, format!("its routes have no form in JSON: {error}")))?;
    Ok(RequestsRow { profile, uid, routes })
}

/// Looks whether the numbers of a route can be those of one.
fn check(route: &Route) -> Result<(), Misfit> {
    let Route { route: name, count, errors, latency, error_latency, statuses } = route;
    let shape = |why: String| Err((RefusalCode::Shape, format!("route `{name}`: {why}")));
    if errors > count {
        return shape(format!("{errors} of {count} requests ended in an error"));
    }
    let Latency { p5, p25, p50, p95, p99 } = *latency;
    for (field, seconds) in [
        ("p5", p5),
        ("p25", p25),
        ("p50", p50),
        ("p95", p95),
        ("p99", p99),
        ("error_latency", *error_latency),
    ] {
        if !seconds.is_finite() {
            let reason = format!("route `{name}`: `{field}` is {seconds}, which is no time in seconds");
            return Err((RefusalCode::NotFinite, reason));
        }
        if seconds < 0.0 {
            return shape(format!("`{field}` is {seconds} seconds, which is below zero"));
        }
    }
    let mut seen = HashSet::with_capacity(statuses.len());
    let mut answered: u64 = 0;
    for StatusCount { status, count } in statuses {
        if !(100..=599).contains(status) {
            return shape(format!("`{status}` is no status of HTTP"));
        }
        if !seen.insert(status) {
            return shape(format!("status `{status}` has two values"));
        }
        answered = answered.saturating_add(*count);
    }
    if answered > *count {
        return shape(format!("{answered} answers to {count} requests"));
    }
    Ok(())
}
