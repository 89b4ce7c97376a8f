//! Records over gRPC.

use std::pin::Pin;
use std::sync::Arc;

use futures_util::{Stream, StreamExt};
use scouter_wire::protobuf::v1::ingest_server::{Ingest as Service, IngestServer};
use scouter_wire::protobuf::{self, v1};
use scouter_wire::{MAX_BYTES, MAX_RECORDS};
use tonic::codec::CompressionEncoding;
use tonic::metadata::MetadataValue;
use tonic::{Code, Request, Response, Status, Streaming};

use crate::ingest::{Ingest, IngestError};

/// How many batches of one stream are under way at once.
const AHEAD: usize = 4;
/// After how many milliseconds a client may try again, under the name that clients of gRPC know.
const PUSHBACK: (&str, i64) = ("grpc-retry-pushback-ms", 1000);

/// Records over gRPC.
#[derive(Debug, Clone)]
pub(super) struct Grpc(Arc<Ingest>);

/// The service, bounded as the rest of the API is.
pub(super) fn service(ingest: Arc<Ingest>) -> IngestServer<Grpc> {
    IngestServer::new(Grpc(ingest))
        .accept_compressed(CompressionEncoding::Zstd)
        .max_decoding_message_size(MAX_BYTES)
}

impl Grpc {
    async fn take(self, message: v1::Batch) -> Result<v1::Receipt, Status> {
        let records: usize = message.groups.iter().map(|group| group.records.len().max(1)).sum();
        if records > MAX_RECORDS {
            return Err(Status::out_of_range(scouter_wire::ReadError::TooManyRecords.to_string()));
        }
        let receipt = self.0.take(protobuf::batch(message)).await.map_err(|error| status(&error))?;
        Ok(protobuf::receipt_message(receipt))
    }
}

#[tonic::async_trait]
impl Service for Grpc {
    async fn send(&self, request: Request<v1::Batch>) -> Result<Response<v1::Receipt>, Status> {
        self.clone().take(request.into_inner()).await.map(Response::new)
    }

    type StreamStream = Pin<Box<dyn Stream<Item = Result<v1::Receipt, Status>> + Send>>;

    async fn stream(
        &self,
        request: Request<Streaming<v1::Batch>>,
    ) -> Result<Response<Self::StreamStream>, Status> {
        let this = self.clone();
        let taken = request.into_inner().map(move |batch| {
            let this = this.clone();
            async move { this.take(batch?).await }
        });
        Ok(Response::new(Box::pin(taken.buffered(AHEAD))))
    }
}

fn status(error: &IngestError) -> Status {
    let code = match error {
        IngestError::Full => Code::ResourceExhausted,
        IngestError::TooLarge => Code::OutOfRange,
        IngestError::Late | IngestError::NotKept(_) | IngestError::Profiles(_) => Code::Unavailable,
    };
    let mut status = Status::new(code, error.to_string());
    if code != Code::OutOfRange {
        status.metadata_mut().insert(PUSHBACK.0, MetadataValue::from(PUSHBACK.1));
    }
    status
}
