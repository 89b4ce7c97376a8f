//! What encrypts connections. It goes by its files: a certificate that is renewed takes no new start.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use scouter_engine::Clock;
use tokio::time::sleep;
use tokio_rustls::TlsAcceptor;

use super::tls::{TlsError, TlsFiles};

/// How often is looked whether there are other files.
const LOOK: Duration = Duration::from_mins(1);

/// What encrypts connections, and the files that it goes by.
#[derive(Debug)]
pub struct Encryption {
    files: TlsFiles,
    config: Arc<ServerConfig>,
    pair: Arc<Pair>,
    /// Those that are in use, or were told of as none that could be.
    known: Stamps,
    /// Those that could not be used when they were found.
    doubted: Option<Stamps>,
}

/// The certificate and the key that are in use.
#[derive(Debug)]
struct Pair(RwLock<Arc<CertifiedKey>>);

/// What tells the two files from others in their places: when each was last changed, how large it is, and which file of the disk it is; none where there is none.
/// Of the times it is the one that new rights change too: a key that the server could not read may be one that it can.
type Stamps = [Option<(i64, i64, u64, u64)>; 2];

impl ResolvesServerCert for Pair {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Encryption {
    /// With these files, for HTTP/1.1 and HTTP/2.
    ///
    /// # Errors
    /// They cannot be read, or do not go together.
    pub fn open(files: TlsFiles) -> Result<Self, TlsError> {
        let known = stamps(&files);
        let pair = Arc::new(Pair(RwLock::new(Arc::new(files.pair()?))));
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&pair) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { files, config: Arc::new(config), pair, known, doubted: None })
    }

    /// What takes connections: each with the certificate that is in use when it begins.
    pub fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.config))
    }

    /// Looks whether there are other files. They are in use from now on, or the ones before stay in use for what is wrong with them; of each that is told once. None
    /// where there is nothing to tell.
    pub fn look(&mut self) -> Option<Result<(), TlsError>> {
        let found = stamps(&self.files);
        if found == self.known {
            return None;
        }
        match self.files.pair() {
            Ok(new) => {
                *self.pair.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(new);
                self.known = found;
                Some(Ok(()))
            }
            // Two files are not written at once: before anything is said, they are looked at once more.
            Err(_) if self.doubted != Some(found) => {
                self.doubted = Some(found);
                None
            }
            Err(error) => {
                self.known = found;
                Some(Err(error))
            }
        }
    }

    /// Looks once a minute, and says in the log what there is to tell.
    pub(crate) async fn keep(mut self, clock: Arc<dyn Clock>) {
        loop {
            sleep(LOOK).await;
            let path = self.files.certificates.display().to_string();
            match self.look() {
                None => {}
                Some(Ok(())) => {
                    tracing::info!(
                        "the certificate `{path}` or its key was changed, and is in use for connections that begin"
                    );
                    self.files.warn(clock.now().into());
                }
                Some(Err(error)) => {
                    tracing::error!(%error, "the certificate `{path}` or its key was changed, and the one before goes on");
                }
            }
        }
    }
}

fn stamps(files: &TlsFiles) -> Stamps {
    let stamp = |path: &Path| {
        let about = fs::metadata(path).ok()?;
        Some((about.ctime(), about.ctime_nsec(), about.size(), about.ino()))
    };
    [stamp(&files.certificates), stamp(&files.key)]
}
