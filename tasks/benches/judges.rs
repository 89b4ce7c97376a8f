//! Judges of 50 ms, from records to rows: how near to the ideal, and how much of the client's processor.
//!
//! `cargo bench --package scouter-tasks --bench judges`. With an address behind `--`, such as that of
//! `python/benches/judge_calls/server.py`, a server that runs there is asked.
#![expect(clippy::print_stdout, reason = "a benchmark is read on the terminal")]

use std::num::NonZeroUsize;

use chrono::DateTime;
use scouter_engine::{Iter, RunCx};
use scouter_providers::Environment;
use scouter_providers::layers::LimitSettings;
use scouter_tasks::models::{ModelOptions, Models};
use scouter_tasks::run::{Entry, Sealed, resume, rows};
use scouter_tasks::subject::Subject;
use scouter_tasks::suite::{Format, Kinds, Suite, compile, read_text};
use scouter_tasks::value::from_json;
use tokio::time::Instant;
use uuid::Uuid;

#[path = "../../providers/benches/server/mod.rs"]
mod server;
use server::{LATENCY, Result, Server, processor, serve};

const JUDGE: &str = "
tasks:
- task_type: LLMJudge
  id: quality
  prompt:
    model: gpt-4o-mini
    provider: openai
    messages: \"Rate from 1 to 5 how well the response answers the question.\\n\\nQuestion: ${query}\\nResponse: ${response}\"
    output_type: Score
  context_path: score
  operator: GreaterThanOrEqual
  expected_value: 4
";

fn main() -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    if server::is_asked_for() {
        return runtime.block_on(serve());
    }
    let theirs = std::env::args().find(|argument| argument.starts_with("http://"));
    let server = theirs.is_none().then(Server::start).transpose()?;
    let url = theirs.or(server.as_ref().map(|server| server.url.clone())).ok_or("there is no server")?;
    let suite = compile(&read_text(JUDGE, Format::Yaml, &Kinds::default())?)?;
    for (calls, in_flight) in [(1_000, 100), (5_000, 500)] {
        for _ in 0..3 {
            runtime.block_on(measure(&suite, &url, calls, in_flight))?;
        }
    }
    Ok(())
}

/// One run, whose connections are its own.
async fn measure(suite: &Suite, url: &str, calls: usize, in_flight: usize) -> Result<()> {
    let cx = RunCx::default();
    let (start, busy) = (Instant::now(), processor()?);
    let limits = LimitSettings { start: in_flight, most: in_flight, ..LimitSettings::default() };
    let environment = Environment::from_iter([("OPENAI_BASE_URL", url)]);
    let options = ModelOptions { environment, limits, ..ModelOptions::default() };
    let models = Models::open(suite, &options, false, &cx.cancel)?;
    let reads = suite.reads.clone();
    let record = move |n: usize| {
        let context =
            format!(r#"{{"query": "What is the capital of country {n}?", "response": "It is city {n}."}}"#);
        let context = from_json(&context).unwrap_or_default();
        let subject = Subject { models: models.clone(), ..Subject::new(&reads, &context) };
        Sealed::from(Entry { uid: Uuid::nil(), id: None, labels: None, subject })
    };
    let lanes = NonZeroUsize::new(in_flight).ok_or("nothing is in flight")?;
    let (source, _) = resume(None, Iter((0..calls).map(record)), Vec::new());
    let mut rows = rows(suite, source, lanes, &cx, DateTime::UNIX_EPOCH);
    let mut done = 0;
    while let Some((_, ran)) = rows.next().await {
        done += ran
            .rows
            .iter()
            .filter(|row| row.outcomes.iter().all(|outcome| outcome.output().is_some()))
            .count();
    }
    let (took, busy) = (start.elapsed(), processor()?.saturating_sub(busy));
    if done != calls {
        return Err(format!("{done} of {calls} were answered").into());
    }
    let ideal = LATENCY.as_secs_f64() * (calls / in_flight) as f64;
    println!(
        "{in_flight:>4} in flight: {:.3} s, {:.2} times the ideal; {:.2} ms of processor a call",
        took.as_secs_f64(),
        took.as_secs_f64() / ideal,
        busy.as_secs_f64() * 1e3 / calls as f64,
    );
    Ok(())
}
