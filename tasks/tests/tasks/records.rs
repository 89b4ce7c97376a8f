//! Records that stand in files.

use std::io::Cursor;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use scouter_engine::{RunCx, Source, SystemClock};
use scouter_tasks::path::{Path, Read};
use scouter_tasks::records::{
    Account, Ahead, Chunks, Csv, Lines, Mapping, Opener, ReadError, Shape, csv_columns, json_fields,
};
use scouter_tasks::run::{Entry, Keys, resume};
use scouter_tasks::subject::Reads;
use scouter_tasks::value::{Value, from_json};

/// What the whole contexts of a file are, with their ids, and what became of the reading.
type Whole = (Vec<(Option<String>, Value)>, Account);

fn opener(mapping: Mapping) -> Opener {
    let mut reads = Reads::default();
    reads.add(Path::root());
    let shape = Shape::new(mapping, &[&reads], false);
    Opener {
        shape,
        reads: Arc::new(reads),
        keys: Keys::default(),
        origin: None,
        seen: false,
        memory: None,
        models: None,
        clock: Arc::new(SystemClock),
    }
}

fn read<C: Chunks>(chunks: C, mapping: Mapping, skip_bad: bool, most: usize) -> Whole {
    let two = NonZeroUsize::new(2).unwrap();
    let mut source = Ahead::new(chunks, opener(mapping), two, skip_bad);
    let account: Arc<Mutex<Account>> = source.account();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let most = NonZeroUsize::new(most).unwrap();
    let entries = runtime.block_on(async move {
        let mut all: Vec<Entry> = Vec::new();
        loop {
            let taken = source.take(most).await;
            assert!(taken.len() <= most.get());
            if taken.is_empty() {
                return all;
            }
            all.extend(taken.into_iter().map(|record| record.entry(&Reads::default())));
        }
    });
    let context = |entry: Entry| {
        let Read::Found(context) = entry.subject.reads[0].read().clone() else {
            panic!("there is a context")
        };
        (entry.id.map(|id| id.to_string()), context)
    };
    let account = std::mem::take(&mut *account.lock().unwrap());
    (entries.into_iter().map(context).collect(), account)
}

fn json(text: impl Into<Vec<u8>>, mapping: Mapping, skip_bad: bool) -> Whole {
    read(Lines::new(Cursor::new(text.into())), mapping, skip_bad, 256)
}

fn csv(text: &str, mapping: Mapping, skip_bad: bool) -> Whole {
    read(Csv::new(Cursor::new(text.as_bytes().to_vec())).unwrap(), mapping, skip_bad, 256)
}

fn with_id() -> Mapping {
    Mapping { id: Some("id".into()), ..Mapping::default() }
}

/// What ended the reading, as it is told.
fn told(account: &Account) -> String {
    account.broken.as_ref().map(ToString::to_string).unwrap_or_default()
}

#[test]
fn a_broken_line_ends_the_reading_after_those_before_it_and_is_named() {
    let mut lines: Vec<String> = (1..=300).map(|n| format!("{{\"n\": {n}}}")).collect();
    lines[16] = "{\"n\": oops}".to_owned();
    let (records, account) = json(lines.join("\n"), Mapping::default(), false);
    assert_eq!(records.len(), 16);
    let told_by = "line 17, column 7: `oops` is no word of JSON: texts and keys stand in double quotes";
    assert_eq!(told(&account), told_by);
}

#[test]
fn a_line_that_breaks_off_is_told_at_its_end() {
    let (_, account) = json("{\"a\": 1,\n{}\n", Mapping::default(), false);
    assert_eq!(told(&account), "line 1, column 8: EOF while parsing a value");
}

#[test]
fn json_of_another_form_is_told_how_records_are_written() {
    let array = "line 1, column 1: a JSON array begins here: write one object a line (JSON Lines), with no brackets around them and \
                 no commas between";
    let object =
        "line 1, column 1: an object over several lines begins here: write one object a line (JSON Lines)";
    for (text, expected) in [
        ("[{\"a\": 1}, {\"a\": 2}]", array),
        ("[\n{\"a\": 1},\n{\"a\": 2}\n]", array),
        ("{\n  \"a\": 1\n}", object),
    ] {
        let (_, account) = json(text, Mapping::default(), false);
        assert_eq!(told(&account), expected);
    }
}

#[test]
fn json_of_another_form_is_told_before_it_is_asked_for_its_fields() {
    for text in [
        "[{\"a\": 1}, {\"a\": 2}]",
        "[{\"a\": 1},\n {\"a\": 2}]",
        "\n[\n{\"a\": 1},\n{\"a\": 2}\n]",
        "{\n  \"a\": 1\n}",
    ] {
        let error = json_fields(Cursor::new(text.as_bytes()), [&"a".into()]).unwrap_err().to_string();
        assert!(error.contains(" begins here: write one object a line"), "{text}: {error}");
    }
    assert!(json_fields(Cursor::new(b"[1]\n{\"a\": 1}\n".as_slice()), []).unwrap().is_some());
}

