//! What clients send, kept once.

use std::collections::HashSet;

use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use super::copy::{Rows, TooLong};
use super::retry::{code_is, retried};
use super::{Store, StoreError};

/// A row of features, or of metrics that an application measured itself.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordRow {
    /// Whose it is.
    pub profile: Uuid,
    /// What tells it from all others: of version 7.
    pub uid: Uuid,
    /// Features that are numbers, or metrics, in the order of the profile; NaN is missing.
    pub numbers: Vec<f64>,
    /// Features that are texts, in the order of the profile; none where the profile has none.
    pub texts: Option<Vec<Option<String>>>,
}

/// Rows of features that were counted by bin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BinCountsRow {
    /// Whose it is.
    pub profile: Uuid,
    /// What tells it from all others: of version 7.
    pub uid: Uuid,
    /// Rows, feature after feature in the order of the profile: each bin, then other, unseen and missing.
    pub counts: Vec<i64>,
}

/// What is to be evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvalRow {
    /// Whose it is.
    pub profile: Uuid,
    /// What tells it from all others: of version 7.
    pub uid: Uuid,
    /// What the application calls it.
    pub id: Option<String>,
    /// The conversation that it belongs to.
    pub session: Option<String>,
    /// The trace that it came from.
    pub trace: Option<[u8; 16]>,
    /// A JSON object.
    pub context: String,
}

/// Requests to an application, by route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestsRow {
    /// Whose it is.
    pub profile: Uuid,
    /// What tells it from all others: of version 7.
    pub uid: Uuid,
    /// The routes: a JSON array.
    pub routes: String,
}

/// What became of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Added {
    /// Rows that are there now and were not before.
    pub new: u64,
    /// Rows that were there already.
    pub there: u64,
}

/// The statements of one table.
struct Statements {
    copy: &'static str,
    stage: &'static str,
    copy_staged: &'static str,
    take: &'static str,
}

const RECORDS: Statements = Statements {
    copy: "COPY records (profile, uid, numbers, texts, counted) FROM STDIN (FORMAT binary)",
    stage: "CREATE TEMPORARY TABLE staged (LIKE records INCLUDING DEFAULTS) ON COMMIT DROP",
    copy_staged: "COPY staged (profile, uid, numbers, texts, counted) FROM STDIN (FORMAT binary)",
    take: "INSERT INTO records SELECT * FROM staged ON CONFLICT DO NOTHING",
};

const RECORD_COUNTS: &str = "COPY record_counts (profile, uid, counts) FROM STDIN (FORMAT binary)";

const BIN_COUNTS: Statements = Statements {
    copy: "COPY bin_counts (profile, uid, counts) FROM STDIN (FORMAT binary)",
    stage: "CREATE TEMPORARY TABLE staged (LIKE bin_counts INCLUDING DEFAULTS) ON COMMIT DROP",
    copy_staged: "COPY staged (profile, uid, counts) FROM STDIN (FORMAT binary)",
    take: "INSERT INTO bin_counts SELECT * FROM staged ON CONFLICT DO NOTHING",
};

const EVAL_RECORDS: Statements = Statements {
    copy: "COPY eval_records (profile, uid, id, session, trace, context) FROM STDIN (FORMAT binary)",
    stage: "CREATE TEMPORARY TABLE staged (LIKE eval_records INCLUDING DEFAULTS) ON COMMIT DROP",
    copy_staged: "COPY staged (profile, uid, id, session, trace, context) FROM STDIN (FORMAT binary)",
    take: "INSERT INTO eval_records SELECT * FROM staged ON CONFLICT DO NOTHING",
};

const REQUESTS: Statements = Statements {
    copy: "COPY requests (profile, uid, routes) FROM STDIN (FORMAT binary)",
    stage: "CREATE TEMPORARY TABLE staged (LIKE requests INCLUDING DEFAULTS) ON COMMIT DROP",
    copy_staged: "COPY staged (profile, uid, routes) FROM STDIN (FORMAT binary)",
    take: "INSERT INTO requests SELECT * FROM staged ON CONFLICT DO NOTHING",
};

/// Each of these keeps its rows in one transaction: once it returns, they are on the disk. Rows that were there are left as they are.
impl Store {
    /// Keeps rows of features or metrics.
    ///
    /// # Errors
    /// The database cannot be reached or refuses them. Then none is kept, or, where the connection broke at the end, all are. The same where
    /// this is broken off.
    pub async fn add_records(&self, rows: &[RecordRow]) -> Result<Added, StoreError> {
        self.add(&RECORDS, records(rows, &[])?, rows.len()).await
    }

    /// Keeps rows of features, with what all those of some profiles come to by bin, and the greatest uid of each profile. They are counted once,
    /// however often they come: where any of the rows is there already, none is taken for counted.
    ///
    /// # Errors
    /// As [`add_records`](Self::add_records).
    pub async fn add_counted_records(
        &self,
        rows: &[RecordRow],
        counts: &[BinCountsRow],
    ) -> Result<Added, StoreError> {
        if counts.is_empty() {
            return self.add_records(rows).await;
        }
        let (bytes, sums) = (records(rows, counts)?.finish(), bin_counts(counts)?.finish());
        let new = retried(|| async {
            match self.copy_counted(&bytes, &sums).await {
                Err(error) if code_is(&error, "23505") => {
                    let uncounted =
                        records(rows, &[]).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
                    self.take_new(&RECORDS, &uncounted.finish()).await
                }
                other => other,
            }
        });
        let new = new.await?;
        Ok(Added { new, there: rows.len() as u64 - new })
    }

