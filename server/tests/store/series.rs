//! Drift over time.

use chrono::{DateTime, TimeDelta, Utc};
use scouter_drift::psi::psi as index;
use scouter_engine::{Clock, SystemClock};
use scouter_server::jobs::OpenWindows;
use scouter_server::registry::{Layout, Profile};
use scouter_server::series::{Span, series, series_until_now};
use scouter_server::store::{Awaited, BinCountsRow, MEASURES, Measures, Store, StoreError, Window};
use scouter_tasks::profile::SpcFeature;
use scouter_wire::drift::{BinnedDrift, BinnedMetricStats};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

use crate::ingest::running::{call, registered, running};
use crate::jobs::{MINUTE, NOW, a_day_later, active, row, worker};
use crate::samples::{custom, psi, spc};
use crate::support::{fresh, uid_of};

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap()
}

fn span(hours: i64, parts: u32) -> Span {
    Span { window: Window { began: start(), ended: start() + TimeDelta::hours(hours) }, parts }
}

/// A window that ended so many minutes after the start.
async fn found(pool: &PgPool, profile: Uuid, minutes: i64, measures: &Measures) {
    let ended = start() + TimeDelta::minutes(minutes);
    let insert = sqlx::query(
        "INSERT INTO drift_results (profile, began, ended, rows, drifted, document, counts, means, squares)
         VALUES ($1, $2 - interval '1 minute', $2, 1, '{}', '', $3, $4, $5)",
    );
    let insert =
        insert.bind(profile).bind(ended).bind(&measures.counts).bind(&measures.means).bind(&measures.squares);
    insert.execute(pool).await.unwrap();
}

pub(crate) async fn written(store: &Store, profile: Uuid) -> Measures {
    let all =
        Window { began: DateTime::UNIX_EPOCH, ended: DateTime::from_timestamp(5_000_000_000, 0).unwrap() };
    let mut found = Vec::new();
    let keep = |_, measures| {
        found.push(measures);
        Ok::<_, StoreError>(())
    };
    store.measures(profile, &[all], keep).await.unwrap();
    assert_eq!(found.len(), 1);
    found.remove(0)
}

#[tokio::test]
async fn jobs_write_counts_points_and_values_in_the_order_of_the_profile() {
    let (_server, store, pool) = fresh().await;
    let values: Vec<f64> = (0..100).map(|i| f64::from(i % 7)).collect();
    let mut counted = psi("1.0.0", &values);
    counted.config.alert_config.min_values = 20;
    let by_psi = active(&store, Profile::Psi(counted.clone())).await;
    let by_spc = active(&store, Profile::Spc(spc(&values))).await;
    let by_custom = active(&store, Profile::Custom(custom())).await;
    let xs: Vec<f64> = (0..20).map(f64::from).collect();
    for (uid, texts) in [(by_psi, &[Some("AA")]), (by_spc, &[Some("UA")])] {
        let rows: Vec<_> = (0..).zip(&xs).map(|(i, x)| row(uid, i, &[*x], Some(texts))).collect();
        store.add_records(&rows).await.unwrap();
    }
    store.add_records(&[row(by_custom, 1, &[0.5], None), row(by_custom, 2, &[3.0], None)]).await.unwrap();
    a_day_later(&store, &pool).await;
    worker(&store).run_due().await.unwrap();

    let layout = Layout::of(&Profile::Psi(counted.clone()));
    let counts = written(&store, by_psi).await.counts;
    let x = counted.features["x"].baseline.count_numbers(&xs[..]).unwrap();
    assert_eq!((layout.counts_of("x", &counts), layout.counts_of("carrier", &counts).rows()), (x, 20));
    // Four subgroups of five, and twenty single values of the number 1.
    let charts = Measures { counts: vec![4, 20], means: vec![9.5, 1.0], squares: vec![] };
    assert_eq!(written(&store, by_spc).await, charts);
    let metrics = Measures { counts: vec![2], means: vec![1.75], squares: vec![3.125] };
    assert_eq!(written(&store, by_custom).await, metrics);
}