#[test]
fn a_broken_line_far_into_a_file_is_named_by_its_number_in_the_file() {
    let lines: String =
        (1..=5_000).map(|n| if n == 4_321 { "{\n".into() } else { format!("{{\"n\":{n}}}\n") }).collect();
    let (records, account) = json(lines, Mapping::default(), false);
    assert_eq!(records.len(), 4_320);
    assert!(told(&account).starts_with("line 4321, column "), "{}", told(&account));
}

#[test]
fn bad_lines_are_left_out_and_counted_where_that_is_asked_for() {
    let lines: String =
        (0..1_000).map(|n| if n % 5 == 0 { "[1]\n".into() } else { format!("{{\"n\":{n}}}\n") }).collect();
    let (records, account) = json(lines, Mapping::default(), true);
    assert_eq!((records.len(), account.bad.count, account.bad.first.len()), (800, 200, 100));
    assert_eq!(
        account.bad.first[1].to_string(),
        "line 6, column 1: a JSON array begins here: write one object a line (JSON Lines), with no brackets around them and no commas \
         between"
    );
    assert_eq!(told(&account), "");
}

#[test]
fn empty_lines_are_no_records_but_count() {
    let (records, account) = json("\n{\"a\":1}\n  \n\r\n{\"a\":2}\r\nx", Mapping::default(), true);
    assert_eq!(records.len(), 2);
    assert_eq!(account.bad.first[0].number, 6);
}

#[test]
fn a_byte_order_mark_is_passed_over_at_the_beginning_alone() {
    let (records, account) = json("\u{FEFF}{\"a\":1}\n\u{FEFF}{\"a\":2}\n", Mapping::default(), true);
    assert_eq!((records.len(), account.bad.first[0].number), (1, 2));
}

#[test]
fn a_line_that_is_not_utf_8_says_so() {
    let (_, account) = json(b"{\"a\":\"\xE9\"}\n".to_vec(), Mapping::default(), false);
    assert_eq!(told(&account), "line 1, column 7: the text is not UTF-8");
}

#[test]
fn an_id_that_was_there_before_is_a_bad_record() {
    let (records, account) = json("{\"id\":\"a\"}\n{\"id\":1}\n{\"id\":\"1\"}\n", with_id(), true);
    let ids: Vec<_> = records.into_iter().map(|(id, _)| id.unwrap()).collect();
    assert_eq!(ids, ["a", "1"]);
    assert_eq!(account.bad.first[0].to_string(), "line 3: the id `1` was there before: ids are unique");
}

#[test]
fn an_id_is_text_or_a_whole_number() {
    let text = "{\"id\":null}\n{\"x\":1}\n{\"id\":\"\"}\n{\"id\":1.5}\n{\"id\":true}\n{\"id\":18446744073709551616}\n";
    let (records, account) = json(text, with_id(), true);
    assert_eq!(records[0].0.as_deref(), Some("18446744073709551616"));
    let told: Vec<_> = account.bad.first.iter().map(|bad| bad.flaw.message.as_str()).collect();
    assert_eq!(
        told,
        [
            "the id (`id`) is null",
            "there is no id (`id`)",
            "the id (`id`) is empty",
            "the id (`id`) must be text or a whole number, not a number: `1.5`",
            "the id (`id`) must be text or a whole number, not a boolean: `true`",
        ]
    );
}

