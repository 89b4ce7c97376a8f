//! Comparing two results of a million task outcomes: 100,000 records of 10 tasks.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use criterion::{Criterion, criterion_group, criterion_main};
use scouter_engine::{Outcome, Output, Verdict};
use scouter_tasks::measured::Measured;
use scouter_tasks::result::{Labels, Options, Results, Row, compare};
use scouter_tasks::suite::TaskInfo;
use scouter_tasks::value::Value;
use uuid::Uuid;

const RECORDS: usize = 100_000;
const TASKS: usize = 10;

/// How the rows stand, and what they belong to.
#[derive(Clone, Copy)]
enum Shape {
    /// In the order of the records, each on its own.
    Plain,
    /// In another order.
    Shuffled,
    /// Ten records to a cluster.
    Clustered,
}

/// Results in which one check of `odd` fails.
fn results(odd: usize, shape: Shape) -> Arc<Results> {
    let task = |at: usize| TaskInfo {
        id: format!("task_{at}"),
        description: None,
        kind: "Assertion".to_owned(),
        gate: false,
        advisory: None,
        judge: None,
        stage: 1,
        depends_on: Vec::new(),
        context_path: None,
        operator: None,
        expected: Value::Null,
        terms: None,
        hint: None,
        explain: None,
    };
    let outcome = |at: usize| {
        let verdict = if at.is_multiple_of(odd) { Verdict::Failed } else { Verdict::Passed };
        let value = Value::Int(i64::try_from(at % 100).unwrap_or(0));
        Outcome::Done(Output { value: Measured::of(value), verdict: Some(verdict) })
    };
    let row = |place: usize| {
        // A step without a common factor goes through all records in another order.
        let record = if matches!(shape, Shape::Shuffled) { place * 7_919 % RECORDS } else { place };
        let cluster = matches!(shape, Shape::Clustered).then(|| format!("document_{}", record / 10).into());
        Row {
            uid: Uuid::from_u128(record as u128),
            id: Some(format!("record_{record}").into()),
            labels: cluster.map(|cluster| Box::new(Labels { cluster: Some(cluster), ..Labels::default() })),
            created_at: DateTime::UNIX_EPOCH,
            took: Duration::ZERO,
            outcomes: (0..TASKS).map(|task| outcome(record * TASKS + task)).collect(),
            cells: Box::default(),
        }
    };
    Arc::new(Results::new((0..TASKS).map(task).collect(), (0..RECORDS).map(row).collect(), false))
}

fn comparisons(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("compare 1,000,000 outcomes");
    group.sample_size(10);
    let baseline = results(7, Shape::Plain);
    for (name, shape) in
        [("in order", Shape::Plain), ("shuffled", Shape::Shuffled), ("in clusters", Shape::Clustered)]
    {
        let compared = results(9, shape);
        group.bench_function(name, |bencher| {
            bencher.iter(|| black_box(compare(&compared, &baseline, Options::default())).verdict());
        });
    }
    group.finish();
}

criterion_group!(benches, comparisons);
criterion_main!(benches);