#[tokio::test]
async fn an_index_over_time_is_that_of_the_counts_taken_together() {
    let (_server, store, pool) = fresh().await;
    let values: Vec<f64> = (0..1000).map(f64::from).collect();
    let profile = psi("1.0.0", &values);
    let baseline = &profile.features["x"].baseline;
    let uid = active(&store, Profile::Psi(profile.clone())).await;
    let parts = |from: usize, to: usize| {
        let counts = baseline.count_numbers(&values[from..to]).unwrap();
        let x = counts.parts().map(|(_, count)| count.cast_signed());
        Measures { counts: x.chain([0; 5]).collect(), ..Measures::default() }
    };
    for (minutes, from, to) in [(30, 0, 100), (60, 500, 900), (90, 900, 1000)] {
        found(&pool, uid, minutes, &parts(from, to)).await;
    }
    let BinnedDrift::Psi { features, .. } =
        series(&store, uid, &Profile::Psi(profile.clone()), span(3, 3)).await.unwrap()
    else {
        panic!()
    };
    let expected = |rows: &[f64]| {
        let counts = baseline.count_numbers(rows).unwrap();
        index(&baseline.counts, &counts, baseline.zero_bins).unwrap().psi
    };
    let together = [&values[..100], &values[500..900]].concat();
    let all = [&values[..100], &values[500..]].concat();
    let x = &features["x"];
    // What ended at the end of a part belongs to it.
    assert_eq!(x.created_at, [start(), start() + TimeDelta::hours(1)]);
    assert_eq!(x.psi, [expected(&together), expected(&values[900..])]);
    assert_eq!(x.overall_psi, Some(expected(&all)));
    assert!((x.bins.iter().sum::<f64>() - 1.0).abs() < 1e-12 && (x.bins[0] - 100.0 / 600.0).abs() < 1e-12);
    // A feature of which there are no rows has no points.
    assert_eq!((features["carrier"].psi.len(), features["carrier"].overall_psi), (0, None));
}

#[tokio::test]
async fn a_window_that_a_job_looks_at_the_day_after_is_in_the_day_of_its_records() {
    let (_server, store, pool) = fresh().await;
    let profile = Profile::Custom(custom());
    let uid = active(&store, profile.clone()).await;
    sqlx::query(
        "INSERT INTO drift_results (profile, began, ended, rows, drifted, document, counts, means, squares)
         VALUES ($1, $2 + interval '3 seconds', $2 + interval '1 hour 3 seconds', 1, '{}', '', '{1}', '{5}', '{0}')",
    )
    .bind(uid)
    .bind(start())
    .execute(&pool)
    .await
    .unwrap();
    let BinnedDrift::Custom { metrics, .. } = series(&store, uid, &profile, span(2, 2)).await.unwrap() else {
        panic!()
    };
    assert_eq!(metrics["mae"].created_at, [start()]);
}

#[tokio::test]
async fn means_and_deviations_over_time_are_those_of_all_values() {
    let (_server, store, pool) = fresh().await;
    let profile = Profile::Custom(custom());
    let uid = active(&store, profile.clone()).await;
    // 1, 2, 3, then nothing, then 10, 20; and 5 in the next part.
    for (minutes, count, mean, squares) in
        [(1, 3, 2.0, 2.0), (2, 0, 0.0, 0.0), (3, 2, 15.0, 50.0), (61, 1, 5.0, 0.0)]
    {
        let measures = Measures { counts: vec![count], means: vec![mean], squares: vec![squares] };
        found(&pool, uid, minutes, &measures).await;
    }
    let BinnedDrift::Custom { metrics, .. } = series(&store, uid, &profile, span(2, 2)).await.unwrap() else {
        panic!()
    };
    let [BinnedMetricStats { avg, lower_bound, upper_bound }, second] = metrics["mae"].stats[..] else {
        panic!()
    };
    // By Python's `statistics.fmean` and `statistics.pstdev`.
    for (value, expected) in
        [(avg, 7.2), (lower_bound, 0.061_372_680_970_1), (upper_bound, 14.338_627_319_029_9)]
    {
        assert!((value - expected).abs() < 1e-9, "{value}");
    }
    assert_eq!(second, BinnedMetricStats { avg: 5.0, lower_bound: 5.0, upper_bound: 5.0 });
}

