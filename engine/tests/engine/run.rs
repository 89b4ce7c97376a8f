//! One graph over one input: gates, errors, panics, limits, cancellation.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::support::{errored, failed, later, now, passed};
use scouter_engine::{
    Declaration, ErrorKind, GraphBuilder, Limits, Node, Outcome, PoolName, Report, RunCx, SkipReason,
    Verdict, run,
};
use tokio::sync::Notify;

struct Graphs(GraphBuilder<u64, u64>);

impl Graphs {
    fn new() -> Self {
        Self(GraphBuilder::default())
    }

    fn node(mut self, id: &str, needs: &[&str], node: impl Node<u64, u64> + 'static) -> Self {
        self.0.add(Declaration::new(id, node).after(needs.iter().copied()));
        self
    }

    fn gate(mut self, id: &str, node: impl Node<u64, u64> + 'static) -> Self {
        self.0.add(Declaration::new(id, node).gate());
        self
    }

    async fn run(self, cx: &RunCx) -> Report<u64> {
        run(&self.0.build().unwrap(), &1, cx).await
    }
}

fn skipped_by(outcome: &Outcome<u64>) -> (&'static str, usize) {
    match outcome {
        Outcome::Skipped(SkipReason::GateClosed { by }) => ("gate", by.index()),
        Outcome::Skipped(SkipReason::UpstreamErrored { by }) => ("errored", by.index()),
        Outcome::Skipped(SkipReason::UpstreamSkipped { by }) => ("skipped", by.index()),
        other => panic!("not skipped: {other:?}"),
    }
}

#[tokio::test]
async fn closed_gate_skips_descendants() {
    let graph = Graphs::new()
        .gate("gate", now(|_, _| failed(0)))
        .node("child", &["gate"], now(|_, _| passed(0)))
        .node("grandchild", &["child"], now(|_, _| passed(0)))
        .node("beside", &[], now(|_, _| passed(0)));
    let report = graph.run(&RunCx::default()).await;
    assert_eq!(skipped_by(&report.outcomes[1]), ("gate", 0));
    assert_eq!(skipped_by(&report.outcomes[2]), ("gate", 0));
    assert_eq!(report.outcomes[3].verdict(), Some(Verdict::Passed));
}

#[tokio::test]
async fn gate_that_errors_is_closed() {
    let graph =
        Graphs::new().gate("gate", now(|_, _| errored())).node("child", &["gate"], now(|_, _| passed(0)));
    let report = graph.run(&RunCx::default()).await;
    assert_eq!(skipped_by(&report.outcomes[1]), ("gate", 0));
}

#[tokio::test]
async fn errored_dependency_skips_its_dependents_and_nothing_else() {
    let graph = Graphs::new()
        .node("broken", &[], now(|_, _| errored()))
        .node("child", &["broken"], now(|_, _| passed(0)))
        .node("grandchild", &["child"], now(|_, _| passed(0)))
        .node("sibling", &[], now(|_, _| failed(0)));
    let report = graph.run(&RunCx::default()).await;
    assert!(matches!(&report.outcomes[0], Outcome::Errored(error) if error.message() == "read the value"));
    assert_eq!(skipped_by(&report.outcomes[1]), ("errored", 0));
    assert_eq!(skipped_by(&report.outcomes[2]), ("skipped", 1));
    assert_eq!(report.outcomes[3].verdict(), Some(Verdict::Failed));
}

#[tokio::test]
async fn failed_check_that_is_no_gate_lets_its_dependents_run() {
    let graph = Graphs::new().node("check", &[], now(|input, _| failed(input + 1))).node(
        "child",
        &["check"],
        now(|_, upstream| passed(upstream[0] * 10)),
    );
    let report = graph.run(&RunCx::default()).await;
    assert_eq!(report.outcomes[1].output().unwrap().value, 20);
}

#[tokio::test]
async fn a_node_sees_its_declared_dependencies_and_no_other_outputs() {
    let graph = Graphs::new()
        .node("a", &[], now(|_, _| passed(5)))
        .node("b", &[], now(|_, _| passed(7)))
        .node("c", &["b"], now(|_, upstream| passed(upstream.iter().sum::<u64>() + upstream.len() as u64)));
    let report = graph.run(&RunCx::default()).await;
    assert_eq!(report.outcomes[2].output().unwrap().value, 8);
}

