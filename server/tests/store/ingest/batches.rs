//! Batches that are kept, as a whole or in part.

use scouter_wire::receipt::RefusalCode;
use scouter_wire::{json as form, protobuf};
use serde_json::json;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::running::{batch, call, count, post, records, registered, running};
use crate::support::uid_of;

#[tokio::test]
async fn records_are_kept_by_the_places_of_their_profile() {
    let server = running().await;
    let profile = registered(server.address, "m", true).await;
    let (one, two) = (uid_of(1_790_000_000_001), uid_of(1_790_000_000_002));
    let sent = [
        json!({"uid": one, "features": {"carrier": "'); DROP TABLE records; --", "x": 41.5}}),
        json!({"uid": two, "bins": {"carrier": {"bins": [1, 2], "unseen": 3}}}),
    ];
    let receipt = post(server.address, &batch(profile, &sent)).await.receipt();
    assert_eq!((receipt.accepted, receipt.refused), (2, vec![]));

    let row: (Uuid, Uuid, Vec<f64>, Vec<Option<String>>) =
        sqlx::query_as("SELECT profile, uid, numbers, texts FROM records")
            .fetch_one(&server.pool)
            .await
            .unwrap();
    assert_eq!(row, (profile, one, vec![41.5], vec![Some("'); DROP TABLE records; --".to_owned())]));
    let (uid, counts): (Uuid, Vec<i64>) =
        sqlx::query_as("SELECT uid, counts FROM bin_counts").fetch_one(&server.pool).await.unwrap();
    assert_eq!(uid, two);
    assert_eq!(counts[counts.len() - 5..], [1, 2, 0, 3, 0]);
    assert_eq!(counts.len(), 10 + 3 + 2 + 3);
}

#[tokio::test]
async fn a_batch_that_is_sent_twice_is_kept_once() {
    let server = running().await;
    let profile = registered(server.address, "m", true).await;
    let all = records(0, 60);
    let sent = batch(profile, &all[..50]);
    assert_eq!(post(server.address, &sent).await.receipt().accepted, 50);
    assert_eq!(post(server.address, &sent).await.receipt().accepted, 50);
    // Some that are there, some that are new, and one that stands there twice.
    let mut mixed = all[40..].to_vec();
    mixed.push(mixed[0].clone());
    assert_eq!(post(server.address, &batch(profile, &mixed)).await.receipt().accepted, 21);
    assert_eq!(count(&server.pool, "records").await, 60);
}

#[tokio::test]
async fn batches_of_many_clients_are_committed_together() {
    let server = running().await;
    let profile = registered(server.address, "m", true).await;
    let mut lock = server.pool.begin().await.unwrap();
    sqlx::query("LOCK TABLE records IN ACCESS EXCLUSIVE MODE").execute(&mut *lock).await.unwrap();
    let mut clients = JoinSet::new();
    for at in 0..12 {
        let (address, sent) = (server.address, batch(profile, &records(at * 10, 10)));
        clients.spawn(async move { post(address, &sent).await.receipt().accepted });
    }
    // The first waits in its transaction, and meanwhile the others arrive.
    let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted";
    while sqlx::query_scalar::<_, i64>(waiting).fetch_one(&server.pool).await.unwrap() == 0 {
        tokio::task::yield_now().await;
    }
    for _ in 0..20 {
        assert_eq!(call(server.address, "GET", "/healthz", &[], "").await.unwrap().status, 200);
    }
    lock.rollback().await.unwrap();
    assert_eq!(clients.join_all().await, [10; 12]);
    let transactions: i64 = sqlx::query_scalar("SELECT count(DISTINCT xmin::text) FROM records")
        .fetch_one(&server.pool)
        .await
        .unwrap();
    assert!(transactions < 6, "{transactions}");
}

