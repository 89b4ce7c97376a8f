//! Rows into bytes and back.

use std::num::NonZeroU32;
use std::time::Duration;

use chrono::DateTime;
use scouter_engine::{ErrorKind, NodeError, Outcome, Output, Position, SkipReason, Verdict};
use smol_str::SmolStr;
use uuid::Uuid;

use super::decode::{Broken, Decoder};
use super::encode::Encoder;
use crate::call::Call;
use crate::fingerprint::Fingerprint;
use crate::measured::{Actual, Measured};
use crate::result::{Labels, Row};
use crate::subject::Lookup;
use crate::value::{from_saved_json, to_json};
use crate::window::Cell;

/// What a log knows of a row without reading its outcomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Logged {
    /// The place of the record in its dataset, from 0.
    pub(crate) position: u64,
    /// What the record was when it was run.
    pub(crate) record: Fingerprint,
    /// Whether no task errored or was cancelled.
    pub(crate) sound: bool,
}

/// Appends a row, without what it shares with what was read of its record.
pub(crate) fn write_row(out: &mut Vec<u8>, position: u64, record: Fingerprint, reads: &[Lookup], row: &Row) {
    let start = out.len();
    let mut encoder = Encoder::sharing(out, reads);
    // The length of the rest, once it is known.
    encoder.bytes(&[0; 4]);
    encoder.number(position);
    encoder.bytes(&record.to_bytes());
    encoder.byte(u8::from(row.is_sound()));
    encoder.bytes(row.uid.as_bytes());
    encoder.maybe_text(row.id.as_deref());
    write_labels(&mut encoder, row.labels.as_deref());
    encoder.bytes(&row.created_at.timestamp().to_le_bytes());
    encoder.number(row.created_at.timestamp_subsec_nanos().into());
    encoder.number(u64::try_from(row.took.as_nanos()).unwrap_or(u64::MAX));
    encoder.count(row.outcomes.len());
    for outcome in &row.outcomes {
        write_outcome(&mut encoder, outcome);
    }
    write_cells(&mut encoder, &row.cells);
    let len = u32::try_from(out.len() - start - 4).unwrap_or(u32::MAX);
    out[start..start + 4].copy_from_slice(&len.to_le_bytes());
}

/// Goes past a row.
pub(crate) fn skim_row(decoder: &mut Decoder<'_>) -> Result<Logged, Broken> {
    let len = u32::from_le_bytes(decoder.array()?);
    let mut row = Decoder::plain(decoder.bytes(len as usize)?);
    head(&mut row)
}

fn head(row: &mut Decoder<'_>) -> Result<Logged, Broken> {
    let position = row.number()?;
    let record = Fingerprint::from_bytes(row.array()?);
    Ok(Logged { position, record, sound: row.byte()? == 1 })
}

/// Reads the row that these bytes begin with, of a record of which this was read.
pub(crate) fn read_row(bytes: &[u8], reads: &[Lookup]) -> Result<Row, Broken> {
    let mut decoder = Decoder::plain(bytes);
    let len = u32::from_le_bytes(decoder.array()?);
    let mut row = Decoder::sharing(decoder.bytes(len as usize)?, reads);
    head(&mut row)?;
    let uid = Uuid::from_bytes(row.array()?);
    let id = row.maybe_text()?.map(SmolStr::new);
    let labels = read_labels(&mut row)?;
    let seconds = i64::from_le_bytes(row.array()?);
    let nanos = u32::try_from(row.number()?).map_err(|_| Broken)?;
    let created_at = DateTime::from_timestamp(seconds, nanos).ok_or(Broken)?;
    let took = Duration::from_nanos(row.number()?);
    let outcomes = row.count()?;
    let outcomes = (0..outcomes).map(|_| read_outcome(&mut row)).collect::<Result<_, _>>()?;
    let cells = read_cells(&mut row)?;
    Ok(Row { uid, id, labels, created_at, took, outcomes, cells })
}

