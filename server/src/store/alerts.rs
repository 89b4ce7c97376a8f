//! What is wrong with profiles, and what is to be told of it. An alert changes in the transaction that writes down what a job found.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use scouter_wire::alerts::{AlertEvent, Notice};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::retry::retried;
use super::{Finding, Key, Store, StoreError, Window};

/// Features or metrics that drifted, and what is said of each.
pub type Drifted = BTreeMap<String, String>;

/// Who is told of the alerts of a profile, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    /// What the profile is called.
    pub key: Key,
    /// Who is told: their forms in JSON.
    pub targets: Vec<String>,
    /// How long nothing more is told of a profile after something was, but that an alert is resolved.
    pub cool_down: Duration,
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AlertRow {
    /// Which.
    pub id: i64,
    /// Of which profile.
    pub profile: Uuid,
    /// What the name of the profile belongs to.
    pub space: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// When it was found.
    pub created: DateTime<Utc>,
    /// When it was found last.
    pub seen: DateTime<Utc>,
    /// What drifted.
    #[sqlx(json)]
    pub drifted: Drifted,
    /// When somebody said that it is known.
    pub acknowledged: Option<DateTime<Utc>>,
    /// When it was found to be gone.
    pub resolved: Option<DateTime<Utc>>,
}

/// Which alerts of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhichAlerts {
    /// Of this one.
    pub profile: Uuid,
    /// Only those that are not gone.
    pub active: bool,
    /// Found at this time or later.
    pub from: Option<DateTime<Utc>>,
    /// Found before this time.
    pub before: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct Open {
    id: i64,
    #[sqlx(json)]
    drifted: Drifted,
    acknowledged: bool,
    told: bool,
}

/// Brings the alert of a profile up to date, and writes down what is to be told to whom.
pub(super) async fn tell(
    on: &mut PgConnection,
    profile: Uuid,
    finding: &Finding,
    telling: &Telling,
) -> Result<(), sqlx::Error> {
    let open: Option<Open> = sqlx::query_as(
        "SELECT id, drifted, acknowledged IS NOT NULL AS acknowledged, told IS NOT NULL AS told
         FROM alerts WHERE profile = $1 AND resolved IS NULL FOR UPDATE",
    )
    .bind(profile)
    .fetch_optional(&mut *on)
    .await?;
    let drifted = drifts_still(open.as_ref().map(|open| &open.drifted), &finding.judged);
    match open {
        None if drifted.is_empty() => Ok(()),
        None => {
            let new =
                sqlx::query_scalar("INSERT INTO alerts (profile, drifted) VALUES ($1, $2) RETURNING id");
            let id = new.bind(profile).bind(Json(&drifted)).fetch_one(&mut *on).await?;
            if cooled_down(on, profile, telling).await? {
                deliver(on, profile, (id, AlertEvent::Opened, drifted), finding, telling).await?;
            }
            Ok(())
        }
        Some(open) if drifted.is_empty() => {
            let gone = sqlx::query("UPDATE alerts SET resolved = now() WHERE id = $1");
            gone.bind(open.id).execute(&mut *on).await?;
            if open.told {
                let what = (open.id, AlertEvent::Resolved, open.drifted);
                deliver(on, profile, what, finding, telling).await?;
            }
            Ok(())
        }
        Some(open) => {
            let seen = sqlx::query("UPDATE alerts SET seen = now(), drifted = $2 WHERE id = $1");
            seen.bind(open.id).bind(Json(&drifted)).execute(&mut *on).await?;
            if !open.acknowledged && cooled_down(on, profile, telling).await? {
                let event = if open.told { AlertEvent::Continues } else { AlertEvent::Opened };
                deliver(on, profile, (open.id, event, drifted), finding, telling).await?;
            }
            Ok(())
        }
    }
}

/// What drifts now, and what drifted before and could not be looked at.
fn drifts_still(before: Option<&Drifted>, judged: &BTreeMap<String, Option<String>>) -> Drifted {
    let unseen = before.into_iter().flatten().filter(|(name, _)| !judged.contains_key(*name));
    let now = judged.iter().filter_map(|(name, said)| Some((name, said.as_ref()?)));
    unseen.chain(now).map(|(name, said)| (name.clone(), said.clone())).collect()
}

async fn cooled_down(on: &mut PgConnection, profile: Uuid, telling: &Telling) -> Result<bool, sqlx::Error> {
    let cooled = sqlx::query_scalar(
        "SELECT coalesce(max(told) <= now() - $2 * interval '1 second', true) FROM alerts WHERE profile = $1",
    );
    cooled.bind(profile).bind(telling.cool_down.as_secs_f64()).fetch_one(on).await
}

