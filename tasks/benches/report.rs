//! What writing results down costs: 10,000 records of ten checks, of which nearly every record
//! fails some. Throughput is in bytes of what is written.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use scouter_engine::{RunCx, run};
use scouter_tasks::report::{Form, Report};
use scouter_tasks::result::{Results, Row};
use scouter_tasks::subject::Subject;
use tokio::runtime::Builder;

mod workload;
use workload::Shape;

const RECORDS: usize = 10_000;

fn results(shape: Shape) -> Results {
    let suite = workload::suite(shape);
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    let cx = RunCx::default();
    let rows = workload::contexts(RECORDS).into_iter().zip(1..).map(|(context, number)| {
        let subject = Subject::new(&suite.reads, &context);
        let mut report = runtime.block_on(run(&suite.graph, &subject, &cx));
        suite.trim(&mut report);
        let id = Some(format!("request-{number:05}").into());
        Row {
            id,
            outcomes: report.outcomes,
            ..Row::cancelled(uuid::Uuid::from_u128(number), None, chrono::DateTime::UNIX_EPOCH, 0)
        }
    });
    Results::new(suite.tasks.clone(), rows.collect(), false)
}

fn reports(c: &mut Criterion) {
    let mut group = c.benchmark_group("reports");
    let forms = [Form::Html, Form::Markdown, Form::Junit, Form::Json];
    for (shape, forms) in
        [(Shape::Ten, &forms[..]), (Shape::Graph, &forms[..1]), (Shape::GraphNodes, &forms[..1])]
    {
        let results = Arc::new(results(shape));
        let report = Report { results: &results, comparison: None, title: None };
        for form in forms {
            group.throughput(Throughput::Bytes(form.write(&report).len() as u64));
            group.bench_function(format!("{form:?}, {shape:?}"), |b| {
                b.iter(|| black_box(form.write(&report)));
            });
        }
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = reports
}
criterion_main!(benches);