/// What begins a cell.
mod cell {
    pub(super) const MISSING: u8 = 0;
    pub(super) const NUMBER: u8 = 1;
    pub(super) const TEXT: u8 = 2;
    pub(super) const WRONG: u8 = 3;
}

/// Where there are none, nothing is written: as in logs from before there were any.
fn write_cells<'v>(encoder: &mut Encoder<'_, 'v>, cells: &'v [Cell]) {
    for written in cells {
        match written {
            Cell::Missing => encoder.byte(cell::MISSING),
            Cell::Number(number) => {
                encoder.byte(cell::NUMBER);
                encoder.bytes(&number.to_le_bytes());
            }
            Cell::Text(text) => {
                encoder.byte(cell::TEXT);
                encoder.text(text);
            }
            Cell::Wrong(what) => {
                encoder.byte(cell::WRONG);
                encoder.text(what);
            }
        }
    }
}

fn read_cells(row: &mut Decoder<'_>) -> Result<Box<[Cell]>, Broken> {
    let mut cells = Vec::new();
    while !row.is_empty() {
        cells.push(match row.byte()? {
            cell::MISSING => Cell::Missing,
            cell::NUMBER => Cell::Number(f64::from_le_bytes(row.array()?)),
            cell::TEXT => Cell::Text(row.text()?.into()),
            cell::WRONG => Cell::Wrong(row.text()?.into()),
            _ => return Err(Broken),
        });
    }
    Ok(cells.into())
}

fn write_labels<'v>(encoder: &mut Encoder<'_, 'v>, labels: Option<&'v Labels>) {
    encoder.byte(u8::from(labels.is_some()));
    if let Some(Labels { case, trial, cluster }) = labels {
        encoder.maybe_text(case.as_deref());
        encoder.number(trial.map_or(0, NonZeroU32::get).into());
        encoder.maybe_text(cluster.as_deref());
    }
}

fn read_labels(row: &mut Decoder<'_>) -> Result<Option<Box<Labels>>, Broken> {
    if row.byte()? == 0 {
        return Ok(None);
    }
    let case = row.maybe_text()?.map(SmolStr::new);
    let trial = NonZeroU32::new(u32::try_from(row.number()?).map_err(|_| Broken)?);
    let cluster = row.maybe_text()?.map(SmolStr::new);
    Ok(Some(Box::new(Labels { case, trial, cluster })))
}

/// What begins an outcome.
mod tag {
    pub(super) const NO_VERDICT: u8 = 0;
    pub(super) const PASSED: u8 = 1;
    pub(super) const FAILED: u8 = 2;
    pub(super) const NOT_APPLICABLE: u8 = 3;
    pub(super) const ERROR: u8 = 4;
    pub(super) const PANICKED: u8 = 5;
    pub(super) const TIMED_OUT: u8 = 6;
    pub(super) const GATE_CLOSED: u8 = 7;
    pub(super) const UPSTREAM_ERRORED: u8 = 8;
    pub(super) const UPSTREAM_SKIPPED: u8 = 9;
    pub(super) const CANCELLED: u8 = 10;
    /// Beside one of the first seven: what asking a model came to is there.
    pub(super) const CALL: u8 = 0x20;
    /// Beside one of the first four: what was expected is there.
    pub(super) const EXPECTED: u8 = 0x40;
    /// Beside one of the first four: a note is there.
    pub(super) const NOTE: u8 = 0x80;
}

