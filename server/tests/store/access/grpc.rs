//! The same over gRPC.

use futures_util::{StreamExt, stream};
use scouter_wire::protobuf::v1;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tonic::metadata::MetadataValue;
use tonic::{Code, Request};

use super::support::Guarded;
use crate::ingest::grpc::{client, message};
use crate::ingest::running::{batch, count, records};

fn said<T>(who: &str, what: T) -> Request<T> {
    let mut request = Request::new(what);
    let who: MetadataValue<_> = format!("Bearer {who}").parse().unwrap();
    request.metadata_mut().insert("authorization", who);
    request
}

#[tokio::test]
async fn who_may_not_is_told_so() {
    let server = Guarded::start().await;
    let profile = server.profile("shop", "m").await;
    let reader = server.key(&["shop=read"]).await;
    let sent = message(&batch(profile, &records(0, 1)));
    let mut client = client(&server.running).await;
    for who in ["", "wrong"] {
        let code = Code::Unauthenticated;
        assert_eq!(client.send(said(who, sent.clone())).await.unwrap_err().code(), code, "{who}");
        let streamed = client.stream(said(who, stream::iter([sent.clone()]))).await;
        assert_eq!(streamed.unwrap_err().code(), code, "{who}");
    }
    let receipt = client.send(said(&reader, sent.clone())).await.unwrap().into_inner();
    assert_eq!((receipt.accepted, receipt.refused[0].code.as_str()), (0, "forbidden"));
    assert_eq!(client.send(sent).await.unwrap_err().code(), Code::Unauthenticated);
    assert_eq!(count(&server.running.pool, "records").await, 0);
}

#[tokio::test]
async fn records_of_another_space_are_refused_and_the_rest_kept() {
    let server = Guarded::start().await;
    let [own, other] = [server.profile("shop", "m").await, server.profile("bank", "m").await];
    let writer = server.key(&["shop=write"]).await;
    let groups = [batch(own, &records(0, 2)), batch(other, &records(2, 1))];
    let groups = groups.iter().flat_map(|batch| message(batch).groups).collect();
    let receipt =
        client(&server.running).await.send(said(&writer, v1::Batch { groups })).await.unwrap().into_inner();
    assert_eq!((receipt.accepted, receipt.refused[0].code.as_str()), (2, "forbidden"));
}

#[tokio::test]
async fn a_stream_ends_when_its_key_is_revoked() {
    let server = Guarded::start().await;
    let profile = server.profile("shop", "m").await;
    let writer = server.key(&["shop=write"]).await;
    let (sender, batches) = mpsc::channel(1);
    let ended = CancellationToken::new();
    let batches = stream::unfold(batches, |mut batches: mpsc::Receiver<v1::Batch>| async move {
        Some((batches.recv().await?, batches))
    });
    let mut client = client(&server.running).await;
    let batches = batches.take_until(ended.clone().cancelled_owned());
    let mut receipts = client.stream(said(&writer, batches)).await.unwrap().into_inner();
    sender.send(message(&batch(profile, &records(0, 1)))).await.unwrap();
    assert_eq!(receipts.message().await.unwrap().unwrap().accepted, 1);
    assert!(server.store.revoke_key("test", writer.rsplit_once('_').unwrap().0).await.unwrap());
    sender.send(message(&batch(profile, &records(1, 1)))).await.unwrap();
    assert_eq!(receipts.message().await.unwrap_err().code(), Code::Unauthenticated);
    ended.cancel();
    assert_eq!(count(&server.running.pool, "records").await, 1);
}