#[tokio::test]
async fn charts_over_time_are_means_weighted_by_their_points() {
    let (_server, store, pool) = fresh().await;
    let values: Vec<f64> = (0..100).map(|i| f64::from(i % 7)).collect();
    let profile = Profile::Spc(spc(&values));
    let uid = active(&store, profile.clone()).await;
    for (minutes, count, mean) in [(1, 3, 2.0), (2, 1, 6.0)] {
        found(
            &pool,
            uid,
            minutes,
            &Measures { counts: vec![count, 0], means: vec![mean, 0.0], squares: vec![] },
        )
        .await;
    }
    let BinnedDrift::Spc { features, .. } = series(&store, uid, &profile, span(1, 10)).await.unwrap() else {
        panic!()
    };
    assert_eq!(
        (&features["x"].values[..], &features["x"].created_at[..]),
        ([3.0].as_slice(), [start()].as_slice())
    );
    assert!(features["carrier"].values.is_empty());
}

#[tokio::test]
async fn what_does_not_fit_the_profile_is_told() {
    let (_server, store, pool) = fresh().await;
    let profile = Profile::Custom(custom());
    let uid = active(&store, profile.clone()).await;
    found(&pool, uid, 1, &Measures { counts: vec![1, 1], means: vec![1.0, 1.0], squares: vec![0.0, 0.0] })
        .await;
    let error = series(&store, uid, &profile, span(1, 1)).await.unwrap_err();
    assert!(matches!(&error, StoreError::Damaged { .. }), "{error}");
}

#[tokio::test]
async fn thirty_days_are_read_by_the_primary_key() {
    let (_server, store, pool) = fresh().await;
    let values: Vec<f64> = (0..1000).map(f64::from).collect();
    let mut uids = Vec::new();
    let profile = Profile::Psi(psi("1.0.0", &values));
    uids.push(active(&store, profile.clone()).await);
    for version in ["1.0.1", "1.0.2", "1.0.3"] {
        uids.push(active(&store, Profile::Psi(psi(version, &values))).await);
    }
    // Every hour for ninety days, with documents that are not small.
    for uid in &uids {
        sqlx::query(
            "INSERT INTO drift_results (profile, began, ended, rows, drifted, document, counts, means, squares)
             SELECT $1, at - interval '1 hour', at, 100, '{}', repeat(md5(at::text), 60), $3, '{}', '{}'
             FROM generate_series($2::timestamptz, $2 + interval '90 days', interval '1 hour') AS at",
        )
        .bind(uid)
        .bind(start())
        .bind(vec![7_i64; 18])
        .execute(&pool)
        .await
        .unwrap();
    }
    sqlx::query("ANALYZE drift_results").execute(&pool).await.unwrap();
    let month = Window { began: start() + TimeDelta::days(60), ended: start() + TimeDelta::days(90) };
    let plan: Vec<String> = sqlx::query_scalar(AssertSqlSafe(format!("EXPLAIN {MEASURES}")))
        .bind(uids[0])
        .bind(month.began)
        .bind(month.ended)
        .fetch_all(&pool)
        .await
        .unwrap();
    let plan = plan.join("\n");
    assert!(plan.contains("drift_results_pkey") && !plan.contains("Seq Scan"), "{plan}");

    let found = series(&store, uids[0], &profile, Span { window: month, parts: 100 }).await.unwrap();
    let BinnedDrift::Psi { features, .. } = found else { panic!() };
    assert_eq!(features["x"].psi.len(), 100);
}

/// The hour before now and the hour after, as one point.
fn around_now() -> Span {
    let now: DateTime<Utc> = SystemClock.now().into();
    Span { window: Window { began: now - TimeDelta::hours(1), ended: now + TimeDelta::hours(1) }, parts: 1 }
}

