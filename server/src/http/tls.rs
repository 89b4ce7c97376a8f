//! What connections are encrypted with.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;
use x509_parser::error::X509Error;
use x509_parser::time::ASN1Time;
use x509_parser::{nom, parse_x509_certificate};

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
    /// What a certificate says cannot be read.
    #[error("failed to read the certificate `{}`: {cause}", .path.display())]
    Certificate {
        /// Where.
        path: PathBuf,
        /// What is wrong.
        cause: X509Error,
    },
    /// They do not go together.
    #[error("the certificate and the key cannot be used: {0}")]
    Use(#[from] rustls::Error),
}

/// When certificates are good: all of them are, from the first of these times to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// From then on.
    pub from: DateTime<Utc>,
    /// Until then.
    pub until: DateTime<Utc>,
}

impl TlsFiles {
    /// When the certificate is good, and those that lead from it to one that clients know.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn validity(&self) -> Result<Validity, TlsError> {
        let failed = |cause| TlsError::Certificate { path: self.certificates.clone(), cause };
        let mut validity = Validity { from: DateTime::<Utc>::MIN_UTC, until: DateTime::<Utc>::MAX_UTC };
        for certificate in self.certificates()? {
            let (_, read) = parse_x509_certificate(&certificate).map_err(|error| match error {
                nom::Err::Error(cause) | nom::Err::Failure(cause) => failed(cause),
                nom::Err::Incomplete(_) => failed(X509Error::InvalidCertificate),
            })?;
            let at = |time: ASN1Time| DateTime::from_timestamp(time.timestamp(), 0);
            let own = read.validity();
            validity.from = validity.from.max(at(own.not_before).unwrap_or(validity.from));
            validity.until = validity.until.min(at(own.not_after).unwrap_or(validity.until));
        }
        Ok(validity)
    }

    fn certificates(&self) -> Result<Vec<CertificateDer<'static>>, TlsError> {
        CertificateDer::pem_file_iter(&self.certificates)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|cause| TlsError::Read {
                what: "the certificate",
                path: self.certificates.clone(),
                cause,
            })
    }

    /// What encrypts connections with them, for HTTP/1.1 and HTTP/2.
    ///
    /// # Errors
    /// They cannot be read, or do not go together.
    pub fn acceptor(&self) -> Result<TlsAcceptor, TlsError> {
        let certificates = self.certificates()?;
        let key = PrivateKeyDer::from_pem_file(&self.key).map_err(|cause| TlsError::Read {
            what: "the key",
            path: self.key.clone(),
            cause,
        })?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(certificates, key)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}
