//! Bodies that are broken or too much, and a queue that is full. None of them ends the server or keeps anything.

use std::io::Read;
use std::net::SocketAddr;

use futures_util::future::{Either, select};
use scouter_wire::MAX_RECORDS;
use serde_json::json;

use super::running::{Answer, batch, call, count, post, records, registered, running, with_queue};
use crate::support::uid_of;

const JSON: (&str, &str) = ("content-type", "application/json");
const PROTOBUF: (&str, &str) = ("content-type", "application/protobuf");
const ZSTD: (&str, &str) = ("content-encoding", "zstd");

async fn send(address: SocketAddr, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
    call(address, "POST", "/v1/records", headers, body).await.unwrap()
}

#[tokio::test]
async fn bodies_that_are_no_batch_are_told_so_and_the_server_goes_on() {
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a [u8], (u16, &'a str));
    let server = running().await;
    let profile = registered(server.address, "m", true).await;
    let cases: [Case<'_>; 8] = [
        (&[PROTOBUF], b"\xff\xff\xff\xff", (400, "malformed")),
        (&[PROTOBUF], b"{\"groups\": []}", (400, "malformed")),
        (&[JSON], b"{\"groups\": [", (400, "malformed")),
        (&[JSON], b"\xff", (400, "malformed")),
        (&[PROTOBUF, ZSTD], b"not packed", (400, "malformed")),
        (&[], b"", (415, "unsupported")),
        (&[("content-type", "text/csv")], b"a,b", (415, "unsupported")),
        (&[JSON, ("content-encoding", "gzip")], b"{}", (415, "unsupported")),
    ];
    for (headers, body, (status, code)) in cases {
        let answer = send(server.address, headers, body.to_vec()).await;
        assert_eq!(answer.problem(), (status, code.to_owned()), "{body:?}");
    }
    assert_eq!(post(server.address, &batch(profile, &records(0, 1))).await.receipt().accepted, 1);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_packed_or_not() {
    let server = running().await;
    let long = "x".repeat(10 << 20);
    let named = json!({"uid": uid_of(1_790_000_000_000), "features": {long: 1}});
    let named = batch(uuid::Uuid::nil(), &[named]).to_string().into_bytes();
    let bomb = zstd::encode_all(std::io::repeat(0).take(100 << 20), 1).unwrap();
    assert!(bomb.len() < 1 << 20);
    for (headers, body) in [(&[JSON][..], named), (&[PROTOBUF, ZSTD][..], bomb)] {
        assert_eq!(send(server.address, headers, body).await.problem(), (413, "too_large".to_owned()));
    }
    let many = vec![json!(1); MAX_RECORDS + 1];
    let many = batch(uuid::Uuid::nil(), &many).to_string().into_bytes();
    assert_eq!(send(server.address, &[JSON], many).await.problem(), (413, "too_large".to_owned()));
}

#[tokio::test]
async fn a_packed_body_that_wants_too_much_memory_to_unpack_is_refused() {
    use std::io::Write;
    let server = running().await;
    let mut packer = zstd::Encoder::new(Vec::new(), 1).unwrap();
    packer.window_log(27).unwrap();
    packer.include_contentsize(false).unwrap();
    packer.write_all(b"{}").unwrap();
    packer.flush().unwrap();
    packer.write_all(b" ").unwrap();
    let answer = send(server.address, &[JSON, ZSTD], packer.finish().unwrap()).await;
    assert_eq!(answer.problem(), (400, "malformed".to_owned()));
    assert!(answer.json()["detail"].as_str().unwrap().starts_with("unpack the body: "));
}

#[tokio::test]
async fn a_full_queue_is_told_with_a_time_and_what_waits_in_it_is_kept() {
    let server = with_queue(8 << 10).await;
    let profile = registered(server.address, "m", true).await;
    // Nothing is committed while this lasts.
    let mut lock = server.pool.begin().await.unwrap();
    sqlx::query("LOCK TABLE records IN ACCESS EXCLUSIVE MODE").execute(&mut *lock).await.unwrap();
    // Each takes more than half of the queue.
    let sent = [batch(profile, &records(0, 40)), batch(profile, &records(40, 40))];
    let [one, two] = sent.each_ref().map(|sent| Box::pin(post(server.address, sent)));
    let (full, waiting, left) = match select(one, two).await {
        Either::Left((full, waiting)) => (full, waiting, &sent[0]),
        Either::Right((full, waiting)) => (full, waiting, &sent[1]),
    };
    assert_eq!(full.problem(), (429, "overloaded".to_owned()));
    assert_eq!(
        (full.headers["retry-after"].to_str().unwrap(), &full.json()["retry_after"]),
        ("1", &json!(1))
    );

    lock.rollback().await.unwrap();
    assert_eq!(waiting.await.receipt().accepted, 40);
    assert_eq!(count(&server.pool, "records").await, 40);
    assert_eq!(post(server.address, left).await.receipt().accepted, 40);
    assert_eq!(count(&server.pool, "records").await, 80);
}

#[tokio::test]
async fn a_batch_that_no_queue_could_hold_is_to_be_divided() {
    let server = with_queue(8 << 10).await;
    let profile = registered(server.address, "m", true).await;
    let answer = post(server.address, &batch(profile, &records(0, 200))).await;
    assert_eq!(answer.problem(), (413, "too_large".to_owned()));
    assert_eq!(count(&server.pool, "records").await, 0);
}

#[tokio::test]
async fn a_feature_whose_name_has_megabytes_is_quoted_in_part() {
    let server = running().await;
    let profile = registered(server.address, "m", true).await;
    let record = json!({"uid": uid_of(1_790_000_000_000), "features": {"é".repeat(1 << 20): 1}});
    let answer = post(server.address, &batch(profile, &[record])).await;
    assert!(answer.body.len() < 1000);
    assert!(answer.receipt().refused[0].reason.starts_with("the profile has no feature `éé"));
}

#[tokio::test]
async fn what_is_not_there_is_told_as_a_problem() {
    let server = running().await;
    for (method, path, problem) in
        [("GET", "/v2", (404, "not_found")), ("GET", "/v1/records", (405, "method_not_allowed"))]
    {
        let answer = call(server.address, method, path, &[], "").await.unwrap();
        assert_eq!(answer.problem(), (problem.0, problem.1.to_owned()));
    }
    for path in ["/healthz", "/readyz"] {
        assert_eq!(call(server.address, "GET", path, &[], "").await.unwrap().status, 200);
    }
}
