//! A call of a function: what it is shown, where it runs, and what becomes of its answer.

use std::sync::Arc;
use std::time::Duration;

use pyo3::prelude::*;
use pyo3::types::{PyCFunction, PyDict, PyTuple};
use scouter_engine::{Node, NodeError, NodeResult, Output, PoolName, Step, Verdict};
use scouter_tasks::measured::Measured;
use scouter_tasks::memory::{Answer, Question};
use scouter_tasks::path::{Path, Read};
use scouter_tasks::source::Cx;
use scouter_tasks::subject::Subject;
use scouter_tasks::task::{Expectation, Explain, Ready};
use scouter_tasks::value::Value;
use tokio::sync::oneshot;

use super::answer::{Shown, answer, failed, finished, output};
use super::custom::Held;
use super::functions::Running;
use crate::convert::to_python;

/// The pool that functions run under.
pub(crate) const POOL: &str = "python";

/// The record as functions see it, and where what they await runs.
#[derive(Debug)]
pub(crate) struct Origin {
    pub(crate) context: Context,
    pub(crate) events: Arc<Py<PyAny>>,
}

/// The context of a record.
#[derive(Debug)]
pub(crate) enum Context {
    /// As its record holds it.
    Dict(Py<PyDict>),
    /// As it was read from a file: no Python object before a function asks for it.
    Read(Value),
}

impl Context {
    /// A dict for a function to do with as it likes.
    fn dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        match self {
            Self::Dict(dict) => dict.bind(py).copy(),
            Self::Read(context) => Ok(to_python(py, context)?.cast_into()?),
        }
    }
}

/// A call of a function, compiled.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) id: String,
    /// The ids of all tasks.
    pub(super) tasks: Arc<[String]>,
    pub(super) function: Held,
    pub(super) depends_on: Vec<String>,
    pub(super) expectation: Option<Expectation>,
    pub(super) path: Path,
    pub(super) pool: PoolName,
    pub(super) timeout: Option<Duration>,
}

impl Explain for Call {
    fn message(&self, verdict: Option<Verdict>, measured: &Measured) -> String {
        match (&self.expectation, verdict) {
            (Some(expectation), _) => expectation.explain(measured),
            (None, Some(Verdict::Passed)) => "the function passed it".to_owned(),
            (None, Some(Verdict::Failed)) => "the function failed it".to_owned(),
            (None, Some(Verdict::NotApplicable)) => "the function had nothing to check".to_owned(),
            (None, None) => {
                "a value without a verdict: return a bool or a CheckResult, or give the task an operator"
                    .to_owned()
            }
        }
    }
}

/// The node; the call is shared with what explains its outcomes.
#[derive(Debug)]
pub(super) struct Calls(pub(super) Arc<Call>);

impl Node<Subject, Measured> for Calls {
    fn kind(&self) -> &'static str {
        "Custom"
    }

    fn pool(&self) -> Option<&PoolName> {
        Some(&self.0.pool)
    }

    fn timeout(&self) -> Option<Duration> {
        self.0.timeout
    }

    fn run<'a>(&'a self, cx: Cx<'a, '_>) -> Step<'a, Measured> {
        let call = self.0.clone();
        let Some(origin) = cx.input.origin.clone().and_then(|origin| origin.downcast::<Origin>().ok()) else {
            return Step::Ready(Err(NodeError::new(
                "call the function: there is no Python record to call it with",
            )));
        };
        let ids = call.depends_on.iter().enumerate();
        let upstream: Vec<(String, Value)> = ids
            .filter_map(|(at, id)| Some((id.clone(), cx.upstream(at)?.value.output().into_owned())))
            .collect();
        let ready = match self.0.expectation.as_ref().map(|expectation| expectation.ready(&cx)).transpose() {
            Ok(ready) => ready,
            Err(error) => return Step::Ready(Err(error)),
        };
        let question = call.question(cx.input, &upstream);
        if let Some(answer) = question.as_ref().and_then(Question::recall) {
            return Step::Ready(judge(answer, ready, &self.0.path));
        }
        Step::Pending(Box::pin(async move {
            let path = call.path.clone();
            let mut started = Queued(tokio::task::spawn_blocking(move || {
                let _running = Running::enter();
                Python::attach(|py| call.start(py, &origin, &upstream))
            }));
            let started = (&mut started.0)
                .await
                .map_err(|_| NodeError::new("call the function: its thread was stopped"))??;
            let answer = match started {
                Started::Answer(answer) => answer,
                Started::Awaited { answer, future } => {
                    let answered = answer.await;
                    future.disarm();
                    answered
                        .map_err(|_| NodeError::new("await the function: its event loop was closed"))??
                }
            };
            if let Some(question) = question {
                question.remember(&answer);
            }
            judge(answer, ready, &path)
        }))
    }
}

