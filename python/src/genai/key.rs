//! Keys of providers, and functions that make them.

use std::fmt;
use std::sync::Arc;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use scouter_providers::{Answer, CallError, Credential, ErrorKind, Secret, TokenSource};
use tokio::sync::Mutex;

/// A key, or what makes one.
#[derive(Clone, Debug)]
pub(super) enum Key {
    Given(Secret),
    Made(Arc<Function>),
}

/// A function that gives a key.
pub(super) struct Function {
    provider: String,
    call: Arc<Py<PyAny>>,
    /// Whoever has it calls: many that find their token grown old at once would all fetch one.
    turn: Mutex<()>,
}

impl Key {
    /// A text, or a function that gives one.
    pub(super) fn read(provider: &str, given: &Bound<'_, PyAny>) -> PyResult<Self> {
        if given.is_callable() {
            let function = Arc::new(given.clone().unbind());
            let (provider, turn) = (provider.to_owned(), Mutex::new(()));
            return Ok(Self::Made(Arc::new(Function { provider, call: function, turn })));
        }
        let key: String = given.extract().map_err(|_| {
            PyTypeError::new_err(format!(
                "`api_keys`: the key of `{provider}` is a text, or a function that gives one"
            ))
        })?;
        Ok(Self::Given(Secret::new(&key)))
    }

    /// As it was given.
    pub(super) fn given(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        match self {
            Self::Given(key) => Ok(key.reveal().into_pyobject(py)?.into_any().unbind()),
            Self::Made(made) => Ok(made.call.clone_ref(py)),
        }
    }

    pub(super) fn credential(&self) -> Credential {
        match self {
            Self::Given(key) => Credential::Key(key.clone()),
            Self::Made(made) => Credential::Tokens(made.clone()),
        }
    }
}

impl PartialEq for Key {
    /// A function is the same as itself alone.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Given(one), Self::Given(other)) => one == other,
            (Self::Made(one), Self::Made(other)) => one.call.is(&*other.call),
            _ => false,
        }
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a function")
    }
}

impl TokenSource for Function {
    fn token(&self) -> Answer<'_, Secret> {
        Box::pin(async move {
            let failed = |why: String| CallError::new(ErrorKind::NoKey, &self.provider, why);
            let _turn = self.turn.lock().await;
            let function = self.call.clone();
            let called = tokio::task::spawn_blocking(move || {
                Python::attach(|py| {
                    let key = function.bind(py).call0()?;
                    key.extract::<String>().map_err(|_| {
                        PyTypeError::new_err(format!("it gave {}, and a text is wanted", key.get_type()))
                    })
                })
            });
            match called.await {
                Ok(Ok(key)) => Ok(Secret::new(&key)),
                Ok(Err(error)) => Err(failed(format!("the function that gives it raised {error}"))),
                Err(_) => Err(failed("the run was stopped".to_owned())),
            }
        })
    }
}
