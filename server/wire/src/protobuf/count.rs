//! How much a batch holds, counted before memory is spent on it: what is empty takes two bytes as it is sent and a hundred once it is read.
//!
//! Only lengths are looked at, by the functions that the generated code decodes with. What is broken is left to the decoder, which says what is wrong with it.

use bytes::Buf;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};

/// How many of what a batch is bounded by it holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    /// Records; a group counts as one where it has none.
    pub(super) records: usize,
    /// Bodies of records, names, texts, metrics, features with bins, routes and statuses.
    pub(super) values: usize,
}

/// Fields of a message that are counted, and what is looked into in them.
struct Fields(&'static [(u32, Option<&'static Fields>)]);

// By the numbers of the contract.
const RECORD: Fields =
    Fields(&[(2, Some(&FEATURES)), (3, Some(&BINS)), (4, Some(&METRICS)), (6, Some(&REQUESTS))]);
const FEATURES: Fields = Fields(&[(2, None)]);
const BINS: Fields = Fields(&[(1, None)]);
const METRICS: Fields = Fields(&[(1, None)]);
const REQUESTS: Fields = Fields(&[(1, Some(&ROUTE))]);
const ROUTE: Fields = Fields(&[(6, None)]);

/// Counts what a batch holds.
pub(super) fn count(batch: &[u8]) -> Count {
    let mut count = Count::default();
    each(batch, &mut |tag, group| {
        if tag != 1 {
            return;
        }
        let mut records = 0;
        each(group, &mut |tag, inside| match tag {
            2 => count.values += 1,
            3 => {
                records += 1;
                values(inside, &RECORD, &mut count.values);
            }
            _ => {}
        });
        count.records += records.max(1);
    });
    count
}

fn values(message: &[u8], fields: &Fields, sum: &mut usize) {
    each(message, &mut |tag, inside| {
        if let Some((_, deeper)) = fields.0.iter().find(|(known, _)| *known == tag) {
            *sum += 1;
            if let Some(deeper) = deeper {
                values(inside, deeper, sum);
            }
        }
    });
}

/// Visits the fields of a message that have a length, as far as it can be read.
fn each<'a>(mut message: &'a [u8], visit: &mut dyn FnMut(u32, &'a [u8])) {
    while message.has_remaining() {
        let Ok((tag, form)) = decode_key(&mut message) else { return };
        if form == WireType::LengthDelimited {
            let Ok(len) = decode_varint(&mut message) else { return };
            let Some((inside, rest)) =
                usize::try_from(len).ok().and_then(|len| message.split_at_checked(len))
            else {
                return;
            };
            visit(tag, inside);
            message = rest;
        } else if skip_field(form, tag, &mut message, DecodeContext::default()).is_err() {
            return;
        }
    }
}