/// What is told until now by a server that was asked nothing before: the points, and what is said of the window that is open.
async fn told(store: &Store, uid: Uuid, profile: &Profile, span: Span) -> (Value, Option<Value>) {
    told_by(&OpenWindows::default(), store, uid, profile, span).await
}

async fn told_by(
    windows: &OpenWindows,
    store: &Store,
    uid: Uuid,
    profile: &Profile,
    span: Span,
) -> (Value, Option<Value>) {
    let drift = series_until_now(store, windows, uid, profile, span).await.unwrap();
    let mut told = serde_json::to_value(drift).unwrap();
    let open = told.as_object_mut().unwrap().remove("open");
    (told, open)
}

/// What is told of a window that is open. Where Postgres takes too long for once, nothing of it is told, and it is asked for again.
async fn told_open(store: &Store, uid: Uuid, profile: &Profile, span: Span) -> (Value, Value) {
    for _ in 0..20 {
        if let (points, Some(open)) = told(store, uid, profile, span).await {
            return (points, open);
        }
    }
    panic!("nothing is open")
}

/// Plans the jobs of what is registered; none of them is due.
async fn planned(store: &Store) {
    assert_eq!(worker(store).run_due().await.unwrap(), 0);
}

#[tokio::test]
async fn what_no_job_has_looked_at_is_told_as_the_job_then_finds_it() {
    let (_server, store, pool) = fresh().await;
    let values: Vec<f64> = (0..100).map(|i| f64::from(i % 7)).collect();
    let ten_bins: Vec<f64> = (0..1000).map(f64::from).collect();
    let mut counted = psi("1.0.0", &ten_bins);
    counted.config.alert_config.min_values = 20;
    let profiles = [Profile::Psi(counted), Profile::Spc(spc(&values)), Profile::Custom(custom())];
    let mut watched = Vec::new();
    for profile in profiles {
        watched.push((active(&store, profile.clone()).await, profile));
    }
    planned(&store).await;
    let texts = [Some("UA")];
    for (uid, profile) in &watched {
        let texts = (!matches!(profile, Profile::Custom(_))).then_some(&texts[..]);
        let rows: Vec<_> = (0..20).map(|at| row(*uid, at, &[at as f64], texts)).collect();
        store.add_records(&rows).await.unwrap();
    }
    // And those of a client that counts, thirteen of each feature.
    let counts = [vec![1; 13], vec![13, 0, 0, 0, 0]].concat();
    let sent = BinCountsRow { profile: watched[0].0, uid: uid_of(NOW), counts };
    store.add_bin_counts(&[sent]).await.unwrap();

    let span = around_now();
    let mut before = Vec::new();
    for (uid, profile) in &watched {
        let (points, open) = told_open(&store, *uid, profile, span).await;
        before.push((points, open["rows"].clone()));
    }
    sqlx::query("UPDATE drift_jobs SET due = now()").execute(&pool).await.unwrap();
    assert_eq!(worker(&store).run_due().await.unwrap(), 3);
    for ((uid, profile), (points, rows)) in watched.iter().zip(before) {
        let found: i64 = sqlx::query_scalar("SELECT rows FROM drift_results WHERE profile = $1")
            .bind(uid)
            .fetch_one(&pool)
            .await
            .unwrap();
        assert_eq!(rows, json!(found));
        // It is not open any more.
        assert_eq!(told(&store, *uid, profile, span).await, (points, None));
    }
}

#[tokio::test]
async fn who_asks_changes_nothing() {
    let (_server, store, pool) = fresh().await;
    let profile = Profile::Custom(custom());
    let uid = active(&store, profile.clone()).await;
    planned(&store).await;
    store.add_records(&[row(uid, 1, &[3.0], None)]).await.unwrap();
    let state = async || -> (String, i64, i64) {
        let state = "SELECT job::text, (SELECT count(*) FROM drift_results), (SELECT count(*) FROM alerts)
             FROM drift_jobs AS job";
        sqlx::query_as(state).fetch_one(&pool).await.unwrap()
    };
    let before = state().await;
    let (points, open) = told_open(&store, uid, &profile, around_now()).await;
    assert_eq!(points["metrics"]["mae"]["stats"][0]["avg"], 3.0);
    assert_eq!(points["metrics"]["mae"]["created_at"][0], open["created_at"]);
    assert_eq!(state().await, before);
}

