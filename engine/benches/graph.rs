//! What the engine itself costs: nodes that do next to nothing, flat and as a graph, one input and
//! many. Throughput is in nodes.

use std::num::NonZeroUsize;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use scouter_engine::{
    Declaration, Graph, GraphBuilder, Iter, Node, NodeCx, Output, RunCx, Step, Verdict, run, run_batch,
};
use tokio::runtime::Builder;

/// Passes where the input is at least this.
#[derive(Debug)]
struct AtLeast(u64);

impl Node<u64, u64> for AtLeast {
    fn kind(&self) -> &'static str {
        "at least"
    }

    fn waits(&self) -> bool {
        false
    }

    fn run<'a>(&'a self, cx: NodeCx<'a, '_, u64, u64>) -> Step<'a, u64> {
        let verdict = if *cx.input >= self.0 { Verdict::Passed } else { Verdict::Failed };
        Step::Ready(Ok(Output { value: *cx.input, verdict: Some(verdict) }))
    }
}

/// What each node of the graph depends on: three levels.
const EDGES: [&[usize]; 10] = [&[], &[], &[], &[0], &[0], &[1], &[2], &[3, 4], &[5], &[6]];

fn flat(nodes: usize) -> Arc<Graph<u64, u64>> {
    let mut graph = GraphBuilder::default();
    for at in 0..nodes {
        graph.add(Declaration::new(at.to_string(), AtLeast(at as u64)));
    }
    Arc::new(graph.build().expect("the graph is sound"))
}

/// Node 0 is a gate that opens and node 1 one that never does.
fn three_levels() -> Arc<Graph<u64, u64>> {
    let mut graph = GraphBuilder::default();
    for (at, needs) in EDGES.iter().enumerate() {
        let node = AtLeast(if at == 1 { u64::MAX } else { 0 });
        let declared = Declaration::new(at.to_string(), node).after(needs.iter().map(ToString::to_string));
        graph.add(if at < 2 { declared.gate() } else { declared });
    }
    Arc::new(graph.build().expect("the graph is sound"))
}

fn one_input(c: &mut Criterion) {
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    let cx = RunCx::default();
    let mut group = c.benchmark_group("one input");
    // What a node costs is the slope from 1 to 100 nodes, what a record costs is the rest.
    for (name, graph) in [
        ("1 node", flat(1)),
        ("10 nodes", flat(10)),
        ("100 nodes", flat(100)),
        ("10 nodes in three levels", three_levels()),
    ] {
        group.throughput(Throughput::Elements(graph.len() as u64));
        group.bench_function(name, |b| {
            b.iter_custom(|times| {
                runtime.block_on(async {
                    let started = cx.clock.instant();
                    for input in 0..times {
                        std::hint::black_box(run(&graph, &input, &cx).await);
                    }
                    cx.clock.instant().duration_since(started)
                })
            });
        });
    }
    group.finish();
}

fn many_inputs(c: &mut Criterion) {
    const INPUTS: u64 = 10_000;
    let cx = RunCx::default();
    let mut group = c.benchmark_group("10,000 inputs");
    group.sample_size(30);
    for threads in [1, 2] {
        let runtime = Builder::new_multi_thread().worker_threads(threads).build().expect("a runtime");
        let lanes = NonZeroUsize::new(threads).expect("not zero");
        for (name, graph) in [("flat", flat(10)), ("three levels", three_levels())] {
            group.throughput(Throughput::Elements(INPUTS * graph.len() as u64));
            group.bench_function(format!("{name}, {threads} threads"), |b| {
                b.iter_batched(
                    || (),
                    |()| {
                        runtime.block_on(async {
                            let keep = |kept: &mut Vec<_>, _, report| kept.push(report);
                            let mut batch =
                                run_batch(&graph, Iter(0..INPUTS), lanes, &cx, |_, i| Some(i), keep);
                            let mut kept = Vec::new();
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
    }
    group.finish();
}

criterion_group!(benches, one_input, many_inputs);
criterion_main!(benches);
