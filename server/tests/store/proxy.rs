//! A wire between the server and its database, or between a client and the server, that can go silent: as where a machine loses its power.

use std::net::SocketAddr;
use std::path::PathBuf;

use sqlx::postgres::PgConnectOptions;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;

/// Where the other end of the wire is.
#[derive(Debug, Clone)]
pub(crate) enum Far {
    Socket(PathBuf),
    Port(SocketAddr),
}

/// The near end of the wire.
#[derive(Debug)]
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    /// How often it has gone silent: connections that were opened before stay so.
    silences: watch::Sender<u32>,
}

impl Proxy {
    pub(crate) async fn to(far: Far) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (silences, silent) = watch::channel(0);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (far, silent) = (far.clone(), silent.clone());
                tokio::spawn(async move {
                    match far {
                        Far::Socket(path) => {
                            join(near, UnixStream::connect(path).await.unwrap(), silent).await;
                        }
                        Far::Port(at) => {
                            join(near, TcpStream::connect(at).await.unwrap(), silent).await;
                        }
                    }
                });
            }
        });
        Self { address, silences }
    }

    /// To a database that has a socket.
    pub(crate) async fn before(database: &PgConnectOptions) -> (Self, PgConnectOptions) {
        let socket = database.get_socket().unwrap().join(".s.PGSQL.5432");
        let proxy = Self::to(Far::Socket(socket)).await;
        let near = PgConnectOptions::new_without_pgpass()
            .host("127.0.0.1")
            .port(proxy.address.port())
            .username(database.get_username())
            .database(database.get_database().unwrap())
            .ssl_mode(sqlx::postgres::PgSslMode::Disable);
        (proxy, near)
    }

    /// Nothing comes through any more on the connections that there are, and nobody is told. New ones work.
    pub(crate) fn go_silent(&self) {
        self.silences.send_modify(|silences| *silences += 1);
    }
}

async fn join<F: AsyncRead + AsyncWrite>(near: TcpStream, far: F, mut silent: watch::Receiver<u32>) {
    let (mut near_in, mut near_out) = near.into_split();
    let (mut far_in, mut far_out) = tokio::io::split(far);
    silent.mark_unchanged();
    tokio::select! {
        biased;
        _ = silent.changed() => std::future::pending().await,
        () = pass(&mut near_in, &mut far_out) => {}
        () = pass(&mut far_in, &mut near_out) => {}
    }
}

async fn pass(from: &mut (impl AsyncRead + Unpin), to: &mut (impl AsyncWrite + Unpin)) {
    let mut bytes = vec![0; 64 << 10];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        if to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}
