//! How long drift jobs take.

use std::time::Duration;

use chrono::DateTime;
use scouter_engine::SystemClock;
use scouter_server::jobs::find;
use scouter_server::registry::Profile;
use scouter_server::store::{Store, Window};
use scouter_tasks::result::NewUid;
use sqlx::PgPool;
use tokio::time::Instant;
use uuid::Uuid;

use super::outcome::{Outcome, say};

/// How often a job looks; the first time pays for what Postgres has not read yet.
const LOOKS: usize = 3;

/// What a job looks at.
pub(crate) struct Job {
    pub(crate) what: &'static str,
    pub(crate) uid: Uuid,
    pub(crate) profile: Profile,
    pub(crate) rows: usize,
}

/// Tells how long jobs take to find out what their windows say: all that arrived since their profiles were registered.
pub(crate) async fn look(store: &Store, pool: &PgPool, jobs: &[Job]) -> Outcome<()> {
    for job in jobs {
        store.plan(job.uid, DateTime::UNIX_EPOCH).await?;
    }
    sqlx::query("UPDATE drift_jobs SET due = now()").execute(pool).await?;
    let leases = store.claim(SystemClock.new_uid(), Duration::from_mins(30), 100).await?;
    for Job { what, uid, profile, rows } in jobs {
        let lease = leases.iter().find(|lease| lease.profile == *uid);
        let lease = lease.ok_or_else(|| format!("nobody can look at {what}"))?;
        let window = Window { began: lease.seen, ended: lease.claimed };
        let mut times = Vec::new();
        for _ in 0..LOOKS {
            let begin = Instant::now();
            let found = find(store, *uid, profile, window, None).await?.finding;
            times.push(begin.elapsed());
            if usize::try_from(found.row.rows)? != *rows {
                return Err(format!("a job over {what} found {} of {rows} rows", found.row.rows).into());
            }
        }
        say(format_args!("a PSI job over {what} ({rows} rows), {LOOKS} times: {times:.1?}"));
    }
    Ok(())
}
