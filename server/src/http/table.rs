//! `GET /v1/profiles/{uid}/records`: records as they were sent, column by column.

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use chrono::{DateTime, Utc};
use scouter_wire::table::{Cells, Column, Number, TablePage, TableQuery};
use uuid::Uuid;

use super::answers::{Absent, Unfit};
use super::drift::read;
use super::problem::Failure;
use super::profiles::{invalid, moment, path};
use super::router::Api;
use crate::jobs::columns::{self, Columns};
use crate::registry::Layout;
use crate::store::{KeptRow, StoreError, least_uid, made};

/// Why no more rows are read.
enum Stop {
    /// They are a page.
    Full,
    Broken(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Broken(error)
    }
}

/// Shows records.
///
/// As they were sent, in the order in which they were made, column by column. What was sent as counts is not among them.
#[utoipa::path(
    get,
    path = "/v1/profiles/{uid}/records",
    tag = "records",
    operation_id = "get_records",
    params(("uid" = Uuid, Path, description = "Which profile."), TableQuery),
    responses((status = 200, description = "A page of them.", body = TablePage), Absent, Unfit)
)]
pub(super) async fn get(
    State(api): State<Api>,
    uid: Result<Path<Uuid>, PathRejection>,
    query: Result<Query<TableQuery>, QueryRejection>,
) -> Result<Json<TablePage>, Failure> {
    let uid = path(&api, uid).await?;
    let Query(TableQuery { start_datetime, end_datetime, after }) =
        query.map_err(|error| invalid(error.body_text()))?;
    let (start, end) = stretch(&api, start_datetime, end_datetime)?;
    let profile = read(&api, uid).await?;
    let layout = Layout::of(&profile);
    let between = (least_uid(start).max(after.unwrap_or_default()), least_uid(end));
    Ok(Json(page(&api, uid, &layout, between).await?))
}

/// A stretch of time, up to now where no end is told.
///
/// # Errors
/// It is empty, or the database cannot hold one of its ends.
pub(super) fn stretch(
    api: &Api,
    start: DateTime<Utc>,
    end: Option<DateTime<Utc>>,
) -> Result<(DateTime<Utc>, DateTime<Utc>), Failure> {
    let start = moment("start_datetime", Some(start))?.unwrap_or(start);
    let end = moment("end_datetime", end)?.unwrap_or_else(|| api.clock.now().into());
    if start >= end {
        return Err(invalid(format!("the time begins at {start} and ends at {end}, which is not later")));
    }
    Ok((start, end))
}

/// The records between two uids, or as many of them as are a page.
async fn page(
    api: &Api,
    profile: Uuid,
    layout: &Layout,
    between: (Uuid, Uuid),
) -> Result<TablePage, StoreError> {
    let mut page = TablePage::default();
    let mut columns = Columns::of(layout);
    // Those with another number of values than the profile are left out of the page, and count as read.
    let (mut read, mut last) = (0, None);
    let add = |row: KeptRow| {
        let (uid, arrived) = (row.uid, row.arrived);
        (read, last) = (read + 1, Some(uid));
        if columns.add(row.into_values()) {
            page.uid.push(uid);
            page.created_at.push(made(uid));
            page.arrived_at.push(arrived);
        }
        // The last of so many rows ends by itself.
        if columns.is_full() && read < columns::ROWS { Err(Stop::Full) } else { Ok(()) }
    };
    let most = i64::try_from(columns::ROWS).unwrap_or(i64::MAX);
    match api.store.table(profile, between, most, add).await {
        Ok(()) | Err(Stop::Full) => {}
        Err(Stop::Broken(error)) => return Err(error),
    }
    page.next = last.filter(|_| columns.is_full() || read >= columns::ROWS);
    let cells = |place| match columns.cells(place) {
        columns::Cells::Numbers(numbers) => Cells::Numbers(numbers.iter().copied().map(Number).collect()),
        columns::Cells::Texts(texts) => Cells::Texts(texts.to_vec()),
    };
    let columns =
        layout.places.iter().map(|(name, place)| Column { name: name.clone(), cells: cells(*place) });
    page.columns = columns.collect();
    Ok(page)
}
