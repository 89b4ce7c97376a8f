//! Tasks that are shown records whole, in a run that is kept.

use std::io::Cursor;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::Path;
use std::sync::Arc;

use chrono::DateTime;
use scouter_engine::{Node, NodeError, Output, RunCx, Step, SystemClock, Verdict};
use scouter_tasks::measured::Measured;
use scouter_tasks::models::Addresses;
use scouter_tasks::records::{Ahead, Lines, Mapping, Opener, Shape};
use scouter_tasks::run::{Keys, Records, RunDir, resume, rows};
use scouter_tasks::source::Cx;
use scouter_tasks::subject::{Origin, Subject};
use scouter_tasks::suite::compile;
use scouter_tasks::task::{Build, Built, Explain, Head, Subtitle, Task};
use scouter_tasks::value::Value;
use tempfile::TempDir;

/// Passes where the record has two fields or more. It reads no path: it is shown the record.
#[derive(Debug)]
pub(crate) struct Fields(pub(crate) Head);

#[derive(Debug)]
struct CountFields;

impl Task for Fields {
    fn head(&self) -> &Head {
        &self.0
    }

    fn kind(&self) -> &'static str {
        "Fields"
    }

    fn subtitle(&self) -> Subtitle {
        Subtitle::default()
    }

    fn build(&self, cx: &mut Build<'_>) -> Option<Built> {
        cx.want_origin();
        Some(Built { node: Box::new(CountFields), explain: Arc::new(CountFields) })
    }

    fn to_value(&self) -> Option<Value> {
        None
    }
}

impl Node<Subject, Measured> for CountFields {
    fn kind(&self) -> &'static str {
        "Fields"
    }

    fn waits(&self) -> bool {
        false
    }

    fn run<'a>(&'a self, cx: Cx<'a, '_>) -> Step<'a, Measured> {
        let origin = cx.input.origin.clone().and_then(|origin| origin.downcast::<Value>().ok());
        let Some(fields) = origin.and_then(|record| record.as_map().map(scouter_tasks::value::Map::len))
        else {
            return Step::Ready(Err(NodeError::new("count the fields: there is no record")));
        };
        let verdict = if fields > 1 { Verdict::Passed } else { Verdict::Failed };
        Step::Ready(Ok(Output { value: Measured::of(Value::from(fields)), verdict: Some(verdict) }))
    }
}

impl Explain for CountFields {
    fn message(&self, _verdict: Option<Verdict>, measured: &Measured) -> String {
        format!("{} fields", measured.actual())
    }
}

/// Runs the task over these lines in this directory, and says how many records were run.
fn evaluate(dir: &Path, lines: &'static str) -> usize {
    let suite = compile(&[Arc::new(Fields(Head::new("fields"))) as Arc<dyn Task>]).unwrap();
    let records = Records::File { name: "records.jsonl".to_owned(), trials: NonZeroU32::MIN };
    let run_dir = RunDir::open(dir, &suite, &records, &Addresses::new(), DateTime::UNIX_EPOCH).unwrap();
    let opener = Opener {
        shape: Shape::new(Mapping::default(), &[&suite.reads], true),
        reads: suite.reads.clone(),
        keys: Keys::default(),
        origin: Some(Arc::new(|context| Arc::new(context) as Origin)),
        seen: true,
        memory: None,
        models: None,
        clock: Arc::new(SystemClock),
    };
    let two = NonZeroUsize::new(2).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let source = Ahead::new(Lines::new(Cursor::new(lines)), opener, two, false);
        let (source, mut sink) = resume(Some(run_dir), source, Vec::new());
        let mut batch = rows(&suite, source, two, &RunCx::default(), DateTime::UNIX_EPOCH);
        let mut run = 0;
        while let Some((_, rows)) = batch.next().await {
            run += rows.rows.len() - rows.from_log;
            sink.take(rows).unwrap();
        }
        sink.finish(false).unwrap();
        run
    })
}

#[test]
fn a_record_that_is_shown_whole_is_run_again_where_anything_of_it_changed() {
    let dir = TempDir::new().unwrap();
    assert_eq!(evaluate(dir.path(), "{\"a\":1}\n{\"a\":2}\n"), 2);
    assert_eq!(evaluate(dir.path(), "{\"a\":1}\n{\"a\":2,\"b\":3}\n"), 1);
    assert_eq!(evaluate(dir.path(), "{\"a\":1}\n{\"a\":2,\"b\":3}\n"), 0);
}
