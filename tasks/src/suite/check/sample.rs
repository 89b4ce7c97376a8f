//! A sample record, and what the tasks that do not wait come to on it.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use scouter_engine::{Outcome, Plan, Position, RunCx, Verdict, run};
use smol_str::SmolStr;

use crate::measured::Measured;
use crate::path::{Path, Read};
use crate::subject::{Lookup, Spans, Subject};
use crate::suite::{Suite, compile};
use crate::task::{ConfigError, Task};
use crate::value::{Map, Value};

/// A record to try a suite on.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// Its context, an object.
    pub context: Value,
    /// The keys of the context whose values have no form in JSON, and why; they are not in `context`.
    pub unreadable: Vec<(SmolStr, String)>,
    /// Its trace.
    pub spans: Spans,
}

impl Sample {
    /// What it holds at the path.
    pub(super) fn read(&self, path: &Path) -> Read {
        let hidden = self.unreadable.iter().find(|(key, _)| Some(key.as_str()) == path.first_key());
        hidden.map_or_else(|| path.read(&self.context), |(_, why)| Read::Unreadable(why.as_str().into()))
    }
}

/// Sample records with what came of them.
pub(super) struct Trial<'s> {
    pub(super) suite: Suite,
    records: Vec<Tried<'s>>,
}

struct Tried<'s> {
    sample: &'s Sample,
    /// By task; `None` where it is not known before the task is run.
    outcomes: Vec<Option<Outcome<Measured>>>,
    /// By task: what keeps it from running, as far as that is known before.
    blocked: Vec<Option<Blocked>>,
}

/// Why a task does not run on a record: who is in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Blocked {
    /// The gate did not pass.
    Closed(Position),
    /// The dependency errored.
    Errored(Position),
}

/// What a task reads at a path.
pub(super) enum Seen {
    Found(Value),
    Missing,
    Unreadable(String),
    /// It is the output of a task that was not run.
    Unknown,
}

impl Seen {
    pub(super) fn found(self) -> Option<Value> {
        match self {
            Self::Found(value) => Some(value),
            Self::Missing | Self::Unreadable(_) | Self::Unknown => None,
        }
    }
}

impl<'s> Trial<'s> {
    /// Runs what does not wait, and depends on nothing that waits, on every record.
    pub(super) fn new(tasks: &[Arc<dyn Task>], samples: &'s [Sample]) -> Result<Self, ConfigError> {
        let suite = compile(tasks)?;
        let plan = &suite.plan;
        let mut ready: Vec<bool> = plan.nodes.iter().map(|node| !node.waits).collect();
        for at in plan.stages.iter().flatten().map(|position| position.index()) {
            ready[at] &= plan.nodes[at].parents.iter().all(|parent| ready[parent.index()]);
        }
        let runnable: Vec<Arc<dyn Task>> = suite
            .specs
            .iter()
            .zip(&ready)
            .filter(|(_, ready)| **ready)
            .map(|(task, _)| task.clone())
            .collect();
        let part = if runnable.is_empty() { None } else { Some(compile(&runnable)?) };
        let records = samples.iter().map(|sample| {
            let mut known = part.iter().flat_map(|part| outcomes(part, sample));
            let outcomes: Vec<_> =
                ready.iter().map(|ready| if *ready { known.next() } else { None }).collect();
            let blocked = blocked(plan, &outcomes);
            Tried { sample, outcomes, blocked }
        });
        let records = records.collect();
        Ok(Self { suite, records })
    }

    /// How many sample records there are.
    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    /// How a task ended on a record, where that is known.
    pub(super) fn outcome(&self, record: usize, task: usize) -> Option<&Outcome<Measured>> {
        self.records[record].outcomes[task].as_ref()
    }

