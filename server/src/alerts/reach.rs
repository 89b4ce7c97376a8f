//! Which addresses may be reached. Names are looked at by what they lead to when a connection is made, so that a name that leads somewhere else
//! later leads nowhere.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;
use url::{Host, Url};

/// Which addresses may be reached: public ones, and those of networks that are allowed.
#[derive(Debug, Clone)]
pub(super) struct Reach {
    allowed: Vec<IpNet>,
}

/// Why a host is not reached.
#[derive(Debug, thiserror::Error)]
pub enum Unreachable {
    /// Nobody knows the name.
    #[error("failed to find the address of `{host}`: {cause}")]
    Unknown {
        /// The name.
        host: String,
        /// What the system says.
        cause: io::Error,
    },
    /// It is in a network that alerts must not go to.
    #[error(
        "`{host}` is at {address}, which is not public: name its network in `SCOUTER_ALERT_NETWORKS` if alerts are to go there"
    )]
    NotPublic {
        /// The name.
        host: String,
        /// Where it leads.
        address: IpAddr,
    },
}

impl Reach {
    pub(super) fn new(allowed: Vec<IpNet>) -> Self {
        Self { allowed }
    }

    /// Where a name, or an address, may be reached.
    pub(super) async fn addresses(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, Unreachable> {
        // An address of version 6 stands in brackets in a URL.
        let plain = host.trim_start_matches('[').trim_end_matches(']');
        let unknown = |cause| Unreachable::Unknown { host: host.to_owned(), cause };
        let found: Vec<SocketAddr> = lookup_host((plain, port)).await.map_err(unknown)?.collect();
        let may: Vec<SocketAddr> = found.iter().copied().filter(|address| self.may(address.ip())).collect();
        match (may.is_empty(), found.first()) {
            (false, _) => Ok(may),
            (true, Some(first)) => Err(Unreachable::NotPublic { host: host.to_owned(), address: first.ip() }),
            (true, None) => Err(unknown(io::ErrorKind::NotFound.into())),
        }
    }

    /// Looks whether the host of a URL may be reached where it is an address, which is not resolved. A name is looked at when it is.
    pub(super) fn check(&self, url: &Url) -> Result<(), Unreachable> {
        let literal = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            // An address of version 4 is known as one in URLs of the web alone, and not in that of a mail server.
            Some(Host::Domain(name)) => name.parse().ok(),
            None => None,
        };
        match literal.filter(|address| !self.may(*address)) {
            Some(address) => Err(Unreachable::NotPublic { host: address.to_string(), address }),
            None => Ok(()),
        }
    }

    pub(super) fn may(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_public(address) || self.allowed.iter().any(|network| network.contains(&address))
    }
}

impl Resolve for Reach {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.clone();
        Box::pin(async move {
            let found = reach.addresses(name.as_str(), 0).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is one of the public internet: in none of the registries of addresses for special purposes (RFC 6890 and its successors).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        // "This network"; shared addresses of providers; protocols; relays to version 6; benchmarks; what is reserved.
        || a == 0
        || (a == 100 && b & 0b1100_0000 == 64)
        || (a, b, c) == (192, 0, 0)
        || (a, b, c) == (192, 88, 99)
        || (a == 198 && b & 0b1111_1110 == 18)
        || a >= 240;
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    // Only 2000::/3 is given out; in it are protocols (Teredo among them), examples, and addresses that hold one of version 4.
    let special = (a == 0x2001 && (b < 0x0200 || b == 0x0db8)) || a == 0x2002 || (a == 0x3fff && b < 0x1000);
    a & 0xe000 == 0x2000 && !special
}
