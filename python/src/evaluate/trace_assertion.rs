//! `TraceAssertion` and `ToolCall`.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use scouter_tasks::trace::{ToolCall, TraceAssertion};
use scouter_tasks::value::{Value, from_value, to_value};

use super::arguments::Texts;
use super::enums::{PyAggregationType, PyArgumentMatch, PyTrajectoryMode};
use super::filter::PySpanFilter;
use crate::convert::{PyJson, one_of};
use crate::data::{Data, data_methods, wraps};
use crate::errors;

/// A call of a tool that is expected.
///
/// Args:
///     name: The tool.
///     arguments: Its arguments by name; `None` for any.
#[pyclass(module = "scouter.evaluate", name = "ToolCall", frozen, from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyToolCall(ToolCall);

wraps!(PyToolCall(ToolCall) as "ToolCall");

#[pymethods]
impl PyToolCall {
    #[new]
    #[pyo3(signature = (name, arguments=None))]
    fn new(name: String, arguments: Option<PyJson>) -> Self {
        Self(ToolCall { name, arguments: arguments.map(|arguments| arguments.0) })
    }

    /// The tool.
    #[getter]
    fn name(&self) -> &str {
        &self.0.name
    }

    /// Its arguments by name; `None` for any.
    #[getter]
    fn arguments(&self) -> Option<PyJson> {
        self.0.arguments.clone().map(PyJson)
    }
}

one_of! {
    /// A call as an argument: a `ToolCall`, or a dict with its fields.
    enum AnyCall<'py> {
        Call(PyToolCall),
        Dict(Bound<'py, PyDict>),
    }
}

impl AnyCall<'_> {
    fn call(self) -> PyResult<PyToolCall> {
        match self {
            Self::Call(call) => Ok(call),
            Self::Dict(dict) => PyToolCall::from_value(dict.py(), &dict.extract::<PyJson>()?.0),
        }
    }
}

/// What is measured of a trace.
#[pyclass(module = "scouter.evaluate", name = "TraceAssertion", frozen, from_py_object)]
#[derive(Clone, Debug)]
pub(crate) enum PyTraceAssertion {
    /// Whether spans of these names occur in this order, with any others between.
    SpanSequence { span_names: Vec<String> },
    /// Whether there is a span of each of these names.
    SpanSet { span_names: Vec<String> },
    /// How many spans the filter selects.
    SpanCount { filter: PySpanFilter },
    /// Whether the filter selects a span.
    SpanExists { filter: PySpanFilter },
    /// The attribute of the selected spans.
    SpanAttribute { filter: PySpanFilter, attribute_key: String },
    /// How long the selected spans took, in milliseconds.
    SpanDuration { filter: PySpanFilter },
    /// The attribute of the selected spans, as one value.
    SpanAggregation { filter: PySpanFilter, attribute_key: String, aggregation: PyAggregationType },
    /// From the first start to the last end, in milliseconds.
    TraceDuration {},
    /// How many spans there are.
    TraceSpanCount {},
    /// How many spans ended in an error.
    TraceErrorCount {},
    /// How many services took part.
    TraceServiceCount {},
    /// How many levels lie below the root.
    TraceMaxDepth {},
    /// The attribute of the root, or of the first span that has it.
    TraceAttribute { attribute_key: String },
    /// Whether the calls of tools are the expected ones.
    ToolCalls {
        expected: Vec<PyToolCall>,
        mode: PyTrajectoryMode,
        arguments: PyArgumentMatch,
        filter: Option<PySpanFilter>,
        name_key: String,
        arguments_key: String,
    },
}

