//! Tables are cut into days, and no clock loses a record.

use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use scouter_engine::SystemClock;
use scouter_server::registry::{Profile, register};
use scouter_server::store::{
    Activation, BinCountsRow, DAYS_AHEAD, Dropped, RecordRow, RequestsRow, Store, StoreError, Table,
};
use sqlx::PgPool;
use tokio::time::Instant;
use uuid::Uuid;

use crate::samples::custom;
use crate::support::{fresh, uid_of};

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 1).unwrap()
}

/// A uid of some hours before or after the day begins.
fn at(hours: i64) -> Uuid {
    let moment = today().and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::hours(hours);
    uid_of(moment.timestamp_millis().cast_unsigned())
}

async fn add(store: &Store, uids: &[Uuid]) {
    let row = |uid: &Uuid| RecordRow { profile: Uuid::nil(), uid: *uid, numbers: vec![1.0], texts: None };
    store.add_records(&uids.iter().map(row).collect::<Vec<_>>()).await.unwrap();
}

/// Which partition each record is in, in the order of their uids.
async fn places(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar("SELECT tableoid::regclass::text FROM records ORDER BY uid")
        .fetch_all(pool)
        .await
        .unwrap()
}

async fn partitions(pool: &PgPool, table: Table) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = $1::regclass ORDER BY 1",
    )
    .bind(table.name())
    .fetch_all(pool)
    .await
    .unwrap()
}

#[tokio::test]
async fn days_are_made_ahead_in_all_tables_and_once() {
    let (_server, store, pool) = fresh().await;
    let days = DAYS_AHEAD + 2;
    assert_eq!(store.make_days(today()).await.unwrap(), days * Table::ALL.len());
    assert_eq!(store.make_days(today()).await.unwrap(), 0);
    for table in Table::ALL {
        let name = table.name();
        let found = partitions(&pool, table).await;
        assert_eq!(found.len(), days + 1, "{found:?}");
        assert_eq!(found[0], format!("{name}_20260228"));
        assert_eq!(found[1], format!("{name}_20260301"));
        assert_eq!(found.last().unwrap(), &format!("{name}_default"));
    }
}

#[tokio::test]
async fn the_ends_of_a_day_belong_to_it() {
    let (_server, store, pool) = fresh().await;
    store.make_days(today()).await.unwrap();
    let day = 86_400_000;
    let start = today().and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis().cast_unsigned();
    add(&store, &[uid_of(start - 1), uid_of(start), uid_of(start + day - 1), uid_of(start + day)]).await;
    let expected = ["records_20260228", "records_20260301", "records_20260301", "records_20260302"];
    assert_eq!(places(&pool).await, expected);
}

#[tokio::test]
async fn clocks_that_are_years_off_lose_nothing() {
    let (_server, store, pool) = fresh().await;
    store.make_days(today()).await.unwrap();
    add(&store, &[uid_of(0), at(0), at(24 * 365 * 900)]).await;
    assert_eq!(places(&pool).await, ["records_default", "records_20260301", "records_default"]);
}

#[tokio::test]
async fn a_day_that_is_made_late_takes_what_fell_beside() {
    let (_server, store, pool) = fresh().await;
    add(&store, &[uid_of(0), at(-1), at(0), at(23)]).await;
    assert_eq!(places(&pool).await, ["records_default"; 4]);
    store.make_days(today()).await.unwrap();
    let expected = ["records_default", "records_20260228", "records_20260301", "records_20260301"];
    assert_eq!(places(&pool).await, expected);
}

#[tokio::test]
async fn a_record_that_is_on_its_way_while_its_day_is_made_is_put_there() {
    let (_server, store, pool) = fresh().await;
    let mut making = pool.begin().await.unwrap();
    sqlx::query("SELECT make_day('records', $1)").bind(today()).execute(&mut *making).await.unwrap();
    let sending = tokio::spawn({
        let store = store.clone();
        async move { add(&store, &[at(1)]).await }
    });
    let waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)";
    while !sqlx::query_scalar::<_, bool>(waits).fetch_one(&pool).await.unwrap() {
        tokio::task::yield_now().await;
    }
    making.commit().await.unwrap();
    sending.await.unwrap();
    assert_eq!(places(&pool).await, ["records_20260301"]);
}

