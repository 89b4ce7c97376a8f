//! Windows with too few rows for anything to be said go on.

use chrono::TimeDelta;
use scouter_drift::Absent;
use scouter_server::registry::Profile;
use scouter_server::store::{BinCountsRow, Store};
use scouter_tasks::profile::{CustomMap, PsiMap, SpcMap, read};
use scouter_tasks::value::from_json;
use sqlx::PgPool;
use uuid::Uuid;

use crate::jobs::{active, found, row, worker};
use crate::samples::{custom, psi, spc};
use crate::support::{Server, fresh, uid_of};

/// A store with an active profile whose job begins an hour ago.
struct Watched {
    _server: Server,
    store: Store,
    pool: PgPool,
    profile: Uuid,
    sent: u64,
}

impl Watched {
    async fn by(profile: Profile) -> Self {
        let (server, store, pool) = fresh().await;
        let profile = active(&store, profile).await;
        worker(&store).run_due().await.unwrap();
        let watched = Self { _server: server, store, pool, profile, sent: 0 };
        watched.run("UPDATE drift_jobs SET seen = seen - interval '1 hour'").await;
        watched
    }

    async fn run(&self, statement: &'static str) {
        sqlx::query(statement).execute(&self.pool).await.unwrap();
    }

    /// Sends these values of `x`, and lets the job look.
    async fn look(&mut self, values: &[f64]) {
        let rows: Vec<_> = (self.sent..)
            .zip(values)
            .map(|(at, x)| row(self.profile, at, &[*x], Some(&[Some("AA")])))
            .collect();
        self.sent += values.len() as u64;
        self.store.add_records(&rows).await.unwrap();
        self.due().await;
    }

    /// How many rows are told to wait, and how many are enough.
    async fn waiting(&self) -> Option<(i64, i64)> {
        let job = self.store.job(self.profile).await.unwrap().unwrap();
        job.few_rows.zip(job.few_needed)
    }

    async fn due(&self) {
        self.run("UPDATE drift_jobs SET due = now()").await;
        assert_eq!(worker(&self.store).run_due().await.unwrap(), 1);
    }

    /// What was told, in its order.
    async fn events(&self) -> Vec<String> {
        sqlx::query_scalar("SELECT notice::json->>'event' FROM deliveries ORDER BY id")
            .fetch_all(&self.pool)
            .await
            .unwrap()
    }
}

/// From 0 to 99, so many times.
fn usual(times: u32) -> Vec<f64> {
    (0..times * 100).map(|i| f64::from(i % 100)).collect()
}

async fn by_psi() -> Watched {
    let mut profile = psi("1.0.0", &usual(10));
    // The other feature is one of three rows, and drifts or not as it likes.
    profile.config.alert_config.features_to_monitor = vec!["x".to_owned()];
    Watched::by(Profile::Psi(profile)).await
}

#[tokio::test]
async fn rows_that_are_too_few_are_looked_at_with_those_that_come_after_them() {
    let mut watched = by_psi().await;
    watched.look(&usual(1)[..20]).await;
    assert!(found(&watched.store, watched.profile).await.is_empty());
    let job: (i32, Option<String>, bool) =
        sqlx::query_as("SELECT failures, failure, due > now() FROM drift_jobs")
            .fetch_one(&watched.pool)
            .await
            .unwrap();
    assert_eq!(job, (0, None, true));
    watched.look(&usual(1)[..9]).await;
    assert!(found(&watched.store, watched.profile).await.is_empty());
    watched.look(&usual(1)[..1]).await;
    let [window] = &found(&watched.store, watched.profile).await[..] else { panic!() };
    assert_eq!(window.rows, 30);
    assert!(window.ended - window.began >= TimeDelta::hours(1));
}

#[tokio::test]
async fn what_is_watched_and_a_window_says_nothing_of_is_named() {
    let mut watched = Watched::by(Profile::Psi(psi("1.0.0", &usual(10)))).await;
    watched.look(&usual(1)).await;
    let last = watched.store.last_found(watched.profile).await.unwrap().unwrap();
    // The other feature has a baseline of three rows.
    assert_eq!((last.rows, last.drifted, last.lost), (100, vec![], Some(vec!["carrier".to_owned()])));
}

