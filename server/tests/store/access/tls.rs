//! Connections that are encrypted.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use scouter_engine::SystemClock;
use scouter_server::http::{Bounds, Encryption, TlsFiles};
use scouter_server::ingest::IngestOptions;
use scouter_wire::protobuf::v1::ingest_client::IngestClient;
use tempfile::TempDir;
use tokio::io::duplex;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tonic::transport::Endpoint;
use tonic::{Code, Request};

use crate::ingest::grpc::message;
use crate::ingest::running::{Door, Running, batch, behind, call, records};

/// A certificate of `localhost` and its key, as files.
pub(crate) fn files(dir: &Path) -> TlsFiles {
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let files = TlsFiles { certificates: dir.join("cert.pem"), key: dir.join("key.pem") };
    fs::write(&files.certificates, cert.pem()).unwrap();
    fs::write(&files.key, signing_key.serialize_pem()).unwrap();
    files
}

async fn encrypted(files: &TlsFiles) -> Running {
    let tls = Encryption::open(files.clone()).unwrap().acceptor();
    let door = Door { open: false, tls: Some(tls), clock: Arc::new(SystemClock) };
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
    let told = |files: TlsFiles| Encryption::open(files).unwrap_err().to_string();
    let absent = TlsFiles { certificates: dirs[0].path().join("absent.pem"), ..good.clone() };
    assert!(told(absent).contains("absent.pem"));
    let swapped = TlsFiles { certificates: good.certificates.clone(), key: good.certificates.clone() };
    assert!(told(swapped).starts_with("failed to read the key `"));
    let mixed = TlsFiles { key: other.key, ..good };
    assert!(told(mixed).starts_with("the certificate and the key cannot be used"));
}

/// Whether a client that knows a certificate comes to a connection.
async fn connects(encryption: &Encryption, client: &TlsConnector) -> bool {
    let (near, far) = duplex(1 << 16);
    let name = ServerName::try_from("localhost").unwrap();
    let (connected, _) = tokio::join!(client.connect(name, near), encryption.acceptor().accept(far));
    connected.is_ok()
}

/// Puts files in the places of others, as a program does that renews them.
fn put(new: &Path, place: &Path) {
    fs::rename(new, place).unwrap();
}

#[tokio::test]
async fn connections_that_begin_have_the_certificate_that_is_there_by_then() {
    let dirs = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    let [files, new] = [files(dirs[0].path()), files(dirs[1].path())];
    let [before, after] = [connector(&files, b"h2"), connector(&new, b"h2")];
    let mut encryption = Encryption::open(files.clone()).unwrap();
    assert!(connects(&encryption, &before).await && !connects(&encryption, &after).await);
    assert!(encryption.look().is_none());
    put(&new.certificates, &files.certificates);
    put(&new.key, &files.key);
    assert!(matches!(encryption.look(), Some(Ok(()))));
    assert!(connects(&encryption, &after).await && !connects(&encryption, &before).await);
    assert!(encryption.look().is_none());
}

#[tokio::test]
async fn a_new_certificate_without_its_key_is_told_once_and_the_one_before_goes_on() {
    let dirs = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    let [files, new] = [files(dirs[0].path()), files(dirs[1].path())];
    let [before, after] = [connector(&files, b"h2"), connector(&new, b"h2")];
    let mut encryption = Encryption::open(files.clone()).unwrap();
    put(&new.certificates, &files.certificates);
    // The key may be about to come.
    assert!(encryption.look().is_none());
    let told = encryption.look().unwrap().unwrap_err().to_string();
    assert!(told.starts_with("the certificate and the key cannot be used"), "{told}");
    assert!(encryption.look().is_none());
    assert!(connects(&encryption, &before).await);
    put(&new.key, &files.key);
    assert!(matches!(encryption.look(), Some(Ok(()))));
    assert!(connects(&encryption, &after).await);
}

#[test]
fn files_that_were_given_other_rights_are_looked_at_again() {
    let dir = TempDir::new().unwrap();
    let files = files(dir.path());
    let mut encryption = Encryption::open(files.clone()).unwrap();
    assert!(encryption.look().is_none());
    // The times of files go on in steps of some milliseconds.
    let told = (0..100_000).find_map(|_| {
        fs::set_permissions(&files.key, Permissions::from_mode(0o640)).unwrap();
        encryption.look()
    });
    assert!(matches!(told, Some(Ok(()))));
}

#[tokio::test]
async fn files_that_are_gone_are_told_once_and_what_was_read_goes_on() {
    let dir = TempDir::new().unwrap();
    let files = files(dir.path());
    let client = connector(&files, b"h2");
    let mut encryption = Encryption::open(files.clone()).unwrap();
    fs::remove_file(&files.key).unwrap();
    let told: Vec<_> = (0..3).filter_map(|_| encryption.look()).collect();
    assert!(matches!(&told[..], [Err(error)] if error.to_string().contains("key.pem")), "{told:?}");
    assert!(connects(&encryption, &client).await);
}