fn write_outcome<'v>(encoder: &mut Encoder<'_, 'v>, outcome: &'v Outcome<Measured>) {
    match outcome {
        Outcome::Done(Output { value, verdict }) => {
            let mut tag = match verdict {
                None => tag::NO_VERDICT,
                Some(Verdict::Passed) => tag::PASSED,
                Some(Verdict::Failed) => tag::FAILED,
                Some(Verdict::NotApplicable) => tag::NOT_APPLICABLE,
            };
            if value.expected().is_some() {
                tag |= tag::EXPECTED;
            }
            if value.note().is_some() {
                tag |= tag::NOTE;
            }
            if value.call().is_some() {
                tag |= tag::CALL;
            }
            encoder.byte(tag);
            match value.held() {
                Actual::Whole(value) => encoder.value(value),
                Actual::Packed(packed) => encoder.packed(packed),
            }
            if let Some(expected) = value.expected() {
                encoder.value(expected);
            }
            if let Some(note) = value.note() {
                encoder.text(note);
            }
            if let Some(call) = value.call() {
                write_call(encoder.out, call);
            }
        }
        Outcome::Errored(error) => {
            let tag = match error.kind() {
                ErrorKind::Failed => tag::ERROR,
                ErrorKind::Panicked => tag::PANICKED,
                ErrorKind::TimedOut => tag::TIMED_OUT,
            };
            encoder.byte(if error.account().is_some() { tag | tag::CALL } else { tag });
            encoder.text(error.message());
            encoder.maybe_text(error.detail());
            if let Some(account) = error.account() {
                encoder.text(account);
            }
        }
        Outcome::Skipped(reason) => {
            let (tag, by) = match reason {
                SkipReason::GateClosed { by } => (tag::GATE_CLOSED, by),
                SkipReason::UpstreamErrored { by } => (tag::UPSTREAM_ERRORED, by),
                SkipReason::UpstreamSkipped { by } => (tag::UPSTREAM_SKIPPED, by),
            };
            encoder.byte(tag);
            encoder.count(by.index());
        }
        Outcome::Cancelled => encoder.byte(tag::CANCELLED),
    }
}

fn read_outcome(row: &mut Decoder<'_>) -> Result<Outcome<Measured>, Broken> {
    let tag = row.byte()?;
    let verdict = match tag & !(tag::EXPECTED | tag::NOTE | tag::CALL) {
        tag::NO_VERDICT => None,
        tag::PASSED => Some(Verdict::Passed),
        tag::FAILED => Some(Verdict::Failed),
        tag::NOT_APPLICABLE => Some(Verdict::NotApplicable),
        _ => return read_undone(row, tag),
    };
    let mut value = Measured::held_as(row.actual()?);
    if tag & tag::EXPECTED != 0 {
        value = value.with_expected(row.value()?);
    }
    if tag & tag::NOTE != 0 {
        value = value.with_note(row.text()?);
    }
    if tag & tag::CALL != 0 {
        value = value.with_call(read_call(row)?);
    }
    Ok(Outcome::Done(Output { value, verdict }))
}

/// Appends what asking a model came to, as JSON.
pub(crate) fn write_call(out: &mut Vec<u8>, call: &Call) {
    Encoder::plain(out).text(&to_json(&call.to_value()));
}

pub(crate) fn read_call(decoder: &mut Decoder<'_>) -> Result<Call, Broken> {
    from_saved_json(decoder.text()?).ok().and_then(|call| Call::from_value(&call)).ok_or(Broken)
}

fn read_undone(row: &mut Decoder<'_>, tag: u8) -> Result<Outcome<Measured>, Broken> {
    let kind = match tag & !tag::CALL {
        tag::ERROR => ErrorKind::Failed,
        tag::PANICKED => ErrorKind::Panicked,
        tag::TIMED_OUT => ErrorKind::TimedOut,
        tag::CANCELLED => return Ok(Outcome::Cancelled),
        _ => {
            let by = Position::new(usize::try_from(row.number()?).map_err(|_| Broken)?);
            return Ok(Outcome::Skipped(match tag {
                tag::GATE_CLOSED => SkipReason::GateClosed { by },
                tag::UPSTREAM_ERRORED => SkipReason::UpstreamErrored { by },
                tag::UPSTREAM_SKIPPED => SkipReason::UpstreamSkipped { by },
                _ => return Err(Broken),
            }));
        }
    };
    let error = NodeError::of(kind, row.text()?);
    let error = match row.maybe_text()? {
        Some(detail) => error.with_detail(detail),
        None => error,
    };
    Ok(Outcome::Errored(if tag & tag::CALL == 0 { error } else { error.with_account(row.text()?) }))
}