async fn deliver(
    on: &mut PgConnection,
    profile: Uuid,
    (alert, event, drifted): (i64, AlertEvent, Drifted),
    finding: &Finding,
    telling: &Telling,
) -> Result<(), sqlx::Error> {
    // The end of an alert is told whenever it comes, and begins no pause.
    let told = sqlx::query_scalar(
        "UPDATE alerts SET told = CASE WHEN resolved IS NULL THEN now() ELSE told END WHERE id = $1
         RETURNING now()",
    );
    let at = told.bind(alert).fetch_one(&mut *on).await?;
    let Key { space, name, kind, version } = telling.key.clone();
    let Window { began, ended } = finding.row.window();
    let notice = Notice {
        alert,
        event,
        at,
        profile,
        space,
        name,
        version,
        kind: kind.into(),
        drifted,
        began,
        ended,
        rows: finding.row.rows,
    };
    let notice = serde_json::to_string(&notice).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    let deliveries =
        sqlx::query("INSERT INTO deliveries (alert, target, notice) SELECT $1, unnest($2::text[]), $3");
    deliveries.bind(alert).bind(&telling.targets).bind(notice).execute(on).await?;
    Ok(())
}

impl Store {
    /// Alerts of a profile that are older than one of them, newest first; the newest where none is named.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn alerts_before(
        &self,
        which: &WhichAlerts,
        cursor: Option<(DateTime<Utc>, i64)>,
        most: i64,
    ) -> Result<Vec<AlertRow>, StoreError> {
        let (created, id) = cursor.unzip();
        let rows = sqlx::query_as(
            "SELECT alerts.id, profile, space, name, version, alerts.created, seen, drifted, acknowledged, resolved
             FROM alerts JOIN profiles ON uid = profile
             WHERE profile = $1
                 AND (NOT $2 OR resolved IS NULL)
                 AND ($3::timestamptz IS NULL OR alerts.created >= $3)
                 AND ($4::timestamptz IS NULL OR alerts.created < $4)
                 AND ($5::timestamptz IS NULL OR (alerts.created, alerts.id) < ($5, $6))
             ORDER BY alerts.created DESC, alerts.id DESC LIMIT $7",
        )
        .bind(which.profile)
        .bind(which.active)
        .bind(which.from)
        .bind(which.before)
        .bind(created)
        .bind(id)
        .bind(most);
        Ok(rows.fetch_all(&self.pool).await?)
    }

    /// Alerts of a profile that are newer than one of them, oldest first; the oldest where none is named.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn alerts_after(
        &self,
        which: &WhichAlerts,
        cursor: Option<(DateTime<Utc>, i64)>,
        most: i64,
    ) -> Result<Vec<AlertRow>, StoreError> {
        let (created, id) = cursor.unzip();
        let rows = sqlx::query_as(
            "SELECT alerts.id, profile, space, name, version, alerts.created, seen, drifted, acknowledged, resolved
             FROM alerts JOIN profiles ON uid = profile
             WHERE profile = $1
                 AND (NOT $2 OR resolved IS NULL)
                 AND ($3::timestamptz IS NULL OR alerts.created >= $3)
                 AND ($4::timestamptz IS NULL OR alerts.created < $4)
                 AND ($5::timestamptz IS NULL OR (alerts.created, alerts.id) > ($5, $6))
             ORDER BY alerts.created, alerts.id LIMIT $7",
        )
        .bind(which.profile)
        .bind(which.active)
        .bind(which.from)
        .bind(which.before)
        .bind(created)
        .bind(id)
        .bind(most);
        Ok(rows.fetch_all(&self.pool).await?)
    }

    /// What the name of the profile that an alert is of belongs to.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn alert_space(&self, id: i64) -> Result<Option<String>, StoreError> {
        let space = sqlx::query_scalar(
            "SELECT space FROM alerts JOIN profiles ON uid = profile WHERE alerts.id = $1",
        );
        Ok(space.bind(id).fetch_optional(&self.pool).await?)
    }

    /// Says that an alert is known: nothing more is told of it but that it is gone. The alert; none where there is none.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn acknowledge_alert(&self, id: i64) -> Result<Option<AlertRow>, StoreError> {
        let acknowledge = || {
            sqlx::query_as(
                "UPDATE alerts SET acknowledged = coalesce(acknowledged, now()) FROM profiles
                 WHERE alerts.id = $1 AND uid = profile
                 RETURNING alerts.id, profile, space, name, version, alerts.created, seen, drifted, acknowledged, resolved",
            )
            .bind(id)
            .fetch_optional(&self.pool)
        };
        retried(acknowledge).await
    }
}