/// An answer, judged by the operator where there is one.
fn judge(answer: Answer, ready: Option<Ready<'_>>, path: &Path) -> NodeResult<Measured> {
    match (answer, ready) {
        (Answer::Value(value), Some(ready)) => ready.judge(&Read::Found(value), path),
        (Answer::Replied(call), Some(ready)) => {
            let Output { value, verdict } = ready.judge(&Read::Found(call.reply().into_owned()), path)?;
            Ok(Output { value: value.with_call(*call), verdict })
        }
        (answer, _) => Ok(output(answer)),
    }
}

enum Started {
    Answer(Answer),
    Awaited { answer: oneshot::Receiver<Result<Answer, NodeError>>, future: Scheduled },
}

/// A call that waits for a thread or has one; dropped before it has one, it is not made.
struct Queued<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for Queued<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What runs on an event loop; dropped before its end, it is cancelled there.
struct Scheduled(Option<Py<PyAny>>);

impl Scheduled {
    fn disarm(mut self) {
        self.0 = None;
    }
}

impl Drop for Scheduled {
    fn drop(&mut self) {
        if let Some(future) = self.0.take() {
            // A loop that is closed already has nothing left to cancel.
            let _ = Python::try_attach(|py| future.call_method0(py, "cancel").map(|_| ()));
        }
    }
}

impl Call {
    /// What the function would be asked: all that it is shown.
    fn question(&self, subject: &Subject, upstream: &[(String, Value)]) -> Option<Question> {
        let recall = subject.recall.as_ref()?;
        let context = subject.seen.filter(|context| context.whole)?;
        recall.question(&self.id, subject.trial, |printer| {
            printer.print(context.print);
            for (id, value) in upstream {
                printer.text(Some(id));
                printer.value(value);
            }
        })
    }

    fn start(
        &self,
        py: Python<'_>,
        origin: &Origin,
        upstream: &[(String, Value)],
    ) -> Result<Started, NodeError> {
        let context = || -> PyResult<_> {
            let context = origin.context.dict(py)?;
            for (id, value) in upstream {
                if !context.contains(id)? {
                    context.set_item(id, to_python(py, value)?)?;
                }
            }
            Ok(context)
        };
        let context = context().map_err(|error| failed(py, &error, None))?;
        let shown = Shown { context: &context, task: &self.id, tasks: &self.tasks };
        self.call(py, origin, &context).map_err(|error| failed(py, &error, Some(shown)))
    }

    fn call(&self, py: Python<'_>, origin: &Origin, context: &Bound<'_, PyDict>) -> PyResult<Started> {
        // As with `asyncio.to_thread`: each call has a copy of its own of the variables of whoever runs.
        let variables = origin.events.bind(py).getattr("variables")?.call_method0("copy")?;
        let returned = variables.call_method1("run", (self.function.function(py)?, context))?;
        if !returned.hasattr("__await__")? {
            return Ok(Started::Answer(answer(&returned)?));
        }
        let (sender, answer) = oneshot::channel();
        let sender = std::sync::Mutex::new(Some(sender));
        let (context, task, tasks) = (context.clone().unbind(), self.id.clone(), self.tasks.clone());
        let done = PyCFunction::new_closure(py, None, None, move |arguments: &Bound<'_, PyTuple>, _| {
            let shown = Shown { context: context.bind(arguments.py()), task: &task, tasks: &tasks };
            let answered = finished(arguments, shown);
            let sender = sender.lock().ok().and_then(|mut sender| sender.take());
            // Nobody waits any more where the run was stopped.
            let _ = sender.map(|sender| sender.send(answered));
        })?;
        let submit = origin.events.bind(py).getattr("submit")?;
        let future = variables.call_method1("run", (submit, returned, done))?;
        Ok(Started::Awaited { answer, future: Scheduled(Some(future.unbind())) })
    }
}
