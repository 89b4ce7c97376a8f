//! Traces of the server itself, sent by OTLP over HTTP. They wait in a queue with a bound, and what finds no room there is dropped: a collector that is
//! away costs a warning, and nobody waits for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::resource::EnvResourceDetector;
use opentelemetry_sdk::trace::SdkTracerProvider;
use reqwest::Client;
use reqwest::redirect::Policy;
use scouter_engine::causes;
use tokio::runtime::Handle;
use url::Url;

/// How long sending a batch may take, with all attempts.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why nothing can be traced.
#[derive(Debug, thiserror::Error)]
pub(super) enum TracesError {
    /// It is another kind of address.
    #[error(
        "`OTEL_EXPORTER_OTLP_ENDPOINT` is no address of the web: it begins with `http://` or `https://`, and is where the collector takes OTLP over \
         HTTP, as `http://127.0.0.1:4318`"
    )]
    Address,
    /// Encryption does not work here.
    #[error("failed to prepare connections to the collector of traces: {0}")]
    Client(#[from] reqwest::Error),
    /// The library says no.
    #[error("failed to prepare traces: {0}")]
    Exporter(#[from] ExporterBuildError),
}

/// Where a collector takes traces.
///
/// # Errors
/// It is no address of the web.
pub(super) fn address(collector: &Url) -> Result<Url, TracesError> {
    let mut address = collector.clone();
    if !matches!(collector.scheme(), "http" | "https") {
        return Err(TracesError::Address);
    }
    // Addresses of the web have a path.
    if let Ok(mut path) = address.path_segments_mut() {
        path.pop_if_empty().extend(["v1", "traces"]);
    }
    Ok(address)
}

/// What spans are given to. Requests are sent on this runtime, which must outlive it.
///
/// # Errors
/// The collector has no address of the web, or encryption does not work here.
pub(super) fn provider(collector: &Url, runtime: &Handle) -> Result<SdkTracerProvider, TracesError> {
    // An error means that the process has chosen already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().no_proxy().redirect(Policy::none()).timeout(PATIENCE).build()?;
    let sender = Sender { client, runtime: runtime.clone(), away: Arc::default() };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(sender)
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(address(collector)?)
        .with_timeout(PATIENCE)
        .build()?;
    let resource = Resource::builder_empty()
        .with_service_name("scouter-server")
        .with_detector(Box::new(EnvResourceDetector::new()))
        .build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

/// Sends from a thread of the library's, which has no runtime, on ours.
#[derive(Debug)]
struct Sender {
    client: Client,
    runtime: Handle,
    /// Whether it was told that the collector is away.
    away: Arc<AtomicBool>,
}

#[async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let request: reqwest::Request = request.try_into()?;
        let (client, away) = (self.client.clone(), Arc::clone(&self.away));
        self.runtime.spawn(async move { tell(send(&client, request).await, &away) }).await?
    }
}

async fn send(client: &Client, request: reqwest::Request) -> Result<Response<Bytes>, HttpError> {
    let answer = client.execute(request).await.map_err(reqwest::Error::without_url)?;
    let mut response = Response::builder().status(answer.status());
    if let Some(headers) = response.headers_mut() {
        headers.clone_from(answer.headers());
    }
    // What it says is of no use, and may be long: that it was taken is told by the status.
    Ok(response.body(Bytes::new())?)
}

/// Tells once that a collector is away, and once that it is back.
fn tell(answer: Result<Response<Bytes>, HttpError>, away: &AtomicBool) -> Result<Response<Bytes>, HttpError> {
    let why = match &answer {
        Ok(answer) if answer.status().is_success() => None,
        Ok(answer) => Some(format!("it answered {}", answer.status())),
        Err(error) => Some(causes(error.as_ref())),
    };
    match (why, away.load(Ordering::Relaxed)) {
        (Some(why), false) => {
            away.store(true, Ordering::Relaxed);
            tracing::warn!(why, "traces do not arrive at the collector, and are dropped until they do");
        }
        (None, true) => {
            away.store(false, Ordering::Relaxed);
            tracing::info!("traces arrive at the collector again");
        }
        _ => {}
    }
    answer
}