#[tokio::test]
async fn an_alert_of_a_feature_that_is_judged_no_more_ends_and_says_so() {
    let mut watched = Watched::by(Profile::Psi(psi("1.0.0", &usual(10)))).await;
    let opened = "INSERT INTO alerts (profile, drifted, told) SELECT uid, '{\"carrier\": \"PSI 5\"}', now() FROM profiles";
    watched.run(opened).await;
    watched.look(&usual(1)).await;
    let told: Vec<String> =
        sqlx::query_scalar("SELECT notice::json->'drifted'->>'carrier' FROM deliveries WHERE notice::json->>'event' = 'resolved'")
            .fetch_all(&watched.pool)
            .await
            .unwrap();
    assert_eq!(told, ["nothing is said of it any more, for the baseline has fewer than 30 rows"]);
}

#[tokio::test]
async fn how_many_rows_wait_is_told_until_their_window_ends() {
    let mut watched = by_psi().await;
    assert_eq!(watched.waiting().await, None);
    for (sent, waiting) in [(20, Some((20, 30))), (9, Some((29, 30))), (1, None)] {
        watched.look(&usual(1)[..sent]).await;
        assert_eq!(watched.waiting().await, waiting);
    }
}

#[tokio::test]
async fn an_alert_that_is_open_is_told_though_a_job_finds_nothing_to_look_at() {
    let mut watched = by_psi().await;
    let open = async |watched: &Watched| watched.store.job(watched.profile).await.unwrap().unwrap().alert;
    watched.look(&[300.0; 400]).await;
    let alert = open(&watched).await;
    assert!(alert.is_some());
    watched.due().await;
    let newest = found(&watched.store, watched.profile).await.remove(0);
    assert_eq!((newest.rows, open(&watched).await), (0, alert));
    watched.look(&usual(4)).await;
    assert_eq!(open(&watched).await, None);
}

#[tokio::test]
async fn a_single_row_ends_no_alert_and_the_next_drift_is_told() {
    let mut watched = by_psi().await;
    watched.look(&[300.0; 400]).await;
    assert_eq!(watched.events().await, ["opened"]);
    watched.look(&[50.0]).await;
    assert_eq!(watched.events().await, ["opened"]);
    watched.look(&usual(4)).await;
    assert_eq!(watched.events().await, ["opened", "resolved"]);
    watched.look(&[300.0; 400]).await;
    assert_eq!(watched.events().await, ["opened", "resolved", "opened"]);
}

#[tokio::test]
async fn rows_that_were_counted_by_clients_count_too() {
    let watched = by_psi().await;
    let bins = psi("1.0.0", &usual(10)).features["x"].baseline.counts.bins.len();
    // All in the first bin of each feature.
    let counts = [vec![30], vec![0; bins - 1 + 3], vec![30, 0, 0, 0, 0]].concat();
    let counted = BinCountsRow { profile: watched.profile, uid: uid_of(1_790_000_000_000), counts };
    watched.store.add_bin_counts(&[counted]).await.unwrap();
    watched.due().await;
    assert_eq!(found(&watched.store, watched.profile).await[0].rows, 30);
}

#[tokio::test]
async fn a_profile_says_how_many_rows_are_enough() {
    let mut profile = psi("1.0.0", &usual(10));
    profile.config.alert_config.min_values = 5;
    let mut watched = Watched::by(Profile::Psi(profile)).await;
    watched.look(&[50.0; 4]).await;
    assert!(found(&watched.store, watched.profile).await.is_empty());
    watched.look(&[50.0]).await;
    assert_eq!(found(&watched.store, watched.profile).await[0].rows, 5);
}

#[tokio::test]
async fn a_window_goes_on_for_thirty_days_at_most_and_then_ends_without_saying_anything() {
    let mut watched = by_psi().await;
    watched.look(&[300.0; 400]).await;
    watched.look(&[50.0]).await;
    watched.run("UPDATE drift_jobs SET seen = seen - interval '30 days'").await;
    watched.run("UPDATE records SET arrived = arrived - interval '30 days'").await;
    watched.look(&[50.0]).await;
    let newest = found(&watched.store, watched.profile).await.remove(0);
    assert!(newest.drifted.is_empty());
    let map: PsiMap = read(&from_json(&newest.document).unwrap()).unwrap();
    assert_eq!(
        (map.absent["x"], &map.lost[..]),
        (Absent::TooFew { needed: 30, found: 2 }, ["x".to_owned()].as_slice())
    );
    assert_eq!(watched.events().await, ["opened"]);
}