#[tokio::test]
async fn one_bad_record_of_many_is_refused_alone() {
    let server = running().await;
    let profile = registered(server.address, "m", true).await;
    let mut sent = records(0, 200);
    let bad = [
        (json!({"x": "old"}), RefusalCode::Type),
        (json!({"xx": 1}), RefusalCode::UnknownName),
        (json!({"carrier": "a\u{0}b"}), RefusalCode::NotStorable),
        (json!({"x": [1]}), RefusalCode::Unreadable),
    ];
    for (at, (features, _)) in bad.iter().enumerate() {
        sent.insert(at * 40, json!({"uid": uid_of(1_790_000_100_000 + at as u64), "features": features}));
    }
    let receipt = post(server.address, &batch(profile, &sent)).await.receipt();
    assert_eq!(receipt.accepted, 200);
    let mut told: Vec<_> =
        receipt.refused.iter().map(|refused| (refused.uid, refused.code.clone())).collect();
    told.sort_by_key(|(uid, _)| *uid);
    let wanted: Vec<_> = bad.into_iter().map(|(_, code)| code).collect();
    assert_eq!(told.into_iter().map(|(_, code)| code).collect::<Vec<_>>(), wanted);
    assert_eq!(count(&server.pool, "records").await, 200);
}

#[tokio::test]
async fn records_of_profiles_that_are_unknown_or_inactive_are_refused_and_others_kept() {
    let server = running().await;
    let (active, inactive) =
        (registered(server.address, "on", true).await, registered(server.address, "off", false).await);
    let unknown = Uuid::from_u128(7);
    let group = |profile: Uuid, from| json!({"profile": profile, "records": records(from, 2)});
    let sent = json!({"groups": [group(unknown, 0), group(active, 2), group(inactive, 4)]});
    let receipt = post(server.address, &sent).await.receipt();
    assert_eq!(receipt.accepted, 2);
    let told: Vec<_> =
        receipt.refused.iter().map(|refused| (refused.code.clone(), refused.reason.as_str())).collect();
    let (no, off) = (
        format!("there is no profile `{unknown}`: register it here, by `ScouterClient.register_profile`"),
        format!(
            "profile `{inactive}` is not active: switch it on, by `set_active=True` where it is registered"
        ),
    );
    let no = (RefusalCode::UnknownProfile, no.as_str());
    let off = (RefusalCode::InactiveProfile, off.as_str());
    assert_eq!(told, [no.clone(), no, off.clone(), off]);
    assert_eq!(count(&server.pool, "records").await, 2);
}

#[tokio::test]
async fn protobuf_packed_by_zstd_says_the_same_as_json() {
    let server = running().await;
    let profile = registered(server.address, "m", true).await;
    let mut sent = records(0, 30);
    sent.push(json!({"uid": uid_of(1_790_000_100_000), "features": {"x": "old"}}));
    let json = batch(profile, &sent);
    let bytes = protobuf::write_batch(form::read_batch(json.to_string().as_bytes()).unwrap().batch);
    let packed = zstd::encode_all(&bytes[..], 0).unwrap();
    let headers = [("content-type", "application/protobuf"), ("content-encoding", "zstd")];
    let answer = call(server.address, "POST", "/v1/records", &headers, packed).await.unwrap();
    assert_eq!(answer.headers["content-type"], "application/protobuf");
    let receipt = protobuf::read_receipt(answer.body).unwrap();
    assert_eq!(receipt, post(server.address, &json).await.receipt());
    assert_eq!((receipt.accepted, receipt.refused.len()), (30, 1));
    assert_eq!(count(&server.pool, "records").await, 30);
}

#[tokio::test]
async fn records_of_any_time_are_kept() {
    let server = running().await;
    let profile = registered(server.address, "m", true).await;
    let times = [0, 1_000_000_000_000, 4_000_000_000_000, (1 << 48) - 1];
    let sent = times.map(|time| json!({"uid": uid_of(time), "features": {"x": 1}}));
    assert_eq!(post(server.address, &batch(profile, &sent)).await.receipt().accepted, 4);
    assert_eq!(count(&server.pool, "records").await, 4);
}
