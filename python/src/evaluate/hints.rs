//! Objects that Rust takes and gives as they are, with the types that Python's type checkers should see.

use std::convert::Infallible;

use pyo3::inspect::{PyStaticConstant, PyStaticExpr};
use pyo3::prelude::*;
use pyo3::type_object::PyTypeInfo;
use pyo3::types::{PyDict, PyList, PyString};
use pyo3::{type_hint_identifier, type_hint_subscript, type_hint_union};

use super::{PyAssertionTask, PyCustomTask, PyDriftTask, PyJudgeTask, PyRecord, PyTraceAssertionTask};
use crate::convert::given;
use crate::results::PyResults;

const ANY: PyStaticExpr = type_hint_identifier!("typing", "Any");
const ELLIPSIS: PyStaticExpr = PyStaticExpr::Constant { value: PyStaticConstant::Ellipsis };
const ITERABLE: PyStaticExpr = type_hint_identifier!("collections.abc", "Iterable");
const TASK: PyStaticExpr = type_hint_union!(
    PyAssertionTask::TYPE_HINT,
    PyJudgeTask::TYPE_HINT,
    PyTraceAssertionTask::TYPE_HINT,
    PyDriftTask::TYPE_HINT,
    PyCustomTask::TYPE_HINT
);

macro_rules! taken {
    ($(#[$doc:meta])* $name:ident = $hint:expr) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub(crate) struct $name<'py>(pub(super) Bound<'py, PyAny>);

        impl<'a, 'py> FromPyObject<'a, 'py> for $name<'py> {
            type Error = Infallible;

            const INPUT_TYPE: PyStaticExpr = $hint;

            fn extract(object: Borrowed<'a, 'py, PyAny>) -> Result<Self, Infallible> {
                Ok(Self(object.to_owned()))
            }
        }
    };
}

taken!(
    /// Any iterable of records.
    Records = type_hint_subscript!(ITERABLE, PyRecord::TYPE_HINT)
);

taken!(
    /// Any iterable of tasks.
    Tasks = type_hint_subscript!(ITERABLE, TASK)
);

taken!(
    /// A function of a context.
    Function = type_hint_subscript!(type_hint_identifier!("collections.abc", "Callable"), ELLIPSIS, ANY)
);

given!(
    /// What is awaited for results.
    Awaited = type_hint_subscript!(
        type_hint_identifier!("collections.abc", "Coroutine"),
        ANY,
        ANY,
        PyResults::TYPE_HINT
    )
);

given!(
    /// A task of any kind.
    AnyTask = TASK
);

given!(
    /// A task of any kind, or several.
    TaskOrTasks = type_hint_union!(TASK, type_hint_subscript!(PyList::TYPE_HINT, TASK))
);

given!(
    /// To go through tasks of any kind.
    TaskIterator = type_hint_subscript!(type_hint_identifier!("collections.abc", "Iterator"), TASK)
);

given!(
    /// The context of a record.
    ContextDict = type_hint_subscript!(PyDict::TYPE_HINT, PyString::TYPE_HINT, ANY)
);
