//! Connections that are encrypted.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use scouter_engine::SystemClock;
use scouter_server::http::{Bounds, TlsFiles};
use scouter_server::ingest::IngestOptions;
use scouter_wire::protobuf::v1::ingest_client::IngestClient;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tonic::transport::Endpoint;
use tonic::{Code, Request};

use crate::ingest::grpc::message;
use crate::ingest::running::{Door, Running, batch, behind, call, records};

/// A certificate of `localhost` and its key, as files.
fn files(dir: &Path) -> TlsFiles {
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let files = TlsFiles { certificates: dir.join("cert.pem"), key: dir.join("key.pem") };
    fs::write(&files.certificates, cert.pem()).unwrap();
    fs::write(&files.key, signing_key.serialize_pem()).unwrap();
    files
}

async fn encrypted(files: &TlsFiles) -> Running {
    let door = Door { open: false, tls: Some(files.acceptor().unwrap()), clock: Arc::new(SystemClock) };
    behind(door, IngestOptions::default().queue, Bounds::default()).await
}

fn connector(files: &TlsFiles, protocol: &[u8]) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(&files.certificates).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    TlsConnector::from(Arc::new(config))
}

#[tokio::test]
async fn requests_are_answered_over_tls() {
    let dir = TempDir::new().unwrap();
    let files = files(dir.path());
    let server = encrypted(&files).await;
    let socket = TcpStream::connect(server.address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let socket = connector(&files, b"http/1.1").connect(name, socket).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(socket)).await.unwrap();
    tokio::spawn(connection);
    for (path, status) in [("/healthz", 200), ("/v1/profiles", 401)] {
        let request = hyper::Request::builder().uri(path).header("host", "localhost");
        let answer = sender.send_request(request.body(String::new()).unwrap()).await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{path}");
        http_body_util::BodyExt::collect(answer.into_body()).await.unwrap();
    }
}

#[tokio::test]
async fn records_are_sent_over_grpc_and_tls() {
    let dir = TempDir::new().unwrap();
    let files = files(dir.path());
    let server = encrypted(&files).await;
    let key = super::support::key(&server.server.store().await, &["*=write"]).await;
    let (connector, address) = (connector(&files, b"h2"), server.address);
    let connect = tower::service_fn(move |_: tonic::transport::Uri| {
        let connector = connector.clone();
        async move {
            let socket = TcpStream::connect(address).await?;
            let name = ServerName::try_from("localhost").unwrap();
            Ok::<_, std::io::Error>(TokioIo::new(connector.connect(name, socket).await?))
        }
    });
    let channel = Endpoint::from_static("http://localhost").connect_with_connector(connect).await.unwrap();
    let mut client = IngestClient::new(channel);
    let sent = message(&batch(uuid::Uuid::nil(), &records(0, 1)));
    let error = client.send(sent.clone()).await.unwrap_err();
    assert_eq!(error.code(), Code::Unauthenticated);
    let mut request = Request::new(sent);
    request.metadata_mut().insert("authorization", format!("Bearer {key}").parse().unwrap());
    let receipt = client.send(request).await.unwrap().into_inner();
    assert_eq!(receipt.refused[0].code, "unknown_profile");
}

#[tokio::test]
async fn what_is_not_encrypted_is_not_answered() {
    let dir = TempDir::new().unwrap();
    let server = encrypted(&files(dir.path())).await;
    assert!(call(server.address, "GET", "/healthz", &[], "").await.is_err());
}

#[test]
fn files_that_nothing_can_be_encrypted_with_are_told() {
    let dirs = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    let [good, other] = [files(dirs[0].path()), files(dirs[1].path())];
    let told = |files: TlsFiles| files.acceptor().err().unwrap().to_string();
    let absent = TlsFiles { certificates: dirs[0].path().join("absent.pem"), ..good.clone() };
    assert!(told(absent).contains("absent.pem"));
    let swapped = TlsFiles { certificates: good.certificates.clone(), key: good.certificates.clone() };
    assert!(told(swapped).starts_with("failed to read the key `"));
    let mixed = TlsFiles { key: other.key, ..good };
    assert!(told(mixed).starts_with("the certificate and the key cannot be used"));
}
