//! `Drifter`: profiles of data, and how far later data are from them.

use pyo3::PyClass;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use scouter_drift::psi::Binning;
use scouter_tasks::counted::counted;
use scouter_tasks::profile::{Distances, PsiProfile, TextLengths};

use super::binning::AnyBinning;
use super::custom_config::PyCustomConfig;
use super::custom_profile::PyCustomProfile;
use super::distance::PyDistanceMap;
use super::enums::PyDataType;
use super::fold::Compared;
use super::genai_config::PyGenAIConfig;
use super::genai_profile::PyGenAIProfile;
use super::lengths::AnyLengths;
use super::metric::PyCustomMetric;
use super::psi_config::PyPsiConfig;
use super::psi_map::PyPsiMap;
use super::psi_profile::PyPsiProfile;
use super::spc_config::PySpcConfig;
use super::spc_map::PySpcMap;
use super::spc_profile::PySpcProfile;
use super::{custom_map, distance, psi_alert, psi_compute, psi_config, spc_compute};
use crate::errors;
use crate::evaluate::Tasks;
use crate::intake::Split;
use crate::run::warn;

/// With fewer values a baseline says little.
const FEWEST: u64 = PsiProfile::FEWEST_VALUES;

/// Makes profiles of data, and tells how far later data are from them.
///
/// Data is a data frame of pandas or polars, an Arrow table (or anything with `__arrow_c_stream__`), an array of NumPy
/// with two dimensions (its features are `feature_0` and so on), a list of dicts or pydantic models, a dict of columns, an
/// iterator of any of these, or the path of a Parquet, Arrow or CSV file. Iterators, streams and files are read a part at a
/// time, in bounded memory: bins and quantiles then come from a sketch where there are more than some thousand rows. What is bounded is
/// each column, and with `by` or `time` each column of each group; `compare` holds both of its samples.
/// Work is spread over all cores, and Ctrl-C ends it.
#[pyclass(module = "scouter.drift", name = "Drifter", frozen, skip_from_py_object)]
#[derive(Debug, Default)]
pub(crate) struct PyDrifter;

#[pymethods]
impl PyDrifter {
    #[new]
    fn new() -> Self {
        Self
    }

