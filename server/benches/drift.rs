//! Drift over 30 days in 100 points, of a profile that is looked at every hour and of one that is looked at every minute, before and after their
//! windows are put together.
//!
//! `cargo bench -p scouter-server --bench drift`; on a Postgres of its own, with ninety days of other profiles beside.

mod support {
    pub(crate) mod outcome;
    pub(crate) mod profile;
    pub(crate) mod results;
}

use chrono::{DateTime, TimeDelta, Utc};
use scouter_engine::SystemClock;
use scouter_server::postgres::{Cluster, ClusterOptions};
use scouter_server::registry::{Profile, register};
use scouter_server::store::{Activation, Store};
use sqlx::PgPool;
use tokio::time::Instant;
use uuid::Uuid;

use support::outcome::{Outcome, say};
use support::profile::profile;
use support::results::{fill, month};

const FEATURES: usize = 20;
const OTHERS: usize = 10;

/// Registers a profile with what jobs found of it that ran so often.
async fn filled(store: &Store, pool: &PgPool, name: &str, every: &str) -> Outcome<(Uuid, Profile)> {
    let profile = profile(name, FEATURES)?;
    let uid = register(store, &SystemClock, profile.clone(), Activation::On).await?.uid;
    fill(pool, uid, FEATURES, end(), every).await?;
    Ok((uid, profile))
}

fn end() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let dir = tempfile::tempdir()?;
    let cluster = Cluster::start(ClusterOptions::new(dir.path())).await?;
    let store = Store::connect(cluster.connect_options(), 10).await?;
    let pool = PgPool::connect_with(cluster.connect_options()).await?;
    for other in 0..OTHERS {
        filled(&store, &pool, &format!("other_{other}"), "1 hour").await?;
    }
    for every in ["1 hour", "1 minute"] {
        let (uid, profile) = filled(&store, &pool, &every.replace(' ', "_"), every).await?;
        for together in [false, true] {
            if together {
                let begin = Instant::now();
                let made = store.roll_up().await?.made;
                say(format_args!("{made} roll-ups made in {:.1?}", begin.elapsed()));
            }
            let (median, longest) = month(&store, uid, &profile, end()).await?;
            let how = if together { "put together" } else { "one by one" };
            say(format_args!(
                "a job every {every}, {FEATURES} features, windows {how}, 30 days in 100 points: median {median:.1?}, longest {longest:.1?}"
            ));
        }
    }
    store.close().await;
    pool.close().await;
    cluster.stop().await?;
    Ok(())
}
