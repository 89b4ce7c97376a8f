//! Ten million rows on the disk of a real server: how fast they get there, what each takes, and how long a look at them takes.
//!
//! `cargo bench -p scouter-server --bench many`, or `… -- 1000000` for fewer rows. Linux only; some 8 GB of disk in the folder for temporary
//! files. Server, Postgres and client share the cores.

mod support {
    pub(crate) mod client;
    pub(crate) mod look;
    pub(crate) mod outcome;
    pub(crate) mod process;
    pub(crate) mod profile;
    pub(crate) mod results;
}

use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use scouter_engine::{Clock, SystemClock};
use scouter_server::postgres::{Cluster, ClusterOptions};
use scouter_server::registry::Profile;
use scouter_server::store::{DAYS_AHEAD, Store};
use scouter_wire::profiles::Registered;
use scouter_wire::protobuf;
use scouter_wire::records::{Batch, Body, FeatureBins, Group, Record, Uid};
use sqlx::PgPool;
use tokio::time::Instant;
use uuid::Uuid;

use support::client::{Http, batch, client, post, send};
use support::look::{Job, look};
use support::outcome::{Outcome, say};
use support::process::{Server, Taken};
use support::profile::{names, profile};
use support::results::{fill, month};

const ROWS: usize = 10_000_000;
const FEATURES: usize = 10;
const BATCH: usize = 1000;
const IN_FLIGHT: usize = 16;
const DAYS: usize = 90;
/// What is sent is told of in so many parts.
const PARTS: usize = 10;
const DAY_MILLIS: u64 = 86_400_000;

/// Rows of a profile, made evenly over days.
#[derive(Debug, Clone, Copy)]
struct Rows {
    profile: Uuid,
    many: usize,
    /// When the first day begins, in milliseconds since 1970.
    began: u64,
    days: usize,
}

impl Rows {
    /// The uid of a row: when it was made, and which it is.
    fn uid(&self, row: usize) -> Uuid {
        let since = row as u64 * self.days as u64 * DAY_MILLIS / self.many as u64;
        let mut rest = [0; 10];
        rest[2..].copy_from_slice(&(row as u64).to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(self.began + since, &rest).into_uuid()
    }

    fn batches(self) -> impl Iterator<Item = Range<usize>> {
        (0..self.many).step_by(BATCH).map(move |first| first..self.many.min(first + BATCH))
    }
}

/// Sends rows, made batch by batch, as many batches at once as may be: of each how many rows it had, and when it was acknowledged.
fn sent(client: &Http, url: &str, rows: Rows) -> impl Stream<Item = Outcome<(usize, Duration)>> + Unpin {
    let (client, url) = (client.clone(), url.to_owned());
    let one = move |range: Range<usize>| {
        let (client, url) = (client.clone(), url.clone());
        tokio::spawn(async move {
            let many = range.len();
            let body = batch(rows.profile, FEATURES, range, |row| rows.uid(row))?;
            let begin = Instant::now();
            kept(send(&client, &url, body).await?, many)?;
            Outcome::Ok((many, begin.elapsed()))
        })
    };
    stream::iter(rows.batches())
        .map(one)
        .buffer_unordered(IN_FLIGHT)
        .map(|joined| -> Outcome<(usize, Duration)> { joined? })
}

fn kept(accepted: u64, sent: usize) -> Outcome<()> {
    if accepted == sent as u64 { Ok(()) } else { Err(format!("{accepted} of {sent} are kept").into()) }
}

/// A part of what is sent.
struct Part {
    since: Instant,
    before: Taken,
    rows: usize,
    times: Vec<Duration>,
}

impl Part {
    fn begin(server: &Server) -> Outcome<Self> {
        Ok(Self { since: Instant::now(), before: server.taken()?, rows: 0, times: Vec::new() })
    }

