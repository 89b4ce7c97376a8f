//! `health`: whether a server can work, for whoever keeps it running and has no other program to ask with.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use clap::Args;
use reqwest::redirect::Policy;
use reqwest::{Client, Url};

use super::serve::Serve;
use super::{Failed, say};

/// How long an answer may take: longer than the server waits for the database.
const PATIENCE: Duration = Duration::from_secs(8);

#[derive(Debug, Args)]
pub(super) struct Health {
    /// The server to ask, as `http://host:8000` or `https://host`; the one that is set here where nothing is said.
    #[arg(long, env = "SCOUTER_SERVER_URI", value_name = "URL", value_parser = server)]
    server: Option<Url>,
    #[command(flatten)]
    serve: Serve,
}

/// An address of a server, as clients take it.
fn server(text: &str) -> Result<Url, &'static str> {
    let is_server = |url: &Url| {
        matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none()
    };
    let url = text.trim().parse::<Url>().ok().filter(is_server);
    url.ok_or("it has the form `http://host:8000` or `https://host`")
}

pub(super) async fn health(health: &Health) -> Result<(), Failed> {
    let own = || {
        let (listen, encrypted) = health.serve.address();
        let scheme = if encrypted { "https" } else { "http" };
        format!("{scheme}://{}", reached_at(listen))
    };
    let named = health.server.as_ref().map(|server| server.as_str().trim_end_matches('/').to_owned());
    let server = named.unwrap_or_else(own);
    let url = format!("{server}/readyz");
    // Here the certificate is for the name that others know. Nothing is told that must stay secret.
    let is_looked_at = health.server.as_ref().is_some_and(|server| server.scheme() == "https");
    // An error means that the process has chosen already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .timeout(PATIENCE)
        .tls_danger_accept_invalid_certs(!is_looked_at)
        .build()?;
    let answer = client.get(&url).send().await;
    let answer = answer.map_err(|error| format!("no answer from `{server}`: {}", lowest(&error)))?;
    let status = answer.status();
    if status.is_success() {
        say("ready");
        return Ok(());
    }
    let why = answer.text().await.unwrap_or_default();
    Err(format!("`{url}` answered {status}: {}", why.trim()).into())
}

/// What is at the bottom of an error: what lies above tells where one wanted to go, and that it failed.
fn lowest(error: &(dyn Error + 'static)) -> String {
    let mut lowest = error;
    while let Some(error) = lowest.source() {
        lowest = error;
    }
    lowest.to_string()
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