    /// Makes a profile of data. Of baselines with so few values that little follows from them the logger `scouter` warns.
    ///
    /// Args:
    ///     data: The data; with a `CustomMetricDriftConfig`, one metric or a list of them; with a `GenAIEvalConfig`, tasks.
    ///     config: What kind of profile, and how it is made: control charts by default, of which one has drifted where it breaks any rule, so that in long
    ///         windows some do though nothing has changed; `SpcAlertConfig(alpha=…)` is for those.
    ///     data_type: In which library the data stands; told by its look.
    ///     by: A column: each of its values gets a profile of its own, in a dict. Rows in which it is missing are in
    ///         none.
    ///     time: A column of moments: each window of time gets a profile of its own.
    ///     every: How wide windows are: `"hour"`, `"day"`, `"week"`, `"month"`, `"quarter"` or `"year"`, in UTC. They go
    ///         by their first day.
    ///     mergeable: Whether to keep what `merge` of the profile puts parts together by, also in what is saved: of bins up to half a
    ///         megabyte of a column of numbers, and all categories of one of texts. Bins of data in memory are then made as those of an
    ///         iterator are, and nobody is warned of few values. Texts are put together in bins, and on no charts.
    ///
    /// Raises:
    ///     DataError: Where the data cannot be read, with column and row; where it has no rows; where charts that are to be put together
    ///         would be of texts, or have a `sample_size` that fits the rows.
    ///     ValueError: Where `mergeable` is given with metrics or tasks.
    #[pyo3(signature = (
        data, config: "SpcDriftConfig | PsiDriftConfig | CustomMetricDriftConfig | GenAIEvalConfig | None" = None, data_type=None, *,
        by=None, time=None, every=None, mergeable=false,
    ))]
    #[expect(
        clippy::too_many_arguments,
        reason = "they are the arguments of a Python function, given by name"
    )]
    fn create_drift_profile<'py>(
        &self,
        py: Python<'py>,
        data: &Bound<'py, PyAny>,
        config: Option<&Bound<'py, PyAny>>,
        data_type: Option<PyDataType>,
        by: Option<String>,
        time: Option<String>,
        every: Option<&str>,
        mergeable: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let _ = data_type;
        let split = Split::of(by, time, every)?;
        if are_metrics(data) && !config.is_some_and(PyAnyMethods::is_instance_of::<PyCustomConfig>) {
            return Err(PyTypeError::new_err(
                "`data` are metrics, and not rows: give their `config`, a `CustomMetricDriftConfig`",
            ));
        }
        let Some(config) = config else {
            let config = Bound::new(py, PySpcConfig::of(py, scouter_tasks::profile::SpcConfig::default())?)?;
            config.call_method0("update_config_args")?;
            return spc_profiles(py, data, &config, split.as_ref(), mergeable);
        };
        if let Ok(config) = config.cast::<PyPsiConfig>() {
            return psi_profiles(py, data, config, split.as_ref(), mergeable);
        }
        if let Ok(config) = config.cast::<PySpcConfig>() {
            return spc_profiles(py, data, config, split.as_ref(), mergeable);
        }
        if mergeable {
            return Err(errors::value(
                "`mergeable` is for profiles of data: metrics and tasks are given as they are",
            ));
        }
        if let Ok(config) = config.cast::<PyCustomConfig>() {
            if split.is_some() {
                return Err(errors::value("metrics are not split: they are given as they are"));
            }
            let one = data.is_instance_of::<PyCustomMetric>();
            let metrics = if one { PyList::new(py, [data])?.into_any() } else { data.clone() };
            let class = py.get_type::<PyCustomProfile>();
            return class.call1((config, metrics));
        }
        if let Ok(config) = config.cast::<PyGenAIConfig>() {
            if split.is_some() {
                return Err(errors::value("tasks are not split: they are given as they are"));
            }
            return py.get_type::<PyGenAIProfile>().call1((data, config));
        }
        let class = config.get_type().fully_qualified_name()?;
        Err(PyTypeError::new_err(format!(
            "`config` is a `{class}`: it must be a `PsiDriftConfig`, a `SpcDriftConfig`, a `CustomMetricDriftConfig` or a `GenAIEvalConfig`"
        )))
    }

    /// Makes a profile of evaluations: tasks that the records of an application go through.
    ///
    /// Args:
    ///     config: What becomes of the profile.
    ///     tasks: The tasks.
    ///     alias: What it is called where an application holds several.
    ///
    /// Raises:
    ///     ConfigError: Where the tasks are not sound, or one cannot be stored.
    #[pyo3(signature = (config, tasks, alias=None))]
    fn create_genai_drift_profile(
        &self,
        py: Python<'_>,
        config: &Bound<'_, PyGenAIConfig>,
        tasks: Tasks<'_>,
        alias: Option<String>,
    ) -> PyResult<PyGenAIProfile> {
        PyGenAIProfile::new(py, tasks, Some(config), alias)
    }

    /// Tells how far data are from a profile. Of fewer rows than the profile's `PsiAlertConfig(min_values=30)`, or on a baseline of fewer than that and
    /// than 30, there is an index, and nothing is said of drift. With a `GenAIEvalProfile`, evaluates records by its tasks as a dataset does, and gives back a
    /// `GenAIEvalResultSet`.
    ///
    /// Args:
    ///     data: The data, with the columns of the profile in any order; others are not looked at. With a
    ///         `CustomDriftProfile`, its columns are the metrics, and one without values is an empty column; with a `GenAIEvalProfile`, it is a list of records.
    ///     drift_profile: The profile; or a dict of them, as `by` makes it: each value is compared with its own. Values
    ///         that have no profile are in `new`, profiles without rows in `gone`.
    ///     data_type: In which library the data stands; told by its look.
    ///     by: A column: the rows of each of its values are compared apart, in a dict.
    ///     time: A column of moments: the rows of each window of time are compared apart.
    ///     every: How wide windows are: `"hour"`, `"day"`, `"week"`, `"month"`, `"quarter"` or `"year"`, in UTC. They go
    ///         by their first day.
    ///
    /// Raises:
    ///     DataError: Where the data cannot be read, with column and row; where it has no rows, or not the columns of
    ///         the profile.
    #[pyo3(signature = (
        data,
        drift_profile: "PsiDriftProfile | SpcDriftProfile | CustomDriftProfile | GenAIEvalProfile | dict[str, PsiDriftProfile] | dict[str, SpcDriftProfile]",
        data_type=None, *, by=None, time=None, every=None,
    ))]
    #[expect(
        clippy::too_many_arguments,
        reason = "they are the arguments of a Python function, given by name"
    )]
    fn compute_drift<'py>(
        &self,
        py: Python<'py>,
        data: &Bound<'py, PyAny>,
        drift_profile: &Bound<'py, PyAny>,
        data_type: Option<PyDataType>,
        by: Option<String>,
        time: Option<String>,
        every: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let _ = data_type;
        let split = Split::of(by, time, every)?;
        let mut named: Vec<(Option<String>, Bound<'py, PyAny>)> = Vec::new();
        match drift_profile.cast::<PyDict>() {
            Err(_) => named.push((None, drift_profile.clone())),
            Ok(_) if split.is_none() => {
                return Err(errors::value(
                    "with a dict of profiles, say by what rows are told apart: `by=…`",
                ));
            }
            Ok(dict) => {
                for (name, profile) in dict.iter() {
                    named.push((Some(name.extract()?), profile));
                }
            }
        }
        let Some((_, first)) = named.first() else { return Err(errors::value("there are no profiles")) };
        if first.is_instance_of::<PyPsiProfile>() {
            return compared(
                py,
                &named,
                |profile: &PyPsiProfile| profile.spec(py),
                |profiles| psi_compute::maps(py, data, profiles, split.as_ref()),
                |map| Ok(Bound::new(py, PyPsiMap(map))?.into_any()),
            );
        }
        if first.is_instance_of::<PySpcProfile>() {
            return compared(
                py,
                &named,
                |profile: &PySpcProfile| profile.spec(py),
                |profiles| spc_compute::maps(py, data, profiles, split.as_ref()),
                |map| Ok(Bound::new(py, PySpcMap(map))?.into_any()),
            );
        }
        if let Ok(profile) = first.cast::<PyCustomProfile>() {
            if split.is_some() {
                return Err(errors::value("metrics are not split: give each window on its own"));
            }
            return Ok(Bound::new(py, custom_map::map(py, data, &profile.borrow().spec(py))?)?.into_any());
        }
        if let Ok(profile) = first.cast::<PyGenAIProfile>() {
            if split.is_some() {
                return Err(errors::value("records are not split: give those of each group on their own"));
            }
            let found = profile.borrow().evaluate(data)?;
            return Ok(Bound::new(py, found)?.into_any());
        }
        let class = first.get_type().fully_qualified_name()?;
        Err(PyTypeError::new_err(format!(
            "`drift_profile` is a `{class}`: it must be a `PsiDriftProfile`, a `SpcDriftProfile`, a `CustomDriftProfile` or a \
             `GenAIEvalProfile`"
        )))
    }
}

