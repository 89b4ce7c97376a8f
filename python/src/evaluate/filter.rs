//! `SpanFilter`.

use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::type_object::PyTypeInfo;
use pyo3::types::PyList;
use scouter_tasks::trace::{MAX_FILTER_DEPTH, SpanFilter};

use super::arguments::Texts;
use super::enums::PySpanStatus;
use crate::convert::{PyJson, whole};
use crate::data::{Data, data_methods};
use crate::errors;
use scouter_tasks::value::{Value, from_value, to_value};

/// Which spans of a trace to look at.
#[pyclass(module = "scouter.evaluate", name = "SpanFilter", frozen, from_py_object)]
#[derive(Clone, Debug)]
pub(crate) enum PySpanFilter {
    /// Spans of this name.
    ByName { name: String },
    /// Spans whose name matches this regular expression.
    ByNamePattern { pattern: String },
    /// Spans that have this attribute.
    WithAttribute { key: String },
    /// Spans whose attribute has this value.
    WithAttributeValue { key: String, value: PyJson },
    /// Spans that ended so.
    WithStatus { status: PySpanStatus },
    /// Spans that took so long, in milliseconds.
    WithDuration { min_ms: Option<f64>, max_ms: Option<f64> },
    /// The spans of the first occurrence of these names in this order.
    Sequence { names: Vec<String> },
    /// Spans that every filter selects.
    And { filters: Several },
    /// Spans that one of the filters selects.
    Or { filters: Several },
    /// Spans that the filter does not select.
    Not { filter: Nested },
    /// Spans below one that the filter selects.
    HasAncestor { filter: Nested },
    /// Spans above one that the filter selects.
    HasDescendant { filter: Nested },
    /// Spans with so many children.
    ChildCount { min: Option<usize>, max: Option<usize> },
    /// Spans so far below the root, which is at 0.
    Depth { min: Option<usize>, max: Option<usize> },
}

/// A filter within a filter.
#[derive(Clone, Debug)]
pub(crate) struct Nested(Box<PySpanFilter>);

/// Filters within a filter.
#[derive(Clone, Debug)]
pub(crate) struct Several(Vec<PySpanFilter>);

// Filters are walked by recursion: nothing may be built that is nested too deep.
impl<'a, 'py> FromPyObject<'a, 'py> for Nested {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = PySpanFilter::TYPE_HINT;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        Ok(Self(Box::new(object.extract::<PySpanFilter>()?.within()?)))
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Several {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = Vec::<PySpanFilter>::INPUT_TYPE;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        object
            .extract::<Vec<PySpanFilter>>()?
            .into_iter()
            .map(PySpanFilter::within)
            .collect::<PyResult<_>>()
            .map(Self)
    }
}

impl<'py> IntoPyObject<'py> for Several {
    type Target = PyList;
    type Output = Bound<'py, PyList>;
    type Error = PyErr;

    const OUTPUT_TYPE: PyStaticExpr = Vec::<PySpanFilter>::OUTPUT_TYPE;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        let filters =
            self.0.into_iter().map(|filter| Bound::new(py, filter)).collect::<PyResult<Vec<_>>>()?;
        PyList::new(py, filters)
    }
}

impl<'py> IntoPyObject<'py> for Nested {
    type Target = PySpanFilter;
    type Output = Bound<'py, PySpanFilter>;
    type Error = PyErr;

    const OUTPUT_TYPE: PyStaticExpr = PySpanFilter::TYPE_HINT;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        (*self.0).into_pyobject(py)
    }
}

