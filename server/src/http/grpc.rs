//! Records over gRPC: frames are the library's, what is in them goes the same road as over HTTP.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response as Answer;
use bytes::{Buf, BufMut, Bytes};
use futures_util::future::{BoxFuture, FutureExt, ready};
use futures_util::stream::{BoxStream, StreamExt, once};
use scouter_wire::receipt::Receipt;
use scouter_wire::{MAX_BYTES, ReadError, protobuf};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tonic::codec::{Codec, CompressionEncoding, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::metadata::MetadataValue;
use tonic::server::{ClientStreamingService, Grpc, StreamingService};
use tonic::{Code, Request as Call, Response, Status, Streaming};

use super::body::BATCH;
use super::bounds::Bounds;
use super::gate::{Gate, TooMany};
use super::problem::AWAY;
use super::router::Api;
use crate::access::{Access, Caller, Denied};
use crate::ingest::{Ingest, IngestError};
use crate::store::StoreError;

/// Where its operations are.
pub(super) const SEND: &str = "/scouter.v1.Ingest/Send";
pub(super) const STREAM: &str = "/scouter.v1.Ingest/Stream";

/// How many batches of one stream are under way at once.
const AHEAD: usize = 4;
/// After how many milliseconds a client may try again, under the name that clients of gRPC know.
const PUSHBACK: (&str, i64) = ("grpc-retry-pushback-ms", 1000);

/// Records over gRPC.
#[derive(Debug, Clone)]
pub(super) struct Records {
    ingest: Arc<Ingest>,
    access: Arc<Access>,
    /// The batches that are under way, over HTTP too.
    batches: Gate,
    streams: Gate,
    patience: Duration,
    stopping: CancellationToken,
}

impl Records {
    pub(super) fn new(api: &Api, batches: Gate) -> Self {
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

    /// Who a call is from. It is asked for each batch of a stream: what was revoked or has expired ends it.
    async fn caller(&self, said: &Said) -> Result<Caller, Status> {
        self.access.caller(&said.uri, &said.headers).await.map_err(|denied| refused(&denied))
    }

    async fn take(&self, batch: Bytes, caller: &Caller) -> Result<Receipt, Status> {
        let received = protobuf::read_batch(&batch).map_err(|error| match error {
            ReadError::Malformed { .. } => Status::invalid_argument(error.to_string()),
            ReadError::TooManyRecords | ReadError::TooManyValues => Status::out_of_range(error.to_string()),
        })?;
        drop(batch);
        self.ingest.take(received, &caller.grants).await.map_err(|error| status(&error))
    }

    async fn send(self, said: Said, call: Call<Streaming<Bytes>>) -> Result<Response<Receipt>, Status> {
        let _place = self.batches.enter().await.map_err(too_many)?;
        let caller = self.caller(&said).await?;
        let mut sent = call.into_inner();
        let batch = timeout(self.patience, sent.message())
            .await
            .map_err(|_| again(Code::Unavailable, "the batch did not arrive in time: send it again"))?
            .map_err(unread)?
            .ok_or_else(|| Status::invalid_argument("there is no batch"))?;
        self.take(batch, &caller).await.map(Response::new)
    }

    async fn stream(self, said: Said, call: Call<Streaming<Bytes>>) -> Result<Response<Receipts>, Status> {
        let open = self.streams.enter().await.map_err(too_many)?;
        self.caller(&said).await?;
        let stopping = self.stopping.clone();
        let told = stopping.clone();
        // Once the server is to stop, nothing more is read; what was read is answered.
        let sent = call.into_inner().take_until(stopping.cancelled_owned());
        let begun = sent.then(move |batch: Result<Bytes, Status>| {
            let (this, said) = (self.clone(), said.clone());
            async move {
                let batch = batch.map_err(unread)?;
                // Nothing more is read while it waits, so that it may wait as long as that takes.
                let place = this.batches.wait().await;
                // A task of its own: a client that reads no receipts would keep its places otherwise.
                Ok::<_, Status>(tokio::spawn(async move {
                    let _place = place;
                    let caller = this.caller(&said).await?;
                    this.take(batch, &caller).await
                }))
            }
        });
        let taken = begun
            .map(|begun| async move { begun?.await.map_err(|error| Status::internal(error.to_string()))? });
        let end = once(async move {
            drop(open);
            told.is_cancelled().then(|| Err(again(Code::Unavailable, "the server is about to stop")))
        });
        Ok(Response::new(taken.buffered(AHEAD).chain(end.filter_map(ready)).boxed()))
    }
}

/// What a call says of who it is from.
#[derive(Debug, Clone)]
struct Said {
    uri: Uri,
    headers: Arc<HeaderMap>,
}

impl Said {
    fn of(call: &Request) -> Self {
        Self { uri: call.uri().clone(), headers: Arc::new(call.headers().clone()) }
    }
}

/// `Send`.
pub(super) async fn send(State(records): State<Records>, call: Request) -> Answer {
    frames().client_streaming(SendBatch(records, Said::of(&call)), call).await.map(Body::new)
}

/// `Stream`.
pub(super) async fn stream(State(records): State<Records>, call: Request) -> Answer {
    frames().streaming(StreamBatches(records, Said::of(&call)), call).await.map(Body::new)
}

fn frames() -> Grpc<Frames> {
    Grpc::new(Frames).accept_compressed(CompressionEncoding::Zstd).max_decoding_message_size(MAX_BYTES)
}

type Receipts = BoxStream<'static, Result<Receipt, Status>>;

/// One batch is read as a stream of one, so that it is known what is wrong with it and how long it takes.
struct SendBatch(Records, Said);

impl ClientStreamingService<Bytes> for SendBatch {
    type Response = Receipt;
    type Future = BoxFuture<'static, Result<Response<Receipt>, Status>>;

    fn call(&mut self, call: Call<Streaming<Bytes>>) -> Self::Future {
        self.0.clone().send(self.1.clone(), call).boxed()
    }
}

struct StreamBatches(Records, Said);

impl StreamingService<Bytes> for StreamBatches {
    type Response = Receipt;
    type ResponseStream = Receipts;
    type Future = BoxFuture<'static, Result<Response<Receipts>, Status>>;

    fn call(&mut self, call: Call<Streaming<Bytes>>) -> Self::Future {
        self.0.clone().stream(self.1.clone(), call).boxed()
    }
}

/// Batches come as bytes: they are read where it is known that there are not too many, and after what is in them was counted.
struct Frames;

impl Codec for Frames {
    type Encode = Receipt;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Frames {
    type Item = Receipt;
    type Error = Status;

    fn encode(&mut self, receipt: Receipt, to: &mut EncodeBuf<'_>) -> Result<(), Status> {
        to.put_slice(&protobuf::write_receipt(receipt));
        Ok(())
    }
}

impl Decoder for Frames {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(from.copy_to_bytes(from.remaining())))
    }
}

/// What the library says of a message that is too large once it is unpacked is what clients take for a full queue.
fn unread(status: Status) -> Status {
    if status.code() == Code::ResourceExhausted { Status::out_of_range(BATCH.told) } else { status }
}

fn refused(denied: &Denied) -> Status {
    let why = denied.to_string();
    match denied {
        Denied::Missing | Denied::Scheme | Denied::Expired | Denied::Unknown => Status::unauthenticated(why),
        Denied::NotLocal(_) => Status::permission_denied(why),
        Denied::Store(StoreError::Unavailable(error)) => {
            tracing::warn!(%error, "the database cannot be reached");
            again(Code::Unavailable, AWAY)
        }
        Denied::Store(error) => {
            tracing::error!(%error, "an operation failed");
            Status::internal("something went wrong here; the log says what")
        }
    }
}

fn too_many(error: TooMany) -> Status {
    again(Code::ResourceExhausted, error.to_string())
}

/// What may be sent again after a time.
fn again(code: Code, why: impl Into<String>) -> Status {
    let mut status = Status::new(code, why);
    status.metadata_mut().insert(PUSHBACK.0, MetadataValue::from(PUSHBACK.1));
    status
}

fn status(error: &IngestError) -> Status {
    match error {
        IngestError::Full => again(Code::ResourceExhausted, error.to_string()),
        IngestError::TooLarge => Status::out_of_range(error.to_string()),
        IngestError::Closed | IngestError::Late | IngestError::NotKept(_) | IngestError::Profiles(_) => {
            again(Code::Unavailable, error.to_string())
        }
    }
}