#[tokio::test]
async fn what_a_job_that_is_at_work_looks_at_is_told_until_it_has_found_something() {
    let (_server, store, pool) = fresh().await;
    let profile = Profile::Custom(custom());
    let uid = active(&store, profile.clone()).await;
    planned(&store).await;
    store.add_records(&[row(uid, 1, &[3.0], None)]).await.unwrap();
    sqlx::query("UPDATE drift_jobs SET due = now()").execute(&pool).await.unwrap();
    assert_eq!(store.claim(uid_of(NOW), MINUTE, 1).await.unwrap().len(), 1);
    store.add_records(&[row(uid, 2, &[5.0], None)]).await.unwrap();
    let (points, open) = told_open(&store, uid, &profile, around_now()).await;
    assert_eq!((&points["metrics"]["mae"]["stats"][0]["avg"], &open["rows"]), (&json!(4.0), &json!(2)));
}

#[tokio::test]
async fn what_a_job_found_while_somebody_asked_is_not_told_twice() {
    let (_server, store, pool) = fresh().await;
    let profile = Profile::Custom(custom());
    let uid = active(&store, profile.clone()).await;
    planned(&store).await;
    store.add_records(&[row(uid, 1, &[3.0], None)]).await.unwrap();
    // As it is seen by somebody who read the job before this.
    sqlx::query(
        "INSERT INTO drift_results (profile, began, ended, rows, drifted, document, counts, means, squares)
         SELECT profile, seen, now(), 1, '{}', '', '{1}', '{3}', '{0}' FROM drift_jobs",
    )
    .execute(&pool)
    .await
    .unwrap();
    let (points, open) = told(&store, uid, &profile, around_now()).await;
    assert_eq!((points["metrics"]["mae"]["stats"].as_array().unwrap().len(), open), (1, None));
}

#[tokio::test]
async fn where_nothing_came_or_no_job_was_planned_nothing_is_open() {
    let (_server, store, _pool) = fresh().await;
    let profile = Profile::Custom(custom());
    let uid = active(&store, profile.clone()).await;
    assert_eq!(told(&store, uid, &profile, around_now()).await.1, None);
    planned(&store).await;
    assert_eq!(told(&store, uid, &profile, around_now()).await.1, None);
}

#[tokio::test]
async fn more_rows_than_can_be_looked_at_while_somebody_waits_are_left_to_the_job() {
    let (_server, store, pool) = fresh().await;
    let profile = Profile::Custom(custom());
    let uid = active(&store, profile.clone()).await;
    planned(&store).await;
    insert(&pool, uid, i32::try_from(Awaited::MOST).unwrap() + 1, 1).await;
    let (points, open) = told(&store, uid, &profile, around_now()).await;
    assert_eq!((&points["metrics"]["mae"]["stats"], open), (&json!([]), None));
}

/// Inserts rows of numbers that are all 1.
async fn insert(pool: &PgPool, profile: Uuid, rows: i32, numbers: i32) {
    let insert = "INSERT INTO records (profile, uid, numbers)
         SELECT $1, gen_random_uuid(), array_fill(1::float8, ARRAY[$3::int]) FROM generate_series(1, $2)";
    sqlx::query(insert).bind(profile).bind(rows).bind(numbers).execute(pool).await.unwrap();
}

