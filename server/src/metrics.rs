//! What the server counts of itself, for Prometheus. Things are counted where they happen; a process has one set of counters, as it has one log.

use std::sync::OnceLock;
use std::time::Duration;

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::time::{MissedTickBehavior, interval};

/// Bounds of durations, in seconds.
const SECONDS: &[f64] =
    &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0];
/// How often what was measured is put into its buckets: until then every value is kept.
const UPKEEP: Duration = Duration::from_secs(5);

/// Records that came in, by `result`: `accepted` or `refused`.
pub(crate) const RECORDS: &str = "scouter_records_total";
/// Batches of which nothing is kept, by `reason`.
pub(crate) const BATCHES_REFUSED: &str = "scouter_batches_refused_total";
/// How long a transaction of records takes.
pub(crate) const COMMIT: &str = "scouter_commit_seconds";
/// Rows in transactions of records, by `table` and `outcome`: `kept` or `not_kept`.
pub(crate) const ROWS: &str = "scouter_commit_rows_total";
/// Drift jobs, by `outcome`.
pub(crate) const JOBS: &str = "scouter_jobs_total";
/// Rows that drift jobs left out, since they do not fit their profile.
pub(crate) const JOB_ROWS_SKIPPED: &str = "scouter_job_rows_skipped_total";
/// How long a drift job takes.
pub(crate) const JOB: &str = "scouter_job_seconds";
/// Messages about alerts, by `target` and `outcome`.
pub(crate) const DELIVERIES: &str = "scouter_deliveries_total";
/// Requests over HTTP, by `method`, `route` and `status`.
pub(crate) const REQUESTS: &str = "scouter_requests_total";
/// How long a request takes, by `route`.
pub(crate) const REQUEST: &str = "scouter_request_seconds";
/// Connections over HTTP that are open.
pub(crate) const CONNECTIONS: &str = "scouter_connections";
/// Connections over HTTP that were closed since nothing came on them.
pub(crate) const SILENT: &str = "scouter_connections_silent_total";
/// Whether the database answers.
pub(crate) const DATABASE: &str = "scouter_database_up";
/// Messages about alerts that wait to be sent.
pub(crate) const WAITING: &str = "scouter_deliveries_waiting";
/// Drift jobs that are due and that nobody has begun.
pub(crate) const OVERDUE: &str = "scouter_jobs_overdue";

/// The counters of this process; none where what the server is part of has others.
pub(crate) fn counters() -> Option<&'static PrometheusHandle> {
    static COUNTERS: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    COUNTERS.get_or_init(install).as_ref()
}

fn install() -> Option<PrometheusHandle> {
    let builder =
        PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS);
    let installed = builder.and_then(PrometheusBuilder::install_recorder);
    if let Err(error) = &installed {
        tracing::warn!(%error, "nothing is counted for `/metrics`");
    }
    describe_counter!(RECORDS, "Records that came in, by result");
    describe_counter!(BATCHES_REFUSED, "Batches of which nothing is kept, by reason");
    describe_histogram!(COMMIT, Unit::Seconds, "How long a transaction of records takes");
    describe_counter!(ROWS, "Rows in transactions of records, by table and outcome");
    describe_counter!(JOBS, "Drift jobs, by outcome");
    describe_counter!(JOB_ROWS_SKIPPED, "Rows that drift jobs left out, since they do not fit their profile");
    describe_histogram!(JOB, Unit::Seconds, "How long a drift job takes");
    describe_counter!(DELIVERIES, "Messages about alerts, by target and outcome");
    describe_counter!(REQUESTS, "Requests over HTTP, by method, route and status");
    describe_histogram!(REQUEST, Unit::Seconds, "How long a request takes, by route");
    describe_gauge!(CONNECTIONS, "Connections over HTTP that are open");
    describe_counter!(SILENT, "Connections over HTTP that were closed since nothing came on them");
    describe_gauge!(DATABASE, "Whether the database answers");
    describe_gauge!(WAITING, "Messages about alerts that wait to be sent");
    describe_gauge!(OVERDUE, "Drift jobs that have been due for ten seconds, and that nobody has begun");
    installed.ok()
}

/// Keeps the counters small, until it is dropped.
pub async fn keep_counters() {
    let Some(counters) = counters() else {
        // There is nothing to do, and whoever ends is taken for broken.
        return std::future::pending().await;
    };
    let mut often = interval(UPKEEP);
    often.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        often.tick().await;
        counters.run_upkeep();
    }
}