#[tokio::test]
async fn a_window_without_rows_ends_and_says_nothing() {
    let watched = by_psi().await;
    watched.due().await;
    let [window] = &found(&watched.store, watched.profile).await[..] else { panic!() };
    assert_eq!((window.rows, window.drifted.len()), (0, 0));
}

#[tokio::test]
async fn metrics_wait_for_as_many_values_as_they_want() {
    let mut profile = custom();
    profile.custom_metrics[0].minimum_count = 3;
    let watched = Watched::by(Profile::Custom(profile)).await;
    for (sent, windows) in [(1, 0), (2, 0), (3, 1)] {
        watched.store.add_records(&[row(watched.profile, sent, &[5.0], None)]).await.unwrap();
        watched.due().await;
        assert_eq!(found(&watched.store, watched.profile).await.len(), windows);
    }
    assert_eq!(watched.events().await, ["opened"]);
}

#[tokio::test]
async fn a_metric_with_too_few_values_waits_though_another_has_enough() {
    let mut profile = custom();
    let mut rare = profile.custom_metrics[0].clone();
    rare.name = "rare".to_owned();
    rare.minimum_count = 3;
    profile.custom_metrics.push(rare);
    let watched = Watched::by(Profile::Custom(profile)).await;
    for sent in 1..=4 {
        // One is as it should be, the other is not.
        watched.store.add_records(&[row(watched.profile, sent, &[0.5, 5.0], None)]).await.unwrap();
        watched.due().await;
    }
    // Newest first.
    let windows = found(&watched.store, watched.profile).await;
    let drifted: Vec<_> = windows.iter().map(|window| window.drifted.join(", ")).collect();
    assert_eq!(drifted, ["", "rare", "", ""]);
    let map: CustomMap = read(&from_json(&windows[1].document).unwrap()).unwrap();
    assert_eq!((map.metrics["mae"].count, map.metrics["rare"].count), (1, 3));
    let counts: Vec<Vec<i64>> =
        sqlx::query_scalar("SELECT counts FROM drift_results").fetch_all(&watched.pool).await.unwrap();
    assert_eq!(counts, [[1, 1]; 4]);
}

#[tokio::test]
async fn values_of_a_window_that_was_cut_off_are_looked_at_with_those_of_the_next() {
    let mut profile = custom();
    profile.custom_metrics[0].minimum_count = 3;
    let watched = Watched::by(Profile::Custom(profile)).await;
    let rows = [1, 2, 3].map(|at| row(watched.profile, at, &[5.0], None));
    watched.store.add_records(&rows[..2]).await.unwrap();
    watched.run("UPDATE records SET arrived = arrived - interval '50 minutes'").await;
    // As after a window that was too much: this one ends half an hour ago.
    watched.run("UPDATE drift_jobs SET span = 1800").await;
    watched.due().await;
    watched.store.add_records(&rows[2..]).await.unwrap();
    watched.run("UPDATE drift_jobs SET span = NULL").await;
    watched.due().await;
    let windows = found(&watched.store, watched.profile).await;
    assert_eq!(windows.iter().map(|window| window.rows).collect::<Vec<_>>(), [1, 2]);
    let map: CustomMap = read(&from_json(&windows[0].document).unwrap()).unwrap();
    assert_eq!(map.metrics["mae"].count, 3);
    assert_eq!(watched.events().await, ["opened"]);
}

#[tokio::test]
async fn a_subgroup_goes_on_in_the_next_window() {
    let mut watched = Watched::by(Profile::Spc(spc(&usual(1)))).await;
    watched.look(&[1.0, 2.0, 3.0, 4.0]).await;
    watched.look(&[5.0, 60.0]).await;
    let newest = found(&watched.store, watched.profile).await.remove(0);
    let map: SpcMap = read(&from_json(&newest.document).unwrap()).unwrap();
    assert_eq!(map.features["x"].drift.means, [3.0]);
}

#[tokio::test]
async fn charts_wait_for_a_whole_subgroup() {
    let mut profile = spc(&usual(1));
    profile.config.alert_config.features_to_monitor = vec!["x".to_owned()];
    let mut watched = Watched::by(Profile::Spc(profile)).await;
    watched.look(&[50.0; 4]).await;
    assert!(found(&watched.store, watched.profile).await.is_empty());
    watched.look(&[50.0]).await;
    assert_eq!(found(&watched.store, watched.profile).await[0].rows, 5);
}
