//! Results go into a file as JSON without a second copy of them in memory.

use std::alloc::System;
use std::io::{self, Write};
use std::sync::Arc;

use scouter_engine::{RunCx, run};
use scouter_tasks::report::{Form, Report};
use scouter_tasks::result::{Results, Row};
use scouter_tasks::subject::Subject;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[expect(dead_code, reason = "shapes that others have")]
#[path = "../benches/workload/mod.rs"]
mod workload;
use workload::Shape;

#[global_allocator]
static COUNTING: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How much memory is taken more than at the beginning.
fn taken(region: &Region<'_, System>) -> usize {
    let change = region.change();
    change.bytes_allocated.saturating_sub(change.bytes_deallocated)
}

/// Counts what is written, and looks at each write how much memory is taken.
struct Watching<'r> {
    region: Region<'r, System>,
    written: usize,
    most: usize,
}

impl Write for Watching<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.written += bytes.len();
        self.most = self.most.max(taken(&self.region));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn results(records: usize) -> Results {
    let suite = workload::suite(Shape::Ten);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let cx = RunCx::default();
    let rows = workload::contexts(records).into_iter().zip(1..).map(|(context, number)| {
        let subject = Subject::new(&suite.reads, &context);
        let mut report = runtime.block_on(run(&suite.graph, &subject, &cx));
        suite.trim(&mut report);
        let row = Row::cancelled(uuid::Uuid::from_u128(number), None, chrono::DateTime::UNIX_EPOCH, 0);
        Row { outcomes: report.outcomes, ..row }
    });
    Results::new(suite.tasks.clone(), rows.collect(), false)
}

/// The only test of this file: another would allocate meanwhile.
#[test]
fn a_file_of_json_takes_no_memory_that_grows_with_the_results() {
    let results = Arc::new(results(2_000));
    let report = Report { results: &results, comparison: None, title: None };
    let mut out = Watching { region: Region::new(COUNTING), written: 0, most: 0 };
    Form::Json.write_to(&report, &mut out).expect("it takes everything");
    assert!(out.written > 4_000_000, "{} bytes", out.written);
    assert!(out.most < 20_000, "{} bytes for {} bytes of JSON", out.most, out.written);

    let region = Region::new(COUNTING);
    let whole = Form::Json.write(&report);
    assert!(taken(&region) >= whole.len(), "the allocator counts");
}
