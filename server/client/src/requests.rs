//! Requests to an application, counted by route.

use std::collections::BTreeMap;
use std::mem;

use indexmap::IndexMap;
use scouter_drift::sketch::Kll;
use scouter_wire::records::{Latency, Route, StatusCount};
use thiserror::Error;

/// How many routes are told apart.
pub const MAX_ROUTES: usize = 256;
/// What all further routes are counted as.
pub const OTHER_ROUTES: &str = "(other)";

/// The longest name of a route, in bytes. Longer ones are cut.
const LONGEST: usize = 256;
/// From this status on, a request has ended in an error of the application's.
const ERROR: u16 = 500;
/// The percentiles of [`Latency`], in its order.
const PERCENTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.95, 0.99];

/// How many requests there were by route, how they ended and how long they took, in bounded memory: no more than [`MAX_ROUTES`] are told apart, and
/// how long they took is kept as a sketch, whose percentiles are exact up to a thousand requests and off by [`Kll::RANK_ERROR`] in rank beyond.
///
/// ```
/// use scouter_client::Requests;
///
/// let mut requests = Requests::default();
/// requests.add("/predict", 0.012, 200)?;
/// requests.add("/predict", 0.120, 503)?;
/// let routes = requests.take();
/// assert_eq!((routes[0].count, routes[0].errors, routes[0].latency.p99), (2, 1, 0.12));
/// # Ok::<(), scouter_client::NoRequest>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Requests {
    routes: IndexMap<String, Counts>,
}

#[derive(Debug, Clone, Default)]
struct Counts {
    seconds: Kll,
    errors: u64,
    /// Seconds that requests took which ended in an error, together.
    error_seconds: f64,
    statuses: BTreeMap<u16, u64>,
}

/// Why something is no request.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum NoRequest {
    /// A time that no request can take.
    #[error("`{0}` is no number of seconds that a request can take")]
    Latency(f64),
    /// A number that is no status of HTTP.
    #[error("`{0}` is no status of HTTP: they are from 100 to 599")]
    Status(i64),
    /// A name that has no place in a database.
    #[error("the name of the route has the character U+0000 in it")]
    Route,
}

impl Requests {
    /// Counts a request to a route, which took so many seconds.
    ///
    /// # Errors
    /// The seconds are negative or no finite number, the status is none from 100 to 599, or the name of the route has U+0000 in it.
    pub fn add(&mut self, route: &str, seconds: f64, status: i64) -> Result<(), NoRequest> {
        if !seconds.is_finite() || seconds < 0.0 {
            return Err(NoRequest::Latency(seconds));
        }
        let known = u16::try_from(status).ok().filter(|status| (100..=599).contains(status));
        let status = known.ok_or(NoRequest::Status(status))?;
        if route.contains('\0') {
            return Err(NoRequest::Route);
        }
        let counts = self.of(&route[..route.floor_char_boundary(LONGEST)]);
        counts.seconds.add([seconds]);
        *counts.statuses.entry(status).or_default() += 1;
        if status >= ERROR {
            counts.errors += 1;
            counts.error_seconds += seconds;
        }
        Ok(())
    }

    /// The counts of a route, or of all others.
    fn of(&mut self, route: &str) -> &mut Counts {
        if let Some(at) = self.routes.get_index_of(route) {
            return &mut self.routes[at];
        }
        // One place is kept for the others.
        let name = if self.routes.len() + 1 < MAX_ROUTES { route } else { OTHER_ROUTES };
        self.routes.entry(name.to_owned()).or_default()
    }

    /// Whether there was none.
    pub fn is_empty(&self) -> bool {
        self.routes.is_empty()
    }

    /// What was counted so far, in the order in which routes came first. Counting begins anew.
    pub fn take(&mut self) -> Vec<Route> {
        mem::take(&mut self.routes).into_iter().map(|(route, counts)| counts.into_route(route)).collect()
    }
}

