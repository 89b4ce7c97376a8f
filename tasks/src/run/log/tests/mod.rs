//! A run directory over its life: made, broken off, damaged, gone on with.

use std::fs;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use scouter_engine::{Clock, Iter, Outcome, RunCx, SystemClock};
use tempfile::TempDir;

use super::frame::{HEAD, Kind, make};
use super::{LastFrame, Records, RowFrames, RunDir, RunDirError, check_reuse};
use crate::fingerprint::Fingerprint;
use crate::models::Addresses;
use crate::operator::Operator;
use crate::result::{NewUid, Row};
use crate::run::{Entry, Ran, Sealed, resume, rows};
use crate::subject::Subject;
use crate::suite::{Suite, compile};
use crate::task::{AssertionSpec, Each, Head, Task};
use crate::value::{Decimal, Value, from_json};

mod codec;

fn suite(expected: i64) -> Suite {
    let check = |id: &str, path: &str, operator, expected_value| {
        Arc::new(AssertionSpec {
            head: Head::new(id),
            context_path: Some(path.to_owned()),
            item_context_path: None,
            operator,
            expected_value: Some(expected_value),
            each: Each::All,
        }) as Arc<dyn Task>
    };
    compile(&[
        check("small", "n", Operator::LessThan, Value::Int(expected)),
        check("named", "name", Operator::Equals, Value::from("${n}")),
        check("listed", "items", Operator::Contains, Value::Int(1)),
    ])
    .unwrap()
}

fn contexts(count: i64) -> Vec<Value> {
    let context = |n: i64| {
        Value::map([
            ("n", Value::Int(n)),
            ("name", Value::from("a name that is longer than what a value holds in itself")),
            ("items", Value::list((0..n % 5).map(Value::Int))),
        ])
    };
    (0..count).map(context).collect()
}

fn entries(suite: &Suite, contexts: &[Value]) -> Vec<Entry> {
    let entry = |(at, context): (usize, &Value)| Entry {
        uid: SystemClock.new_uid(),
        id: Some(format!("r{at}").into()),
        labels: None,
        subject: Subject::new(&suite.reads, context),
    };
    contexts.iter().enumerate().map(entry).collect()
}

fn now() -> DateTime<Utc> {
    SystemClock.now().into()
}

fn open(dir: &Path, suite: &Suite, count: usize) -> Result<RunDir, RunDirError> {
    open_trials(dir, suite, count, NonZeroU32::MIN)
}

fn open_trials(dir: &Path, suite: &Suite, count: usize, trials: NonZeroU32) -> Result<RunDir, RunDirError> {
    let ids: Vec<String> = (0..count).map(|at| format!("r{at}")).collect();
    let records = Records::of(ids.iter().map(|id| Some(id.as_str())), trials);
    RunDir::open(dir, suite, &records, &Addresses::new(), now())
}

/// Runs the first `first` of the records, and says how many of them were run and what came of all that the
/// directory knows.
fn evaluate(
    dir: &Path,
    suite: &Suite,
    contexts: &[Value],
    first: usize,
) -> Result<(usize, Vec<Row>), RunDirError> {
    let run_dir = open(dir, suite, contexts.len())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let records = entries(suite, contexts).into_iter().take(first).map(Sealed::from);
        let (source, mut sink) = resume(Some(run_dir), Iter(records), Vec::new());
        let mut batch = rows(suite, source, NonZeroUsize::MIN, &RunCx::default(), now());
        let mut run = 0;
        while let Some((_, rows)) = batch.next().await {
            run += rows.rows.len() - rows.from_log;
            sink.take(rows).unwrap();
        }
        Ok((run, sink.finish(first < contexts.len()).unwrap()))
    })
}

/// What a run comes to, without what differs from one to the next.
fn outcomes(rows: &[Row]) -> Vec<String> {
    rows.iter().map(|row| format!("{:?} {:?}", row.id, row.outcomes)).collect()
}