    /// The context of a record.
    pub(super) fn context(&self, record: usize) -> &'s Value {
        &self.records[record].sample.context
    }

    /// The trace of a record.
    pub(super) fn spans(&self, record: usize) -> &'s Spans {
        &self.records[record].sample.spans
    }

    /// The records on which a task runs, as far as that is known before.
    pub(super) fn reached(&self, task: usize) -> Vec<usize> {
        (0..self.len()).filter(|record| self.blocked(*record, task).is_none()).collect()
    }

    /// What keeps a task from running on a record: the first thing upstream that is in the way.
    pub(super) fn blocked(&self, record: usize, task: usize) -> Option<Blocked> {
        self.records[record].blocked[task]
    }

    /// What a record holds at the path.
    pub(super) fn field(&self, record: usize, path: &Path) -> Read {
        self.records[record].sample.read(path)
    }

    /// What the task reads at the path: from the record, or from what the tasks before it made.
    pub(super) fn read(&self, record: usize, task: usize, path: &Path) -> Seen {
        let sample = self.records[record].sample;
        let parents = &self.suite.plan.nodes[task].parents;
        if path.steps().is_empty() {
            let outputs: Option<Vec<_>> = parents.iter().map(|parent| self.output(record, *parent)).collect();
            let Some(outputs) = outputs else { return Seen::Unknown };
            let own = sample.context.as_map().into_iter().flat_map(Map::iter);
            let own = own.map(|(key, value)| (key.clone(), value.clone()));
            return seen(path.read(&Value::map::<SmolStr>(outputs.into_iter().chain(own))));
        }
        let own = sample.read(path);
        let id = path.first_key().unwrap_or_default().to_lowercase();
        let upstream = parents.iter().find(|parent| self.suite.plan.nodes[parent.index()].id == id);
        let (Read::Missing { taken: 0 }, Some(parent)) = (&own, upstream) else { return seen(own) };
        match (self.output(record, *parent), path.after_first()) {
            (None, _) => Seen::Unknown,
            (Some((_, value)), None) => Seen::Found(value),
            (Some((_, value)), Some(rest)) => seen(rest.read(&value)),
        }
    }

    /// What a task made of a record, under its id.
    fn output(&self, record: usize, task: Position) -> Option<(SmolStr, Value)> {
        let output = self.outcome(record, task.index())?.output()?;
        let id = self.suite.plan.nodes[task.index()].id.as_str().into();
        Some((id, output.value.output().into_owned()))
    }
}

/// What is in the way of each task, from the first stage to the last.
fn blocked(plan: &Plan, outcomes: &[Option<Outcome<Measured>>]) -> Vec<Option<Blocked>> {
    let mut blocked = vec![None; plan.nodes.len()];
    for at in plan.stages.iter().flatten().map(|position| position.index()) {
        blocked[at] = plan.nodes[at].parents.iter().find_map(|&parent| {
            let gate = plan.nodes[parent.index()].gate;
            let closed = || match outcomes[parent.index()].as_ref()? {
                Outcome::Done(output) if gate && output.verdict != Some(Verdict::Passed) => {
                    Some(Blocked::Closed(parent))
                }
                Outcome::Errored(_) if gate => Some(Blocked::Closed(parent)),
                Outcome::Errored(_) => Some(Blocked::Errored(parent)),
                Outcome::Done(_) | Outcome::Skipped(_) | Outcome::Cancelled => None,
            };
            blocked[parent.index()].or_else(closed)
        });
    }
    blocked
}

fn seen(read: Read) -> Seen {
    match read {
        Read::Found(value) => Seen::Found(value),
        Read::Missing { .. } => Seen::Missing,
        Read::Unreadable(why) => Seen::Unreadable(why.into()),
    }
}

/// How the tasks ended, none of which waits: the run is over when it is first polled.
fn outcomes(suite: &Suite, sample: &Sample) -> Vec<Outcome<Measured>> {
    let reads = suite.reads.paths().iter().map(|path| Lookup::from(sample.read(path)));
    let subject = Subject { reads: reads.collect(), spans: sample.spans.clone(), ..Subject::default() };
    let cx = RunCx::default();
    let run = pin!(run(&suite.graph, &subject, &cx));
    match run.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(report) => report.outcomes,
        Poll::Pending => vec![Outcome::Cancelled; suite.graph.len()],
    }
}