#[pymethods]
impl PyDrifter {
    /// Compares two samples of the same features without a profile, by one of many methods.
    ///
    /// Of whole distributions of numbers: `"kolmogorov_smirnov"`, `"cramer_von_mises"`, `"wasserstein"` (in standard deviations of the
    /// baseline). Of counts in bins of the baseline, or of categories: `"psi"`, `"chi_square"`, `"jensen_shannon"`, `"hellinger"`,
    /// `"total_variation"` (the share of rows in other bins). Of whole rows of numbers, such as embeddings: `"mmd"`, the maximum mean
    /// discrepancy, and `"domain_classifier"`, how well a classifier tells the rows of one side from those of the other (the area under its ROC
    /// curve); their one result stands under `"all columns"`.
    ///
    /// Args:
    ///     baseline: How it was.
    ///     data: How it is, with the columns of the baseline in any order; others are not looked at.
    ///     method: The method.
    ///     threshold: Beyond which a `"wasserstein"` distance or a `"total_variation"` matters; a tenth by default.
    ///     alpha: The share of false alarms.
    ///     correction: What is done about many features being tested at once: `"holm"`, `"benjamini_hochberg"` or `None`.
    ///     binning_strategy: How numbers are cut into bins for methods that count; ten quantiles by default.
    ///     categorical_features: Columns of numbers that are categories. Columns of text always are.
    ///     max_categories: How many categories of a feature have a bin of their own; the rarer ones share one.
    ///     text_lengths: Columns of text that are compared by their lengths, with what is counted: `"characters"` or `"words"`.
    ///
    /// Raises:
    ///     ValueError: Where there is no such method, or it takes no threshold.
    ///     DataError: Where the data cannot be read, with column and row; where it has no rows, or not the columns of the baseline.
    #[pyo3(signature = (
        baseline, data, method="kolmogorov_smirnov", *, threshold=None, alpha=0.05, correction=Some("holm"), binning_strategy=None,
        categorical_features=vec![], max_categories=100, text_lengths=None,
    ))]
    #[expect(
        clippy::too_many_arguments,
        reason = "they are the arguments of a Python function, given by name"
    )]
    fn compare<'py>(
        &self,
        py: Python<'py>,
        baseline: &Bound<'py, PyAny>,
        data: &Bound<'py, PyAny>,
        method: &str,
        threshold: Option<f64>,
        alpha: f64,
        correction: Option<&str>,
        binning_strategy: Option<AnyBinning>,
        categorical_features: Vec<String>,
        max_categories: usize,
        text_lengths: Option<AnyLengths>,
    ) -> PyResult<PyDistanceMap> {
        let how = Distances {
            method: distance::method(method, threshold)?,
            alpha: psi_alert::level(alpha)?,
            correction: psi_alert::correction(correction)?,
            binning: binning_strategy.map_or_else(Binning::default, |binning| binning.spec(py)),
            max_categories: psi_config::categories(max_categories)?,
        };
        let lengths = text_lengths.map_or_else(|| Ok(TextLengths::new()), AnyLengths::read)?;
        distance::compared(py, (baseline, data), &how, &categorical_features, &lengths)
    }
}

