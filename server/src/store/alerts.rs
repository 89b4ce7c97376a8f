//! What is wrong with profiles, and what is to be told of it. An alert changes in the transaction that writes down what a job found.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use scouter_tasks::profile::JudgedFeatures;
use scouter_wire::alerts::{AlertDeliveries, AlertEvent, Notice};
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
    /// For how long an alert is not told again, and its end is held back where another was said to be gone.
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
    /// What became of what was told of it.
    #[sqlx(json)]
    pub deliveries: AlertDeliveries,
}

/// Whose alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlertsOf {
    /// Those of a profile.
    Profile(Uuid),
    /// Those of all profiles of these spaces; of all there are where none are named.
    Spaces(Option<Vec<String>>),
}

/// Which alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhichAlerts {
    /// Of these.
    pub of: AlertsOf,
    /// Only those that are not gone.
    pub active: bool,
    /// Found at this time or later.
    pub from: Option<DateTime<Utc>>,
    /// Found before this time.
    pub before: Option<DateTime<Utc>>,
}

/// In which direction of time alerts lie from one of them, and are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toward {
    /// Older ones, newest first.
    Past,
    /// Newer ones, oldest first.
    Present,
}

/// The alert of a profile that people believe in: it is open, or gone without their having been told.
#[derive(sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "they are columns of a row")]
struct Standing {
    id: i64,
    #[sqlx(json)]
    drifted: Drifted,
    /// What was told of it when it was acknowledged and was not found to be gone since, also where it is open again.
    #[sqlx(json)]
    known: Drifted,
    open: bool,
    acknowledged: bool,
    told: bool,
    cooled_down: bool,
}

/// Brings the alert of a profile up to date, and writes down what is to be told to whom.
///
/// Bad news is told at once, and said again once the cool-down is over. So is good news, but for what comes and goes: where another alert of
/// the profile was said to be gone within the cool-down, the end of this one is held back until that is over. If it comes again
/// meanwhile, it is the same alert that goes on, and there is nothing to tell: so nobody is woken again and again, and nobody who was told
/// that all is well is wrong.
///
/// Nothing is said of what was acknowledged but its end, for as long as it drifts. Whatever else drifts beside it is news: it is told at once, and the
/// alert is open again. So is what was acknowledged, was gone and came back, but no sooner than the cool-down is over: that may come and go too.
pub(super) async fn tell(
    on: &mut PgConnection,
    profile: Uuid,
    finding: &Finding,
    telling: &Telling,
) -> Result<(), sqlx::Error> {
    let standing: Option<Standing> = sqlx::query_as(
        "SELECT id, drifted, coalesce(known, CASE WHEN acknowledged IS NULL THEN '{}'::jsonb ELSE drifted END) AS known,
             resolved IS NULL AS open, acknowledged IS NOT NULL AS acknowledged, told IS NOT NULL AS told,
             coalesce(told <= now() - $2 * interval '1 second', true) AS cooled_down
         FROM alerts WHERE profile = $1 AND (resolved IS NULL OR held) ORDER BY resolved DESC, id DESC LIMIT 1 FOR UPDATE",
    )
    .bind(profile)
    .bind(telling.cool_down.as_secs_f64())
    .fetch_optional(&mut *on)
    .await?;
    let open = standing.as_ref().filter(|standing| standing.open);
    let drifted = drifts_still(open.map(|open| &open.drifted), &finding.judged);
    match standing {
        None if drifted.is_empty() => Ok(()),
        None => {
            let new =
                sqlx::query_scalar("INSERT INTO alerts (profile, drifted) VALUES ($1, $2) RETURNING id");
            let id = new.bind(profile).bind(Json(&drifted)).fetch_one(&mut *on).await?;
            deliver(on, profile, (id, AlertEvent::Opened, drifted), finding, telling).await
        }
        Some(gone) if drifted.is_empty() => end(on, profile, &gone, finding, telling).await,
        Some(Standing { id, mut known, acknowledged, told, cooled_down, .. }) => {
            let forgot = forget(&mut known, &finding.judged);
            let mut news = drifted.clone();
            news.retain(|name, _| !known.contains_key(name));
            let reopens =
                acknowledged && !news.is_empty() && (cooled_down || has_unheard(on, id, &news).await?);
            // A server of a version before may have left out what was known: it is what the alert names until now.
            let known = (acknowledged || forgot).then_some(Json(&known));
            let seen = sqlx::query(
                "UPDATE alerts SET seen = now(), drifted = $2, resolved = NULL, held = false,
                     acknowledged = CASE WHEN $3 THEN NULL ELSE acknowledged END, known = coalesce($4, known)
                 WHERE id = $1",
            );
            seen.bind(id).bind(Json(&drifted)).bind(reopens).bind(known).execute(&mut *on).await?;
            if news.is_empty() || !(cooled_down || reopens) {
                return Ok(());
            }
            let event = if told && !reopens { AlertEvent::Continues } else { AlertEvent::Opened };
            deliver(on, profile, (id, event, news), finding, telling).await
        }
    }
}