#[tokio::test]
async fn a_panic_is_an_error_of_its_node() {
    let graph = Graphs::new()
        .node("now", &[], now(|_, _| panic!("at once")))
        .node("later", &[], later(|_| async { panic!("in time") }))
        .node("sibling", &[], now(|_, _| passed(0)))
        .node("again", &[], now(|_, _| panic!("as well")));
    let report = graph.run(&RunCx::default()).await;
    for (at, text) in [(0, "at once"), (1, "in time"), (3, "as well")] {
        let Outcome::Errored(error) = &report.outcomes[at] else { panic!("{:?}", report.outcomes[at]) };
        assert_eq!(error.kind(), ErrorKind::Panicked);
        assert!(error.message().contains(text));
    }
    assert_eq!(report.outcomes[2].verdict(), Some(Verdict::Passed));
}

#[tokio::test]
async fn a_node_starts_when_its_own_dependencies_are_done_not_a_whole_stage() {
    // `slow` stands in the first stage and waits for `child`, which stands in the second.
    let signal = Arc::new(Notify::new());
    let (slow, child) = (signal.clone(), signal);
    let graph = Graphs::new()
        .node(
            "slow",
            &[],
            later(move |_| {
                let signal = slow.clone();
                async move {
                    signal.notified().await;
                    passed(0)
                }
            }),
        )
        .node("quick", &[], now(|_, _| passed(0)))
        .node(
            "child",
            &["quick"],
            now(move |_, _| {
                child.notify_one();
                passed(0)
            }),
        );
    let report = graph.run(&RunCx::default()).await;
    assert!(report.outcomes.iter().all(|outcome| outcome.verdict() == Some(Verdict::Passed)));
}

#[tokio::test]
async fn nodes_start_once_what_they_depend_on_was_waited_for() {
    let graph = Graphs::new()
        .node(
            "waits",
            &[],
            later(|_| async {
                tokio::task::yield_now().await;
                passed(5)
            }),
        )
        .node("at_once", &["waits"], now(|_, upstream| passed(upstream[0] + 1)))
        .node("waits_again", &["at_once"], later(|input| async move { passed(input) }));
    let report = graph.run(&RunCx::default()).await;
    let values: Vec<u64> = report.outcomes.iter().map(|outcome| outcome.output().unwrap().value).collect();
    assert_eq!(values, [5, 6, 1]);
}

#[tokio::test(start_paused = true)]
async fn a_node_over_its_timeout_is_errored() {
    let mut slow = later(|_| std::future::pending());
    slow.timeout = Some(Duration::from_secs(5));
    let graph = Graphs::new().node("slow", &[], slow).node("quick", &[], now(|_, _| passed(0)));
    let report = graph.run(&RunCx::default()).await;
    let Outcome::Errored(error) = &report.outcomes[0] else { panic!("{:?}", report.outcomes[0]) };
    assert_eq!((error.kind(), error.message()), (ErrorKind::TimedOut, "finish within 5s"));
    assert_eq!(report.outcomes[1].verdict(), Some(Verdict::Passed));
}

#[tokio::test]
async fn a_cancelled_run_reports_what_was_done() {
    let cx = RunCx::default();
    let cancel = cx.cancel.clone();
    let graph = Graphs::new().node("quick", &[], now(|_, _| passed(0))).node(
        "stuck",
        &[],
        later(move |_| {
            cancel.cancel();
            std::future::pending()
        }),
    );
    let report = graph.run(&cx).await;
    assert_eq!(report.outcomes[0].verdict(), Some(Verdict::Passed));
    assert_eq!(report.outcomes[1], Outcome::Cancelled);
}

#[tokio::test]
async fn a_pool_never_runs_more_than_its_permits() {
    let cx = RunCx { limits: Limits::default().pool(PoolName::new("model"), 2), ..RunCx::default() };
    let running = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let mut graph = Graphs::new();
    for id in ["a", "b", "c", "d", "e"] {
        let (running, most) = (running.clone(), most.clone());
        let mut node = later(move |_| {
            let (running, most) = (running.clone(), most.clone());
            async move {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                running.fetch_sub(1, Ordering::SeqCst);
                passed(0)
            }
        });
        node.pool = Some(PoolName::new("model"));
        graph = graph.node(id, &[], node);
    }
    let report = graph.run(&cx).await;
    assert!(report.outcomes.iter().all(|outcome| outcome.verdict() == Some(Verdict::Passed)));
    assert_eq!(most.load(Ordering::SeqCst), 2);
}
