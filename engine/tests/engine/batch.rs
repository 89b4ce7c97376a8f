//! One graph over many inputs: order, bounds, cancellation.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::time::Duration;

use crate::support::{later, now, passed};
use scouter_engine::{
    Batch, Declaration, Graph, GraphBuilder, Iter, Node, Outcome, Report, RunCx, batch, run_batch,
};
use tokio::sync::Semaphore;

fn graph(node: impl Node<u64, u64> + 'static) -> Arc<Graph<u64, u64>> {
    let mut builder = GraphBuilder::default();
    builder.add(Declaration::new("only", node));
    Arc::new(builder.build().unwrap())
}

fn lanes(count: usize) -> NonZeroUsize {
    NonZeroUsize::new(count).unwrap()
}

/// Keeps what is made of each report.
fn each<R>(
    keep: impl Fn(u64, Report<u64>) -> R + Send + Sync + 'static,
) -> impl Fn(&mut Vec<R>, u64, Report<u64>) + Send + Sync + 'static {
    move |kept, input, report| kept.push(keep(input, report))
}

async fn collect<R>(mut batch: Batch<Vec<R>>) -> Vec<R> {
    let mut all = Vec::new();
    while let Some((first, results)) = batch.next().await {
        assert_eq!(first, all.len());
        all.extend(results);
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn results_come_in_the_order_of_inputs() {
    let graph = graph(now(|input, _| passed(input * 2)));
    let keep = |input, report: Report<u64>| (input, report.outcomes[0].output().unwrap().value);
    let results = collect(run_batch(
        &graph,
        Iter(0..10_000_u64),
        lanes(2),
        &RunCx::default(),
        |_, i| Some(i),
        each(keep),
    ))
    .await;
    assert_eq!(results, (0..10_000).map(|input| (input, input * 2)).collect::<Vec<_>>());
}

#[tokio::test]
async fn inputs_that_end_out_of_order_come_in_order() {
    // Input 0 ends only when all the others have ended.
    let others = Arc::new(Semaphore::new(0));
    let node = later(move |input| {
        let others = others.clone();
        async move {
            if input == 0 {
                others.acquire_many(3).await.unwrap().forget();
            } else {
                others.add_permits(1);
            }
            passed(input)
        }
    });
    let keep = |input, _| input;
    let results = collect(run_batch(
        &graph(node),
        Iter(0..4_u64),
        lanes(4),
        &RunCx::default(),
        |_, i| Some(i),
        each(keep),
    ))
    .await;
    assert_eq!(results, [0, 1, 2, 3]);
}

#[tokio::test]
async fn no_more_inputs_are_in_flight_than_lanes() {
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let seen = most.clone();
    let node = later(move |_| {
        let (running, most) = (running.clone(), most.clone());
        async move {
            most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            running.fetch_sub(1, Ordering::SeqCst);
            passed(0)
        }
    });
    let results = collect(run_batch(
        &graph(node),
        Iter(0..100_u64),
        lanes(7),
        &RunCx::default(),
        |_, i| Some(i),
        each(|i, _| i),
    ))
    .await;
    assert_eq!(results.len(), 100);
    assert_eq!(seen.load(Ordering::SeqCst), 7);
}

#[tokio::test]
async fn what_waits_for_its_turn_is_bounded() {
    // Input 0 never ends: the others may not run ahead without end.
    let taken = Arc::new(AtomicUsize::new(0));
    let counted = taken.clone();
    let node = later(|input| async move {
        if input == 0 {
            std::future::pending::<()>().await;
        }
        passed(input)
    });
    let inputs = (0..1_000_000_u64).inspect(move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
    });
    let mut batch =
        run_batch(&graph(node), Iter(inputs), lanes(4), &RunCx::default(), |_, i| Some(i), each(|i, _| i));
    {
        let mut next = std::pin::pin!(batch.next());
        for _ in 0..10_000 {
            tokio::select! {
                biased;
                _ = &mut next => panic!("input 0 never ends"),
                () = tokio::task::yield_now() => {}
            }
        }
    }
    assert!(taken.load(Ordering::SeqCst) <= 4 + 1_024, "{taken:?}");
}

#[tokio::test(start_paused = true)]
async fn an_input_that_takes_long_keeps_the_other_lanes_from_nothing() {
    // Input 0 ends only when a thousand others have ended.
    let others = Arc::new(Semaphore::new(0));
    let node = later(move |input| {
        let others = others.clone();
        async move {
            if input == 0 {
                others.acquire_many(1_000).await.unwrap().forget();
            } else {
                others.add_permits(1);
            }
            passed(input)
        }
    });
    let inputs = Iter(0..1_001_u64);
    let batch = run_batch(&graph(node), inputs, lanes(4), &RunCx::default(), |_, i| Some(i), each(|i, _| i));
    let results = tokio::time::timeout(std::time::Duration::from_mins(1), collect(batch)).await.unwrap();
    assert_eq!(results.len(), 1_001);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopped_batch_has_a_result_for_every_input_it_took() {
    let cx = RunCx::default();
    let cancel = cx.cancel.clone();
    let taken = Arc::new(AtomicUsize::new(0));
    let counted = taken.clone();
    let inputs = (0..100_000_u64).inspect(move |input| {
        counted.fetch_add(1, Ordering::SeqCst);
        if *input == 1_000 {
            cancel.cancel();
        }
    });
    let results = collect(run_batch(
        &graph(now(|i, _| passed(i))),
        Iter(inputs),
        lanes(2),
        &cx,
        |_, i| Some(i),
        each(|i, _| i),
    ))
    .await;
    assert!(results.len() < 100_000);
    assert_eq!(results.len(), taken.load(Ordering::SeqCst));
}

/// A batch of one lane whose second input never ends, with five seconds for all of them.
fn overdue(cx: &mut RunCx) -> Batch<Vec<bool>> {
    let node = later(|input| async move {
        if input == 1 {
            std::future::pending::<()>().await;
        }
        passed(input)
    });
    cx.limits.deadline = Some(Duration::from_secs(5));
    let cancelled = |_, report: Report<u64>| matches!(report.outcomes[0], Outcome::Cancelled);
    run_batch(&graph(node), Iter(0..3_u64), lanes(1), cx, |_, i| Some(i), each(cancelled))
}

#[tokio::test(start_paused = true)]
async fn a_batch_whose_time_is_over_ends_with_what_was_done() {
    let mut cx = RunCx::default();
    let started = tokio::time::Instant::now();
    let cancelled = collect(overdue(&mut cx)).await;
    assert_eq!(cancelled, [false, true]);
    assert_eq!(started.elapsed().as_secs(), 5);
    assert!(cx.cancel.is_overdue());
}

#[tokio::test(start_paused = true)]
async fn who_stops_a_batch_before_its_time_is_over_is_not_taken_for_the_time() {
    let mut cx = RunCx::default();
    let batch = overdue(&mut cx);
    cx.cancel.cancel();
    collect(batch).await;
    assert!(!cx.cancel.is_overdue());
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_ends_in_time_is_not_stopped_afterwards() {
    let mut cx = RunCx::default();
    cx.limits.deadline = Some(Duration::from_secs(5));
    let mut batch = run_batch(
        &graph(later(|i| async move { passed(i) })),
        Iter(0..3_u64),
        lanes(1),
        &cx,
        |_, i| Some(i),
        each(|i, _| i),
    );
    while batch.next().await.is_some() {}
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert!(!cx.cancel.is_cancelled());
}

#[tokio::test]
#[should_panic(expected = "keep failed")]
async fn a_panic_outside_the_nodes_is_not_taken_for_the_end() {
    let keep = |input: u64, _| assert!(input < 500, "keep failed");
    collect(run_batch(
        &graph(now(|i, _| passed(i))),
        Iter(0..100_000_u64),
        lanes(2),
        &RunCx::default(),
        |_, i| Some(i),
        each(keep),
    ))
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_source_gives_is_opened_by_many_lanes_at_once() {
    let graph = graph(now(|input, _| passed(input)));
    let chunk = batch::chunk(&graph).get() as u64;
    // Nobody gets past it alone.
    let both = Barrier::new(2);
    let open = move |_: &mut Vec<u64>, input: u64| {
        if input.is_multiple_of(chunk) {
            both.wait();
        }
        Some(input)
    };
    let (inputs, cx) = (Iter(0..2 * chunk), RunCx::default());
    let results = collect(run_batch(&graph, inputs, lanes(2), &cx, open, each(|input, _| input))).await;
    assert_eq!(results.len() as u64, 2 * chunk);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_out_before_stands_in_its_turn_and_is_not_run() {
    let ran = Arc::new(AtomicUsize::new(0));
    let counted = ran.clone();
    let node = now(move |input, _| {
        counted.fetch_add(1, Ordering::SeqCst);
        passed(input)
    });
    let open = |kept: &mut Vec<u64>, input: u64| {
        if input.is_multiple_of(3) {
            kept.push(input);
            return None;
        }
        Some(input)
    };
    let inputs = Iter(0..10_000_u64);
    let batch = run_batch(&graph(node), inputs, lanes(2), &RunCx::default(), open, each(|input, _| input));
    assert_eq!(collect(batch).await, (0..10_000).collect::<Vec<_>>());
    assert_eq!(ran.load(Ordering::SeqCst), 10_000 - 3_334);
}