fn uninterrupted(suite: &Suite, contexts: &[Value]) -> Vec<Row> {
    let dir = TempDir::new().unwrap();
    evaluate(dir.path(), suite, contexts, contexts.len()).unwrap().1
}

fn log(dir: &TempDir) -> PathBuf {
    dir.path().join("run.log")
}

#[test]
fn a_complete_run_is_read_and_nothing_is_run() {
    let (suite, contexts, dir) = (suite(3), contexts(600), TempDir::new().unwrap());
    let (run, first) = evaluate(dir.path(), &suite, &contexts, 600).unwrap();
    assert_eq!(run, 600);
    let (run, again) = evaluate(dir.path(), &suite, &contexts, 600).unwrap();
    assert_eq!((run, again), (0, first));
}

#[test]
fn a_run_that_ended_leaves_three_files_and_says_so() {
    let (suite, contexts, dir) = (suite(3), contexts(5), TempDir::new().unwrap());
    evaluate(dir.path(), &suite, &contexts, 5).unwrap();
    let mut names: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["run.json", "run.lock", "run.log"]);
    let manifest = from_json(&fs::read_to_string(dir.path().join("run.json")).unwrap()).unwrap();
    assert_eq!(manifest.get("state").and_then(Value::as_text), Some("complete"));
}

#[test]
fn a_run_goes_on_whose_task_expects_a_decimal_fraction() {
    let dir = TempDir::new().unwrap();
    let priced = |text: &str| {
        let spec = AssertionSpec {
            head: Head::new("price"),
            context_path: Some("n".to_owned()),
            item_context_path: None,
            operator: Operator::LessThan,
            expected_value: Some(text.parse::<Decimal>().unwrap().into()),
            each: Each::All,
        };
        compile(&[Arc::new(spec) as Arc<dyn Task>]).unwrap()
    };
    drop(open(dir.path(), &priced("1.10"), 5).unwrap());
    open(dir.path(), &priced("1.10"), 5).unwrap();
    assert!(matches!(open(dir.path(), &priced("1.11"), 5), Err(RunDirError::OtherSuite { .. })));
}

#[test]
fn a_run_goes_on_where_it_was() {
    let (suite, contexts, dir) = (suite(3), contexts(600), TempDir::new().unwrap());
    evaluate(dir.path(), &suite, &contexts, 300).unwrap();
    let (run, rows) = evaluate(dir.path(), &suite, &contexts, 600).unwrap();
    assert_eq!(run, 300);
    assert_eq!(outcomes(&rows), outcomes(&uninterrupted(&suite, &contexts)));
}

#[test]
fn a_record_that_changed_is_run_again() {
    let (suite, mut contexts, dir) = (suite(3), contexts(50), TempDir::new().unwrap());
    evaluate(dir.path(), &suite, &contexts, 50).unwrap();
    contexts[7] = Value::map([("n", Value::Int(-1))]);
    let (run, rows) = evaluate(dir.path(), &suite, &contexts, 50).unwrap();
    assert_eq!(run, 1);
    assert_eq!(outcomes(&rows), outcomes(&uninterrupted(&suite, &contexts)));
    assert_eq!(evaluate(dir.path(), &suite, &contexts, 50).unwrap().0, 0, "the later row counts");
}

#[test]
fn a_run_does_not_take_over_from_its_own_directory() {
    let dir = TempDir::new().unwrap();
    let (own, other) = (dir.path().join("own"), dir.path().join("other"));
    // Before it is there, and then by whatever way leads to it.
    assert!(matches!(check_reuse(&own, &own), Err(RunDirError::ReusesItself { dir }) if dir == own));
    fs::create_dir(&own).unwrap();
    fs::create_dir(&other).unwrap();
    let around = other.join("..").join("own");
    assert!(matches!(check_reuse(&own, &around), Err(RunDirError::ReusesItself { .. })));
    assert!(check_reuse(&own, &other).is_ok());
}

