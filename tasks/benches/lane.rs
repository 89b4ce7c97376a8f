//! What a lane of `evaluate()` does: records come as the bytes that were read of them, values are made of these, judged
//! by ten assertions, and what is kept of it becomes rows. Whole, and by part. Throughput is in records.

use std::hint::black_box;
use std::num::NonZeroUsize;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use scouter_engine::{Iter, RunCx, run};
use scouter_tasks::packed::Packed;
use scouter_tasks::path::Read;
use scouter_tasks::result::Row;
use scouter_tasks::run::{Entry, Sealed, rows};
use scouter_tasks::subject::Subject;
use scouter_tasks::suite::Suite;
use tokio::runtime::{Builder, Runtime};

#[expect(dead_code, reason = "shapes that others have")]
mod workload;
use workload::Shape;

/// That of the Python package.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const RECORDS: usize = 10_000;

/// How many records are read before they are handed over.
const CHUNK: usize = 256;

/// Records of which everything that is read lies there from this byte on.
type Handed = (Arc<Packed>, Vec<(Entry, usize)>);

fn packed(suite: &Suite) -> Vec<Handed> {
    let contexts = workload::contexts(RECORDS);
    let entries: Vec<_> = contexts.into_iter().zip(1_u128..).collect();
    let hand = |records: &[_]| {
        let mut packed = Packed::default();
        let entry = |(context, number): &(_, u128)| {
            let at = packed.len();
            for (path, place) in suite.reads.paths().iter().zip(0..) {
                let taken = path.steps().len();
                match path.read(context) {
                    Read::Found(value) => packed.value(&[place], taken, |out| {
                        out.whole(&value);
                        Ok::<_, String>(())
                    }),
                    _ => packed.missing(&[place], taken),
                }
            }
            let id = Some(format!("request-{number:05}").into());
            (Entry { uid: uuid::Uuid::from_u128(*number), id, labels: None, subject: Subject::default() }, at)
        };
        let entries = records.iter().map(entry).collect();
        (Arc::new(packed), entries)
    };
    entries.chunks(CHUNK).map(hand).collect()
}

fn threads(threads: usize) -> Runtime {
    Builder::new_multi_thread().worker_threads(threads).build().expect("a runtime")
}

async fn lane(suite: Suite, handed: Vec<Handed>, lanes: NonZeroUsize) -> Vec<Row> {
    let sealed = handed.into_iter().flat_map(|(packed, entries)| {
        entries.into_iter().map(move |(entry, at)| Sealed::new(entry, packed.clone(), at))
    });
    let mut rows = rows(&suite, Iter(sealed), lanes, &RunCx::default(), chrono::DateTime::UNIX_EPOCH);
    let mut kept = Vec::with_capacity(RECORDS);
    while let Some((_, ran)) = rows.next().await {
        kept.extend(ran.rows);
    }
    kept
}

fn lanes(c: &mut Criterion) {
    let suite = workload::suite(Shape::Ten);
    let handed = packed(&suite);
    let mut group = c.benchmark_group("lane");
    group.throughput(Throughput::Elements(RECORDS as u64)).sample_size(40);
    group.bench_function("made of bytes", |b| {
        b.iter(|| {
            for (packed, entries) in &handed {
                for (_, at) in entries {
                    black_box(packed.unpack(*at).reads(&suite.reads));
                }
            }
        });
    });
    let alone = Builder::new_current_thread().build().expect("a runtime");
    let cx = RunCx::default();
    group.bench_function("made of bytes and judged", |b| {
        b.iter(|| {
            alone.block_on(async {
                for (packed, entries) in &handed {
                    for (_, at) in entries {
                        let reads = packed.unpack(*at).reads(&suite.reads);
                        let subject = Subject { reads, ..Subject::default() };
                        black_box(run(&suite.graph, &subject, &cx).await);
                    }
                }
            });
        });
    });
    for count in [1, 2] {
        let runtime = threads(count);
        let lanes = NonZeroUsize::new(count).expect("not zero");
        group.bench_function(format!("into rows on {count} threads"), |b| {
            b.iter_batched(
                || (suite.clone(), handed.clone()),
                |(suite, handed)| {
                    let kept = runtime.spawn(lane(suite, handed, lanes));
                    runtime.block_on(kept).expect("no panic")
                },
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, lanes);
criterion_main!(benches);
