//! Ten assertions over records of 1.3 KB: what the checks cost alone, recorded, on all cores, in a
//! graph, and what reading the records costs. Throughput is in task evaluations.

use std::hint::black_box;
use std::num::NonZeroUsize;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use scouter_engine::{Iter, Report, RunCx, run, run_batch};
use scouter_tasks::measured::Measured;
use scouter_tasks::operator::Check;
use scouter_tasks::path::Read;
use scouter_tasks::subject::Subject;
use scouter_tasks::suite::Suite;
use scouter_tasks::value::{Value, from_json};
use tokio::runtime::{Builder, Runtime};

mod workload;
use workload::{Shape, TEN};

const RECORDS: usize = 10_000;

fn subjects(suite: &Suite, contexts: &[Value]) -> Vec<Subject> {
    contexts.iter().map(|context| Subject::new(&suite.reads, context)).collect()
}

fn one_core() -> Runtime {
    Builder::new_current_thread().build().expect("a runtime")
}

/// Runs the suite over every record and keeps what a dataset's results keep.
async fn kept(suite: &Suite, subjects: &[Subject], cx: &RunCx) -> Vec<Report<Measured>> {
    let mut kept = Vec::with_capacity(subjects.len());
    for subject in subjects {
        let mut report = run(&suite.graph, subject, cx).await;
        suite.trim(&mut report);
        kept.push(report);
    }
    kept
}

fn checks(c: &mut Criterion) {
    let suite = workload::suite(Shape::Ten);
    let contexts = workload::contexts(RECORDS);
    let subjects = subjects(&suite, &contexts);
    let cx = RunCx::default();
    let mut group = c.benchmark_group("ten checks");
    group.throughput(Throughput::Elements((RECORDS * TEN.len()) as u64)).sample_size(20);

    let prepared: Vec<(usize, Check)> = TEN
        .iter()
        .map(|&(_, path, operator, expected)| {
            let read = suite.reads.paths().iter().position(|read| read.to_string() == path);
            let expected = from_json(expected).expect("the expected value is JSON");
            (read.expect("the suite reads it"), operator.prepare(&expected).expect("it is sound"))
        })
        .collect();
    group.bench_function("nothing recorded", |b| {
        b.iter(|| {
            let mut passed = 0_usize;
            for subject in &subjects {
                for (read, check) in &prepared {
                    let Read::Found(value) = subject.reads[*read].read() else { continue };
                    passed += usize::from(check.judge(value) == Ok(true));
                }
            }
            black_box(passed)
        });
    });
    let runtime = one_core();
    group.bench_function("recorded", |b| {
        b.iter_batched(|| (), |()| runtime.block_on(kept(&suite, &subjects, &cx)), BatchSize::PerIteration);
    });
    group.bench_function("recorded, paths read as well", |b| {
        b.iter_batched(
            || (),
            |()| {
                runtime.block_on(async {
                    let mut kept = Vec::with_capacity(contexts.len());
                    for context in &contexts {
                        let subject = Subject::new(&suite.reads, context);
                        let mut report = run(&suite.graph, &subject, &cx).await;
                        suite.trim(&mut report);
                        kept.push(report);
                    }
                    kept
                })
            },
            BatchSize::PerIteration,
        );
    });
    for threads in [1, 2] {
        let runtime = Builder::new_multi_thread().worker_threads(threads).build().expect("a runtime");
        let lanes = NonZeroUsize::new(threads).expect("not zero");
        group.bench_function(format!("batch on {threads} threads"), |b| {
            b.iter_batched(
                || subjects.clone(),
                |subjects| {
                    let trim = suite.clone();
                    runtime.block_on(async {
                        let keep = move |kept: &mut Vec<_>, _: Subject, mut report| {
                            trim.trim(&mut report);
                            kept.push(report);
                        };
                        let mut batch = run_batch(
                            &suite.graph,
                            Iter(subjects.into_iter()),
                            lanes,
                            &cx,
                            |_, i| Some(i),
                            keep,
                        );
                        let mut kept = Vec::with_capacity(RECORDS);
                        while let Some((_, reports)) = batch.next().await {
                            kept.extend(reports);
                        }
                        kept
                    })
                },
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

fn graph(c: &mut Criterion) {
    let contexts = workload::contexts(1_000);
    let runtime = one_core();
    let cx = RunCx::default();
    let mut group = c.benchmark_group("graph of ten");
    group.throughput(Throughput::Elements(contexts.len() as u64)).sample_size(50);
    for (name, shape) in [("flat", Shape::GraphNodes), ("three levels", Shape::Graph)] {
        let suite = workload::suite(shape);
        let subjects = subjects(&suite, &contexts);
        group.bench_function(name, |b| {
            b.iter_batched(
                || (),
                |()| runtime.block_on(kept(&suite, &subjects, &cx)),
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

fn reading(c: &mut Criterion) {
    let suite = workload::suite(Shape::Ten);
    let contexts = workload::contexts(1_000);
    let texts: Vec<String> = (0..contexts.len()).map(workload::record).collect();
    let mut group = c.benchmark_group("reading");
    group.throughput(Throughput::Elements((contexts.len() * TEN.len()) as u64)).sample_size(50);
    group.bench_function("JSON to reads", |b| {
        b.iter(|| {
            for text in &texts {
                let context = from_json(text).expect("the record is JSON");
                black_box(suite.reads.read(&context));
            }
        });
    });
    group.bench_function("parsed to reads", |b| {
        b.iter(|| {
            for context in &contexts {
                black_box(suite.reads.read(context));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, checks, graph, reading);
criterion_main!(benches);
