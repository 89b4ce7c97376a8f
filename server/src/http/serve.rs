//! The port, and how it is closed.

use std::io;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::sleep;

/// Serves requests until `stop` comes, and then those that are under way, for so long at most.
///
/// # Errors
/// The port cannot be listened on.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
    patience: Duration,
) -> io::Result<()> {
    let (stopping, stopped) = oneshot::channel();
    let signal = async move {
        stop.await;
        let _ = stopping.send(());
    };
    let serving = axum::serve(listener, router).with_graceful_shutdown(signal);
    let late = async {
        // Where nothing was told, serving has ended by itself.
        if stopped.await.is_ok() {
            sleep(patience).await;
        }
    };
    tokio::select! {
        biased;
        end = serving.into_future() => end,
        () = late => {
            tracing::warn!("requests that did not end in time were cut off");
            Ok(())
        }
    }
}