    /// Tells of it. Its rows a second.
    fn end(mut self, server: &Server, sent: usize) -> Outcome<f64> {
        let rate = self.rows as f64 / self.since.elapsed().as_secs_f64();
        let (taken, memory) = (server.taken()?, server.memory()?);
        let micros = |until: Duration, from: Duration| {
            until.saturating_sub(from).as_secs_f64() * 1e6 / self.rows as f64
        };
        let own = micros(taken.server, self.before.server);
        let postgres = micros(taken.postgres, self.before.postgres);
        self.times.sort_unstable();
        let last = self.times.len() - 1;
        let (median, p99) = (self.times[last / 2], self.times[last * 99 / 100]);
        say(format_args!(
            "{sent} rows: {rate:.0} rows/s, acknowledged in {median:.1?} (median) and {p99:.1?} (p99); CPU of a row: server {own:.2} µs, \
             Postgres {postgres:.2} µs; memory of the server {} MiB, {} MiB at most",
            memory.now, memory.peak
        ));
        Ok(rate)
    }
}

/// Sends rows, and tells of each part of them.
async fn load(client: &Http, server: &Server, url: &str, rows: Rows) -> Outcome<()> {
    let mut sending = sent(client, url, rows);
    let (mut total, mut rates, mut part) = (0, Vec::new(), Part::begin(server)?);
    while let Some((many, took)) = sending.try_next().await? {
        total += many;
        part.rows += many;
        part.times.push(took);
        if part.rows >= rows.many / PARTS {
            rates.push(part.end(server, total)?);
            part = Part::begin(server)?;
        }
    }
    if let (Some(first), Some(last)) = (rates.first(), rates.last()) {
        say(format_args!("rows/s of the last part to those of the first: {:.2}", last / first));
    }
    Ok(())
}

/// Records that each count as many rows as a batch has, as they are sent.
fn counted(profile: Uuid, measured: &Profile, uids: Rows, records: Range<usize>) -> Outcome<Bytes> {
    let Profile::Psi(psi) = measured else { return Err("the profile counts nothing".into()) };
    let numbers: Vec<f64> = (0..BATCH).map(|at| at as f64 % 100.0).collect();
    let mut bins = Vec::with_capacity(FEATURES);
    for (name, feature) in names(FEATURES).into_iter().zip(psi.features.values()) {
        let counts = feature.baseline.count_numbers(&numbers[..])?;
        let (other, unseen, missing) = (counts.other, counts.unseen, counts.missing);
        bins.push(FeatureBins { name, bins: counts.bins, other, unseen, missing });
    }
    let mut group = Group::without_names(profile);
    for record in records {
        let record = Record { uid: Uid::try_from(uids.uid(record))?, body: Body::Bins(bins.clone()) };
        group.push(record).map_err(|refused| refused.reason)?;
    }
    Ok(protobuf::write_batch(Batch { groups: vec![group] }).into())
}

/// Registers and activates a profile.
async fn registered(client: &Http, server: &Server, name: &str) -> Outcome<(Uuid, Profile)> {
    let profile = profile(name, FEATURES)?;
    let body = format!(r#"{{"profile": {}, "activate": true}}"#, profile.write()?);
    let url = format!("{}/v1/profiles", server.url);
    let answer = post(client, &url, "application/json", body.into()).await?;
    Ok((serde_json::from_slice::<Registered>(&answer)?.uid, profile))
}

/// Makes the partitions of all days up to today, as if the server had run all the time. The first of them.
async fn make_days(store: &Store) -> Outcome<NaiveDate> {
    let today = store.today().await?;
    let first = today - Days::new(DAYS as u64 - 1);
    // Each call makes the day before, that day, and so many after it.
    let days = (first + Days::new(1)).iter_days().step_by(DAYS_AHEAD + 2);
    for day in days.take_while(|day| *day <= today) {
        store.make_days(day).await?;
    }
    Ok(first)
}

/// Tells how much disk a row takes, and in how many partitions they are.
async fn tell_disk(pool: &PgPool, rows: usize) -> Outcome<()> {
    let (partitions, table, indexes): (i64, i64, i64) = sqlx::query_as(
        "SELECT count(*) FILTER (WHERE isleaf AND pg_relation_size(relid) > 0),
             sum(pg_table_size(relid))::bigint, sum(pg_indexes_size(relid))::bigint
         FROM pg_partition_tree('records')",
    )
    .fetch_one(pool)
    .await?;
    let bytes = |all: i64| all as f64 / rows as f64;
    say(format_args!(
        "{partitions} partitions with rows; on disk a row takes {:.0} bytes of table and {:.0} of indexes",
        bytes(table),
        bytes(indexes)
    ));
    Ok(())
}

/// Leaves rows of a profile as a server keeps them that counts none.
async fn uncount(pool: &PgPool, profile: Uuid) -> Outcome<()> {
    for statement in [
        "UPDATE records SET counted = NULL WHERE profile = $1",
        "DELETE FROM record_counts WHERE profile = $1",
    ] {
        sqlx::query(statement).bind(profile).execute(pool).await?;
    }
    Ok(())
}

/// How many rows are to be sent. Cargo adds arguments of its own.
fn rows() -> Outcome<usize> {
    let said = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let rows = said.map_or(Ok(ROWS), |said| said.parse())?;
    if rows > 0 && rows.is_multiple_of(BATCH * PARTS) {
        Ok(rows)
    } else {
        Err(format!("{rows} rows: they are sent in {PARTS} parts of whole batches of {BATCH}").into())
    }
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let many = rows()?;
    let dir = tempfile::tempdir()?;
    let server = Server::start(dir.path()).await?;
    let (client, url) = (client(), format!("{}/v1/records", server.url));
    let pool = PgPool::connect_with(Cluster::connect_to_running(dir.path())?).await?;
    let store = Store::connect(Cluster::connect_to_running(dir.path())?, 1).await?;
    let first = make_days(&store).await?;
    store.close().await;
    let midnight = |day: NaiveDate| u64::try_from(day.and_time(NaiveTime::MIN).and_utc().timestamp_millis());

    say(format_args!(
        "{many} rows of {FEATURES} features over {DAYS} days, batches of {BATCH}, {IN_FLIGHT} under way"
    ));
    let (uid, profile) = registered(&client, &server, "all").await?;
    let all = Rows { profile: uid, many, began: midnight(first)?, days: DAYS };
    load(&client, &server, &url, all).await?;
    tell_disk(&pool, many).await?;
    let everything = Job { what: "all rows, counted when they were kept", uid, profile, rows: many };

    // Windows go by arrival, and all these arrived today. Those of another profile are as many, and in one partition, as those of a day.
    let (uid, profile) = registered(&client, &server, "day").await?;
    let last = midnight(first + Days::new(DAYS as u64 - 1))?;
    let day = Rows { profile: uid, many: many / DAYS, began: last, days: 1 };
    let _: Vec<_> = sent(&client, &url, day).try_collect().await?;
    uncount(&pool, uid).await?;
    let day = Job { what: "the rows of a day, not counted", uid, profile, rows: day.many };

    let (uid, profile) = registered(&client, &server, "counted").await?;
    let records = Rows { profile: uid, many: many / BATCH, ..all };
    for range in records.batches() {
        let sent = range.len();
        kept(send(&client, &url, counted(uid, &profile, records, range)?).await?, sent)?;
    }
    let counts = Job { what: "rows that clients have counted", uid, profile, rows: many };
    pool.close().await;
    server.stop().await?;

    // Beside no server, whose worker would claim the jobs too.
    let cluster = Cluster::start(ClusterOptions::new(dir.path())).await?;
    let store = Store::connect(cluster.connect_options(), 2).await?;
    let pool = PgPool::connect_with(cluster.connect_options()).await?;
    let jobs = [everything, day, counts];
    look(&store, &pool, &jobs).await?;
    let [Job { uid, profile, .. }, ..] = &jobs;
    let now = DateTime::<Utc>::from(SystemClock.now());
    fill(&pool, *uid, FEATURES, now, "1 hour").await?;
    let (median, longest) = month(&store, *uid, profile, now).await?;
    say(format_args!(
        "a job every hour, {FEATURES} features, 30 days in 100 points: median {median:.1?}, longest {longest:.1?}"
    ));
    store.close().await;
    pool.close().await;
    cluster.stop().await?;
    Ok(())
}