/// Writes down that an alert is gone, and tells those who were told of it, unless its end is held back.
async fn end(
    on: &mut PgConnection,
    profile: Uuid,
    gone: &Standing,
    finding: &Finding,
    telling: &Telling,
) -> Result<(), sqlx::Error> {
    let flaps = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM alerts WHERE profile = $1 AND id <> $2 AND NOT held AND told IS NOT NULL
             AND resolved > now() - $3 * interval '1 second')",
    );
    let flaps: bool =
        flaps.bind(profile).bind(gone.id).bind(telling.cool_down.as_secs_f64()).fetch_one(&mut *on).await?;
    // What is said is what they are now. Of an end that was held back, they may not all be in this window.
    let now =
        gone.drifted.keys().filter_map(|name| Some((name.clone(), finding.judged.get(name)?.said.clone())));
    let now: Drifted = now.collect();
    let tells = gone.told && !flaps && !now.is_empty();
    let mut known = gone.known.clone();
    let known = forget(&mut known, &finding.judged).then_some(Json(&known));
    let ended = sqlx::query(
        "UPDATE alerts SET resolved = coalesce(resolved, now()), held = $2, known = coalesce($3, known)
         WHERE id = $1",
    );
    ended.bind(gone.id).bind(gone.told && !tells).bind(known).execute(&mut *on).await?;
    if tells {
        deliver(on, profile, (gone.id, AlertEvent::Resolved, now), finding, telling).await?;
    }
    Ok(())
}

/// What drifts now, and what drifted before and could not be looked at.
fn drifts_still(before: Option<&Drifted>, judged: &JudgedFeatures) -> Drifted {
    let unseen = before.into_iter().flatten().filter(|(name, _)| !judged.contains_key(*name));
    let now = judged.iter().filter(|(_, judged)| judged.drifted).map(|(name, judged)| (name, &judged.said));
    unseen.chain(now).map(|(name, said)| (name.clone(), said.clone())).collect()
}

/// Takes from what is known whatever a job found to be gone. Whether anything was.
fn forget(known: &mut Drifted, judged: &JudgedFeatures) -> bool {
    let before = known.len();
    known.retain(|name, _| judged.get(name).is_none_or(|judged| judged.drifted));
    known.len() < before
}

/// Whether there is something among this that nobody was ever told of under this alert.
async fn has_unheard(on: &mut PgConnection, alert: i64, news: &Drifted) -> Result<bool, sqlx::Error> {
    let unheard = sqlx::query_scalar(
        "SELECT EXISTS (
             SELECT unnest($2::text[])
             EXCEPT SELECT jsonb_object_keys(notice::jsonb -> 'drifted') FROM deliveries WHERE alert = $1
         )",
    );
    let names: Vec<String> = news.keys().cloned().collect();
    unheard.bind(alert).bind(names).fetch_one(on).await
}

