//! The certificate that connections are encrypted with.

use std::fmt;
use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use rustls::crypto::ring;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
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

/// For how long certificates are to be good yet.
const SOON: TimeDelta = TimeDelta::days(30);

/// How things stand with certificates: with that of the server, and with those that lead from it to one that clients know, without which it may be
/// good for some of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// All of them are good until then.
    Good(DateTime<Utc>),
    /// So they are, and it is soon.
    Ends(DateTime<Utc>),
    /// One of them is not good before then.
    Early {
        /// Whether it is that of the server.
        own: bool,
        /// From then on it is.
        from: DateTime<Utc>,
    },
    /// One of them is not good any more.
    Over {
        /// Whether it is that of the server.
        own: bool,
        /// Until then it was.
        until: DateTime<Utc>,
    },
}

impl fmt::Display for Term {
    /// What there is to say of a file, after its name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = |at: &DateTime<Utc>| at.format("%Y-%m-%d %H:%M UTC");
        let which = |own: &bool| if *own { "" } else { "has a certificate beside that of the server which " };
        match self {
            Self::Good(until) => write!(f, "and its key, good until {}", day(until)),
            Self::Ends(until) => {
                write!(f, "is good until {} only: put another in its place", day(until))
            }
            Self::Early { own, from } => {
                write!(f, "{}is not good before {}, by the clock of this machine", which(own), day(from))
            }
            Self::Over { own, until } => {
                write!(f, "{}is not good any more since {}: put another in its place", which(own), day(until))
            }
        }
    }
}

impl TlsFiles {
    /// How things stand with the certificate, and with those that lead from it to one that clients know.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn term(&self, now: DateTime<Utc>) -> Result<Term, TlsError> {
        let failed = |cause| TlsError::Certificate { path: self.certificates.clone(), cause };
        let mut good_until = DateTime::<Utc>::MAX_UTC;
        for (place, certificate) in self.certificates()?.iter().enumerate() {
            let (_, read) = parse_x509_certificate(certificate).map_err(|error| match error {
                nom::Err::Error(cause) | nom::Err::Failure(cause) => failed(cause),
                nom::Err::Incomplete(_) => failed(X509Error::InvalidCertificate),
            })?;
            let at = |time: ASN1Time| DateTime::from_timestamp(time.timestamp(), 0);
            let validity = read.validity();
            let from = at(validity.not_before).unwrap_or(DateTime::<Utc>::MIN_UTC);
            let until = at(validity.not_after).unwrap_or(DateTime::<Utc>::MAX_UTC);
            // That of the server is the first.
            let own = place == 0;
            if from > now {
                return Ok(Term::Early { own, from });
            }
            if until <= now {
                return Ok(Term::Over { own, until });
            }
            good_until = good_until.min(until);
        }
        Ok(if good_until - now < SOON { Term::Ends(good_until) } else { Term::Good(good_until) })
    }

    /// Says in the log what is to be done about the certificates, where there is anything.
    pub(crate) fn warn(&self, now: DateTime<Utc>) {
        let path = self.certificates.display();
        match self.term(now) {
            Ok(Term::Good(_)) => {}
            Ok(term) => tracing::warn!("the certificate `{path}` {term}"),
            Err(error) => tracing::warn!(%error, "nobody knows how long the certificate is good"),
        }
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

    /// What they hold.
    ///
    /// # Errors
    /// They cannot be read, or do not go together.
    pub(crate) fn pair(&self) -> Result<CertifiedKey, TlsError> {
        let certificates = self.certificates()?;
        let key = PrivateKeyDer::from_pem_file(&self.key).map_err(|cause| TlsError::Read {
            what: "the key",
            path: self.key.clone(),
            cause,
        })?;
        Ok(CertifiedKey::from_der(certificates, key, &ring::default_provider())?)
    }
}
