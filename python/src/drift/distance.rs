//! `DistanceMap`: two samples of the same features, by one of many methods.

use std::collections::HashMap;

use indexmap::IndexMap;
use pyo3::prelude::*;
use scouter_drift::column::Tally;
use scouter_drift::methods::{DomainClassifier, DriftMethod, Mmd};
use scouter_drift::psi::ZeroBins;
use scouter_tasks::profile::{Distance, DistanceMap, Distances, Sample, TextLengths, check_features};

use super::fold::{Look, Needed, fold, unknown};
use super::forms::{kept_map, numbers_of_features};
use super::kept::{Kept, MOST_KEPT};
use super::lengths::{as_written, check_lengths, one_of};
use super::piece::{Piece, pieces};
use super::turns::whole_columns;
use crate::data::wraps;
use crate::errors;
use crate::intake::{Cells, Groups, Holds, Intake, Named, Spelling, Wanted};
use crate::spread::Spread;

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
}

numbers_of_features!(PyDistanceMap: PyFeatureDistance, statistic);
kept_map!(PyDistanceMap(DistanceMap) as "DistanceMap" in "distance_map.json": PyFeatureDistance at features, told as Distance);

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

/// Adds a piece of a column to its sample.
fn add(sample: &mut Option<Sample>, piece: &Piece<'_>) -> Result<(), String> {
    let sample = sample.get_or_insert_with(|| match piece {
        Piece::Tally(_) | Piece::Missing(_, Some(Holds::Texts)) => Sample::Categories(Tally::default()),
        Piece::Column(_) | Piece::Values(_) | Piece::Missing(..) => Sample::Numbers(Vec::new()),
    });
    match (sample, piece) {
        // With too many of them nothing is compared anyway.
        (Sample::Categories(all), Piece::Tally(more)) => {
            if all.bounded().is_ok() {
                all.merge(more);
            }
        }
        (Sample::Categories(all), Piece::Missing(rows, _)) => all.weigh(None, *rows as u64),
        (Sample::Categories(_), _) => return Err("numbers after texts".to_owned()),
        (Sample::Numbers(_), Piece::Tally(_)) => return Err("texts after numbers".to_owned()),
        (Sample::Numbers(all), piece) => piece.numbers(&mut |chunk| all.extend_from_slice(chunk)),
    }
    Ok(())
}

/// Columns that are categories though they are numbers, and how they are spelled; and texts that are taken as their lengths.
struct Texts<'a> {
    categories: HashMap<String, Spelling>,
    lengths: &'a TextLengths,
}

/// What a column of a name holds, where that is known before it is read.
type Known<'a> = &'a (dyn Fn(&str) -> Option<Holds> + Sync);

/// The columns of some data as samples.
fn samples<'py>(
    py: Python<'py>,
    spread: &Spread,
    data: &Bound<'py, PyAny>,
    (needed, known): (Needed<'_>, Known<'_>),
    texts: &Texts<'_>,
) -> PyResult<IndexMap<String, Sample>> {
    let only = match &needed {
        Needed::Any => None,
        Needed::These(names) => Some(names.iter().map(|name| (*name).to_owned()).collect()),
    };
    let spelled = texts.categories.clone().into_iter().chain(as_written(texts.lengths)).collect();
    let intake = Intake::of(data, &Wanted { only, texts: spelled })?;
    let kept = Kept::of(&intake, MOST);
    let take = |sample: &mut Option<Sample>, column: &Named<'_>, _: Option<&Groups>| {
        held(&kept, &column.cells)?;
        let as_categories = texts.categories.contains_key(column.name);
        pieces(&column.cells, None, as_categories).iter().try_for_each(|piece| add(sample, piece))
    };
    let look = Look { needed, split: None, lengths: texts.lengths, known };
    let folded = fold(py, spread, intake, &look, take, whole_columns)?;
    Ok(folded.columns.into_iter().filter_map(|(name, sample)| Some((name, sample?))).collect())
}

/// How many numbers a side has at most that comes in parts, since both sides are held: 1 GB.
const MOST: usize = MOST_KEPT / 2;

/// Counts the numbers of a side.
fn held(kept: &Kept, cells: &Cells<'_>) -> Result<(), String> {
    let numbers = match cells {
        Cells::Numbers(numbers) | Cells::Times(numbers) => numbers.rows(),
        Cells::Texts(_) | Cells::Missing(..) => 0,
    };
    kept.change(0, numbers).map_err(|most| {
        format!(
            "with it this side has more than {most} numbers, and `compare` holds both sides: make a profile of the baseline and use \
             `compute_drift`, or compare a part of the rows"
        )
    })
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
    categories: &[String],
    lengths: &TextLengths,
) -> PyResult<PyDistanceMap> {
    one_of(categories, lengths)?;
    let spread = Spread::new(py)?;
    let spelling = categories.iter().map(|name| (name.clone(), Spelling::AsNumbers)).collect();
    let texts = Texts { categories: spelling, lengths };
    let before = samples(py, &spread, baseline, (Needed::Any, &unknown), &texts)?;
    let all = || before.keys().map(String::as_str);
    check_features("take as categories", categories, all())
        .and_then(|()| check_lengths(lengths, all()))
        .map_err(|error| errors::data(py, format!("failed to {error}")))?;
    let spelling = categories.iter().map(|name| (name.clone(), like(before.get(name)))).collect();
    let texts = Texts { categories: spelling, lengths };
    let known = |name: &str| match before.get(name) {
        Some(Sample::Categories(_)) => Some(Holds::Texts),
        Some(Sample::Numbers(_)) | None => None,
    };
    let after = samples(py, &spread, current, (Needed::These(all().collect()), &known), &texts)?;
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
