//! Objects that Rust takes as they are, with the types that Python's type checkers should see.

use std::convert::Infallible;

use pyo3::inspect::{PyStaticConstant, PyStaticExpr};
use pyo3::prelude::*;
use pyo3::type_object::PyTypeInfo;
use pyo3::{type_hint_identifier, type_hint_subscript, type_hint_union};

use super::{PyAssertionTask, PyCustomTask, PyDriftTask, PyJudgeTask, PyRecord, PyTraceAssertionTask};
use crate::results::PyResults;

const ANY: PyStaticExpr = type_hint_identifier!("typing", "Any");
const ELLIPSIS: PyStaticExpr = PyStaticExpr::Constant { value: PyStaticConstant::Ellipsis };
const ITERABLE: PyStaticExpr = type_hint_identifier!("collections.abc", "Iterable");

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
    Tasks = type_hint_subscript!(
        ITERABLE,
        type_hint_union!(
            PyAssertionTask::TYPE_HINT,
            PyJudgeTask::TYPE_HINT,
            PyTraceAssertionTask::TYPE_HINT,
            PyDriftTask::TYPE_HINT,
            PyCustomTask::TYPE_HINT
        )
    )
);

taken!(
    /// A function of a context.
    Function = type_hint_subscript!(type_hint_identifier!("collections.abc", "Callable"), ELLIPSIS, ANY)
);

/// What is awaited for results.
#[derive(Debug)]
pub(super) struct Awaited<'py>(pub(super) Bound<'py, PyAny>);

impl<'py> IntoPyObject<'py> for Awaited<'py> {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = Infallible;

    const OUTPUT_TYPE: PyStaticExpr = type_hint_subscript!(
        type_hint_identifier!("collections.abc", "Coroutine"),
        ANY,
        ANY,
        PyResults::TYPE_HINT
    );

    fn into_pyobject(self, _py: Python<'py>) -> Result<Self::Output, Infallible> {
        Ok(self.0)
    }
}
