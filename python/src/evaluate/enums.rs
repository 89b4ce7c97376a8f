//! Plain enumerations, the same in Python as in Rust.

use pyo3::prelude::*;
use scouter_tasks::trace::{AggregationType, ArgumentMatch, SpanStatus, TrajectoryMode};

/// A Python enumeration with the variants of a Rust one, which pickles by name.
macro_rules! mirror {
    ($(#[$doc:meta])* $class:ident as $name:literal = $inner:ty { $($(#[$variant_doc:meta])* $variant:ident),* $(,)? }) => {
        $(#[$doc])*
        #[pyclass(module = "scouter.evaluate", name = $name, eq, hash, frozen, from_py_object)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum $class {
            $($(#[$variant_doc])* $variant,)*
        }

        impl From<$inner> for $class {
            fn from(inner: $inner) -> Self {
                match inner {
                    $(<$inner>::$variant => Self::$variant,)*
                }
            }
        }

        impl From<$class> for $inner {
            fn from(class: $class) -> Self {
                match class {
                    $($class::$variant => Self::$variant,)*
                }
            }
        }

        $crate::evaluate::enums::by_name!($class { $($variant),* });
    };
}

/// Pickling by name.
macro_rules! by_name {
    ($class:ident { $($variant:ident),* }) => {
        #[pymethods]
        impl $class {
            /// The name of the variant.
            #[getter]
            pub(crate) fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant => stringify!($variant),)*
                }
            }

            fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyAny>, &'static str))> {
                let getattr = py.import("builtins")?.getattr("getattr")?;
                Ok((getattr, (py.get_type::<Self>().into_any(), self.name())))
            }
        }
    };
}

pub(crate) use {by_name, mirror};

mirror! {
    /// How a span ended.
    PySpanStatus as "SpanStatus" = SpanStatus { Ok, Error, Unset }
}

mirror! {
    /// How the values of several spans become one.
    PyAggregationType as "AggregationType" = AggregationType { Count, Sum, Average, Min, Max, First, Last }
}

mirror! {
    /// How a run's tool calls are compared with the expected ones.
    PyTrajectoryMode as "TrajectoryMode" = TrajectoryMode {
        /// The same calls in the same order.
        Strict,
        /// The same calls in any order.
        Unordered,
        /// No call but expected ones.
        Subset,
        /// Every expected call, and any others.
        Superset,
    }
}

mirror! {
    /// How the arguments of a tool call are compared with the expected ones.
    PyArgumentMatch as "ArgumentMatch" = ArgumentMatch {
        /// Equal.
        Exact,
        /// Every expected argument is there and equal.
        Partial,
        /// Not looked at.
        Ignored,
    }
}

/// The kind of a task.
#[pyclass(module = "scouter.evaluate", name = "EvaluationTaskType", eq, hash, frozen, from_py_object)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PyEvaluationTaskType {
    /// A check of a value in the context.
    Assertion,
    /// A check by a model.
    LLMJudge,
    /// A check by a person.
    HumanValidation,
    /// A check of something measured of the trace.
    TraceAssertion,
    /// A check by a function of the user's.
    Custom,
    /// A check of columns over all records.
    Drift,
}

by_name!(PyEvaluationTaskType { Assertion, LLMJudge, HumanValidation, TraceAssertion, Custom, Drift });

impl PyEvaluationTaskType {
    /// The kind of this name; a kind that Python does not know is one of the user's own.
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "Assertion" => Self::Assertion,
            "LLMJudge" => Self::LLMJudge,
            "HumanValidation" => Self::HumanValidation,
            "TraceAssertion" => Self::TraceAssertion,
            "Drift" => Self::Drift,
            _ => Self::Custom,
        }
    }
}
