//! `ScriptedModel`: a model that says what it is told to, for users' tests.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use scouter_providers::chat::{ChatReply, ChatRequest};
use scouter_providers::{Answer, CallError, ErrorKind, Model, Question};
use scouter_tasks::counted::counted;
use scouter_tasks::value::{Value, to_value};

use crate::convert::{PyJson, to_python};

/// A model that answers from a list or by a function, for tests: no provider is asked, no key is needed.
///
/// Args:
///     replies: The replies in their order, or a function that is called with each request (a dict with `model` and
///         `messages`, and with `settings` and `schema` where there are any) and returns the reply. A reply is a
///         text, or anything that has a form in JSON, such as a `Score`, a dict or a pydantic model. A function
///         that raises makes the call fail.
///
/// Pass it as `ModelOptions(model=…)`.
#[pyclass(module = "scouter.genai", name = "ScriptedModel", frozen)]
#[derive(Debug)]
pub(crate) struct PyScriptedModel(pub(super) Arc<Script>);

/// What it says, and what it was asked.
pub(super) struct Script {
    says: Says,
    asked: Mutex<Vec<Value>>,
}

enum Says {
    Replies(Mutex<VecDeque<String>>),
    Function(Arc<Py<PyAny>>),
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ScriptedModel")
    }
}

#[pymethods]
impl PyScriptedModel {
    #[new]
    fn new(replies: &Bound<'_, PyAny>) -> PyResult<Self> {
        // All of these can be gone through, but what they give then are letters, names and fields.
        let one = replies.is_instance_of::<PyString>() || replies.is_instance_of::<PyDict>();
        if one || replies.hasattr("model_dump_json")? {
            return Err(PyTypeError::new_err(
                "`replies` must be a list of replies, or a function; for one reply give a list of one",
            ));
        }
        let says = if replies.is_callable() {
            Says::Function(Arc::new(replies.clone().unbind()))
        } else {
            let all = replies.try_iter()?.map(|reply| text(&reply?)).collect::<PyResult<_>>()?;
            Says::Replies(Mutex::new(all))
        };
        Ok(Self(Arc::new(Script { says, asked: Mutex::default() })))
    }

    /// The requests so far, as a function gets them.
    #[getter]
    fn asked(&self) -> Vec<PyJson> {
        let asked = self.0.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.iter().cloned().map(PyJson).collect()
    }

    fn __repr__(&self) -> String {
        let asked = self.0.asked.lock().unwrap_or_else(PoisonError::into_inner).len();
        format!("ScriptedModel(asked {})", counted(asked, "time"))
    }
}

/// A reply as a model would write it.
fn text(reply: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(text) = reply.cast::<PyString>() {
        return Ok(text.to_string());
    }
    if reply.hasattr("model_dump_json")? {
        return reply.call_method0("model_dump_json")?.extract();
    }
    Ok(reply.extract::<PyJson>()?.0.to_string())
}

impl Model<ChatRequest> for Script {
    fn provider(&self) -> &'static str {
        "scripted"
    }

    fn call<'a>(&'a self, request: &'a ChatRequest) -> Answer<'a, ChatReply> {
        // Plain data always has a form.
        let asked = to_value(&request.canonical(self.provider())).unwrap_or_default();
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(asked.clone());
        let failed = |kind, why: String| {
            Err(CallError::new(kind, self.provider(), why).with(|details| details.attempts = 1))
        };
        match &self.says {
            Says::Replies(replies) => {
                let next = replies.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                let reply = match next {
                    Some(text) => Ok(reply(request, text)),
                    None => failed(ErrorKind::ScriptEnded, String::new()),
                };
                Box::pin(std::future::ready(reply))
            }
            Says::Function(function) => {
                let function = function.clone();
                Box::pin(async move {
                    let called = tokio::task::spawn_blocking(move || {
                        Python::attach(|py| -> Result<String, String> {
                            let asked = to_python(py, &asked);
                            let said = asked.and_then(|asked| text(&function.bind(py).call1((asked,))?));
                            said.map_err(|error| format!("the function raised {error}"))
                        })
                    });
                    match called.await {
                        Ok(Ok(text)) => Ok(reply(request, text)),
                        Ok(Err(why)) => failed(ErrorKind::BadRequest, why),
                        Err(_) => failed(ErrorKind::Connection, "the run was stopped".to_owned()),
                    }
                })
            }
        }
    }
}

fn reply(request: &ChatRequest, text: String) -> ChatReply {
    let mut reply = ChatReply::of_text(&request.model, text);
    reply.spent.attempts = 1;
    reply
}
