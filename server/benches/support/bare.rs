//! What Postgres and its disk do without a server before them: rows by one connection and a binary `COPY`.

use bytes::Bytes;
use futures_util::TryStreamExt;
use sqlx::postgres::PgPoolCopyExt;
use sqlx::{PgConnection, PgPool};
use tokio::time::Instant;

use super::outcome::Outcome;
use super::pace::{Pace, Times};

/// What is before the rows, with no flags and no extension, and behind them.
const HEAD: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const TAIL: &[u8] = b"\xff\xff";

/// The rows that are there, in the order in which they were made, in batches.
pub(crate) async fn rows(pool: &PgPool, batch: usize) -> Outcome<Vec<Bytes>> {
    let out =
        "COPY (SELECT profile, uid, numbers, texts FROM records ORDER BY uid) TO STDOUT (FORMAT binary)";
    // A message is a row; the first has the head before it, and the last is the tail.
    let mut rows: Vec<Bytes> = pool.copy_out_raw(out).await?.try_collect().await?;
    rows.pop().filter(|tail| tail == TAIL).ok_or("rows do not end as a binary `COPY` does")?;
    let head = rows.first_mut().ok_or("there are no rows")?.split_to(HEAD.len());
    if head != HEAD {
        return Err("rows do not begin as a binary `COPY` does".into());
    }
    Ok(rows.chunks(batch).map(|rows| rows.concat().into()).collect())
}

/// Keeps batches in one transaction.
async fn keep(on: &mut PgConnection, batches: &[Bytes]) -> Outcome<()> {
    let into = "COPY records (profile, uid, numbers, texts) FROM STDIN (FORMAT binary)";
    let mut copy = on.copy_in_raw(into).await?;
    copy.send([HEAD, &batches.concat()[..], TAIL].concat()).await?;
    copy.finish().await?;
    Ok(())
}

/// Batches a second of one `COPY`.
pub(crate) async fn throughput(pool: &PgPool, batches: &[Bytes]) -> Outcome<f64> {
    let mut session = pool.acquire().await?;
    let begin = Instant::now();
    keep(&mut session, batches).await?;
    Ok(batches.len() as f64 / begin.elapsed().as_secs_f64())
}

/// How long batches take to be committed that come evenly: all that are due go into one transaction, then all that are due when that is over.
pub(crate) async fn latency(pool: &PgPool, batches: &[Bytes], pace: Pace) -> Outcome<Times> {
    let mut session = pool.acquire().await?;
    let mut times = Vec::with_capacity(batches.len());
    while times.len() < batches.len() {
        let first = times.len();
        pace.wait_for(first).await;
        let mut end = first + 1;
        while end < batches.len() && pace.is_due(end) {
            end += 1;
        }
        keep(&mut session, &batches[first..end]).await?;
        times.extend((first..end).map(|at| pace.since(at)));
    }
    Ok(times.into())
}
