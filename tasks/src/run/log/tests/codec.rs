//! Rows as bytes.

use std::num::NonZeroU32;
use std::time::Duration;

use chrono::DateTime;
use proptest::prelude::*;
use scouter_engine::{ErrorKind, NodeError, Outcome, Output, Position, Report, SkipReason, Verdict};
use uuid::Uuid;

use super::suite;
use crate::codec::{Broken, Decoder, Encoder, kept_shape, read_row, skim_row, write_row};
use crate::fingerprint::Fingerprint;
use crate::measured::{Actual, Measured, Packer};
use crate::path::Read;
use crate::result::{Labels, Row};
use crate::subject::Lookup;
use crate::value::{Decimal, Value, from_json};
use crate::window::Cell;

fn values() -> impl Strategy<Value = Value> {
    let text = prop_oneof![".{0,30}", ".{24,60}"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        any::<f64>().prop_map(Value::Float),
        (any::<i128>(), 0..20_u32).prop_map(|(digits, places)| {
            format!("{digits}e-{places}").parse::<Decimal>().unwrap().into_value()
        }),
        text.prop_map(|text| Value::from(text.as_str())),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::list),
            prop::collection::vec((".{0,8}", inner), 0..6).prop_map(Value::map),
        ]
    })
}

fn outcomes() -> impl Strategy<Value = Outcome<Measured>> {
    let verdicts = prop_oneof![
        Just(None),
        Just(Some(Verdict::Passed)),
        Just(Some(Verdict::Failed)),
        Just(Some(Verdict::NotApplicable)),
    ];
    let done = (values(), prop::option::of(values()), prop::option::of(".{0,40}"), verdicts).prop_map(
        |(actual, expected, note, verdict)| {
            let mut value = Measured::of(actual);
            value = expected.into_iter().fold(value, Measured::with_expected);
            value = note.into_iter().fold(value, Measured::with_note);
            Outcome::Done(Output { value, verdict })
        },
    );
    let kinds = prop_oneof![Just(ErrorKind::Failed), Just(ErrorKind::Panicked), Just(ErrorKind::TimedOut)];
    let errored = (kinds, ".{0,20}", prop::option::of(".{0,20}")).prop_map(|(kind, message, detail)| {
        let error = NodeError::of(kind, message);
        Outcome::Errored(detail.into_iter().fold(error, NodeError::with_detail))
    });
    let skipped = (0..200_usize, 0..3).prop_map(|(by, reason)| {
        let by = Position::new(by);
        Outcome::Skipped(match reason {
            0 => SkipReason::GateClosed { by },
            1 => SkipReason::UpstreamErrored { by },
            _ => SkipReason::UpstreamSkipped { by },
        })
    });
    prop_oneof![4 => done, 1 => errored, 1 => skipped, 1 => Just(Outcome::Cancelled)]
}

fn row_of(outcomes: Vec<Outcome<Measured>>) -> Row {
    let created_at = DateTime::from_timestamp(1_700_000_000, 123_456_789).unwrap();
    let took = Duration::from_nanos(98_765);
    let labels = Labels { case: Some("c".into()), trial: NonZeroU32::new(2), cluster: None };
    let labels = Some(Box::new(labels));
    Row {
        uid: Uuid::from_u128(7),
        id: Some("a".into()),
        labels,
        created_at,
        took,
        outcomes,
        cells: Box::default(),
    }
}

/// The row with its outcomes as they are kept.
fn trimmed(outcomes: Vec<Outcome<Measured>>) -> Row {
    let mut report = Report { outcomes, took: Duration::ZERO };
    suite(3).trim(&mut report);
    row_of(report.outcomes)
}

#[test]
fn cells_of_columns_are_kept_with_their_row() {
    let text = "a category that is longer than what is held in place";
    let cells = [Cell::Missing, Cell::Number(-0.5), Cell::Text(text.into()), Cell::Wrong("an array".into())];
    let row = Row { cells: cells.into(), ..row_of(vec![Outcome::Cancelled]) };
    let mut bytes = Vec::new();
    write_row(&mut bytes, 9, Fingerprint::of(&Value::Null), &[], &row);
    assert_eq!(read_row(&bytes, &[]).unwrap(), row);
}

