//! What connections are encrypted with.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

/// Files of PEM.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    /// The certificate of the server, and those that lead from it to one that clients know.
    pub certificates: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// Why nothing can be encrypted with them.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read, or is no PEM.
    #[error("failed to read {what} `{}`: {cause}", .path.display())]
    Read {
        /// Of what.
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// What is wrong.
        cause: pem::Error,
    },
    /// They do not go together.
    #[error("the certificate and the key cannot be used: {0}")]
    Use(#[from] rustls::Error),
}

impl TlsFiles {
    /// What encrypts connections with them, for HTTP/1.1 and HTTP/2.
    ///
    /// # Errors
    /// They cannot be read, or do not go together.
    pub fn acceptor(&self) -> Result<TlsAcceptor, TlsError> {
        let failed = |what, path: &PathBuf| {
            let path = path.clone();
            move |cause| TlsError::Read { what, path, cause }
        };
        let certificates = CertificateDer::pem_file_iter(&self.certificates)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(failed("the certificate", &self.certificates))?;
        let key = PrivateKeyDer::from_pem_file(&self.key).map_err(failed("the key", &self.key))?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(certificates, key)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}
