//! What sessions keep to: what is acknowledged is on the disk, nothing lasts for ever, and a database that is gone without a word is noticed.

use std::sync::Arc;
use std::time::Duration;

use scouter_engine::SystemClock;
use scouter_server::access::Grants;
use scouter_server::ingest::{Ingest, IngestError, IngestOptions};
use scouter_server::registry::{Profile, register};
use scouter_server::store::{Activation, Added, Awaited, Reader, RecordRow, Store, StoreError};
use scouter_wire::json;
use sqlx::PgPool;
use tokio::time::{Instant, timeout};
use uuid::Uuid;

use crate::ingest::running::{batch, records};
use crate::proxy::Proxy;
use crate::samples::psi;
use crate::support::{Server, fresh, uid_of};

const NOW: u64 = 1_790_000_000_000;

fn row(at: u64) -> RecordRow {
    RecordRow { profile: Uuid::nil(), uid: uid_of(NOW + at), numbers: vec![1.0], texts: None }
}

/// Until so many sessions wait for a lock.
async fn waiting(pool: &PgPool, many: i64) {
    let waits = "SELECT count(*) FROM pg_locks WHERE NOT granted";
    while sqlx::query_scalar::<_, i64>(waits).fetch_one(pool).await.unwrap() < many {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn what_is_acknowledged_is_on_the_disk_whatever_the_database_is_set_to() {
    let (server, _, pool) = fresh().await;
    for statement in [
        "ALTER DATABASE scouter SET synchronous_commit = off",
        "ALTER DATABASE scouter SET statement_timeout = '1h'",
        "CREATE TABLE kept_by (setting text)",
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             INSERT INTO kept_by VALUES (concat_ws(' ', current_setting('synchronous_commit'), current_setting('statement_timeout'),
                 current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout')));
             RETURN NEW;
         END $$",
        "CREATE TRIGGER note BEFORE INSERT ON records FOR EACH ROW EXECUTE FUNCTION note()",
    ] {
        sqlx::query(statement).execute(&pool).await.unwrap();
    }
    server.store().await.add_records(&[row(0)]).await.unwrap();
    let set: String = sqlx::query_scalar("SELECT setting FROM kept_by").fetch_one(&pool).await.unwrap();
    assert_eq!(set, "on 30s 5s 30s");
}

#[tokio::test]
async fn records_that_another_has_on_its_way_are_not_waited_for_without_end() {
    let (_server, store, pool) = fresh().await;
    // Another server that lost its power in the middle: nobody ends its transaction.
    let same = row(0);
    let mut other = pool.begin().await.unwrap();
    sqlx::query("INSERT INTO records (profile, uid, numbers) VALUES ($1, $2, '{}')")
        .bind(Uuid::nil())
        .bind(same.uid)
        .execute(&mut *other)
        .await
        .unwrap();
    let begin = Instant::now();
    let error = store.add_records(&[same]).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    assert!(begin.elapsed() < Duration::from_secs(15), "{:?}", begin.elapsed());
    assert_eq!(store.add_records(&[row(1)]).await.unwrap(), Added { new: 1, there: 0 });
}

#[tokio::test]
async fn a_database_that_is_gone_without_a_word_stops_records_for_a_while_only() {
    let server = Server::start().await;
    let (proxy, near) = Proxy::before(&server.cluster.connect_options()).await;
    let store = Store::connect(near, 5).await.unwrap();
    let pool = PgPool::connect_with(server.cluster.connect_options()).await.unwrap();
    let profile = Profile::Psi(psi("1.0.0", &[1.0, 2.0]));
    let profile = register(&store, &SystemClock, profile, Activation::On).await.unwrap().uid;
    let (ingest, _committers) =
        Ingest::start(&store, IngestOptions { queue: 1 << 20, patience: Duration::from_secs(2) });
    let ingest = Arc::new(ingest);
    let take = || {
        let (ingest, sent) = (Arc::clone(&ingest), batch(profile, &records(0, 10)).to_string());
        async move { ingest.take(json::read_batch(sent.as_bytes()).unwrap(), &Grants::everything()).await }
    };

    let mut lock = pool.begin().await.unwrap();
    sqlx::query("LOCK TABLE records IN ACCESS EXCLUSIVE MODE").execute(&mut *lock).await.unwrap();
    let taken = tokio::spawn(take());
    waiting(&pool, 1).await;
    proxy.go_silent();
    lock.rollback().await.unwrap();
    let error = taken.await.unwrap().unwrap_err();
    assert!(matches!(error, IngestError::Late | IngestError::NotKept(_)), "{error}");

    // Those that hold a connection from before find that out one after another.
    let again = async { while take().await.is_err() {} };
    timeout(Duration::from_secs(30), again).await.unwrap();
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM records").fetch_one(&pool).await.unwrap();
    assert_eq!(kept, 10);
}

#[tokio::test]
async fn rows_that_are_broken_off_leave_nothing_behind_on_the_connection() {
    let (_server, _, pool) = fresh().await;
    let store = Store::connect((*pool.connect_options()).clone(), 1).await.unwrap();
    let mut lock = pool.begin().await.unwrap();
    sqlx::query("LOCK TABLE records IN ACCESS EXCLUSIVE MODE").execute(&mut *lock).await.unwrap();
    let rows = [row(0)];
    let sent = Box::pin(store.add_records(&rows));
    let broken_off = async {
        tokio::select! {
            kept = sent => panic!("{kept:?}"),
            () = waiting(&pool, 1) => {}
        }
    };
    broken_off.await;
    lock.rollback().await.unwrap();
    // The only connection that there may be is another one now, on which every answer is to its own question.
    for at in 1..4 {
        assert_eq!(store.add_records(&[row(at)]).await.unwrap(), Added { new: 1, there: 0 });
        store.ping().await.unwrap();
    }
}

#[tokio::test]
async fn a_window_that_nobody_reads_to_its_end_gives_its_connection_up() {
    let (_server, store, pool) = fresh().await;
    let profile = register(&store, &SystemClock, Profile::Psi(psi("1.0.0", &[1.0])), Activation::On);
    let profile = profile.await.unwrap().uid;
    let rows: Vec<_> = (0..5000).map(|at| RecordRow { profile, ..row(at) }).collect();
    store.add_records(&rows).await.unwrap();
    sqlx::query("INSERT INTO drift_jobs (profile, seen, due, horizon) VALUES ($1, '-infinity', now(), '9000000000000')")
        .bind(profile)
        .execute(&pool)
        .await
        .unwrap();
    let store = Store::connect((*pool.connect_options()).clone(), 1).await.unwrap();
    let ended = chrono::DateTime::from_timestamp(4_000_000_000, 0).unwrap();
    let awaited = Awaited { profile, ended, reader: Reader::Job };
    let mut read = 0;
    let outcome = store.uncounted_records(awaited, |_| {
        read += 1;
        if read == 10 {
            Err(StoreError::Damaged { what: "a row".to_owned(), why: "enough".to_owned() })
        } else {
            Ok(())
        }
    });
    assert!(outcome.await.is_err());
    store.ping().await.unwrap();
    // Nothing of it is under way in the database.
    let under_way = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'scouter' AND query LIKE '%is_in_window%'";
    let gone = async {
        while sqlx::query_scalar::<_, i64>(under_way).fetch_one(&pool).await.unwrap() > 0 {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(10), gone).await.unwrap();
    let whole = store.uncounted_records(awaited, |_| {
        read += 1;
        Ok::<_, StoreError>(())
    });
    whole.await.unwrap();
    assert_eq!(read, 5010);
}

#[tokio::test]
async fn a_place_in_the_pool_whose_database_is_gone_without_a_word_is_given_up() {
    let server = Server::start().await;
    let (proxy, near) = Proxy::before(&server.cluster.connect_options()).await;
    let store = Store::connect(near, 1).await.unwrap();
    let pool = PgPool::connect_with(server.cluster.connect_options()).await.unwrap();
    let mut lock = pool.begin().await.unwrap();
    sqlx::query("LOCK TABLE profiles IN ACCESS EXCLUSIVE MODE").execute(&mut *lock).await.unwrap();
    // Somebody asks, and goes away while the database is silent.
    let asked = Box::pin(store.profile(Uuid::nil()));
    let gone = async {
        tokio::select! {
            found = asked => panic!("{found:?}"),
            () = waiting(&pool, 1) => proxy.go_silent(),
        }
    };
    gone.await;
    lock.rollback().await.unwrap();
    let again = async { while store.ping().await.is_err() {} };
    timeout(Duration::from_secs(30), again).await.unwrap();
}