proptest! {
    #[test]
    fn a_row_is_read_as_it_was_written(outcomes in prop::collection::vec(outcomes(), 3)) {
        let row = trimmed(outcomes);
        let mut bytes = Vec::new();
        write_row(&mut bytes, 9, Fingerprint::of(&Value::Null), &[], &row);
        // Debug tells `1` from `1.0`, which are equal otherwise, and NaN is what it is.
        prop_assert_eq!(format!("{:?}", read_row(&bytes, &[]).unwrap()), format!("{row:?}"));
        let mut decoder = Decoder::plain(&bytes);
        prop_assert_eq!(skim_row(&mut decoder).unwrap().sound, row.is_sound());
        prop_assert!(decoder.is_empty());
    }

    #[test]
    fn a_row_that_is_cut_short_is_an_error(outcomes in prop::collection::vec(outcomes(), 3), cut in any::<prop::sample::Index>()) {
        let mut bytes = Vec::new();
        write_row(&mut bytes, 9, Fingerprint::of(&Value::Null), &[], &trimmed(outcomes));
        prop_assert!(read_row(&bytes[..cut.index(bytes.len())], &[]).is_err());
    }

    #[test]
    fn bytes_of_nobody_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut framed = u32::try_from(bytes.len()).unwrap().to_le_bytes().to_vec();
        framed.extend(bytes);
        let _ = read_row(&framed, &[]);
    }

    #[test]
    fn a_value_that_is_read_back_has_the_fingerprint_that_it_had(value in values()) {
        let mut bytes = Vec::new();
        Encoder::plain(&mut bytes).whole(&value);
        let read = Decoder::plain(&bytes).value().unwrap();
        prop_assert_eq!(Fingerprint::of(&read), Fingerprint::of(&value));
    }
}

