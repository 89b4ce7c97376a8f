//! The clients that keep connections open.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, NoProxy, Proxy};

use super::causes::causes;
use super::home::Home;
use crate::{Environment, Secret};

/// Connections to providers, kept open and used again.
///
/// They speak HTTP/1.1: one call at a time on each. Many calls on one connection of HTTP/2 would wait
/// behind the server's own limit, unseen by ours.
///
/// Copies share the connections. Those of [`Http::new`] belong to the runtime that first uses them: make one for
/// each run. Those of [`Http::lasting`] are used from any runtime.
#[derive(Clone)]
pub struct Http(Arc<Shared>);

struct Shared {
    clients: Mutex<HashMap<Way, Client>>,
    proxies: Proxies,
    largest_reply: usize,
    /// Where they are kept open, whoever uses them.
    home: Option<Home>,
}

/// How an address is reached.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Way {
    /// By this proxy, not by what the environment names.
    proxy: Option<Secret>,
    /// Whether certificates are looked at. The system's take longer to read than a run of local models may last.
    checked: bool,
}

/// Proxies that the environment names.
#[derive(PartialEq, Eq)]
struct Proxies {
    http: Option<String>,
    https: Option<String>,
    except: Option<String>,
}

impl Http {
    /// The largest reply that is read, in bytes, unless said otherwise.
    pub const LARGEST_REPLY: usize = 32 * 1024 * 1024;

    /// Time to open a connection.
    const CONNECT: Duration = Duration::from_secs(20);

    /// No connection yet. `environment` says which proxies to take (`HTTPS_PROXY`, `HTTP_PROXY`,
    /// `ALL_PROXY`, `NO_PROXY`, also in small letters).
    pub fn new(environment: &Environment) -> Self {
        Self::with_largest_reply(environment, Self::LARGEST_REPLY)
    }

    /// The same, with another limit on the size of a reply in bytes.
    pub fn with_largest_reply(environment: &Environment, bytes: usize) -> Self {
        Self::open(environment, bytes, None)
    }

    /// The same with a thread of their own, which keeps connections open from one runtime to the next, and ends with the last
    /// copy. A provider that closes one is heard meanwhile; those that nobody used for a minute and a half are not used again.
    /// They must not be used in the child of a fork, which has no such thread.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn lasting(environment: &Environment) -> io::Result<Self> {
        Ok(Self::open(environment, Self::LARGEST_REPLY, Some(Home::open()?)))
    }

    fn open(environment: &Environment, largest_reply: usize, home: Option<Home>) -> Self {
        let proxies = Proxies::of(environment);
        Self(Arc::new(Shared { clients: Mutex::default(), proxies, largest_reply, home }))
    }

    /// Whether it takes the proxies that this environment names.
    pub fn suits(&self, environment: &Environment) -> bool {
        self.0.proxies == Proxies::of(environment)
    }

    pub(super) fn largest_reply(&self) -> usize {
        self.0.largest_reply
    }

    /// Does what uses a connection, where connections live. `None` where they are gone.
    pub(super) async fn carry<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        match &self.0.home {
            Some(home) => home.carry(work).await,
            None => Some(work.await),
        }
    }

    /// The client for an address, by a proxy where one is named. It is made when it is first asked for.
    pub(super) fn client(&self, url: &str, proxy: Option<&Secret>) -> Result<Client, String> {
        let direct = proxy.is_none() && self.0.proxies.http.is_none();
        let way = Way { proxy: proxy.cloned(), checked: !(direct && url.starts_with("http://")) };
        let mut clients = self.0.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&way) {
            return Ok(client.clone());
        }
        let client = self.0.proxies.build(&way).map_err(|error| causes(&error))?;
        clients.insert(way, client.clone());
        Ok(client)
    }
}

impl Proxies {
    fn of(environment: &Environment) -> Self {
        let get = |names: &[&str]| environment.get(names).map(str::to_owned);
        let all = get(&["ALL_PROXY", "all_proxy"]);
        Self {
            http: get(&["HTTP_PROXY", "http_proxy"]).or_else(|| all.clone()),
            https: get(&["HTTPS_PROXY", "https_proxy"]).or(all),
            except: get(&["NO_PROXY", "no_proxy"]),
        }
    }

    fn build(&self, way: &Way) -> Result<Client, reqwest::Error> {
        // An error means that the process has chosen already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // `no_proxy` keeps reqwest from reading the environment itself.
        let mut builder = Client::builder()
            .no_proxy()
            // Keys in headers of their own would follow a redirect to another host.
            .redirect(Policy::none())
            .connect_timeout(Http::CONNECT)
            // What helps is done by a layer of ours. For a retry of its own, which HTTP/1.1 has no word for, the client would
            // keep a copy of every request, and with `never` alone keeps one still.
            .retry(reqwest::retry::never().max_retries_per_request(0))
            .user_agent(concat!("scouter/", env!("CARGO_PKG_VERSION")));
        if !way.checked {
            builder = builder.tls_certs_only([]);
        }
        if let Some(proxy) = &way.proxy {
            builder = builder.proxy(Proxy::all(proxy.reveal())?);
        } else {
            let except = || self.except.as_deref().and_then(NoProxy::from_string);
            if let Some(proxy) = &self.http {
                builder = builder.proxy(Proxy::http(proxy)?.no_proxy(except()));
            }
            if let Some(proxy) = &self.https {
                builder = builder.proxy(Proxy::https(proxy)?.no_proxy(except()));
            }
        }
        builder.build()
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").field("largest_reply", &self.0.largest_reply).finish_non_exhaustive()
    }
}