#[tokio::test]
async fn servers_make_days_at_once_while_records_come_in() {
    let (_server, store, pool) = fresh().await;
    let uids: Vec<Uuid> = (-30..30).map(at).collect();
    let records = async {
        for uid in &uids {
            add(&store, &[*uid]).await;
        }
    };
    let (a, b, ()) = tokio::join!(store.make_days(today()), store.make_days(today()), records);
    assert_eq!(a.unwrap() + b.unwrap(), (DAYS_AHEAD + 2) * Table::ALL.len());
    let there: Vec<Uuid> =
        sqlx::query_scalar("SELECT uid FROM records ORDER BY uid").fetch_all(&pool).await.unwrap();
    assert_eq!(there, uids);
    // Those of a day that has a partition are in it.
    let fallen = places(&pool).await.iter().filter(|place| *place == "records_default").count();
    assert_eq!(fallen, 30 - 24);
}

#[tokio::test]
async fn days_that_were_long_ago_are_dropped_and_their_neighbours_kept() {
    let (_server, store, pool) = fresh().await;
    store.make_days(today()).await.unwrap();
    add(&store, &[at(-1), at(0), at(24)]).await;
    let later = today() + Days::new(30);
    let dropped = store.drop_days(Table::Records, later, Days::new(30)).await.unwrap();
    assert_eq!(dropped.days, ["records_20260228"]);
    assert_eq!(places(&pool).await, ["records_20260301", "records_20260302"]);
    assert_eq!(store.drop_days(Table::Records, later, Days::new(30)).await.unwrap(), Dropped::default());
    // Other tables have times of their own.
    assert!(partitions(&pool, Table::BinCounts).await.contains(&"bin_counts_20260228".to_owned()));
}

#[tokio::test]
async fn the_first_versions_drop_days_by_a_call_that_is_still_there() {
    let (_server, store, pool) = fresh().await;
    store.make_days(today()).await.unwrap();
    add(&store, &[uid_of(0), at(-1), at(0), at(24)]).await;
    sqlx::query("UPDATE records SET arrived = '2026-02-01'").execute(&pool).await.unwrap();
    let dropped: Vec<String> = sqlx::query_scalar("SELECT drop_days('records', $1)")
        .bind(today() + Days::new(1))
        .fetch_all(&pool)
        .await
        .unwrap();
    assert_eq!(dropped, ["records_20260228", "records_20260301"]);
    assert_eq!(places(&pool).await, ["records_20260302"]);
}

#[tokio::test]
async fn what_fell_beside_is_kept_as_long_since_it_arrived() {
    let (_server, store, pool) = fresh().await;
    add(&store, &[uid_of(0), uid_of(1)]).await;
    sqlx::query("UPDATE records SET arrived = '2026-01-30 23:59:59Z' WHERE uid = $1")
        .bind(
            sqlx::query_scalar::<_, Uuid>("SELECT min(uid::text)::uuid FROM records")
                .fetch_one(&pool)
                .await
                .unwrap(),
        )
        .execute(&pool)
        .await
        .unwrap();
    store.drop_days(Table::Records, today(), Days::new(29)).await.unwrap();
    assert_eq!(places(&pool).await.len(), 1);
}

#[tokio::test]
async fn a_year_that_never_was_drops_nothing() {
    let (_server, store, _) = fresh().await;
    store.make_days(today()).await.unwrap();
    let all = store.drop_days(Table::Records, today(), Days::new(u64::MAX)).await.unwrap();
    assert_eq!(all, Dropped::default());
}

