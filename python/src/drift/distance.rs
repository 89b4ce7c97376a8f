//! `DistanceMap`: two samples of the same features, by one of many methods.

use std::collections::HashMap;

use indexmap::IndexMap;
use pyo3::prelude::*;
use scouter_drift::column::Tally;
use scouter_drift::methods::{DomainClassifier, DriftMethod, Mmd};
use scouter_drift::psi::ZeroBins;
use scouter_tasks::profile::{Distance, DistanceMap, Distances, Sample, check_features};

use super::fold::{Needed, Piece, categories, fold, missing, numbers};
use super::turns::whole_columns;
use crate::data::{documents, keeps, wraps};
use crate::errors;
use crate::intake::{Cells, Groups, Intake, Named, Spelling, Wanted};
use crate::spread::Spread;
use crate::told::told;

/// How far a feature of one sample is from the same of another.
#[pyclass(module = "scouter.drift", name = "FeatureDistance", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyFeatureDistance(Distance);

#[pymethods]
impl PyFeatureDistance {
    /// The statistic of the method.
    #[getter]
    fn statistic(&self) -> f64 {
        self.0.drift.statistic
    }

    /// How likely a statistic of at least this size is where nothing drifts.
    #[getter]
    fn p_value(&self) -> f64 {
        self.0.drift.p_value
    }

    /// The p-value after the correction for many features.
    #[getter]
    fn adjusted_p_value(&self) -> f64 {
        self.0.adjusted_p_value
    }

    /// Beyond which the statistic matters, of methods that say how much has changed; `None` of others.
    #[getter]
    fn threshold(&self) -> Option<f64> {
        self.0.drift.threshold
    }

    /// Whether it counts as drift: by the corrected p-value, and beyond the threshold where there is one.
    #[getter]
    fn drifted(&self) -> bool {
        self.0.drifted_after_correction
    }

    /// Rows of the baseline.
    #[getter]
    fn baseline_rows(&self) -> u64 {
        self.0.baseline_rows
    }

    /// Rows that were compared with it.
    #[getter]
    fn current_rows(&self) -> u64 {
        self.0.current_rows
    }

    fn __float__(&self) -> f64 {
        self.0.drift.statistic
    }
}

wraps!(PyFeatureDistance(Distance) as "FeatureDistance");

/// How far the features of one sample are from those of another.
///
/// `distances["x"]` is what is known of a feature.
#[pyclass(module = "scouter.drift", name = "DistanceMap", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyDistanceMap(DistanceMap);

#[pymethods]
impl PyDistanceMap {
    /// By what features were compared.
    #[getter]
    fn method(&self) -> &'static str {
        named(self.0.how.method)
    }

    /// The statistic of every feature.
    #[getter]
    fn features(&self) -> IndexMap<String, f64> {
        self.0.features.iter().map(|(name, one)| (name.clone(), one.drift.statistic)).collect()
    }

    /// All that is known of every feature.
    #[getter]
    fn details(&self) -> IndexMap<String, PyFeatureDistance> {
        self.0.features.iter().map(|(name, one)| (name.clone(), PyFeatureDistance(one.clone()))).collect()
    }

    /// The features that drifted.
    #[getter]
    fn drifted(&self) -> Vec<&str> {
        self.0.drifted().collect()
    }

    /// Features that cannot be compared so, and why.
    #[getter]
    fn absent(&self) -> IndexMap<String, String> {
        super::identity::reasons(&self.0.absent)
    }

    fn __getitem__(&self, name: &str) -> PyResult<PyFeatureDistance> {
        let found = self.0.features.get(name).cloned().map(PyFeatureDistance);
        found.ok_or_else(|| errors::no_feature(name, self.0.features.keys()))
    }
}

keeps!(PyDistanceMap(DistanceMap));
documents!(PyDistanceMap(DistanceMap) as "DistanceMap" in "distance_map.json");
told!(PyDistanceMap as Distance);

/// What is customary where a method wants a threshold.
const TENTH: f64 = 0.1;

/// The method of a name, with a threshold where it has one.
pub(super) fn method(name: &str, threshold: Option<f64>) -> PyResult<DriftMethod> {
    if let Some(wrong) = threshold.filter(|threshold| !(0.0..f64::INFINITY).contains(threshold)) {
        return Err(errors::value(format!("`threshold` is `{wrong}`: it must be 0 or more")));
    }
    let Some(method) = methods().into_iter().find(|method| named(*method) == name) else {
        let known: Vec<String> = methods().map(|method| format!("`{}`", named(method))).into();
        return Err(errors::value(format!("`method` is `{name}`: it must be one of {}", known.join(", "))));
    };
    Ok(match (method, threshold) {
        (method, None) => method,
        (DriftMethod::Wasserstein { .. }, Some(threshold)) => DriftMethod::Wasserstein { threshold },
        (DriftMethod::TotalVariation { .. }, Some(threshold)) => DriftMethod::TotalVariation { threshold },
        (_, Some(_)) => {
            let why = "it is judged by its p-value alone";
            return Err(errors::value(format!("`{name}` takes no `threshold`: {why}")));
        }
    })
}

/// Every method as it is where nothing is said.
fn methods() -> [DriftMethod; 10] {
    [
        DriftMethod::KolmogorovSmirnov,
        DriftMethod::CramerVonMises,
        DriftMethod::Wasserstein { threshold: TENTH },
        DriftMethod::Psi { zero_bins: ZeroBins::default() },
        DriftMethod::ChiSquare,
        DriftMethod::JensenShannon,
        DriftMethod::Hellinger,
        DriftMethod::TotalVariation { threshold: TENTH },
        DriftMethod::Mmd(Mmd::default()),
        DriftMethod::DomainClassifier(DomainClassifier::default()),
    ]
}

