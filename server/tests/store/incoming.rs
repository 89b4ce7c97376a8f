//! What clients send is kept once, as it was sent.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use scouter_server::store::{Added, BinCountsRow, EvalRow, RecordRow};
use uuid::Uuid;

use crate::support::{fresh, uid_of};

const NOW: u64 = 1_790_000_000_000;

fn row(uid: Uuid, numbers: &[f64]) -> RecordRow {
    RecordRow { profile: Uuid::from_u128(7), uid, numbers: numbers.to_vec(), texts: None }
}

#[tokio::test]
async fn rows_come_back_as_they_were_sent() {
    let (_server, store, pool) = fresh().await;
    let mut sent =
        row(uid_of(NOW), &[1.5, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, f64::MIN_POSITIVE]);
    sent.texts = Some(vec![Some("ünï'); DROP TABLE records; --".to_owned()), None, Some(String::new())]);
    store.add_records(std::slice::from_ref(&sent)).await.unwrap();
    let (numbers, texts): (Vec<f64>, Vec<Option<String>>) =
        sqlx::query_as("SELECT numbers, texts FROM records").fetch_one(&pool).await.unwrap();
    let bits = |numbers: &[f64]| numbers.iter().map(|number| number.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&numbers), bits(&sent.numbers));
    assert_eq!(Some(texts), sent.texts);
}

#[tokio::test]
async fn rows_of_no_features_and_of_ten_thousand_are_rows() {
    let (_server, store, pool) = fresh().await;
    let many: Vec<f64> = (0..10_000).map(f64::from).collect();
    store.add_records(&[row(uid_of(NOW), &[]), row(uid_of(NOW + 1), &many)]).await.unwrap();
    let lengths: Vec<i32> = sqlx::query_scalar("SELECT cardinality(numbers) FROM records ORDER BY uid")
        .fetch_all(&pool)
        .await
        .unwrap();
    assert_eq!(lengths, [0, 10_000]);
}

#[tokio::test]
async fn counts_come_back_as_they_were_sent() {
    let (_server, store, pool) = fresh().await;
    let sent = BinCountsRow { profile: Uuid::nil(), uid: uid_of(NOW), counts: vec![0, 7, i64::MAX] };
    store.add_bin_counts(std::slice::from_ref(&sent)).await.unwrap();
    let again = store.add_bin_counts(std::slice::from_ref(&sent)).await.unwrap();
    assert_eq!(again, Added { new: 0, there: 1 });
    let counts: Vec<i64> =
        sqlx::query_scalar("SELECT counts FROM bin_counts").fetch_one(&pool).await.unwrap();
    assert_eq!(counts, sent.counts);
}

#[tokio::test]
async fn what_is_to_be_evaluated_comes_back_as_it_was_sent() {
    let (_server, store, pool) = fresh().await;
    let sent = EvalRow {
        profile: Uuid::nil(),
        uid: uid_of(NOW),
        id: Some("7".to_owned()),
        session: None,
        trace: Some([9; 16]),
        context: r#"{"b": 18446744073709551617, "a": "\u0000", "a": 1.0}"#.to_owned(),
    };
    store.add_eval_records(std::slice::from_ref(&sent)).await.unwrap();
    let again = store.add_eval_records(std::slice::from_ref(&sent)).await.unwrap();
    assert_eq!(again, Added { new: 0, there: 1 });
    let (id, session, trace, context): (Option<String>, Option<String>, Vec<u8>, String) =
        sqlx::query_as("SELECT id, session, trace, context FROM eval_records")
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!((id, session, trace, context), (sent.id, None, vec![9; 16], sent.context));
}

#[tokio::test]
async fn nothing_to_keep_needs_no_database() {
    let (server, store, _) = fresh().await;
    server.cluster.stop().await.unwrap();
    assert_eq!(store.add_records(&[]).await.unwrap(), Added { new: 0, there: 0 });
}

#[tokio::test]
async fn two_that_send_the_same_at_once_keep_it_once() {
    let (_server, store, pool) = fresh().await;
    let rows: Vec<_> = (0..500).map(|i| row(uid_of(NOW + i), &[1.0])).collect();
    let mut turned = rows.clone();
    turned.reverse();
    let (a, b) = tokio::join!(store.add_records(&rows), store.add_records(&turned));
    assert_eq!(a.unwrap().new + b.unwrap().new, 500);
    let there: i64 = sqlx::query_scalar("SELECT count(*) FROM records").fetch_one(&pool).await.unwrap();
    assert_eq!(there, 500);
}

/// Batches that share records with one another, with themselves, and with other profiles.
#[test]
fn whatever_is_sent_twice_is_kept_as_it_was_first() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (_server, store, pool) = runtime.block_on(fresh());
    let uids: Vec<Uuid> = (0..12).map(|i| uid_of(NOW + i * 86_400_000)).collect();
    let batch = proptest::collection::vec((0..2_u128, 0..12_usize, -9.0..9.0_f64), 0..8);
    let batches = proptest::collection::vec(batch, 1..6);
    let mut runner = TestRunner::new(Config { cases: 40, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&batches, |batches| {
        runtime.block_on(async {
            sqlx::query("TRUNCATE records").execute(&pool).await.unwrap();
            let mut expected = BTreeMap::new();
            for batch in &batches {
                let before = expected.len();
                let mut rows = Vec::new();
                for &(profile, uid, number) in batch {
                    let profile = Uuid::from_u128(profile);
                    expected.entry((profile, uids[uid])).or_insert(number);
                    rows.push(RecordRow { profile, uid: uids[uid], numbers: vec![number], texts: None });
                }
                let added = store.add_records(&rows).await.unwrap();
                let new = (expected.len() - before) as u64;
                prop_assert_eq!(added, Added { new, there: rows.len() as u64 - new });
            }
            let there: Vec<(Uuid, Uuid, f64)> =
                sqlx::query_as("SELECT profile, uid, numbers[1] FROM records ORDER BY 1, 2")
                    .fetch_all(&pool)
                    .await
                    .unwrap();
            let expected: Vec<_> =
                expected.into_iter().map(|((profile, uid), number)| (profile, uid, number)).collect();
            prop_assert_eq!(there, expected);
            Ok(())
        })
    });
    outcome.unwrap();
}