/// The rows of `tests/golden/rows.py`, by their names there.
fn golden_rows() -> [(&'static str, u64, Row); 4] {
    const LONG: &str = "a text that is longer than what a value holds in itself";
    let exact = |text: &str| Value::from(text.parse::<Decimal>().unwrap());
    let done = |verdict, value| Outcome::Done(Output { value, verdict });
    let scalars = [
        Value::Null,
        Value::Bool(false),
        Value::Bool(true),
        Value::Int(0),
        Value::Int(-1),
        Value::Int(i64::MAX),
        Value::Int(i64::MIN),
        exact("1180591620717411303424"),
        Value::Float(0.1),
        exact("0.1"),
        Value::from(""),
        Value::from("a"),
        Value::from(LONG),
    ];
    let by = Position::new;
    let undone = vec![
        Outcome::Errored(NodeError::of(ErrorKind::Failed, "reach it").with_detail("a detail")),
        Outcome::Errored(NodeError::of(ErrorKind::Panicked, "no")),
        Outcome::Errored(NodeError::of(ErrorKind::TimedOut, "late")),
        Outcome::Skipped(SkipReason::GateClosed { by: by(0) }),
        Outcome::Skipped(SkipReason::UpstreamErrored { by: by(200) }),
        Outcome::Skipped(SkipReason::UpstreamSkipped { by: by(1) }),
        Outcome::Cancelled,
    ];
    let packed = |value: Value| {
        let mut actual = Actual::Whole(value);
        Packer::default().pack(&mut actual);
        Measured::held_as(actual)
    };
    let long = Value::from(LONG);
    let inner = Value::map([("c", long.clone())]);
    let nested = packed(Value::map([("b", Value::list([Value::Int(1), Value::Null])), ("", inner)]));
    let told = vec![
        done(Some(Verdict::Passed), packed(Value::list([Value::Int(1), long.clone()]))),
        done(
            Some(Verdict::Failed),
            Measured::of(Value::Int(5)).with_expected(Value::list([Value::Int(1), Value::from("x")])),
        ),
        done(Some(Verdict::NotApplicable), Measured::of(Value::Null).with_note("nothing to check")),
        done(Some(Verdict::Failed), nested.clone().with_expected(long.clone()).with_note("both")),
        done(Some(Verdict::Passed), nested),
        done(Some(Verdict::Passed), Measured::of(long)),
    ];
    let scalars = scalars.map(|value| done(None, Measured::of(value))).to_vec();
    let labels = |case: Option<&str>, trial, cluster: Option<&str>| {
        let [case, cluster] = [case, cluster].map(|text| text.map(Into::into));
        Some(Box::new(Labels { case, trial: NonZeroU32::new(trial), cluster }))
    };
    let row = |id: Option<&str>, labels, outcomes| Row {
        uid: Uuid::from_bytes(std::array::from_fn(|at| 16 + u8::try_from(at).unwrap())),
        id: id.map(Into::into),
        labels,
        ..row_of(outcomes)
    };
    let cells = [Cell::Missing, Cell::Number(-0.5), Cell::Text(LONG.into()), Cell::Wrong("an array".into())];
    [
        ("scalars", 0, row(None, None, scalars)),
        ("undone", 300, row(Some("rü"), labels(Some("case"), 3, None), undone)),
        ("told", 1, row(Some("r"), labels(None, 0, Some("cluster")), told)),
        ("cells", 2, Row { cells: cells.into(), ..row(None, None, vec![Outcome::Cancelled]) }),
    ]
}

#[test]
fn rows_are_laid_out_as_another_program_lays_them_out() {
    // Whoever changes what is written changes the format of run directories.
    let golden = from_json(include_str!("../../../../../tests/golden/rows.json")).unwrap();
    let record = Fingerprint::from_bytes(std::array::from_fn(|at| u8::try_from(at).unwrap()));
    for (name, position, row) in golden_rows() {
        let mut bytes = Vec::new();
        write_row(&mut bytes, position, record, &[], &row);
        let hex = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        assert_eq!(Some(hex.as_str()), golden.get(name).and_then(Value::as_text), "{name}");
        assert_eq!(read_row(&bytes, &[]).unwrap(), row, "{name}");
    }
}

#[test]
fn short_outcomes_take_few_bytes() {
    let bytes = |count: usize| {
        let done = Output { value: Measured::of(Value::from("Montevideo")), verdict: Some(Verdict::Passed) };
        let mut out = Vec::new();
        write_row(&mut out, 9, Fingerprint::of(&Value::Null), &[], &row_of(vec![Outcome::Done(done); count]));
        out.len()
    };
    assert!(bytes(11) - bytes(1) < 10 * 20);
}

#[test]
fn a_text_that_many_tasks_looked_at_is_written_once() {
    let text = Value::from("x".repeat(1000).as_str());
    let done = |value: &Value| Outcome::Done(Output { value: Measured::of(value.clone()), verdict: None });
    let mut bytes = Vec::new();
    let row = row_of(vec![done(&text); 10]);
    write_row(&mut bytes, 9, Fingerprint::of(&Value::Null), &[], &row);
    assert!(bytes.len() < 1200);
    assert_eq!(read_row(&bytes, &[]).unwrap(), row);
}

/// What was read of a record: a long text, an array as a value and one as bytes.
fn record() -> [Lookup; 3] {
    let items = Value::list((0..40).map(Value::Int));
    let mut bytes = Vec::new();
    Encoder::plain(&mut bytes).whole(&items);
    let shape = kept_shape(&bytes).unwrap();
    [
        Read::Found(Value::from("x".repeat(1000))).into(),
        Read::Found(items).into(),
        Lookup::packed(bytes.into(), shape),
    ]
}

#[test]
fn what_a_record_says_is_named_and_read_of_it_again() {
    let record = record();
    let Read::Found(text) = record[0].read() else { panic!("it is there") };
    let packed = record[2].as_packed().unwrap();
    let done = |value| Outcome::Done(Output { value, verdict: None });
    let told = Measured::of(text.clone()).with_expected(text.clone());
    let row = row_of(vec![done(told), done(Measured::of_packed(packed.bytes.clone()))]);
    let mut bytes = Vec::new();
    write_row(&mut bytes, 9, Fingerprint::of(&Value::Null), &record, &row);
    assert!(bytes.len() < 100, "{}", bytes.len());
    assert_eq!(read_row(&bytes, &record).unwrap(), row);
    // The next time its array may not come as bytes: it is kept as bytes all the same.
    let [text, items, _] = record;
    let as_value = [text, items.clone(), items];
    let read = read_row(&bytes, &as_value).unwrap();
    assert_eq!(format!("{:?}", read.outcomes), format!("{:?}", row.outcomes));
    assert_eq!(read_row(&bytes, &as_value[..1]), Err(Broken));
}

#[test]
fn what_a_record_says_is_named_in_whatever_order_tasks_look_at_it() {
    let record = record();
    let Read::Found(text) = record[0].read() else { panic!("it is there") };
    let packed = Measured::of_packed(record[2].as_packed().unwrap().bytes.clone());
    let done = |value| Outcome::Done(Output { value, verdict: None });
    let row = row_of(vec![done(packed.clone()), done(Measured::of(text.clone())), done(packed)]);
    let mut bytes = Vec::new();
    write_row(&mut bytes, 9, Fingerprint::of(&Value::Null), &record, &row);
    assert!(bytes.len() < 100, "{}", bytes.len());
    assert_eq!(read_row(&bytes, &record).unwrap(), row);
}

#[test]
fn whole_numbers_and_floats_differ_in_their_fingerprints() {
    assert_ne!(Fingerprint::of(&Value::Int(1)), Fingerprint::of(&Value::Float(1.0)));
    assert_eq!(Fingerprint::of(&Value::Float(f64::NAN)), Fingerprint::of(&Value::Float(-f64::NAN)));
}
