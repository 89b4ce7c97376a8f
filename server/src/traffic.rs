//! Requests to an application, put together by route.

use std::collections::BTreeMap;

use scouter_wire::MAX_ROUTES;
use scouter_wire::records::{Latency, Route, StatusCount};
use scouter_wire::requests::{RequestsTold, RouteTold};

/// Requests of several records. It holds a bounded number of routes, however many there are.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    routes: BTreeMap<String, RouteTold>,
    left_out: u64,
}

impl Traffic {
    /// Takes in requests to a route.
    pub(crate) fn add(&mut self, sent: Route) {
        let Route { route, count, errors, latency, error_latency, statuses } = sent;
        if !self.routes.contains_key(&route) && self.routes.len() >= MAX_ROUTES {
            self.left_out = self.left_out.saturating_add(count);
            return;
        }
        let told = self.routes.entry(route).or_default();
        told.count = told.count.saturating_add(count);
        told.errors = told.errors.saturating_add(errors);
        let part = share(count, told.count);
        let Latency { p5, p25, p50, p95, p99 } = told.latency;
        told.latency = Latency {
            p5: mean(p5, latency.p5, part),
            p25: mean(p25, latency.p25, part),
            p50: mean(p50, latency.p50, part),
            p95: mean(p95, latency.p95, part),
            p99: mean(p99, latency.p99, part),
        };
        told.error_latency = mean(told.error_latency, error_latency, share(errors, told.errors));
        for StatusCount { status, count } in statuses {
            let all = told.statuses.entry(status).or_default();
            *all = all.saturating_add(count);
        }
    }

    /// All of it.
    pub(crate) fn told(self) -> RequestsTold {
        RequestsTold { routes: self.routes, left_out: self.left_out }
    }
}

fn share(count: u64, all: u64) -> f64 {
    if all == 0 { 0.0 } else { count as f64 / all as f64 }
}

/// The mean of all, where this one has such a share in it.
fn mean(before: f64, this: f64, share: f64) -> f64 {
    before + (this - before) * share
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(name: &str, count: u64, errors: u64, seconds: f64) -> Route {
        let latency = Latency { p5: seconds, p25: seconds, p50: seconds, p95: seconds, p99: 2.0 * seconds };
        let statuses = vec![
            StatusCount { status: 200, count: count - errors },
            StatusCount { status: 500, count: errors },
        ];
        Route { route: name.to_owned(), count, errors, latency, error_latency: seconds / 2.0, statuses }
    }

    #[test]
    fn counts_add_up_and_percentiles_weigh_as_much_as_their_requests() {
        let mut traffic = Traffic::default();
        for sent in [route("/a", 30, 1, 1.0), route("/b", 1, 0, 9.0), route("/a", 10, 3, 3.0)] {
            traffic.add(sent);
        }
        let told = traffic.told();
        let a = &told.routes["/a"];
        assert_eq!((a.count, a.errors, told.left_out), (40, 4, 0));
        assert_eq!(a.statuses, BTreeMap::from([(200, 36), (500, 4)]));
        // 30 of a second and 10 of three; errors: one of half a second, three of one and a half.
        assert!((a.latency.p50 - 1.5).abs() < 1e-12 && (a.latency.p99 - 3.0).abs() < 1e-12, "{a:?}");
        assert!((a.error_latency - 1.25).abs() < 1e-12, "{a:?}");
        assert!((told.routes["/b"].latency.p50 - 9.0).abs() < 1e-12);
    }

    #[test]
    fn a_route_without_requests_changes_nothing_but_is_told() {
        let mut traffic = Traffic::default();
        traffic.add(route("/a", 0, 0, 7.0));
        traffic.add(route("/a", 2, 0, 1.0));
        traffic.add(route("/a", 0, 0, 7.0));
        let told = traffic.told();
        assert!(told.routes["/a"].count == 2 && (told.routes["/a"].latency.p50 - 1.0).abs() < 1e-12);
    }

    #[test]
    fn routes_are_bounded_and_what_is_beyond_is_counted() {
        let mut traffic = Traffic::default();
        for at in 0..MAX_ROUTES + 5 {
            traffic.add(route(&format!("/{at}"), 3, 0, 1.0));
        }
        traffic.add(route("/0", 3, 0, 1.0));
        let told = traffic.told();
        assert_eq!((told.routes.len(), told.routes["/0"].count, told.left_out), (MAX_ROUTES, 6, 15));
    }
}
