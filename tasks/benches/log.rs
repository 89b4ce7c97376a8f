//! What keeping a run in a directory costs: ten assertions over records of 1.3 KB, with and without, and in
//! turn, for the ratio is what matters. Throughput is in records.

use std::num::{NonZeroU32, NonZeroUsize};

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use scouter_engine::{Iter, RunCx};
use scouter_tasks::models::Addresses;
use scouter_tasks::result::Row;
use scouter_tasks::run::{Entry, Records, RunDir, Sealed, resume, rows};
use scouter_tasks::subject::Subject;
use scouter_tasks::suite::Suite;
use tempfile::TempDir;
use tokio::runtime::Builder;

#[expect(dead_code, reason = "shapes that others have")]
mod workload;
use workload::Shape;

const RECORDS: usize = 20_000;

fn entries(suite: &Suite) -> Vec<Entry> {
    let contexts = workload::contexts(RECORDS).into_iter().zip(1..);
    let entry = |(context, number)| Entry {
        uid: uuid::Uuid::from_u128(number),
        id: Some(format!("request-{number:05}").into()),
        labels: None,
        subject: Subject::new(&suite.reads, &context),
    };
    contexts.map(entry).collect()
}

/// Runs the suite over every record, in a new directory where that is asked for.
async fn run(suite: &Suite, entries: Vec<Entry>, lanes: NonZeroUsize, dir: Option<RunDir>) -> Vec<Row> {
    let kept = Vec::with_capacity(entries.len());
    let entries = Iter(entries.into_iter().map(Sealed::from));
    let (source, mut sink) = resume(dir, entries, kept);
    let mut batch = rows(suite, source, lanes, &RunCx::default(), chrono::DateTime::UNIX_EPOCH);
    while let Some((_, rows)) = batch.next().await {
        sink.take(rows).expect("the disk has room");
    }
    sink.finish(false).expect("the disk has room")
}

fn log(c: &mut Criterion) {
    let suite = workload::suite(Shape::Ten);
    let entries = entries(&suite);
    let mut group = c.benchmark_group("ten checks");
    group.throughput(Throughput::Elements(RECORDS as u64)).sample_size(20);
    for threads in [1, 2] {
        let lanes = NonZeroUsize::new(threads).expect("not zero");
        let runtime = Builder::new_multi_thread().worker_threads(threads).build().expect("a runtime");
        for (name, logged) in [("kept in memory", false), ("in a run directory", true)] {
            group.bench_function(format!("{name}, {threads} threads"), |b| {
                b.iter_batched(
                    || (TempDir::new_in(".").expect("a folder"), entries.clone()),
                    |(folder, entries)| {
                        let ids = entries.iter().map(|entry| entry.id.as_deref());
                        let records = Records::of(ids, NonZeroU32::MIN);
                        let nobody = Addresses::new();
                        let now = chrono::DateTime::UNIX_EPOCH;
                        let open = || RunDir::open(folder.path(), &suite, &records, &nobody, now);
                        let dir = logged.then(|| open().expect("it is new"));
                        (folder, runtime.block_on(run(&suite, entries, lanes, dir)))
                    },
                    BatchSize::PerIteration,
                );
            });
        }
    }
    group.finish();
}

criterion_group!(benches, log);
criterion_main!(benches);
