//! `scouter.v1.Ingest`: batches of records.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response as Answer;
use axum::routing::post;
use bytes::Bytes;
use futures_util::future::{BoxFuture, FutureExt, ready};
use futures_util::stream::{BoxStream, StreamExt, once};
use scouter_wire::problem::{Problem, ProblemCode};
use scouter_wire::protobuf;
use tokio_util::sync::CancellationToken;
use tonic::server::{ClientStreamingService, StreamingService};
use tonic::{Request as Call, Response, Status, Streaming};

use super::call::{Said, message};
use super::frames::frames;
use super::status::{status, unread};
use crate::access::{Access, Caller};
use crate::http::body::BATCH;
use crate::http::bounds::Bounds;
use crate::http::gate::Gate;
use crate::http::problem::SOON;
use crate::http::router::Api;
use crate::ingest::Ingest;

/// Where its operations are.
const SEND: &str = "/scouter.v1.Ingest/Send";
const STREAM: &str = "/scouter.v1.Ingest/Stream";

/// How many batches of one stream are under way at once.
const AHEAD: usize = 4;

/// Records over gRPC.
#[derive(Debug, Clone)]
struct Records {
    ingest: Arc<Ingest>,
    access: Arc<Access>,
    /// The batches that are under way, over HTTP too.
    batches: Gate,
    streams: Gate,
    patience: Duration,
    stopping: CancellationToken,
}

/// Both operations, by the gate of batches.
pub(super) fn routes(api: &Api, batches: Gate) -> Router<Api> {
    let records = Records::new(api, batches);
    Router::new()
        .route(SEND, post(send).with_state(records.clone()))
        .route(STREAM, post(stream).with_state(records))
}

impl Records {
    fn new(api: &Api, batches: Gate) -> Self {
        let Bounds { streams, body, .. } = api.bounds;
        Self {
            ingest: Arc::clone(&api.ingest),
            access: Arc::clone(&api.access),
            batches,
            streams: Gate::new(streams, Duration::ZERO),
            patience: body,
            stopping: api.stopping.clone(),
        }
    }

    async fn take(&self, batch: Bytes, caller: &Caller) -> Result<Bytes, Status> {
        let received = protobuf::read_batch(&batch).map_err(status)?;
        drop(batch);
        let receipt = self.ingest.take(received, &caller.grants).await.map_err(status)?;
        Ok(protobuf::write_receipt(receipt).into())
    }

    async fn send(self, said: Said, call: Call<Streaming<Bytes>>) -> Result<Response<Bytes>, Status> {
        let _place = self.batches.enter().await.map_err(status)?;
        let caller = said.caller(&self.access).await?;
        let mut sent = call.into_inner();
        let batch = message(&mut sent, BATCH, self.patience).await?;
        self.take(batch, &caller).await.map(Response::new)
    }

    async fn stream(self, said: Said, call: Call<Streaming<Bytes>>) -> Result<Response<Receipts>, Status> {
        let open = self.streams.enter().await.map_err(status)?;
        said.caller(&self.access).await?;
        let stopping = self.stopping.clone();
        let told = stopping.clone();
        // Once the server is to stop, nothing more is read; what was read is answered.
        let sent = call.into_inner().take_until(stopping.cancelled_owned());
        let begun = sent.then(move |batch: Result<Bytes, Status>| {
            let (this, said) = (self.clone(), said.clone());
            async move {
                let batch = batch.map_err(|error| unread(error, BATCH))?;
                // Nothing more is read while it waits, so that it may wait as long as that takes.
                let place = this.batches.wait().await;
                // A task of its own: a client that reads no receipts would keep its places otherwise.
                Ok::<_, Status>(tokio::spawn(async move {
                    let _place = place;
                    // It is asked for each batch: what was revoked or has expired ends the stream.
                    let caller = said.caller(&this.access).await?;
                    this.take(batch, &caller).await
                }))
            }
        });
        let taken = begun
            .map(|begun| async move { begun?.await.map_err(|error| Status::internal(error.to_string()))? });
        let end = once(async move {
            drop(open);
            let stops = Problem::new(ProblemCode::Unavailable, "the server is about to stop").after(SOON);
            told.is_cancelled().then(|| Err(status(stops)))
        });
        Ok(Response::new(taken.buffered(AHEAD).chain(end.filter_map(ready)).boxed()))
    }
}

async fn send(State(records): State<Records>, call: Request) -> Answer {
    frames(BATCH).client_streaming(SendBatch(records, Said::of(&call)), call).await.map(Body::new)
}

async fn stream(State(records): State<Records>, call: Request) -> Answer {
    frames(BATCH).streaming(StreamBatches(records, Said::of(&call)), call).await.map(Body::new)
}

type Receipts = BoxStream<'static, Result<Bytes, Status>>;

struct SendBatch(Records, Said);

impl ClientStreamingService<Bytes> for SendBatch {
    type Response = Bytes;
    type Future = BoxFuture<'static, Result<Response<Bytes>, Status>>;

    fn call(&mut self, call: Call<Streaming<Bytes>>) -> Self::Future {
        self.0.clone().send(self.1.clone(), call).boxed()
    }
}

struct StreamBatches(Records, Said);

impl StreamingService<Bytes> for StreamBatches {
    type Response = Bytes;
    type ResponseStream = Receipts;
    type Future = BoxFuture<'static, Result<Response<Receipts>, Status>>;

    fn call(&mut self, call: Call<Streaming<Bytes>>) -> Self::Future {
        self.0.clone().stream(self.1.clone(), call).boxed()
    }
}
