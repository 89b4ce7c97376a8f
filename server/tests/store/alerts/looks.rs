//! Jobs that found something, in a few words.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use scouter_engine::SystemClock;
use scouter_server::alerts::Target;
use scouter_server::jobs::Worker;
use scouter_server::registry::{Profile, register};
use scouter_server::store::{Activation, AlertRow, DriftRow, Finding, Lease, Measures, Store, Telling};
use scouter_tasks::profile::Judged;
use scouter_tasks::result::NewUid;
use sqlx::PgPool;
use uuid::Uuid;

use crate::alerts::receiver::no_routes;
use crate::samples::custom;
use crate::support::{Server, fresh};

const HOUR: Duration = Duration::from_hours(1);

/// A store with an active profile.
pub(super) struct Watched {
    pub(super) server: Server,
    pub(super) store: Store,
    pub(super) pool: PgPool,
    pub(super) profile: Uuid,
    targets: Vec<String>,
    key: scouter_server::store::Key,
}

impl Watched {
    pub(super) async fn by(targets: &[Target]) -> Self {
        let (server, store, pool) = fresh().await;
        let profile = Profile::Custom(custom());
        let key = profile.key();
        let uid = register(&store, &SystemClock, profile, Activation::On).await.unwrap().uid;
        Worker::new(store.clone(), std::sync::Arc::new(SystemClock), 1, no_routes()).run_due().await.unwrap();
        let targets = targets.iter().map(|target| serde_json::to_string(target).unwrap()).collect();
        Self { server, store, pool, profile: uid, targets, key }
    }

    /// Claims the job, as if it were due.
    pub(super) async fn claim(&self) -> Lease {
        self.run(
            "UPDATE drift_jobs SET due = now() - interval '1 second', lease = NULL, leased_until = NULL",
        )
        .await;
        self.store.claim(SystemClock.new_uid(), Duration::from_mins(1), 1).await.unwrap().remove(0)
    }

    /// A job looks at features, and finds for some of them that they drift.
    pub(super) async fn look(&self, judged: &[(&str, Option<&str>)]) {
        let lease = self.claim().await;
        let telling = self.telling();
        let ended = lease.seen + TimeDelta::seconds(1);
        self.store.finish(&lease, &finding(ended, judged), ended, &telling).await.unwrap().unwrap();
    }

    pub(super) fn telling(&self) -> Telling {
        Telling { key: self.key.clone(), targets: self.targets.clone(), cool_down: HOUR }
    }

    /// Acknowledges the only alert.
    pub(super) async fn acknowledge(&self) -> AlertRow {
        let id = sqlx::query_scalar("SELECT id FROM alerts").fetch_one(&self.pool).await.unwrap();
        self.store.acknowledge_alert(id).await.unwrap().unwrap()
    }

    /// Lets an hour pass.
    pub(super) async fn an_hour_later(&self) {
        self.run(
            "UPDATE alerts SET told = told - interval '1 hour', resolved = resolved - interval '1 hour'",
        )
        .await;
    }

    pub(super) async fn run(&self, statement: &'static str) {
        sqlx::query(statement).execute(&self.pool).await.unwrap();
    }

    /// What is to be told, in its order: who, and what happened.
    pub(super) async fn told(&self) -> Vec<(String, String)> {
        sqlx::query_as("SELECT target, notice::json->>'event' FROM deliveries ORDER BY id")
            .fetch_all(&self.pool)
            .await
            .unwrap()
    }

    /// What was said of features when people were told last.
    pub(super) async fn said_last(&self) -> serde_json::Value {
        sqlx::query_scalar("SELECT notice::json->'drifted' FROM deliveries ORDER BY id DESC LIMIT 1")
            .fetch_one(&self.pool)
            .await
            .unwrap()
    }

    /// What happened, as it is to be told to the first target.
    pub(super) async fn events(&self) -> Vec<String> {
        let first = &self.targets[0];
        self.told().await.into_iter().filter(|(target, _)| target == first).map(|(_, event)| event).collect()
    }
}

/// What a job found that looked at these features: what is said of those that drift; that all is well with the others.
pub(super) fn finding(ended: DateTime<Utc>, judged: &[(&str, Option<&str>)]) -> Finding {
    let drifted =
        judged.iter().filter(|(_, said)| said.is_some()).map(|(name, _)| (*name).to_owned()).collect();
    let row =
        DriftRow { began: ended - TimeDelta::seconds(1), ended, rows: 10, drifted, document: String::new() };
    let judged = judged.iter().map(|(name, said)| {
        let (drifted, said) = (said.is_some(), said.unwrap_or("all is well").to_owned());
        ((*name).to_owned(), Judged { drifted, said })
    });
    let judged = judged.collect();
    Finding { row, judged, lost: Vec::new(), measures: Measures::default(), carried: None }
}