#[tokio::test]
async fn the_least_uid_of_a_moment_is_below_every_uid_of_it() {
    let (_server, _, pool) = fresh().await;
    for milliseconds in [0, 1, 1_790_000_000_123, 253_402_300_799_999] {
        let moment = DateTime::<Utc>::from_timestamp_millis(milliseconds).unwrap();
        let next = moment + TimeDelta::milliseconds(1);
        let (least, beyond): (Uuid, Uuid) = sqlx::query_as("SELECT uid_at($1), uid_at($2)")
            .bind(moment)
            .bind(next)
            .fetch_one(&pool)
            .await
            .unwrap();
        let uid = uid_of(milliseconds.cast_unsigned());
        assert!(least < uid && uid < beyond, "{least} {uid} {beyond}");
    }
}

#[tokio::test]
async fn a_day_that_cannot_be_made_yet_keeps_records_waiting_for_seconds_only() {
    let (_server, store, pool) = fresh().await;
    // A job that reads a window for minutes.
    let mut reads = pool.begin().await.unwrap();
    sqlx::query("SELECT FROM records").execute(&mut *reads).await.unwrap();
    let making = tokio::spawn({
        let store = store.clone();
        async move { store.make_days(today()).await }
    });
    let waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)";
    while !sqlx::query_scalar::<_, bool>(waits).fetch_one(&pool).await.unwrap() {
        tokio::task::yield_now().await;
    }
    let begin = Instant::now();
    add(&store, &[at(0)]).await;
    assert!(begin.elapsed() < Duration::from_secs(4), "{:?}", begin.elapsed());
    let error = making.await.unwrap().unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    reads.rollback().await.unwrap();
    store.make_days(today()).await.unwrap();
    assert_eq!(places(&pool).await, ["records_20260301"]);
}

#[tokio::test]
async fn a_day_that_cannot_be_dropped_yet_keeps_records_waiting_for_seconds_only() {
    let (_server, store, pool) = fresh().await;
    store.make_days(today()).await.unwrap();
    let later = today() + Days::new(30);
    let mut reads = pool.begin().await.unwrap();
    sqlx::query("SELECT FROM records").execute(&mut *reads).await.unwrap();
    let begin = Instant::now();
    let error = store.drop_days(Table::Records, later, Days::new(29)).await.unwrap_err();
    assert!(
        matches!(error, StoreError::Unavailable(_)) && begin.elapsed() < Duration::from_secs(4),
        "{error}"
    );
    reads.rollback().await.unwrap();
    let dropped = store.drop_days(Table::Records, later, Days::new(29)).await.unwrap();
    assert_eq!(dropped.days, ["records_20260228", "records_20260301"]);
}

/// An active profile whose job has looked at all that arrived more than so many hours ago.
async fn looked_at(store: &Store, pool: &PgPool, hours_ago: i32) -> Uuid {
    let profile = register(store, &SystemClock, Profile::Custom(custom()), Activation::On).await.unwrap().uid;
    let seen = "INSERT INTO drift_jobs (profile, seen, due, seen_xact, horizon)
         VALUES ($1, now() - $2 * interval '1 hour', now(), pg_current_xact_id(), pg_current_xact_id())";
    sqlx::query(seen).bind(profile).bind(hours_ago).execute(pool).await.unwrap();
    profile
}

/// Says when a record arrived, and was committed: so many days ago.
async fn arrived(pool: &PgPool, uid: Uuid, days_ago: i32) {
    let arrived = "UPDATE records SET arrived = now() - $2 * interval '1 day', xact = '0' WHERE uid = $1";
    sqlx::query(arrived).bind(uid).bind(days_ago).execute(pool).await.unwrap();
}

fn row(profile: Uuid, uid: Uuid) -> RecordRow {
    RecordRow { profile, uid, numbers: vec![1.0], texts: None }
}