async fn deliver(
    on: &mut PgConnection,
    profile: Uuid,
    (alert, event, drifted): (i64, AlertEvent, Drifted),
    finding: &Finding,
    telling: &Telling,
) -> Result<(), sqlx::Error> {
    // The end of an alert begins no pause. Whatever was told at one time was written at one time, to however many.
    let told = sqlx::query_as(
        "UPDATE alerts SET told = CASE WHEN resolved IS NULL THEN now() ELSE told END WHERE id = $1
         RETURNING now(), (
             SELECT count(DISTINCT created) FROM deliveries WHERE alert = alerts.id AND notice::jsonb ->> 'event' = 'opened'
         )",
    );
    let (at, opened): (DateTime<Utc>, i64) = told.bind(alert).fetch_one(&mut *on).await?;
    // How often it was before, this time not included: the first time is no reopening.
    let reopened = if event == AlertEvent::Opened { opened } else { (opened - 1).max(0) };
    let Key { space, name, kind, version } = telling.key.clone();
    let Window { began, ended } = finding.row.window();
    let notice = Notice {
        alert,
        event,
        reopened,
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

/// The statement that lists alerts of some, for those on one side of a cursor in one order.
macro_rules! listed {
    ($of:literal, $beyond:literal, $order:literal) => {
        concat!(
            "SELECT alerts.id, profile, space, name, version, alerts.created, seen, drifted, acknowledged, resolved, (
                 SELECT jsonb_build_object(
                     'delivered', count(*) FILTER (WHERE ended IS NOT NULL AND failure IS NULL),
                     'waiting', count(*) FILTER (WHERE ended IS NULL),
                     'given_up', count(*) FILTER (WHERE ended IS NOT NULL AND failure IS NOT NULL)
                 ) FROM deliveries WHERE alert = alerts.id
             ) AS deliveries
             FROM alerts JOIN profiles ON uid = profile
             WHERE ",
            $of,
            "
                 AND (NOT $2 OR resolved IS NULL)
                 AND ($3::timestamptz IS NULL OR alerts.created >= $3)
                 AND ($4::timestamptz IS NULL OR alerts.created < $4)
                 AND ($5::timestamptz IS NULL OR (alerts.created, alerts.id) ",
            $beyond,
            " ($5, $6))
             ORDER BY alerts.created ",
            $order,
            ", alerts.id ",
            $order,
            " LIMIT $7"
        )
    };
}

impl Store {
    /// Alerts that lie that way from one of them; from the end where none is named.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn alerts(
        &self,
        which: &WhichAlerts,
        toward: Toward,
        cursor: Option<(DateTime<Utc>, i64)>,
        most: i64,
    ) -> Result<Vec<AlertRow>, StoreError> {
        let (created, id) = cursor.unzip();
        let rows = match (&which.of, toward) {
            (AlertsOf::Profile(uid), Toward::Past) => {
                sqlx::query_as(listed!("profile = $1", "<", "DESC")).bind(*uid)
            }
            (AlertsOf::Profile(uid), Toward::Present) => {
                sqlx::query_as(listed!("profile = $1", ">", "ASC")).bind(*uid)
            }
            (AlertsOf::Spaces(spaces), Toward::Past) => {
                sqlx::query_as(listed!("($1::text[] IS NULL OR space = ANY($1))", "<", "DESC")).bind(spaces)
            }
            (AlertsOf::Spaces(spaces), Toward::Present) => {
                sqlx::query_as(listed!("($1::text[] IS NULL OR space = ANY($1))", ">", "ASC")).bind(spaces)
            }
        };
        let rows =
            rows.bind(which.active).bind(which.from).bind(which.before).bind(created).bind(id).bind(most);
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

    /// Says that an alert is known: nothing more is told of what was told of it but that it is gone. What a pause kept from being told is not known, for
    /// nobody heard of it; where nobody is told at all, everything that it names is. The alert; none where there is none.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn acknowledge_alert(&self, id: i64) -> Result<Option<AlertRow>, StoreError> {
        let acknowledge = || {
            sqlx::query_as(
                "UPDATE alerts SET acknowledged = coalesce(acknowledged, now()),
                     known = coalesce(known, '{}'::jsonb) || (
                         SELECT coalesce(jsonb_object_agg(key, value), '{}'::jsonb) FROM jsonb_each(drifted)
                         WHERE key IN (SELECT jsonb_object_keys(notice::jsonb -> 'drifted') FROM deliveries WHERE alert = alerts.id)
                             OR NOT EXISTS (SELECT FROM deliveries WHERE alert = alerts.id)
                     )
                 FROM profiles
                 WHERE alerts.id = $1 AND uid = profile
                 RETURNING alerts.id, profile, space, name, version, alerts.created, seen, drifted, acknowledged, resolved, (
                     SELECT jsonb_build_object(
                         'delivered', count(*) FILTER (WHERE ended IS NOT NULL AND failure IS NULL),
                         'waiting', count(*) FILTER (WHERE ended IS NULL),
                         'given_up', count(*) FILTER (WHERE ended IS NOT NULL AND failure IS NOT NULL)
                     ) FROM deliveries WHERE alert = alerts.id
                 ) AS deliveries",
            )
            .bind(id)
            .fetch_optional(&self.pool)
        };
        retried(acknowledge).await
    }
}