impl From<PyTraceAssertion> for TraceAssertion {
    fn from(assertion: PyTraceAssertion) -> Self {
        match assertion {
            PyTraceAssertion::SpanSequence { span_names } => Self::SpanSequence { span_names },
            PyTraceAssertion::SpanSet { span_names } => Self::SpanSet { span_names },
            PyTraceAssertion::SpanCount { filter } => Self::SpanCount { filter: filter.into() },
            PyTraceAssertion::SpanExists { filter } => Self::SpanExists { filter: filter.into() },
            PyTraceAssertion::SpanAttribute { filter, attribute_key } => {
                Self::SpanAttribute { filter: filter.into(), attribute_key }
            }
            PyTraceAssertion::SpanDuration { filter } => Self::SpanDuration { filter: filter.into() },
            PyTraceAssertion::SpanAggregation { filter, attribute_key, aggregation } => {
                Self::SpanAggregation {
                    filter: filter.into(),
                    attribute_key,
                    aggregation: aggregation.into(),
                }
            }
            PyTraceAssertion::TraceDuration {} => Self::TraceDuration {},
            PyTraceAssertion::TraceSpanCount {} => Self::TraceSpanCount {},
            PyTraceAssertion::TraceErrorCount {} => Self::TraceErrorCount {},
            PyTraceAssertion::TraceServiceCount {} => Self::TraceServiceCount {},
            PyTraceAssertion::TraceMaxDepth {} => Self::TraceMaxDepth {},
            PyTraceAssertion::TraceAttribute { attribute_key } => Self::TraceAttribute { attribute_key },
            PyTraceAssertion::ToolCalls { expected, mode, arguments, filter, name_key, arguments_key } => {
                Self::ToolCalls {
                    expected: expected.into_iter().map(|call| call.0).collect(),
                    mode: mode.into(),
                    arguments: arguments.into(),
                    filter: filter.map(Into::into),
                    name_key,
                    arguments_key,
                }
            }
        }
    }
}

impl From<TraceAssertion> for PyTraceAssertion {
    fn from(assertion: TraceAssertion) -> Self {
        match assertion {
            TraceAssertion::SpanSequence { span_names } => Self::SpanSequence { span_names },
            TraceAssertion::SpanSet { span_names } => Self::SpanSet { span_names },
            TraceAssertion::SpanCount { filter } => Self::SpanCount { filter: filter.into() },
            TraceAssertion::SpanExists { filter } => Self::SpanExists { filter: filter.into() },
            TraceAssertion::SpanAttribute { filter, attribute_key } => {
                Self::SpanAttribute { filter: filter.into(), attribute_key }
            }
            TraceAssertion::SpanDuration { filter } => Self::SpanDuration { filter: filter.into() },
            TraceAssertion::SpanAggregation { filter, attribute_key, aggregation } => Self::SpanAggregation {
                filter: filter.into(),
                attribute_key,
                aggregation: aggregation.into(),
            },
            TraceAssertion::TraceDuration {} => Self::TraceDuration {},
            TraceAssertion::TraceSpanCount {} => Self::TraceSpanCount {},
            TraceAssertion::TraceErrorCount {} => Self::TraceErrorCount {},
            TraceAssertion::TraceServiceCount {} => Self::TraceServiceCount {},
            TraceAssertion::TraceMaxDepth {} => Self::TraceMaxDepth {},
            TraceAssertion::TraceAttribute { attribute_key } => Self::TraceAttribute { attribute_key },
            TraceAssertion::ToolCalls { expected, mode, arguments, filter, name_key, arguments_key } => {
                Self::ToolCalls {
                    expected: expected.into_iter().map(PyToolCall).collect(),
                    mode: mode.into(),
                    arguments: arguments.into(),
                    filter: filter.map(Into::into),
                    name_key,
                    arguments_key,
                }
            }
        }
    }
}

impl Data for PyTraceAssertion {
    const NAME: &'static str = "TraceAssertion";

    fn to_value(&self, _py: Python<'_>) -> PyResult<Value> {
        to_value(&TraceAssertion::from(self.clone())).map_err(errors::value)
    }

    fn from_value(_py: Python<'_>, value: &Value) -> PyResult<Self> {
        let assertion: TraceAssertion =
            from_value(value).map_err(|error| errors::value(format!("not a `TraceAssertion`: {error}")))?;
        Ok(assertion.into())
    }
}

