//! A collector of OpenTelemetry, on loopback.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

type Requests = mpsc::UnboundedSender<ExportTraceServiceRequest>;

/// Takes what is sent there.
pub(super) struct Collector {
    pub(super) address: SocketAddr,
    arrived: mpsc::UnboundedReceiver<ExportTraceServiceRequest>,
}

impl Collector {
    pub(super) async fn start() -> Self {
        let (sender, arrived) = mpsc::unbounded_channel();
        let router = Router::new().route("/v1/traces", post(take)).with_state(sender);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, arrived }
    }

    /// The service and the spans of all that arrived.
    pub(super) fn all(&mut self) -> Vec<(String, Span)> {
        let requests = std::iter::from_fn(|| self.arrived.try_recv().ok());
        let of_resources = requests.flat_map(|request| request.resource_spans);
        of_resources
            .flat_map(|of_resource| {
                let resource = of_resource.resource.unwrap_or_default();
                let service = text(&resource.attributes, "service.name");
                let spans = of_resource.scope_spans.into_iter().flat_map(|of_scope| of_scope.spans);
                spans.map(move |span| (service.clone(), span)).collect::<Vec<_>>()
            })
            .collect()
    }
}

async fn take(State(requests): State<Requests>, headers: HeaderMap, body: Bytes) -> StatusCode {
    assert_eq!(headers["content-type"], "application/x-protobuf");
    let _ = requests.send(ExportTraceServiceRequest::decode(body).unwrap());
    StatusCode::OK
}

/// An attribute, as a text; empty where there is none.
pub(super) fn text(attributes: &[KeyValue], name: &str) -> String {
    let found = attributes.iter().find(|attribute| attribute.key == name);
    match found.and_then(|attribute| attribute.value.clone()?.value) {
        Some(Value::StringValue(text)) => text,
        Some(Value::IntValue(number)) => number.to_string(),
        _ => String::new(),
    }
}