/// Whether these are metrics, which have a profile of their own kind.
fn are_metrics(data: &Bound<'_, PyAny>) -> bool {
    let first = data.cast::<PyList>().ok().and_then(|list| list.get_item(0).ok());
    first.as_ref().unwrap_or(data).is_instance_of::<PyCustomMetric>()
}

fn psi_profiles<'py>(
    py: Python<'py>,
    data: &Bound<'py, PyAny>,
    config: &Bound<'py, PyPsiConfig>,
    split: Option<&Split>,
    mergeable: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let spec = config.borrow().spec(py);
    let profiles = psi_compute::profiles(py, data, &spec, split, mergeable)?;
    // A part may have few values: there are others.
    if !mergeable {
        warn_of(py, profiles.iter().flat_map(|(_, (profile, _))| profile.few()), |(name, values)| {
            let values = counted(values, "value");
            format!(
                "the baseline of `{name}` has {values}: with fewer than {FEWEST} hardly any change is seen"
            )
        });
    }
    gathered(py, profiles, |(profile, state)| {
        Ok(Bound::new(py, PyPsiProfile::of(py, profile)?.with(state))?.into_any())
    })
}

fn spc_profiles<'py>(
    py: Python<'py>,
    data: &Bound<'py, PyAny>,
    config: &Bound<'py, PySpcConfig>,
    split: Option<&Split>,
    mergeable: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let spec = config.borrow().spec(py);
    let profiles = spc_compute::profiles(py, data, &spec, split, mergeable)?;
    if !mergeable {
        warn_of(py, profiles.iter().flat_map(|(_, (profile, _))| profile.few()), |(name, values, needed)| {
            let values = counted(values, "value");
            format!("there is no control chart of `{name}`, which has {values}: at least {needed} are needed")
        });
    }
    gathered(py, profiles, |(profile, state)| {
        Ok(Bound::new(py, PySpcProfile::of(py, profile)?.with(state))?.into_any())
    })
}

/// Tells of the first of what has too few values, and how many more there are.
fn warn_of<T>(py: Python<'_>, mut few: impl Iterator<Item = T>, told: impl FnOnce(T) -> String) {
    let Some(first) = few.next() else { return };
    let more = match few.count() {
        0 => String::new(),
        more => format!(" (and so of {})", counted(more, "other")),
    };
    warn(py, format!("{}{more}", told(first)));
}

/// The one that there is, or all of them by their names.
fn gathered<'py, T>(
    py: Python<'py>,
    found: Vec<(Option<String>, T)>,
    object: impl Fn(T) -> PyResult<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let dict = PyDict::new(py);
    for (name, one) in found {
        match name {
            None => return object(one),
            Some(name) => dict.set_item(name, object(one)?)?,
        }
    }
    Ok(dict.into_any())
}

/// A profile, or each of several by its name.
type OfProfiles<T> = [(Option<String>, T)];

/// What data come to on profiles of one class.
fn compared<'py, C: PyClass, P, M>(
    py: Python<'py>,
    named: &OfProfiles<Bound<'py, PyAny>>,
    spec: impl Fn(&C) -> P,
    maps: impl FnOnce(&OfProfiles<&P>) -> PyResult<Compared<M>>,
    object: impl Fn(M) -> PyResult<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let read = |(name, profile): &(Option<String>, Bound<'py, PyAny>)| -> PyResult<_> {
        let profile = profile.cast::<C>()?.borrow();
        Ok((name.clone(), spec(&profile)))
    };
    let profiles = named.iter().map(read).collect::<PyResult<Vec<_>>>()?;
    let known: Vec<_> = profiles.iter().map(|(name, profile)| (name.clone(), profile)).collect();
    segments(py, maps(&known)?, named, object)
}

/// The one map that there is, or all of them by their names, with those that have no counterpart.
fn segments<'py, T>(
    py: Python<'py>,
    (found, new): Compared<T>,
    profiles: &OfProfiles<Bound<'py, PyAny>>,
    object: impl Fn(T) -> PyResult<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let known: Vec<Option<String>> = found.iter().map(|(name, _)| name.clone()).collect();
    let maps = gathered(py, found, object)?;
    if known.contains(&None) {
        return Ok(maps);
    }
    let gone = profiles.iter().filter(|(name, _)| name.is_some() && !known.contains(name));
    let gone: Vec<&str> = gone.filter_map(|(name, _)| name.as_deref()).collect();
    py.import("scouter.drift")?.getattr("Segments")?.call1((maps, new, gone))
}
