//! Requests that come from this machine, and from nobody behind it.
//!
//! A server that listens on loopback alone is reached by whoever is on the machine, and may let them in. It is also reached by what acts for
//! others: a browser that shows a page of theirs, and a proxy. Both can be told by what they send.

use std::net::IpAddr;

use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri};

/// What proxies add to requests.
const PROXIES: [&str; 5] = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];

/// Whom a request may come from that is not let in without saying who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotLocal {
    /// A proxy.
    #[error(
        "the request came through a proxy, and this server asks nobody on its machine who they are: start it with `--behind-proxy`, which does"
    )]
    Proxy,
    /// A browser that was sent here by a page of another host, or by a name that leads here.
    #[error(
        "this server lets in only its own machine, under `localhost` and its addresses: start it with `--auth` to reach it under another name"
    )]
    Name,
}

/// Whether a request comes from this machine.
///
/// # Errors
/// It may come from somebody else.
pub(super) fn check(uri: &Uri, headers: &HeaderMap) -> Result<(), NotLocal> {
    if PROXIES.iter().any(|name| headers.contains_key(*name)) {
        return Err(NotLocal::Proxy);
    }
    // HTTP/2 names it in the request line.
    let host = match uri.authority() {
        Some(authority) => Some(authority.clone()),
        None => headers.get(HOST).and_then(|host| host.to_str().ok()?.parse().ok()),
    };
    let here = host.is_some_and(|host: Authority| is_this_machine(host.host()));
    // A page that stands on this machine may ask.
    let from_here = headers.get(ORIGIN).is_none_or(|origin| {
        let origin = origin.to_str().ok().and_then(|origin| origin.parse::<Uri>().ok());
        origin.is_some_and(|origin| origin.host().is_some_and(is_this_machine))
    });
    if here && from_here { Ok(()) } else { Err(NotLocal::Name) }
}

fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