#[test]
fn what_no_task_reads_may_change() {
    let (suite, mut contexts, dir) = (suite(3), contexts(5), TempDir::new().unwrap());
    evaluate(dir.path(), &suite, &contexts, 5).unwrap();
    let fields = contexts[2].as_map().unwrap().iter().map(|(key, value)| (key.clone(), value.clone()));
    contexts[2] = Value::map(fields.chain([("other".into(), Value::Int(1))]));
    assert_eq!(evaluate(dir.path(), &suite, &contexts, 5).unwrap().0, 0);
}

#[test]
fn rows_of_the_log_are_handed_on_no_longer_once_the_run_is_stopped() {
    let (dir, suite, contexts) = (TempDir::new().unwrap(), suite(3), contexts(10_000));
    evaluate(dir.path(), &suite, &contexts, contexts.len()).unwrap();
    let run_dir = open(dir.path(), &suite, contexts.len()).unwrap();
    let records = entries(&suite, &contexts).into_iter().map(Sealed::from);
    let (source, mut sink) = resume(Some(run_dir), Iter(records), Vec::new());
    let cx = RunCx::default();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let handed_on = runtime.block_on(async {
        let mut batch = rows(&suite, source, NonZeroUsize::MIN, &cx, now());
        while let Some((_, rows)) = batch.next().await {
            sink.take(rows).unwrap();
            cx.cancel.cancel();
        }
        sink.finish(true).unwrap().len()
    });
    // One lane has a chunk in its hands and another one behind it, at most.
    assert!((256..=4 * 256).contains(&handed_on), "{handed_on}");
    assert_eq!(evaluate(dir.path(), &suite, &contexts, contexts.len()).unwrap().0, 0);
}

#[test]
fn a_log_names_what_its_records_say_and_does_not_repeat_it() {
    let (suite, dir) = (suite(3), TempDir::new().unwrap());
    let context = |n: i64| {
        let name = "x".repeat(2_000);
        let items = Value::list((0..300).map(Value::Int));
        Value::map([("n", Value::Int(n)), ("name", Value::from(name)), ("items", items)])
    };
    let contexts: Vec<_> = (0..100).map(context).collect();
    let (_, first) = evaluate(dir.path(), &suite, &contexts, 100).unwrap();
    let written = fs::metadata(log(&dir)).unwrap().len();
    assert!(written < 100 * 1_000, "{written}");
    assert_eq!(evaluate(dir.path(), &suite, &contexts, 100).unwrap(), (0, first));
}

#[test]
fn a_record_with_an_error_is_run_again() {
    let (suite, contexts, dir) = (suite(3), contexts(5), TempDir::new().unwrap());
    let run_dir = open(dir.path(), &suite, 5).unwrap();
    let records = entries(&suite, &contexts).into_iter().map(Sealed::from);
    let (mut source, mut sink) = resume(Some(run_dir), Iter(records), Vec::new());
    let five = NonZeroUsize::new(5).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let taken = runtime.block_on(scouter_engine::Source::take(&mut source, five));
    let (spare, mut ran) = (Arc::default(), Ran::default());
    for (at, record) in taken.into_iter().enumerate() {
        let error = scouter_engine::NodeError::new("reach the model");
        let outcome = if at == 3 { Outcome::Errored(error) } else { Outcome::Skipped(gate()) };
        let outcomes = vec![outcome; 3];
        ran.add(&spare, record.open(&suite.reads), |uid, id, labels, _| Row {
            uid,
            id,
            labels,
            created_at: now(),
            took: Duration::ZERO,
            outcomes,
            cells: Box::default(),
        });
    }
    sink.take(ran).unwrap();
    sink.finish(false).unwrap();
    assert_eq!(open(dir.path(), &suite, 5).unwrap().recovered().records, 4);
    assert_eq!(evaluate(dir.path(), &suite, &contexts, 5).unwrap().0, 1);
}