#[tokio::test]
async fn charts_of_more_points_than_who_asks_may_have_worked_out_are_left_to_the_job() {
    let (_server, store, pool) = fresh().await;
    let values: Vec<f64> = (0..100).map(|i| f64::from(i % 7)).collect();
    let mut wide = spc(&values);
    let chart = wide.features["x"].clone();
    let named = |at: u32| (format!("x{at}"), SpcFeature { id: format!("x{at}"), ..chart.clone() });
    wide.features = (0..1000).map(named).collect();
    wide.config.feature_map = None;
    let profile = Profile::Spc(wide);
    let uid = active(&store, profile.clone()).await;
    planned(&store).await;
    insert(&pool, uid, 1000, 1000).await;
    let (_, open) = told_open(&store, uid, &profile, around_now()).await;
    assert_eq!(open["rows"], 1000);
    insert(&pool, uid, 1, 1000).await;
    assert_eq!(told(&store, uid, &profile, around_now()).await.1, None);
}

#[tokio::test]
async fn a_window_that_was_too_much_is_not_looked_at_again_before_its_job_has_run() {
    let (_server, store, pool) = fresh().await;
    let profile = Profile::Custom(custom());
    let uid = active(&store, profile.clone()).await;
    planned(&store).await;
    let windows = OpenWindows::default();
    let open = async || told_by(&windows, &store, uid, &profile, around_now()).await.1;
    insert(&pool, uid, i32::try_from(Awaited::MOST).unwrap() + 1, 1).await;
    assert_eq!(open().await, None);
    sqlx::query("TRUNCATE records").execute(&pool).await.unwrap();
    insert(&pool, uid, 1, 1).await;
    assert_eq!(open().await, None);
    let mut told = None;
    // Nothing of it is told where Postgres takes too long for once.
    for _ in 0..20 {
        // As a job leaves it that had only looked at what came before.
        sqlx::query("UPDATE drift_jobs SET seen = seen - interval '1 second'").execute(&pool).await.unwrap();
        told = open().await;
        if told.is_some() {
            break;
        }
    }
    assert_eq!(told.unwrap()["rows"], 1);
}

#[tokio::test]
async fn a_damaged_row_that_no_job_has_looked_at_hides_nothing_that_was_found() {
    let (_server, store, pool) = fresh().await;
    let profile = Profile::Custom(custom());
    let uid = active(&store, profile.clone()).await;
    planned(&store).await;
    found(&pool, uid, 1, &Measures { counts: vec![1], means: vec![3.0], squares: vec![0.0] }).await;
    let broken = "INSERT INTO records (profile, uid, numbers) VALUES ($1, gen_random_uuid(), '{NULL}')";
    sqlx::query(broken).bind(uid).execute(&pool).await.unwrap();
    let all =
        Window { began: DateTime::UNIX_EPOCH, ended: DateTime::from_timestamp(5_000_000_000, 0).unwrap() };
    let span = Span { window: all, parts: 1 };
    let (points, open) = told(&store, uid, &profile, span).await;
    assert_eq!((&points["metrics"]["mae"]["stats"][0]["avg"], open), (&json!(3.0), None));
}

async fn get(address: std::net::SocketAddr, path: &str) -> (u16, Value) {
    let answer = call(address, "GET", path, &[], "").await.unwrap();
    (answer.status, answer.json())
}

#[tokio::test]
async fn drift_over_time_is_told_over_http() {
    let server = running().await;
    let uid = registered(server.address, "m", true).await;
    let counts = [vec![2; 13], vec![0, 0, 0, 0, 0]].concat();
    found(&server.pool, uid, 30, &Measures { counts, ..Measures::default() }).await;
    let end = (start() + TimeDelta::hours(1)).format("%FT%TZ");
    let path = format!("/v1/profiles/{uid}/drift");
    let (status, told) =
        get(server.address, &format!("{path}?time_interval=one_hour&max_data_points=4&end_datetime={end}"))
            .await;
    assert_eq!((status, &told["kind"]), (200, &json!("psi")));
    assert_eq!(told["features"]["x"]["created_at"], json!([start() + TimeDelta::minutes(15)]));
    assert_eq!(told["features"]["carrier"]["overall_psi"], Value::Null);
    let begin = start().format("%FT%TZ");
    let custom =
        format!("{path}?time_interval=custom&max_data_points=1&start_datetime={begin}&end_datetime={end}");
    assert_eq!(get(server.address, &custom).await.1["features"]["x"]["created_at"], json!([start()]));
    let (_, now) = get(server.address, &format!("{path}?time_interval=seven_days&max_data_points=1")).await;
    assert_eq!(now["features"]["x"]["psi"], json!([]));
}