#[tokio::test]
async fn what_a_job_has_yet_to_look_at_stays_when_its_day_is_dropped() {
    let (_server, store, pool) = fresh().await;
    store.make_days(today()).await.unwrap();
    let profile = looked_at(&store, &pool, 1).await;
    let uids = [at(-1), at(0), at(1), at(24)];
    store.add_records(&uids.map(|uid| row(profile, uid))).await.unwrap();
    // All but one was looked at.
    for uid in [uids[0], uids[2], uids[3]] {
        arrived(&pool, uid, 1).await;
    }
    let dropped = store.drop_days(Table::Records, today() + Days::new(2), Days::new(0)).await.unwrap();
    assert_eq!(dropped.days, ["records_20260228", "records_20260301", "records_20260302"]);
    assert!(dropped.lost.is_empty());
    let left: Vec<Uuid> =
        sqlx::query_scalar("SELECT uid FROM records_default").fetch_all(&pool).await.unwrap();
    assert_eq!(left, [uids[1]]);
    assert_eq!(places(&pool).await, ["records_default"]);
    // What is sent again is known still.
    store.add_records(&[row(profile, uids[1])]).await.unwrap();
    assert_eq!(places(&pool).await.len(), 1);
}

#[tokio::test]
async fn what_was_committed_after_its_window_ended_waits_for_the_next() {
    let (_server, store, pool) = fresh().await;
    store.make_days(today()).await.unwrap();
    let profile = looked_at(&store, &pool, 1).await;
    let (in_time, late) = (at(0), at(1));
    store.add_records(&[row(profile, in_time), row(profile, late)]).await.unwrap();
    arrived(&pool, in_time, 1).await;
    // Its transaction began before the window ended, and was not over when the job looked.
    let long = "UPDATE records SET arrived = now() - interval '1 day' WHERE uid = $1";
    sqlx::query(long).bind(late).execute(&pool).await.unwrap();
    let dropped = store.drop_days(Table::Records, today() + Days::new(2), Days::new(0)).await.unwrap();
    assert!(dropped.days.contains(&"records_20260301".to_owned()) && dropped.lost.is_empty());
    let now = store.today().await.unwrap() + Days::new(2);
    let dropped = store.drop_days(Table::Records, now, Days::new(0)).await.unwrap();
    assert!(dropped.lost.is_empty(), "{dropped:?}");
    let left: Vec<Uuid> = sqlx::query_scalar("SELECT uid FROM records").fetch_all(&pool).await.unwrap();
    assert_eq!(left, [late]);
}

#[tokio::test]
async fn what_waits_for_a_job_stays_for_as_long_as_a_window_waits_and_that_it_is_lost_then_is_told() {
    let (_server, store, pool) = fresh().await;
    let profile = looked_at(&store, &pool, 24 * 60).await;
    let (waits, late) = (uid_of(0), uid_of(1));
    store.add_records(&[row(profile, waits), row(profile, late)]).await.unwrap();
    arrived(&pool, waits, 30).await;
    arrived(&pool, late, 40).await;
    let today = store.today().await.unwrap();
    let dropped = store.drop_days(Table::Records, today, Days::new(2)).await.unwrap();
    assert_eq!(dropped.lost.into_iter().collect::<Vec<_>>(), [profile]);
    let left: Vec<Uuid> = sqlx::query_scalar("SELECT uid FROM records").fetch_all(&pool).await.unwrap();
    assert_eq!(left, [waits]);
    // Once the job has looked at it, nothing keeps it.
    sqlx::query("UPDATE drift_jobs SET seen = now()").execute(&pool).await.unwrap();
    let dropped = store.drop_days(Table::Records, today, Days::new(2)).await.unwrap();
    assert!(dropped.lost.is_empty() && places(&pool).await.is_empty());
}