fn gate() -> scouter_engine::SkipReason {
    scouter_engine::SkipReason::GateClosed { by: scouter_engine::Position::new(0) }
}

/// A log of three frames: its bytes, and where the last two begin.
fn three_frames(dir: &TempDir, suite: &Suite, contexts: &[Value]) -> (Vec<u8>, [usize; 2]) {
    let begins = [4, 7].map(|first| {
        evaluate(dir.path(), suite, contexts, first).unwrap();
        usize::try_from(fs::metadata(log(dir)).unwrap().len()).unwrap()
    });
    evaluate(dir.path(), suite, contexts, contexts.len()).unwrap();
    (fs::read(log(dir)).unwrap(), begins)
}

#[test]
fn a_log_that_was_cut_anywhere_in_its_last_frame_keeps_the_frames_before_it() {
    let (suite, contexts, dir) = (suite(3), contexts(10), TempDir::new().unwrap());
    let (bytes, [_, last]) = three_frames(&dir, &suite, &contexts);
    for len in last..bytes.len() {
        fs::write(log(&dir), &bytes[..len]).unwrap();
        let run_dir = open(dir.path(), &suite, 10).unwrap();
        let recovered = run_dir.recovered();
        assert_eq!((recovered.records, recovered.cut), (7, (len - last) as u64), "cut to {len} bytes");
        drop(run_dir);
        assert_eq!(fs::metadata(log(&dir)).unwrap().len(), last as u64);
    }
    let (run, rows) = evaluate(dir.path(), &suite, &contexts, 10).unwrap();
    assert_eq!(run, 3);
    assert_eq!(outcomes(&rows), outcomes(&uninterrupted(&suite, &contexts)));
}

#[test]
fn a_byte_that_changed_in_the_middle_is_told_with_its_place_and_nothing_is_lost() {
    let (suite, contexts, dir) = (suite(3), contexts(10), TempDir::new().unwrap());
    let (bytes, [second, last]) = three_frames(&dir, &suite, &contexts);
    for at in second..last {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        fs::write(log(&dir), &changed).unwrap();
        let error = open(dir.path(), &suite, 10).unwrap_err();
        assert!(
            matches!(&error, RunDirError::Damaged { at, before: 4, path } if *at == second as u64 && *path == log(&dir)),
            "byte {at}: {error}"
        );
        assert_eq!(fs::read(log(&dir)).unwrap(), changed);
    }
}

#[test]
fn zeros_behind_the_last_frame_are_cut_off() {
    // What a file system may leave of a write that the power was lost in.
    let (suite, contexts, dir) = (suite(3), contexts(10), TempDir::new().unwrap());
    let (mut bytes, _) = three_frames(&dir, &suite, &contexts);
    bytes.extend([0; 5000]);
    fs::write(log(&dir), &bytes).unwrap();
    assert_eq!(open(dir.path(), &suite, 10).unwrap().recovered().cut, 5000);
}

#[test]
fn a_directory_in_use_is_refused_and_says_by_whom() {
    let (suite, dir) = (suite(3), TempDir::new().unwrap());
    let first = open(dir.path(), &suite, 5).unwrap();
    let error = open(dir.path(), &suite, 5).unwrap_err();
    assert!(error.to_string().contains(&format!("in use by the process {}", std::process::id())), "{error}");
    drop(first);
    open(dir.path(), &suite, 5).unwrap();
}

#[test]
fn the_manifest_is_there_before_the_first_rows_are() {
    let dir = TempDir::new().unwrap();
    let run_dir = open(dir.path(), &suite(3), 5).unwrap();
    run_dir.log.rows(RowFrames::default()).unwrap();
    assert!(dir.path().join("run.json").is_file());
}

