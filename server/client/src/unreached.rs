//! Why there was no answer, in words.

use std::error::Error;
use std::io;

/// What is at the bottom of an error, and what is probably behind it where that does not say so. Whatever lies above tells where one wanted to go, and that it
/// failed, each in its own words.
pub(crate) fn why(error: &(dyn Error + 'static)) -> String {
    let mut lowest = error;
    while let Some(error) = lowest.source() {
        lowest = error;
    }
    let mut told = lowest.to_string();
    if any(error, speaks_plainly) {
        told.push_str("; what answers there does not encrypt: its address begins with `http://`");
    } else if any(error, speaks_no_http) {
        told.push_str(
            "; what answers there speaks no HTTP: where it encrypts, its address begins with `https://`",
        );
    } else if any(error, is_of_a_stranger) {
        told.push_str(
            "; nobody whom this machine trusts signed the certificate: `SSL_CERT_FILE` names a file of PEM with that of who did",
        );
    } else if any(error, is_an_authority) {
        told.push_str("; the certificate is one of an authority: that of a server says `CA:FALSE`");
    }
    told
}

fn any(error: &(dyn Error + 'static), is_so: fn(&(dyn Error + 'static)) -> bool) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if is_so(error) {
            return true;
        }
        next = error.source();
    }
    false
}

fn speaks_plainly(error: &(dyn Error + 'static)) -> bool {
    matches!(tls(error), Some(rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType)))
}

fn is_of_a_stranger(error: &(dyn Error + 'static)) -> bool {
    let stranger = rustls::CertificateError::UnknownIssuer;
    matches!(tls(error), Some(rustls::Error::InvalidCertificate(error)) if *error == stranger)
}

fn is_an_authority(error: &(dyn Error + 'static)) -> bool {
    // The name that whoever looks at certificates has for it.
    tls(error).is_some_and(|error| error.to_string().contains("CaUsedAsEndEntity"))
}

fn tls<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e rustls::Error> {
    // What an error of the system holds is passed over among its causes.
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(held) => tls(held),
        None => error.downcast_ref(),
    }
}

fn speaks_no_http(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use crate::server::{Auth, Server};

    /// What is told of a server that answers whatever comes with these bytes.
    async fn told(scheme: &str, answer: &'static [u8]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            while let Ok((mut socket, _)) = listener.accept() {
                let mut asked = [0; 4096];
                if matches!(socket.read(&mut asked), Ok(1..)) {
                    socket.write_all(answer).unwrap();
                }
            }
        });
        let server = Server::new(&format!("{scheme}://{address}"), Auth::None).unwrap();
        server.call("GET", "v1/profiles", None).await.unwrap_err().to_string()
    }

    #[tokio::test]
    async fn a_server_that_does_not_encrypt_is_told_as_that() {
        let told = told("https", b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await;
        assert!(told.ends_with("does not encrypt: its address begins with `http://`"), "{told}");
    }

    #[tokio::test]
    async fn a_server_that_encrypts_is_told_as_that() {
        // An alert of TLS 1.2: `decode_error`.
        let told = told("http", b"\x15\x03\x03\x00\x02\x02\x32").await;
        assert!(told.ends_with("where it encrypts, its address begins with `https://`"), "{told}");
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_named_once() {
        // It listened a moment ago, so that nobody else has the port.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Server::new(&format!("http://127.0.0.1:{port}"), Auth::None).unwrap();
        let told = server.call("GET", "v1/profiles", None).await.unwrap_err().to_string();
        assert_eq!(told.matches(&port.to_string()).count(), 1, "{told}");
        assert!(
            told.starts_with("no answer from `http://127.0.0.1:") && !told.contains("error sending"),
            "{told}"
        );
    }
}
