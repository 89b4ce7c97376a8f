//! Waiting for a server that is about to come.

use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};
use uuid::Uuid;

use crate::backoff;
use crate::options::LONGEST;
use crate::server::{CallError, Server};

/// Waits until a server answers and knows these profiles, for so long at most. Who is not let in is told at once: waiting does not help.
///
/// # Errors
/// One is not known, with what was said last.
pub async fn wait_until_known(server: &Server, profiles: &[Uuid], most: Duration) -> Result<(), CallError> {
    let until = Instant::now() + most.min(LONGEST);
    for profile in profiles {
        let path = format!("v1/profiles/{profile}");
        let mut failures = 0;
        loop {
            let asked = server.call("GET", &path, None);
            let error = match timeout_at(until, asked).await {
                Ok(Ok(_)) => break,
                Ok(Err(error)) => error,
                Err(_) => CallError::Unreachable(format!("`{}` does not answer", server.address())),
            };
            let again = Instant::now() + backoff::pause(failures, backoff::drawn(), None, true);
            let kept_out =
                matches!(&error, CallError::Problem(problem) if matches!(problem.status, 401 | 403));
            if kept_out || again >= until {
                return Err(error);
            }
            sleep_until(again).await;
            failures += 1;
        }
    }
    Ok(())
}