data_methods!(PyTraceAssertion);

#[pymethods]
impl PyTraceAssertion {
    /// Whether spans of these names occur in this order, with any others between: a boolean.
    #[staticmethod]
    fn span_sequence(span_names: Texts) -> Self {
        Self::SpanSequence { span_names: span_names.0 }
    }

    /// Whether there is a span of each of these names: a boolean.
    #[staticmethod]
    fn span_set(span_names: Texts) -> Self {
        Self::SpanSet { span_names: span_names.0 }
    }

    /// How many spans the filter selects.
    #[staticmethod]
    fn span_count(filter: PySpanFilter) -> Self {
        Self::SpanCount { filter }
    }

    /// Whether the filter selects a span: a boolean.
    #[staticmethod]
    fn span_exists(filter: PySpanFilter) -> Self {
        Self::SpanExists { filter }
    }

    /// The attribute of the selected spans: its value for one span, an array for several.
    #[staticmethod]
    fn span_attribute(filter: PySpanFilter, attribute_key: String) -> Self {
        Self::SpanAttribute { filter, attribute_key }
    }

    /// How long the selected spans took, in milliseconds: a number for one span, an array for
    /// several.
    #[staticmethod]
    fn span_duration(filter: PySpanFilter) -> Self {
        Self::SpanDuration { filter }
    }

    /// The attribute of the selected spans, as one value.
    #[staticmethod]
    fn span_aggregation(filter: PySpanFilter, attribute_key: String, aggregation: PyAggregationType) -> Self {
        Self::SpanAggregation { filter, attribute_key, aggregation }
    }

    /// From the first start to the last end, in milliseconds.
    #[staticmethod]
    fn trace_duration() -> Self {
        Self::TraceDuration {}
    }

    /// How many spans there are.
    #[staticmethod]
    fn trace_span_count() -> Self {
        Self::TraceSpanCount {}
    }

    /// How many spans ended in an error.
    #[staticmethod]
    fn trace_error_count() -> Self {
        Self::TraceErrorCount {}
    }

    /// How many services took part.
    #[staticmethod]
    fn trace_service_count() -> Self {
        Self::TraceServiceCount {}
    }

    /// How many levels lie below the root.
    #[staticmethod]
    fn trace_max_depth() -> Self {
        Self::TraceMaxDepth {}
    }

    /// The attribute of the root, or of the first span that has it.
    #[staticmethod]
    fn trace_attribute(attribute_key: String) -> Self {
        Self::TraceAttribute { attribute_key }
    }

    /// Whether the calls of tools are the expected ones: a boolean.
    ///
    /// Args:
    ///     expected: The calls: `ToolCall`s, or dicts with `name` and `arguments`.
    ///     mode: How the calls are compared.
    ///     arguments: How their arguments are compared.
    ///     filter: Which spans are calls of tools; those with the attribute `name_key` by default.
    ///     name_key: The attribute that names the tool.
    ///     arguments_key: The attribute that holds the arguments, as an object or as JSON text.
    #[staticmethod]
    #[pyo3(signature = (
        expected, mode=PyTrajectoryMode::Strict, arguments=PyArgumentMatch::Exact, filter=None,
        name_key="gen_ai.tool.name".to_owned(), arguments_key="gen_ai.tool.call.arguments".to_owned(),
    ))]
    fn tool_calls(
        expected: Vec<AnyCall<'_>>,
        mode: PyTrajectoryMode,
        arguments: PyArgumentMatch,
        filter: Option<PySpanFilter>,
        name_key: String,
        arguments_key: String,
    ) -> PyResult<Self> {
        let expected = expected.into_iter().map(AnyCall::call).collect::<PyResult<_>>()?;
        Ok(Self::ToolCalls { expected, mode, arguments, filter, name_key, arguments_key })
    }
}