#[test]
fn a_directory_is_given_back_with_its_manifest_and_a_log_that_has_ended() {
    let dir = TempDir::new().unwrap();
    let run_dir = open(dir.path(), &suite(3), 5).unwrap();
    // As who remembers answers has it.
    let log = run_dir.log.clone();
    drop(run_dir);
    assert!(dir.path().join("run.json").is_file());
    assert!(log.rows(RowFrames::default()).is_err());
}

#[test]
fn another_suite_is_refused_and_says_what_differs() {
    let (mine, dir) = (suite(3), TempDir::new().unwrap());
    drop(open(dir.path(), &mine, 5).unwrap());
    let tasks: Vec<_> = suite(4).specs.iter().take(2).cloned().collect();
    let error = open(dir.path(), &compile(&tasks).unwrap(), 5).unwrap_err().to_string();
    assert!(error.contains("`small` has another `expected_value`, `listed` is gone"), "{error}");
    open(dir.path(), &mine, 5).unwrap();
}

#[test]
fn tasks_in_another_order_are_another_suite() {
    let (mine, dir) = (suite(3), TempDir::new().unwrap());
    drop(open(dir.path(), &mine, 5).unwrap());
    let tasks: Vec<_> = mine.specs.iter().rev().cloned().collect();
    let error = open(dir.path(), &compile(&tasks).unwrap(), 5).unwrap_err().to_string();
    assert!(error.contains("another order"), "{error}");
}

#[test]
fn a_description_is_no_part_of_a_suite() {
    let (mine, dir) = (suite(3), TempDir::new().unwrap());
    drop(open(dir.path(), &mine, 5).unwrap());
    let mut tasks = mine.specs.to_vec();
    tasks[0] = Arc::new(AssertionSpec {
        head: Head { description: Some("other words".to_owned()), ..Head::new("small") },
        context_path: Some("n".to_owned()),
        item_context_path: None,
        operator: Operator::LessThan,
        expected_value: Some(Value::Int(3)),
        each: Each::All,
    });
    open(dir.path(), &compile(&tasks).unwrap(), 5).unwrap();
}

#[test]
fn other_records_are_refused() {
    let (suite, dir) = (suite(3), TempDir::new().unwrap());
    drop(open(dir.path(), &suite, 5).unwrap());
    let error = open(dir.path(), &suite, 6).unwrap_err().to_string();
    assert!(error.contains("`count` is 5 there, 6 here"), "{error}");
    let ids = ["r0", "r1", "r2", "r4", "r3"].map(Some);
    let records = Records::of(ids.into_iter(), NonZeroU32::MIN);
    let error = RunDir::open(dir.path(), &suite, &records, &Addresses::new(), now()).unwrap_err().to_string();
    assert!(error.contains("other ids"), "{error}");
}

#[test]
fn another_number_of_trials_is_told_as_such() {
    let (suite, dir) = (suite(3), TempDir::new().unwrap());
    let two = NonZeroU32::MIN.saturating_add(1);
    drop(open_trials(dir.path(), &suite, 5, two).unwrap());
    let error = open(dir.path(), &suite, 5).unwrap_err().to_string();
    assert!(error.contains("was made with trials=2, and this one asks for trials=1"), "{error}");
    open_trials(dir.path(), &suite, 5, two).unwrap();
}

#[test]
fn records_without_ids_are_told_from_the_trials_of_fewer() {
    let (suite, dir) = (suite(3), TempDir::new().unwrap());
    let open = |count: usize, trials: u32| {
        let records = Records::of(vec![None::<&str>; count].into_iter(), NonZeroU32::new(trials).unwrap());
        RunDir::open(dir.path(), &suite, &records, &Addresses::new(), now())
    };
    drop(open(2, 2).unwrap());
    let error = open(4, 1).unwrap_err().to_string();
    assert!(error.contains("was made with trials=2, and this one asks for trials=1"), "{error}");
}

