//! The same over gRPC.

use futures_util::future::select;
use futures_util::{StreamExt, stream};
use scouter_wire::protobuf::v1::ingest_client::IngestClient;
use scouter_wire::protobuf::{self, v1};
use scouter_wire::{MAX_RECORDS, json as form};
use serde_json::{Value, json};
use tonic::Code;
use tonic::codec::CompressionEncoding;
use tonic::transport::Channel;

use super::running::{
    Running, batch, count, eval, evaluated, records, registered, requests, running, with_queue,
};
use crate::support::uid_of;

pub(crate) async fn channel(server: &Running) -> Channel {
    let channel = Channel::from_shared(format!("http://{}", server.address)).unwrap();
    channel.connect().await.unwrap()
}

pub(crate) async fn client(server: &Running) -> IngestClient<Channel> {
    IngestClient::new(channel(server).await).send_compressed(CompressionEncoding::Zstd)
}

pub(crate) fn message(batch: &Value) -> v1::Batch {
    protobuf::batch_message(form::read_batch(batch.to_string().as_bytes()).unwrap().batch)
}

#[tokio::test]
async fn a_batch_is_kept_and_answered() {
    let server = running().await;
    let profile = registered(server.address, "m", true).await;
    let mut sent = records(0, 20);
    sent.push(json!({"uid": uid_of(1_790_000_100_000), "features": {"x": "old"}}));
    let receipt = client(&server).await.send(message(&batch(profile, &sent))).await.unwrap().into_inner();
    assert_eq!((receipt.accepted, receipt.refused[0].code.as_str()), (20, "type"));
    assert_eq!(count(&server.pool, "records").await, 20);
}

#[tokio::test]
async fn what_is_to_be_evaluated_and_requests_are_kept() {
    let server = running().await;
    let profile = evaluated(server.address).await;
    let bad = json!({"uid": uid_of(1_790_000_100_000), "eval": {"context": []}});
    let sent = message(&batch(profile, &[eval(1), bad, requests(2)]));
    for _ in 0..2 {
        let receipt = client(&server).await.send(sent.clone()).await.unwrap().into_inner();
        assert_eq!((receipt.accepted, receipt.refused[0].code.as_str()), (2, "type"));
    }
    assert_eq!((count(&server.pool, "eval_records").await, count(&server.pool, "requests").await), (1, 1));
}

#[tokio::test]
async fn batches_of_a_stream_have_a_receipt_each_in_their_order() {
    let server = running().await;
    let profile = registered(server.address, "m", true).await;
    let batches: Vec<_> = (0..50).map(|at| message(&batch(profile, &records(at * 100, at)))).collect();
    let receipts = client(&server).await.stream(stream::iter(batches)).await.unwrap().into_inner();
    let accepted: Vec<u64> = receipts.map(|receipt| receipt.unwrap().accepted).collect().await;
    assert_eq!(accepted, (0..50).collect::<Vec<_>>());
    assert_eq!(count(&server.pool, "records").await, (0..50).sum::<i64>());
}

#[tokio::test]
async fn what_is_too_large_once_it_is_unpacked_is_refused() {
    let server = running().await;
    let texts = vec![v1::Text { name: "carrier".to_owned(), text: " ".repeat(100 << 20) }];
    let features = v1::record::Body::Features(v1::Features { numbers: vec![], texts });
    let record = v1::Record { body: Some(features), ..v1::Record::default() };
    let bomb = v1::Batch { groups: vec![v1::Group { records: vec![record], ..v1::Group::default() }] };
    let many = vec![v1::Record::default(); MAX_RECORDS + 1];
    let many = v1::Batch { groups: vec![v1::Group { records: many, ..v1::Group::default() }] };
    // So small that they are sent in a few kilobytes, and 150 times as large once they are read.
    let routes = vec![v1::Route::default(); 1_500_000];
    let requests = v1::record::Body::Requests(v1::Requests { routes });
    let record = v1::Record { body: Some(requests), ..v1::Record::default() };
    let empty = v1::Batch { groups: vec![v1::Group { records: vec![record], ..v1::Group::default() }] };
    let mut client = client(&server).await;
    for sent in [bomb, many, empty] {
        let error = client.send(sent.clone()).await.unwrap_err();
        assert_eq!((error.code(), error.metadata().get("grpc-retry-pushback-ms")), (Code::OutOfRange, None));
        let mut receipts = client.stream(stream::iter([sent])).await.unwrap().into_inner();
        assert_eq!(receipts.message().await.unwrap_err().code(), Code::OutOfRange);
    }
    assert_eq!(client.send(v1::Batch::default()).await.unwrap().into_inner(), v1::Receipt::default());
}

#[tokio::test]
async fn a_full_queue_is_told_with_a_time() {
    let server = with_queue(8 << 10).await;
    let profile = registered(server.address, "m", true).await;
    let mut lock = server.pool.begin().await.unwrap();
    sqlx::query("LOCK TABLE records IN ACCESS EXCLUSIVE MODE").execute(&mut *lock).await.unwrap();
    let (mut one, mut two) = (client(&server).await, client(&server).await);
    let sent = [records(0, 40), records(40, 40)].map(|records| message(&batch(profile, &records)));
    let [first, second] = sent;
    let (first, second) = (Box::pin(one.send(first)), Box::pin(two.send(second)));
    let (full, waiting) = select(first, second).await.factor_first();
    let full = full.unwrap_err();
    assert_eq!(full.code(), Code::ResourceExhausted);
    assert_eq!(full.metadata().get("grpc-retry-pushback-ms").unwrap(), "1000");
    lock.rollback().await.unwrap();
    assert_eq!(waiting.await.unwrap().into_inner().accepted, 40);
}