#[tokio::test]
async fn a_day_of_which_a_job_has_very_much_to_look_at_stays_for_a_week_and_that_it_is_lost_then_is_told() {
    let (_server, store, pool) = fresh().await;
    store.make_days(today()).await.unwrap();
    let profile = looked_at(&store, &pool, 1).await;
    let rows: Vec<_> = std::iter::repeat_with(|| row(profile, at(0))).take(10_001).collect();
    store.add_records(&rows).await.unwrap();
    let dropped = store.drop_days(Table::Records, today() + Days::new(7), Days::new(0)).await.unwrap();
    assert!(!dropped.days.contains(&"records_20260301".to_owned()) && dropped.lost.is_empty());
    let dropped = store.drop_days(Table::Records, today() + Days::new(8), Days::new(0)).await.unwrap();
    assert_eq!(dropped.days, ["records_20260301", "records_20260308"]);
    assert_eq!(dropped.lost.into_iter().collect::<Vec<_>>(), [profile]);
}

#[tokio::test]
async fn very_many_rows_that_are_dropped_are_not_told_as_lost_where_what_they_come_to_stays() {
    let (_server, store, pool) = fresh().await;
    store.make_days(today()).await.unwrap();
    let profile = looked_at(&store, &pool, 1).await;
    let rows: Vec<_> = std::iter::repeat_with(|| row(profile, at(0))).take(10_001).collect();
    let greatest = rows.iter().map(|row| row.uid).max().unwrap();
    let counts = BinCountsRow { profile, uid: greatest, counts: vec![10_001] };
    store.add_counted_records(&rows, &[counts]).await.unwrap();
    for table in [Table::Records, Table::RecordCounts] {
        let dropped = store.drop_days(table, today() + Days::new(8), Days::new(0)).await.unwrap();
        assert!(dropped.lost.is_empty(), "{dropped:?}");
    }
    let left: (i64, i64) =
        sqlx::query_as("SELECT (SELECT count(*) FROM records), (SELECT count(*) FROM record_counts_default)")
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!(left, (0, 1));
}

#[tokio::test]
async fn rows_that_wait_for_a_job_and_what_they_come_to_stay_together() {
    let (_server, store, pool) = fresh().await;
    store.make_days(today()).await.unwrap();
    let profile = looked_at(&store, &pool, 1).await;
    let rows = [at(0), at(1)].map(|uid| row(profile, uid));
    let counts = BinCountsRow { profile, uid: rows[1].uid, counts: vec![2] };
    store.add_counted_records(&rows, &[counts]).await.unwrap();
    for table in [Table::Records, Table::RecordCounts] {
        let dropped = store.drop_days(table, today() + Days::new(2), Days::new(0)).await.unwrap();
        assert!(dropped.days.len() == 3 && dropped.lost.is_empty(), "{dropped:?}");
    }
    let left: (i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM records_default), (SELECT count(*) FROM record_counts_default)",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(left, (2, 1));
}

#[tokio::test]
async fn what_no_job_looks_at_stays_for_nobody() {
    let (_server, store, pool) = fresh().await;
    store.make_days(today()).await.unwrap();
    let profile = looked_at(&store, &pool, 1).await;
    let requests = [at(0), uid_of(0)].map(|uid| RequestsRow { profile, uid, routes: "[]".to_owned() });
    store.add_requests(&requests).await.unwrap();
    sqlx::query("UPDATE requests SET arrived = arrived - interval '3 days'").execute(&pool).await.unwrap();
    sqlx::query("UPDATE drift_jobs SET seen = now() - interval '9 days'").execute(&pool).await.unwrap();
    let dropped = store.drop_days(Table::Requests, today() + Days::new(1), Days::new(0)).await.unwrap();
    assert_eq!(dropped.days, ["requests_20260228", "requests_20260301"]);
    let today = store.today().await.unwrap();
    store.drop_days(Table::Requests, today, Days::new(2)).await.unwrap();
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM requests").fetch_one(&pool).await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn today_is_what_the_database_says() {
    let (_server, store, pool) = fresh().await;
    let day = "SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD')";
    let before: String = sqlx::query_scalar(day).fetch_one(&pool).await.unwrap();
    let today = store.today().await.unwrap().to_string();
    let after: String = sqlx::query_scalar(day).fetch_one(&pool).await.unwrap();
    assert!(before <= today && today <= after, "{before} {today} {after}");
}
