//! What a lane of `evaluate()` does, on one core: records come as the bytes that were read of them, values are made of
//! these, judged by ten assertions, and what is kept of it becomes rows. Each part with those before it, and all of them as
//! a lane of a batch does them. Throughput is in records.

use std::hint::black_box;
use std::num::NonZeroUsize;
use std::sync::Arc;

use chrono::DateTime;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use scouter_engine::{Iter, Report, RunCx, run};
use scouter_tasks::packed::Packed;
use scouter_tasks::path::Read;
use scouter_tasks::result::Row;
use scouter_tasks::run::{Entry, Sealed, resume, rows};
use scouter_tasks::subject::Subject;
use scouter_tasks::suite::Suite;
use tokio::runtime::Builder;

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

/// The records as a source hands them over.
fn sealed(handed: &[Handed]) -> Vec<Sealed> {
    let of_chunk = |(packed, entries): &Handed| -> Vec<Sealed> {
        entries.iter().map(|(entry, at)| Sealed::new(entry.clone(), packed.clone(), *at)).collect()
    };
    handed.iter().flat_map(of_chunk).collect()
}

/// The row of a record.
async fn row(suite: &Suite, packed: &Packed, entry: &Entry, at: usize, cx: &RunCx) -> Row {
    let subject = Subject { reads: packed.unpack(at).reads(&suite.reads), ..Subject::default() };
    let mut report = run(&suite.graph, &subject, cx).await;
    suite.trim(&mut report);
    let (created_at, cells) = (DateTime::UNIX_EPOCH, Box::default());
    let Report { outcomes, took } = report;
    Row { uid: entry.uid, id: entry.id.clone(), labels: None, created_at, took, outcomes, cells }
}

fn lane(c: &mut Criterion) {
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
    group.bench_function("into rows", |b| {
        b.iter_batched(
            || (),
            |()| {
                alone.block_on(async {
                    let mut rows = Vec::with_capacity(RECORDS);
                    for (packed, entries) in &handed {
                        for (entry, at) in entries {
                            rows.push(row(&suite, packed, entry, *at, &cx).await);
                        }
                    }
                    rows
                })
            },
            BatchSize::PerIteration,
        );
    });
    group.bench_function("as a batch", |b| {
        b.iter_batched(
            || sealed(&handed),
            |records| {
                alone.block_on(async {
                    let (source, mut kept) = (Iter(records.into_iter()), Vec::with_capacity(RECORDS));
                    let (source, _) = resume(None, source, Vec::<Row>::new());
                    let mut batch = rows(&suite, source, NonZeroUsize::MIN, &cx, DateTime::UNIX_EPOCH);
                    while let Some((_, ran)) = batch.next().await {
                        kept.extend(ran.rows);
                    }
                    kept
                })
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, lane);
criterion_main!(benches);