#[test]
fn text_that_is_json_is_read_where_that_is_asked_for() {
    let mapping = Mapping { json: vec!["j".into()], ..Mapping::default() };
    let (records, account) = json(r#"{"j":"{\"a\":[1.0]}","t":"1"}"#, mapping.clone(), false);
    assert_eq!(records[0].1.to_string(), r#"{"j":{"a":[1.0]},"t":"1"}"#, "{}", told(&account));
    let (_, account) = json(r#"{"j":"{"}"#, mapping, false);
    assert!(told(&account).starts_with("line 1: the text of `j` is not JSON: "), "{}", told(&account));
}

#[test]
fn a_chunk_is_handed_over_in_as_many_pieces_as_are_asked_for() {
    let lines = (0..700).map(|n| format!("{{\"n\":{n}}}\n")).collect::<Vec<_>>().concat();
    let (records, _) = read(Lines::new(Cursor::new(lines.into_bytes())), Mapping::default(), false, 1);
    let numbers: Vec<_> = records.iter().map(|(_, context)| context.get("n").cloned().unwrap()).collect();
    assert_eq!(numbers, (0..700).map(Value::Int).collect::<Vec<_>>());
}

#[test]
fn the_fields_of_a_file_are_those_of_its_first_records() {
    let text = "\n\n{broken\n{\"a\":1,\"b\":{\"c\":2}}\n{\"d\":[]}\n";
    let names = json_fields(Cursor::new(text.as_bytes()), []).unwrap().unwrap();
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["a", "b", "d"]);
    assert_eq!(json_fields(Cursor::new(b"\n \n".as_slice()), [&"a".into()]).unwrap(), None);
}

#[test]
fn a_field_that_is_asked_for_is_found_wherever_a_record_has_it() {
    let line = |n: i64| if n == 4_999 { "{\"rare\":1,\"other\":2}\n" } else { "{\"a\":1}\n" };
    let text: String = (0..5_000).map(line).collect();
    let asked = ["rare".into(), "none".into()];
    let names = json_fields(Cursor::new(text.into_bytes()), &asked).unwrap().unwrap();
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["a", "rare"]);
}

#[test]
fn cells_of_csv_are_text_and_quotes_may_span_lines() {
    let (records, account) = csv("id,text,n\n1,\"a, \"\"b\"\"\nc\",01\n2,,1e3\n", with_id(), false);
    assert_eq!(told(&account), "");
    assert_eq!(records[0].1.to_string(), r#"{"id":"1","text":"a, \"b\"\nc","n":"01"}"#);
    assert_eq!(records[1].1.to_string(), r#"{"id":"2","text":"","n":"1e3"}"#);
}

#[test]
fn a_row_of_csv_with_too_few_cells_is_named_by_its_line() {
    let text = "id,text\n1,\"a\nb\"\n2\n3,c\n";
    let (records, account) = csv(text, with_id(), false);
    assert_eq!((records.len(), told(&account).as_str()), (1, "line 4: 1 cells in a table of 2 columns"));
    assert_eq!(csv(text, with_id(), true).0.len(), 2);
}

#[test]
fn a_quote_that_is_never_closed_does_not_swallow_the_rows_behind_it() {
    for (rows, line) in [
        ("1,\"a\n2,b\n3,c\n", 2),
        ("1,a\n2,\"b\n3,c", 3),
        ("1,a\n\"2,b\n3,c\n", 3),
        ("1,a\r\n2,\"b\r\n", 3),
        ("1,a\n2,\"b\n3,\"\"c\"\"", 3),
        ("1,a\n2,\"b", 3),
        ("1,a\n2,\"", 3),
    ] {
        let told_of =
            format!("line {line}: a quote is never closed, so that the rest of the file is in this row");
        let (records, account) = csv(&format!("id,text\n{rows}"), with_id(), false);
        assert_eq!((records.len(), told(&account)), (line - 2, told_of.clone()), "{rows:?}");
        let (_, account) = csv(&format!("id,text\n{rows}"), with_id(), true);
        assert_eq!(account.bad.first[0].to_string(), told_of, "{rows:?}");
    }
    for closed in ["1,\"a\nb\"", "1,\"a\nb\"\n", "1,\"a\n\"", "1,\"a\nb\"  ", "1,\"a\nb\"\r\n\r\n", "1,a"] {
        assert_eq!(csv(&format!("id,text\n{closed}"), with_id(), false).0.len(), 1, "{closed:?}");
    }
}

#[test]
fn a_quote_that_is_never_closed_in_the_header_is_told_and_not_taken_for_a_file_without_records() {
    for text in ["id,\"text\n1,a\n2,b\n", "id,\"text\n1,\"\"a\"\"", "\"id"] {
        let error = csv_columns(Cursor::new(text.as_bytes().to_vec())).unwrap_err();
        let told = "a quote of the header is never closed, so that the whole file is in it, after line 0";
        assert_eq!(error.to_string(), told, "{text:?}");
    }
    let (columns, any) = csv_columns(Cursor::new(b"id,\"a\nb\"".to_vec())).unwrap();
    assert_eq!((columns, any), (vec!["id".to_owned(), "a\nb".to_owned()], false));
}

#[test]
fn a_row_of_csv_is_named_by_its_line_whatever_breaks_lines_and_stands_between_them() {
    let text = "\nid,\"a\ntext\"\n\n\n1,\"a\nb\"\n\n2,c\n1,d\n3\n\n4";
    for (line, breaks) in [("LF", "\n"), ("CR LF", "\r\n")] {
        let (records, account) = csv(&text.replace('\n', breaks), with_id(), true);
        let numbers: Vec<u64> = account.bad.first.iter().map(|bad| bad.number).collect();
        assert_eq!((records.len(), numbers), (2, vec![10, 11, 13]), "{line}");
    }
}

#[test]
fn a_row_of_csv_is_named_by_its_line_wherever_the_file_is_cut_into_blocks() {
    // Blocks of 8 KiB, so that rows end before, at and behind the end of one.
    for width in 1..40 {
        let row = |n: usize| {
            if n == 3_000 { "broken\r\n".to_owned() } else { format!("{n},{}\r\n", "x".repeat(width)) }
        };
        let rows: String = (0..4_000).map(row).collect();
        let (_, account) = csv(&format!("id,text\r\n{rows}"), with_id(), true);
        assert_eq!(account.bad.first[0].number, 3_002, "{width}");
    }
}

#[test]
fn csv_cells_that_are_json_become_numbers_booleans_and_null() {
    let mapping = Mapping { json: vec!["n".into()], ..Mapping::default() };
    let (records, _) = csv("n\n1\n0.5\ntrue\n\" \"\n", mapping, false);
    let values: Vec<_> = records.iter().map(|(_, context)| context.get("n").unwrap().to_string()).collect();
    assert_eq!(values, ["1", "0.5", "true", "null"]);
}

#[test]
fn a_quote_that_is_never_closed_ends_the_reading_without_taking_the_rest_of_the_file_into_memory() {
    let endless = Cursor::new(b"a,b\n1,2\n\"".to_vec());
    let endless = std::io::Read::chain(endless, std::io::repeat(b'x'));
    let (records, account) = read(Csv::new(endless).unwrap(), Mapping::default(), true, 256);
    assert_eq!(records.len(), 0);
    assert!(told(&account).contains("a quote may never be closed"), "{}", told(&account));
}

#[test]
fn a_run_over_lines_has_a_row_for_every_record_in_their_order() {
    let suite =
        crate::support::suite("- {task_type: Assertion, id: t, context_path: n, operator: IsNumeric}");
    let lines = (0..2_000).map(|n| format!("{{\"id\":{n},\"n\":{n}}}\n")).collect::<Vec<_>>().concat();
    let shape = Shape::new(with_id(), &[&suite.reads], false);
    let opener = Opener {
        shape,
        reads: suite.reads.clone(),
        keys: Keys::default(),
        origin: None,
        seen: false,
        memory: None,
        models: None,
        clock: Arc::new(SystemClock),
    };
    let two = NonZeroUsize::new(2).unwrap();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap();
    let ids = runtime.block_on(async {
        let source = Ahead::new(Lines::new(Cursor::new(lines.into_bytes())), opener, two, false);
        let (source, _) = resume(None, source, Vec::new());
        let mut rows =
            scouter_tasks::run::rows(&suite, source, two, &RunCx::default(), chrono::DateTime::UNIX_EPOCH);
        let mut ids = Vec::new();
        while let Some((_, more)) = rows.next().await {
            ids.extend(more.rows.into_iter().map(|row| row.id.unwrap().parse::<usize>().unwrap()));
        }
        ids
    });
    assert_eq!(ids, (0..2_000).collect::<Vec<_>>());
}

/// JSON objects whose text holds everything that text may.
fn objects() -> impl Strategy<Value = Vec<Value>> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::num::f64::NORMAL.prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    let value = prop_oneof![scalar.clone(), prop::collection::vec(scalar, 0..4).prop_map(Value::from)];
    let object = prop::collection::vec(("[a-e\\\\\"é]{0,3}", value), 0..6).prop_map(Value::map);
    prop::collection::vec(object, 0..40)
}

proptest! {
    #[test]
    fn lines_are_read_as_each_alone_would_be(
        objects in objects(),
        ends in prop::collection::vec(prop_oneof![Just("\n"), Just("\r\n"), Just("\n\n"), Just(" \n")], 40),
        most in 1_usize..300,
    ) {
        let lines: Vec<String> = objects.iter().zip(&ends).map(|(object, end)| format!("{object}{end}")).collect();
        let lines = lines.concat();
        let (records, account) = read(Lines::new(Cursor::new(lines.into_bytes())), Mapping::default(), false, most);
        prop_assert_eq!(told(&account), "");
        let contexts: Vec<_> = records.iter().map(|(_, context)| context.to_string()).collect();
        let expected: Vec<_> = objects.iter().map(|object| from_json(&object.to_string()).unwrap().to_string()).collect();
        prop_assert_eq!(contexts, expected);
    }

    #[test]
    fn whatever_stands_in_a_file_ends_with_records_or_an_error(bytes: Vec<u8>, skip_bad: bool) {
        let (records, account) = json(bytes.clone(), Mapping::default(), skip_bad);
        let lines = bytes.split(|byte| *byte == b'\n').count();
        prop_assert!(records.len() + account.bad.count <= lines);
        prop_assert!(!skip_bad || account.broken.is_none());
        prop_assert!(matches!(account.broken, None | Some(ReadError::Bad(_))));
    }
}