#[tokio::test]
async fn what_no_job_has_looked_at_is_told_over_http_where_the_time_reaches_until_now() {
    let server = running().await;
    let uid = registered(server.address, "m", true).await;
    let store = server.server.store().await;
    store.plan(uid, DateTime::UNIX_EPOCH).await.unwrap();
    store.add_records(&[row(uid, 1, &[3.0], Some(&[Some("AA")]))]).await.unwrap();
    let now: DateTime<Utc> = SystemClock.now().into();
    let path = format!("/v1/profiles/{uid}/drift");
    let begin = (now - TimeDelta::hours(1)).format("%FT%TZ");
    for until_now in [
        "time_interval=one_hour&max_data_points=4".to_owned(),
        format!("time_interval=custom&max_data_points=4&start_datetime={begin}"),
    ] {
        let mut told = Value::Null;
        // Nothing of it is told where Postgres takes too long for once.
        for _ in 0..20 {
            let (status, answer) = get(server.address, &format!("{path}?{until_now}")).await;
            assert_eq!(status, 200, "{until_now}");
            told = answer;
            if told.get("open").is_some() {
                break;
            }
            // What took too long is not looked at again before the job has run.
            sqlx::query("UPDATE drift_jobs SET seen = seen - interval '1 second'")
                .execute(&server.pool)
                .await
                .unwrap();
        }
        assert_eq!(told["open"]["rows"], 1, "{until_now}");
        assert_eq!(told["features"]["x"]["created_at"], json!([told["open"]["created_at"]]));
    }
    let before = format!("time_interval=one_hour&max_data_points=4&end_datetime={begin}");
    let (_, told) = get(server.address, &format!("{path}?{before}")).await;
    assert_eq!((told.get("open"), &told["features"]["x"]["psi"]), (None, &json!([])));
}

#[tokio::test]
async fn questions_about_drift_that_are_none_are_told_so() {
    let server = running().await;
    let uid = registered(server.address, "m", true).await;
    let nobody = Uuid::from_u128(7);
    for (uid, query, status, detail) in [
        (nobody, "time_interval=one_hour&max_data_points=1", 404, "there is no profile"),
        (uid, "max_data_points=1", 422, "time_interval"),
        (
            uid,
            "time_interval=one_hour&max_data_points=1&space=shop",
            422,
            "is in the space `production`, and `shop` was asked for",
        ),
        (
            uid,
            "time_interval=one_day&max_data_points=1",
            422,
            "`time_interval` is `one_day`: it is one of `fifteen_minutes`",
        ),
        (
            uid,
            "time_interval=one_hour&max_data_points=0",
            422,
            "`max_data_points` is 0: of this profile it is 1 to 10000",
        ),
        (uid, "time_interval=one_hour&max_data_points=10001", 422, "`max_data_points` is 10001"),
        (uid, "time_interval=custom&max_data_points=1", 422, "a `custom` interval has a `start_datetime`"),
        (
            uid,
            "time_interval=one_hour&max_data_points=1&start_datetime=2026-01-01T00:00:00Z",
            422,
            "only a `custom` interval",
        ),
        (
            uid,
            "time_interval=custom&max_data_points=1&start_datetime=2026-01-02T00:00:00Z&end_datetime=2026-01-01T00:00:00Z",
            422,
            "which is not later",
        ),
        (
            uid,
            "time_interval=one_hour&max_data_points=1&end_datetime=-262143-01-02T00:00:00Z",
            422,
            "it is in the years 1 to 9999",
        ),
    ] {
        let (told, problem) = get(server.address, &format!("/v1/profiles/{uid}/drift?{query}")).await;
        assert!(told == status && problem["detail"].as_str().unwrap().contains(detail), "{query}: {problem}");
    }
}