    /// Keeps rows of counts.
    ///
    /// # Errors
    /// As [`add_records`](Self::add_records).
    pub async fn add_bin_counts(&self, rows: &[BinCountsRow]) -> Result<Added, StoreError> {
        self.add(&BIN_COUNTS, bin_counts(rows)?, rows.len()).await
    }

    /// Keeps what is to be evaluated.
    ///
    /// # Errors
    /// As [`add_records`](Self::add_records).
    pub async fn add_eval_records(&self, rows: &[EvalRow]) -> Result<Added, StoreError> {
        let mut bytes = Rows::of_fields(6);
        for row in rows {
            let mut fields = bytes.row();
            fields.uuid(row.profile);
            fields.uuid(row.uid);
            fields.text(row.id.as_deref())?;
            fields.text(row.session.as_deref())?;
            fields.bytes(row.trace.as_ref().map(<[u8; 16]>::as_slice))?;
            fields.text(Some(&row.context))?;
        }
        self.add(&EVAL_RECORDS, bytes, rows.len()).await
    }

    /// Keeps requests by route.
    ///
    /// # Errors
    /// As [`add_records`](Self::add_records).
    pub async fn add_requests(&self, rows: &[RequestsRow]) -> Result<Added, StoreError> {
        let mut bytes = Rows::of_fields(3);
        for row in rows {
            let mut fields = bytes.row();
            fields.uuid(row.profile);
            fields.uuid(row.uid);
            fields.text(Some(&row.routes))?;
        }
        self.add(&REQUESTS, bytes, rows.len()).await
    }

    async fn add(&self, statements: &Statements, rows: Rows, len: usize) -> Result<Added, StoreError> {
        let (bytes, len) = (rows.finish(), len as u64);
        if len == 0 {
            return Ok(Added { new: 0, there: 0 });
        }
        let new = retried(|| async {
            match self.copy(statements.copy, &bytes).await {
                // One of them was there already, or stands there twice.
                Err(error) if code_is(&error, "23505") => self.take_new(statements, &bytes).await,
                other => other,
            }
        });
        let new = new.await?;
        Ok(Added { new, there: len - new })
    }

    /// The fast road: straight into the table.
    async fn copy(&self, statement: &'static str, bytes: &[u8]) -> Result<u64, sqlx::Error> {
        let mut lent = self.lend().await?;
        let outcome = copy(lent.session(), statement, bytes).await;
        lent.give_back_after(&outcome);
        outcome
    }

    /// The fast road of rows that are counted: both, or neither.
    async fn copy_counted(&self, rows: &[u8], sums: &[u8]) -> Result<u64, sqlx::Error> {
        let mut lent = self.lend().await?;
        let outcome = copy_counted(lent.session(), rows, sums).await;
        lent.give_back_after(&outcome);
        outcome
    }

    /// The road around rows that are there: by a table that lasts as long as the transaction.
    async fn take_new(&self, statements: &Statements, bytes: &[u8]) -> Result<u64, sqlx::Error> {
        let mut lent = self.lend().await?;
        let outcome = take_new(lent.session(), statements, bytes).await;
        lent.give_back_after(&outcome);
        outcome
    }
}

async fn copy(on: &mut PgConnection, statement: &'static str, bytes: &[u8]) -> Result<u64, sqlx::Error> {
    let mut copy = on.copy_in_raw(statement).await?;
    copy.send(bytes).await?;
    copy.finish().await
}

async fn copy_counted(on: &mut PgConnection, rows: &[u8], sums: &[u8]) -> Result<u64, sqlx::Error> {
    let mut transaction = on.begin().await?;
    let new = copy(&mut transaction, RECORDS.copy, rows).await?;
    copy(&mut transaction, RECORD_COUNTS, sums).await?;
    transaction.commit().await?;
    Ok(new)
}

async fn take_new(on: &mut PgConnection, statements: &Statements, bytes: &[u8]) -> Result<u64, sqlx::Error> {
    let mut transaction = on.begin().await?;
    sqlx::query(statements.stage).execute(&mut *transaction).await?;
    copy(&mut transaction, statements.copy_staged, bytes).await?;
    let taken = sqlx::query(statements.take).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(taken.rows_affected())
}

/// Rows of features or metrics, those of some profiles as counted.
fn records(rows: &[RecordRow], counted: &[BinCountsRow]) -> Result<Rows, TooLong> {
    let counted: HashSet<Uuid> = counted.iter().map(|counts| counts.profile).collect();
    let mut bytes = Rows::of_fields(5);
    for row in rows {
        let mut fields = bytes.row();
        fields.uuid(row.profile);
        fields.uuid(row.uid);
        fields.numbers(&row.numbers)?;
        fields.texts(row.texts.as_deref())?;
        fields.flag(counted.contains(&row.profile).then_some(true))?;
    }
    Ok(bytes)
}

fn bin_counts(rows: &[BinCountsRow]) -> Result<Rows, TooLong> {
    let mut bytes = Rows::of_fields(3);
    for row in rows {
        let mut fields = bytes.row();
        fields.uuid(row.profile);
        fields.uuid(row.uid);
        fields.counts(&row.counts)?;
    }
    Ok(bytes)
}

impl From<TooLong> for StoreError {
    fn from(error: TooLong) -> Self {
        Self::Refused(sqlx::Error::Encode(Box::new(error)))
    }
}