#[test]
fn a_manifest_without_its_number_of_trials_is_read() {
    let (suite, dir) = (suite(3), TempDir::new().unwrap());
    drop(open(dir.path(), &suite, 5).unwrap());
    let path = dir.path().join("run.json");
    let text = fs::read_to_string(&path).unwrap();
    let older: String = text.lines().filter(|line| !line.contains("\"trials\"")).collect();
    assert_ne!(older, text);
    fs::write(&path, older).unwrap();
    open(dir.path(), &suite, 5).unwrap();
}

#[test]
fn a_manifest_that_is_none_is_refused() {
    let (suite, dir) = (suite(3), TempDir::new().unwrap());
    for (text, why) in [
        ("{", "is not JSON"),
        ("{}", "has no `format`"),
        (r#"{"format": 2}"#, "has format 2, and this version knows 3 to 4"),
        (r#"{"format": 5}"#, "has format 5, of a later version of Scouter"),
    ] {
        fs::write(dir.path().join("run.json"), text).unwrap();
        let error = open(dir.path(), &suite, 5).unwrap_err().to_string();
        assert!(error.contains("is no run directory") && error.contains(why), "{error}");
    }
}

#[test]
fn a_log_of_nobody_is_refused() {
    let (suite, dir) = (suite(3), TempDir::new().unwrap());
    fs::write(log(&dir), [1]).unwrap();
    let error = open(dir.path(), &suite, 5).unwrap_err().to_string();
    assert!(error.contains("a `run.log` without its `run.json`"), "{error}");
    assert_eq!(fs::read(log(&dir)).unwrap(), [1]);
}

/// A frame with this body, and the checksum that belongs to it.
fn whole(kind: Kind, body: &[u8]) -> Vec<u8> {
    make(kind, |into| into.extend_from_slice(body)).unwrap()
}

/// Reads all that a log holds which says that it is whole: rows and answers, or that it is damaged.
fn read_all(suite: &Suite, opened: Result<RunDir, RunDirError>, key: &[u8]) {
    let mut run_dir = match opened {
        Ok(run_dir) => run_dir,
        Err(RunDirError::Damaged { at: 0, .. }) => return,
        Err(error) => panic!("{error}"),
    };
    let (record, mut last) = (Subject::new(&suite.reads, &contexts(1)[0]), LastFrame::default());
    for place in run_dir.rows.places.values() {
        // What cannot be read is an error.
        let _ = run_dir.rows.read(*place, &record.reads, &mut last);
    }
    let key = key.first_chunk().map(|key| Fingerprint::from_bytes(*key));
    let _ = run_dir.answers.take().zip(key).and_then(|(answers, key)| answers.get(key));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_in_a_whole_frame_are_read_without_a_panic(
        kind in prop::sample::select(vec![Kind::Rows, Kind::Answer]),
        bytes in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let (suite, dir) = (suite(3), TempDir::new().unwrap());
        drop(open(dir.path(), &suite, 5).unwrap());
        fs::write(log(&dir), whole(kind, &bytes)).unwrap();
        read_all(&suite, open(dir.path(), &suite, 5), &bytes);
    }

    #[test]
    fn rows_of_which_bytes_changed_are_read_without_a_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let (suite, dir) = (suite(3), TempDir::new().unwrap());
        evaluate(dir.path(), &suite, &contexts(5), 1).unwrap();
        // The first frame, behind whose head stands what it holds.
        let written = fs::read(log(&dir)).unwrap();
        let end = HEAD + u32::from_le_bytes(*written[4..].first_chunk().unwrap()) as usize;
        let mut body = written[HEAD + 1..end].to_vec();
        prop_assert!(!body.is_empty());
        for (place, byte) in changes {
            let place = place.index(body.len());
            body[place] = byte;
        }
        fs::write(log(&dir), whole(Kind::Rows, &body)).unwrap();
        read_all(&suite, open(dir.path(), &suite, 5), &body);
    }
}