impl From<PySpanFilter> for SpanFilter {
    fn from(filter: PySpanFilter) -> Self {
        let all = |filters: Several| filters.0.into_iter().map(Self::from).collect();
        let nested = |filter: Nested| Box::new(Self::from(*filter.0));
        match filter {
            PySpanFilter::ByName { name } => Self::ByName { name },
            PySpanFilter::ByNamePattern { pattern } => Self::ByNamePattern { pattern },
            PySpanFilter::WithAttribute { key } => Self::WithAttribute { key },
            PySpanFilter::WithAttributeValue { key, value } => {
                Self::WithAttributeValue { key, value: value.0 }
            }
            PySpanFilter::WithStatus { status } => Self::WithStatus { status: status.into() },
            PySpanFilter::WithDuration { min_ms, max_ms } => Self::WithDuration { min_ms, max_ms },
            PySpanFilter::Sequence { names } => Self::Sequence { names },
            PySpanFilter::And { filters } => Self::And { filters: all(filters) },
            PySpanFilter::Or { filters } => Self::Or { filters: all(filters) },
            PySpanFilter::Not { filter } => Self::Not { filter: nested(filter) },
            PySpanFilter::HasAncestor { filter } => Self::HasAncestor { filter: nested(filter) },
            PySpanFilter::HasDescendant { filter } => Self::HasDescendant { filter: nested(filter) },
            PySpanFilter::ChildCount { min, max } => Self::ChildCount { min, max },
            PySpanFilter::Depth { min, max } => Self::Depth { min, max },
        }
    }
}

impl From<SpanFilter> for PySpanFilter {
    fn from(filter: SpanFilter) -> Self {
        let all = |filters: Vec<SpanFilter>| Several(filters.into_iter().map(Self::from).collect());
        let nested = |filter: Box<SpanFilter>| Nested(Box::new(Self::from(*filter)));
        match filter {
            SpanFilter::ByName { name } => Self::ByName { name },
            SpanFilter::ByNamePattern { pattern } => Self::ByNamePattern { pattern },
            SpanFilter::WithAttribute { key } => Self::WithAttribute { key },
            SpanFilter::WithAttributeValue { key, value } => {
                Self::WithAttributeValue { key, value: PyJson(value) }
            }
            SpanFilter::WithStatus { status } => Self::WithStatus { status: status.into() },
            SpanFilter::WithDuration { min_ms, max_ms } => Self::WithDuration { min_ms, max_ms },
            SpanFilter::Sequence { names } => Self::Sequence { names },
            SpanFilter::And { filters } => Self::And { filters: all(filters) },
            SpanFilter::Or { filters } => Self::Or { filters: all(filters) },
            SpanFilter::Not { filter } => Self::Not { filter: nested(filter) },
            SpanFilter::HasAncestor { filter } => Self::HasAncestor { filter: nested(filter) },
            SpanFilter::HasDescendant { filter } => Self::HasDescendant { filter: nested(filter) },
            SpanFilter::ChildCount { min, max } => Self::ChildCount { min, max },
            SpanFilter::Depth { min, max } => Self::Depth { min, max },
        }
    }
}

impl Data for PySpanFilter {
    const NAME: &'static str = "SpanFilter";

    fn to_value(&self, _py: Python<'_>) -> PyResult<Value> {
        to_value(&SpanFilter::from(self.clone())).map_err(errors::value)
    }

    fn from_value(_py: Python<'_>, value: &Value) -> PyResult<Self> {
        let filter: SpanFilter =
            from_value(value).map_err(|error| errors::value(format!("not a `SpanFilter`: {error}")))?;
        Ok(filter.into())
    }
}

data_methods!(PySpanFilter);

impl PySpanFilter {
    /// How many filters stand within each other.
    fn depth(&self) -> usize {
        1 + match self {
            Self::And { filters } | Self::Or { filters } => {
                filters.0.iter().map(Self::depth).max().unwrap_or(0)
            }
            Self::Not { filter } | Self::HasAncestor { filter } | Self::HasDescendant { filter } => {
                filter.0.depth()
            }
            _ => 0,
        }
    }

    /// The filter, unless it is nested deeper than this.
    fn at_most(self, depth: usize) -> PyResult<Self> {
        if self.depth() > depth {
            return Err(errors::value(format!("filters are nested deeper than {MAX_FILTER_DEPTH}")));
        }
        Ok(self)
    }

    /// The filter, unless it is one that could not be run.
    fn sound(self) -> PyResult<Self> {
        let Err(mistakes) = SpanFilter::from(self.clone()).check() else { return Ok(self) };
        let told = mistakes.iter().map(|mistake| {
            let hint = mistake.problem.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
            format!("{mistake}{hint}")
        });
        Err(errors::value(told.collect::<Vec<_>>().join("; ")))
    }

