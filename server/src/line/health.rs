//! `health`: whether the server that is set so can work, for whoever keeps it running and has no other program to ask with.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use reqwest::Client;
use scouter_engine::causes;

use super::serve::Serve;
use super::{Failed, say};

/// How long an answer may take: longer than the server waits for the database.
const PATIENCE: Duration = Duration::from_secs(8);

pub(super) async fn health(serve: &Serve) -> Result<(), Failed> {
    let (listen, encrypted) = serve.address();
    let scheme = if encrypted { "https" } else { "http" };
    let url = format!("{scheme}://{}/readyz", reached_at(listen));
    // An error means that the process has chosen already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // The certificate is for the name that others know. Nothing is told here that must stay secret.
    let client =
        Client::builder().no_proxy().timeout(PATIENCE).tls_danger_accept_invalid_certs(true).build()?;
    let answer = client.get(&url).send().await.map_err(|error| causes(&error))?;
    let status = answer.status();
    if status.is_success() {
        say("ready");
        return Ok(());
    }
    let why = answer.text().await.unwrap_or_default();
    Err(format!("`{url}` answered {status}: {}", why.trim()).into())
}

/// Where a server that listens there is reached from its own machine.
fn reached_at(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_listens_everywhere_is_reached_on_loopback() {
        for (listen, reached) in [
            ("0.0.0.0:8000", "127.0.0.1:8000"),
            ("[::]:8000", "[::1]:8000"),
            ("192.0.2.1:9000", "192.0.2.1:9000"),
        ] {
            assert_eq!(reached_at(listen.parse().unwrap()), reached.parse().unwrap(), "{listen}");
        }
    }
}