impl Counts {
    fn into_route(self, route: String) -> Route {
        let found: Option<[f64; 5]> = self.seconds.quantiles(&PERCENTILES).try_into().ok();
        let [p5, p25, p50, p95, p99] = found.unwrap_or_default();
        let statuses = self.statuses.into_iter();
        Route {
            route,
            count: self.seconds.count(),
            errors: self.errors,
            latency: Latency { p5, p25, p50, p95, p99 },
            error_latency: self.error_seconds / self.errors.max(1) as f64,
            statuses: statuses.map(|(status, count)| StatusCount { status: status.into(), count }).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(requests: &mut Requests) -> Vec<(String, u64)> {
        requests.take().into_iter().map(|route| (route.route, route.count)).collect()
    }

    #[test]
    fn requests_are_counted_by_route_and_status() {
        let mut requests = Requests::default();
        for (route, seconds, status) in
            [("/a", 0.1, 200), ("/b", 0.2, 404), ("/a", 0.3, 200), ("/a", 0.5, 500), ("/a", 0.7, 503)]
        {
            requests.add(route, seconds, status).unwrap();
        }
        let taken = requests.take();
        let [a, b] = &taken[..] else { panic!("two routes") };
        let statuses = [(200, 2), (500, 1), (503, 1)].map(|(status, count)| StatusCount { status, count });
        assert_eq!((a.route.as_str(), a.count, a.errors, &a.statuses[..]), ("/a", 4, 2, &statuses[..]));
        assert!((a.error_latency - 0.6).abs() < 1e-12, "{}", a.error_latency);
        assert_eq!((b.route.as_str(), b.count, b.errors, b.error_latency), ("/b", 1, 0, 0.0));
        assert!(requests.is_empty());
    }

    #[test]
    fn percentiles_are_those_of_all_that_came() {
        let mut requests = Requests::default();
        for at in (1..=1_000).rev() {
            requests.add("/", f64::from(at), 200).unwrap();
        }
        let latency = requests.take()[0].latency;
        assert_eq!(latency, Latency { p5: 50.0, p25: 250.0, p50: 500.0, p95: 950.0, p99: 990.0 });
    }

    #[test]
    fn percentiles_of_very_many_are_within_the_error_of_the_sketch() {
        let mut requests = Requests::default();
        for at in 0..100_000_u32 {
            requests.add("/", f64::from(at * 7_919 % 100_000), 200).unwrap();
        }
        let latency = requests.take()[0].latency;
        for (found, share) in [latency.p5, latency.p50, latency.p99].into_iter().zip([0.05, 0.5, 0.99]) {
            assert!((found / 100_000.0 - share).abs() <= Kll::RANK_ERROR, "{found} for {share}");
        }
    }

    #[test]
    fn routes_beyond_the_bound_are_counted_together() {
        let mut requests = Requests::default();
        for at in 0..1_000 {
            requests.add(&format!("/{at}"), 0.1, 200).unwrap();
        }
        let found = all(&mut requests);
        assert_eq!(found.len(), MAX_ROUTES);
        assert_eq!(found.last(), Some(&(OTHER_ROUTES.to_owned(), 745)));
    }

    #[test]
    fn a_long_name_is_cut_between_characters() {
        let mut requests = Requests::default();
        requests.add(&"é".repeat(1_000), 0.1, 200).unwrap();
        requests.add(&format!("x{}", "é".repeat(1_000)), 0.1, 200).unwrap();
        let lengths: Vec<usize> = all(&mut requests).iter().map(|(name, _)| name.len()).collect();
        assert_eq!(lengths, [256, 255]);
    }

    #[test]
    fn what_is_no_request_is_refused_and_not_counted() {
        let mut requests = Requests::default();
        for seconds in [-0.1, f64::NAN, f64::INFINITY] {
            assert!(matches!(requests.add("/", seconds, 200), Err(NoRequest::Latency(_))), "{seconds}");
        }
        for status in [0, 99, 600, -1, 200 + (1 << 16), i64::MAX] {
            assert_eq!(requests.add("/", 0.1, status), Err(NoRequest::Status(status)));
        }
        assert_eq!(requests.add("/\0", 0.1, 200), Err(NoRequest::Route));
        assert!(requests.is_empty());
    }
}