    fn bounded(self) -> PyResult<Self> {
        self.at_most(MAX_FILTER_DEPTH)
    }

    /// The filter, unless it is too deep to stand within another.
    fn within(self) -> PyResult<Self> {
        self.at_most(MAX_FILTER_DEPTH - 1)
    }
}

#[pymethods]
impl PySpanFilter {
    /// Spans of this name.
    #[staticmethod]
    fn by_name(name: String) -> Self {
        Self::ByName { name }
    }

    /// Spans whose name matches this regular expression anywhere.
    ///
    /// Raises:
    ///     ValueError: Where it is none.
    #[staticmethod]
    fn by_name_pattern(pattern: String) -> PyResult<Self> {
        Self::ByNamePattern { pattern }.sound()
    }

    /// Spans that have this attribute.
    #[staticmethod]
    fn with_attribute(key: String) -> Self {
        Self::WithAttribute { key }
    }

    /// Spans whose attribute has this value.
    #[staticmethod]
    fn with_attribute_value(key: String, value: PyJson) -> Self {
        Self::WithAttributeValue { key, value }
    }

    /// Spans that ended so.
    #[staticmethod]
    fn with_status(status: PySpanStatus) -> Self {
        Self::WithStatus { status }
    }

    /// Spans that took at least `min_ms` and at most `max_ms` milliseconds.
    ///
    /// Raises:
    ///     ValueError: Where nothing lies between.
    #[staticmethod]
    #[pyo3(signature = (min_ms=None, max_ms=None))]
    fn with_duration(min_ms: Option<f64>, max_ms: Option<f64>) -> PyResult<Self> {
        Self::WithDuration { min_ms, max_ms }.sound()
    }

    /// The spans of the first occurrence of these names in this order.
    ///
    /// Raises:
    ///     ValueError: Where there are no names.
    #[staticmethod]
    fn sequence(names: Texts) -> PyResult<Self> {
        Self::Sequence { names: names.0 }.sound()
    }

    /// Spans that the filter does not select.
    #[staticmethod]
    fn not_(filter: Self) -> PyResult<Self> {
        Self::Not { filter: Nested(Box::new(filter)) }.bounded()
    }

    /// Spans below one that the filter selects.
    #[staticmethod]
    fn has_ancestor(filter: Self) -> PyResult<Self> {
        Self::HasAncestor { filter: Nested(Box::new(filter)) }.bounded()
    }

    /// Spans above one that the filter selects.
    #[staticmethod]
    fn has_descendant(filter: Self) -> PyResult<Self> {
        Self::HasDescendant { filter: Nested(Box::new(filter)) }.bounded()
    }

    /// Spans with at least `min` and at most `max` children.
    ///
    /// Raises:
    ///     ValueError: Where nothing lies between.
    #[staticmethod]
    #[pyo3(signature = (min: "int | None" = None, max: "int | None" = None))]
    fn child_count(
        #[pyo3(from_py_with = whole::min)] min: Option<usize>,
        #[pyo3(from_py_with = whole::max)] max: Option<usize>,
    ) -> PyResult<Self> {
        Self::ChildCount { min, max }.sound()
    }

    /// Spans at least `min` and at most `max` levels below their root.
    ///
    /// Raises:
    ///     ValueError: Where nothing lies between.
    #[staticmethod]
    #[pyo3(signature = (min: "int | None" = None, max: "int | None" = None))]
    fn depth_between(
        #[pyo3(from_py_with = whole::min)] min: Option<usize>,
        #[pyo3(from_py_with = whole::max)] max: Option<usize>,
    ) -> PyResult<Self> {
        Self::Depth { min, max }.sound()
    }

    /// Spans that both filters select.
    fn and_(&self, other: Self) -> PyResult<Self> {
        Self::from(SpanFilter::from(self.clone()).and(other.into())).bounded()
    }

    /// Spans that one of the filters selects.
    fn or_(&self, other: Self) -> PyResult<Self> {
        Self::from(SpanFilter::from(self.clone()).or(other.into())).bounded()
    }
}
