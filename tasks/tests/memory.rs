//! What a kept result takes of memory, which is what bounds the size of an evaluation.

use std::alloc::System;

use scouter_engine::{Report, RunCx, run};
use scouter_tasks::measured::Measured;
use scouter_tasks::subject::Subject;
use scouter_tasks::value::Value;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[path = "../benches/workload/mod.rs"]
mod workload;
use workload::{Shape, TEN};

#[global_allocator]
static COUNTING: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn bytes_a_result(shape: Shape) -> f64 {
    const RECORDS: usize = 2_000;
    let suite = workload::suite(shape);
    let cx = RunCx::default();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let judged = |context: Value| {
        let subject = Subject::new(&suite.reads, &context);
        let mut report = runtime.block_on(run(&suite.graph, &subject, &cx));
        suite.trim(&mut report);
        report
    };
    // Whatever is made once, such as the scratch memory of patterns.
    workload::contexts(1).into_iter().map(judged).for_each(drop);

    let region = Region::new(COUNTING);
    // A record goes as soon as it is judged: what is left of it is what its report holds.
    let kept: Vec<Report<Measured>> = workload::contexts(RECORDS).into_iter().map(judged).collect();
    let change = region.change();

    let bytes = change.bytes_allocated - change.bytes_deallocated;
    bytes as f64 / (kept.len() * TEN.len()) as f64
}

/// The only test of this file: another would allocate meanwhile.
#[test]
fn a_kept_result_takes_at_most_100_bytes_with_the_values_it_shares() {
    for shape in [Shape::Ten, Shape::Graph, Shape::GraphNodes] {
        let bytes = bytes_a_result(shape);
        assert!(bytes <= 100.0, "{shape:?}: {bytes} bytes a result");
        assert!(bytes > size_of::<Measured>() as f64, "the allocator counts");
    }
}