fn named(method: DriftMethod) -> &'static str {
    match method {
        DriftMethod::KolmogorovSmirnov => "kolmogorov_smirnov",
        DriftMethod::CramerVonMises => "cramer_von_mises",
        DriftMethod::Wasserstein { .. } => "wasserstein",
        DriftMethod::Psi { .. } => "psi",
        DriftMethod::ChiSquare => "chi_square",
        DriftMethod::JensenShannon => "jensen_shannon",
        DriftMethod::Hellinger => "hellinger",
        DriftMethod::TotalVariation { .. } => "total_variation",
        DriftMethod::Mmd(_) => "mmd",
        DriftMethod::DomainClassifier(_) => "domain_classifier",
    }
}

/// Adds a piece of a column to its sample. Rows without a value tell nothing of what others hold.
fn add(sample: &mut Sample, piece: &Piece<'_>) -> Result<(), String> {
    if let Piece::Tally(more) = piece
        && more.distinct() > 0
    {
        as_categories(sample);
    }
    match (sample, piece) {
        (Sample::Categories(all), Piece::Tally(more)) => all.merge(more),
        (Sample::Categories(all), piece) => match piece.missing() {
            Some(rows) => all.weigh(None, rows as u64),
            None => return Err("numbers after texts".to_owned()),
        },
        (Sample::Numbers(all), Piece::Tally(more)) if more.distinct() == 0 => {
            let rows = usize::try_from(more.missing()).unwrap_or(usize::MAX);
            all.extend(std::iter::repeat_n(f64::NAN, rows));
        }
        (Sample::Numbers(_), Piece::Tally(_)) => return Err("texts after numbers".to_owned()),
        (Sample::Numbers(all), piece) => piece.numbers(&mut |chunk| all.extend_from_slice(chunk)),
    }
    Ok(())
}

/// Takes numbers that are all missing for categories that are.
fn as_categories(sample: &mut Sample) {
    if let Sample::Numbers(numbers) = sample
        && numbers.iter().all(|v| v.is_nan())
    {
        let mut tally = Tally::default();
        tally.weigh(None, numbers.len() as u64);
        *sample = Sample::Categories(tally);
    }
}

/// The columns of some data as samples. `texts` are those that are categories though they are numbers, and how they are spelled.
fn samples<'py>(
    py: Python<'py>,
    spread: &Spread,
    data: &Bound<'py, PyAny>,
    needed: &Needed<'_>,
    texts: &HashMap<String, Spelling>,
) -> PyResult<IndexMap<String, Sample>> {
    let only = match needed {
        Needed::Any => None,
        Needed::These(names) => Some(names.iter().map(|name| (*name).to_owned()).collect()),
    };
    let intake = Intake::of(data, &Wanted { only, texts: texts.clone() })?;
    let take = |state: &mut Option<Sample>, column: &Named<'_>, _: Option<&Groups>| {
        let is_category = texts.contains_key(column.name);
        let pieces = match &column.cells {
            Cells::Missing(rows) => missing(*rows, None),
            Cells::Numbers(values) | Cells::Times(values) if !is_category => numbers(&**values, None),
            cells => categories(cells, None),
        };
        pieces
            .iter()
            .try_for_each(|piece| add(state.get_or_insert_with(|| Sample::Numbers(Vec::new())), piece))
    };
    let folded = fold(py, spread, intake, (needed, None), take, whole_columns)?;
    Ok(folded.columns.into_iter().filter_map(|(name, sample)| Some((name, sample?))).collect())
}

/// How categories are spelled beside those of a baseline.
fn like(baseline: Option<&Sample>) -> Spelling {
    match baseline {
        Some(Sample::Categories(tally)) => Spelling::of(tally.iter().map(|(category, _)| category)),
        _ => Spelling::AsNumbers,
    }
}

/// Compares all columns of a baseline with those of other data.
pub(super) fn compared<'py>(
    py: Python<'py>,
    (baseline, current): (&Bound<'py, PyAny>, &Bound<'py, PyAny>),
    how: &Distances,
    texts: &[String],
) -> PyResult<PyDistanceMap> {
    let spread = Spread::new(py)?;
    let spelling: HashMap<_, _> = texts.iter().map(|name| (name.clone(), Spelling::AsNumbers)).collect();
    let before = samples(py, &spread, baseline, &Needed::Any, &spelling)?;
    check_features("take as categories", texts, before.keys().map(String::as_str))
        .map_err(|error| errors::data(py, format!("failed to {error}")))?;
    let needed = Needed::These(before.keys().map(String::as_str).collect());
    let spelling: HashMap<_, _> = texts.iter().map(|name| (name.clone(), like(before.get(name)))).collect();
    let mut after = samples(py, &spread, current, &needed, &spelling)?;
    for (name, sample) in &mut after {
        if matches!(before.get(name), Some(Sample::Categories(_))) {
            as_categories(sample);
        }
    }
    let pairs: Vec<(&str, &Sample, &Sample)> =
        before.iter().filter_map(|(name, before)| Some((name.as_str(), before, after.get(name)?))).collect();
    if how.is_joint() {
        return Ok(PyDistanceMap(py.detach(|| how.all(&pairs))));
    }
    let found = spread.over(py, pairs.len(), |at| {
        let (name, before, after) = pairs[at];
        (name.to_owned(), how.one(before, after).map(|drift| (drift, before.rows(), after.rows())))
    })?;
    Ok(PyDistanceMap(how.gathered(found)))
}
