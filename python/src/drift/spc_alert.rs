//! Alerts about control charts.

use pyo3::prelude::*;
use scouter_drift::spc::{Alert, Cusum, DigitRule, Ewma, Rule, Rules, Zone};
use scouter_drift::statistics::Alpha;
use scouter_tasks::profile::{Schedule, SpcAlertConfig};
use scouter_tasks::value::{Value, from_value, to_value};
use serde::{Deserialize, Serialize};

use super::dispatch::{AnyDispatch, AnySchedule};
use super::enums::{PyAlertZone, PySpcAlertType};
use super::forms::goes_somewhere;
use super::psi_alert::level;
use crate::convert::one_of;
use crate::data::{Data, data_methods, gathers, literal, wraps};
use crate::errors;

const WESTERN: &str = "western_electric";
const NELSON: &str = "nelson";
const CUSUM: &str = "cusum";
const EWMA: &str = "ewma";

/// What is out of control on a chart.
///
/// Args:
///     rule: Eight numbers, two for each zone from the centre out: how many points in a row in that zone or
///         beyond on one side, and how many on changing sides, are an alert; 0 switches a test off. With them
///         goes a trend of seven points. Or `"western_electric"`, the four rules of the handbook, `"nelson"`, Nelson's
///         eight, `"cusum"`, the cumulative sum, or `"ewma"`, the weighted average, which both find small changes that last.
///     zones_to_monitor: The zones that the eight numbers are applied to. The rules with a name have zones of
///         their own.
#[pyclass(module = "scouter.alert", name = "SpcAlertRule", skip_from_py_object)]
#[derive(Debug)]
pub(crate) struct PySpcAlertRule(Rules);

fn rules(rule: &str, zones: Vec<Zone>) -> PyResult<Rules> {
    match rule {
        WESTERN => Ok(Rules::WesternElectric),
        NELSON => Ok(Rules::Nelson),
        CUSUM => Ok(Rules::Cusum(Cusum::default())),
        EWMA => Ok(Rules::Ewma(Ewma::default())),
        digits => {
            let hint = format!("or `{WESTERN}`, `{NELSON}`, `{CUSUM}` or `{EWMA}`");
            let rule: DigitRule =
                digits.parse().map_err(|error| errors::value(format!("failed to {error}, {hint}")))?;
            Ok(Rules::Digits { rule, zones_to_monitor: zones })
        }
    }
}

fn zones(zones: Vec<PyAlertZone>) -> PyResult<Vec<Zone>> {
    let zone =
        |zone: PyAlertZone| zone.zone().ok_or_else(|| errors::value("`NotApplicable` is no zone to monitor"));
    zones.into_iter().map(zone).collect()
}

impl PySpcAlertRule {
    fn zones(&self) -> Vec<Zone> {
        match &self.0 {
            Rules::Digits { zones_to_monitor, .. } => zones_to_monitor.clone(),
            Rules::WesternElectric | Rules::Nelson | Rules::Cusum(_) | Rules::Ewma(_) => Zone::ALL.to_vec(),
        }
    }
}

#[pymethods]
impl PySpcAlertRule {
    #[new]
    #[pyo3(signature = (rule="8 16 4 8 2 4 1 1", zones_to_monitor=None))]
    fn new(rule: &str, zones_to_monitor: Option<Vec<PyAlertZone>>) -> PyResult<Self> {
        let zones = zones_to_monitor.map_or_else(|| Ok(Zone::ALL.to_vec()), zones)?;
        rules(rule, zones).map(Self)
    }

    /// The cumulative sum chart: alerts at every point at which what points are beyond `reference` sums up to more than `decision`.
    /// With these numbers it alerts once in 465 points where nothing changes, and finds a change of one standard deviation after 10.
    ///
    /// Args:
    ///     reference: k, half the change to find, in standard deviations of points: 0 or more.
    ///     decision: h, the sum that is too much, in the same.
    ///
    /// Raises:
    ///     ValueError: Where a number is none that a chart can have.
    #[staticmethod]
    #[pyo3(signature = (reference=0.5, decision=5.0))]
    fn cusum(reference: f64, decision: f64) -> PyResult<Self> {
        Cusum::new(reference, decision).map(|of| Self(Rules::Cusum(of))).map_err(errors::value)
    }

    /// The chart of exponentially weighted averages: alerts at every point at which the average is beyond its limit. With these numbers
    /// it alerts once in 500 points where nothing changes.
    ///
    /// Args:
    ///     weight: λ, the weight of the newest point: above 0, and 1 at most.
    ///     width: L, how far the limits are from the centre, in standard deviations of the average.
    ///
    /// Raises:
    ///     ValueError: Where a number is none that a chart can have.
    #[staticmethod]
    #[pyo3(signature = (weight=0.1, width=2.814))]
    fn ewma(weight: f64, width: f64) -> PyResult<Self> {
        Ewma::new(weight, width).map(|of| Self(Rules::Ewma(of))).map_err(errors::value)
    }

    /// The eight numbers, or the name of the rules.
    #[getter]
    fn rule(&self) -> String {
        match &self.0 {
            Rules::Digits { rule, .. } => rule.to_string(),
            Rules::WesternElectric => WESTERN.to_owned(),
            Rules::Nelson => NELSON.to_owned(),
            Rules::Cusum(_) => CUSUM.to_owned(),
            Rules::Ewma(_) => EWMA.to_owned(),
        }
    }

    #[setter]
    fn set_rule(&mut self, rule: &str) -> PyResult<()> {
        self.0 = rules(rule, self.zones())?;
        Ok(())
    }

    /// The zones that are watched.
    #[getter]
    fn zones_to_monitor(&self) -> Vec<PyAlertZone> {
        self.zones().into_iter().map(|zone| Some(zone).into()).collect()
    }

    #[setter]
    fn set_zones_to_monitor(&mut self, zones_to_monitor: Vec<PyAlertZone>) -> PyResult<()> {
        let zones = zones(zones_to_monitor)?;
        match &mut self.0 {
            Rules::Digits { zones_to_monitor, .. } => *zones_to_monitor = zones,
            Rules::WesternElectric | Rules::Nelson => {
                return Err(errors::value(
                    "these rules have zones of their own: choose eight numbers instead",
                ));
            }
            Rules::Cusum(_) | Rules::Ewma(_) => {
                return Err(errors::value("this chart has no zones: choose eight numbers instead"));
            }
        }
        Ok(())
    }
}

wraps!(PySpcAlertRule(Rules) as "SpcAlertRule");

/// A rule of a control chart that was broken.
///
/// Args:
///     kind: In what way.
///     zone: The zone that the rule watches.
#[pyclass(module = "scouter.alert", name = "SpcAlert", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PySpcAlert {
    /// In what way.
    #[pyo3(get)]
    kind: PySpcAlertType,
    /// The zone that the rule watches.
    #[pyo3(get)]
    zone: PyAlertZone,
    /// Which rule, in words.
    #[pyo3(get)]
    rule: String,
    /// The points that broke it: positions of subgroups, from 0. The last is the one at which it was seen.
    #[pyo3(get)]
    points: Vec<usize>,
}

#[pymethods]
impl PySpcAlert {
    #[new]
    #[pyo3(signature = (kind, zone, *, rule="", points=vec![]))]
    fn new(kind: PySpcAlertType, zone: PyAlertZone, rule: &str, points: Vec<usize>) -> Self {
        Self { kind, zone, rule: rule.to_owned(), points }
    }
}

/// As it is written, with the names of the variants.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    kind: String,
    zone: String,
    rule: String,
    points: Vec<usize>,
}

impl Data for PySpcAlert {
    const NAME: &'static str = "SpcAlert";

    fn to_value(&self, _py: Python<'_>) -> PyResult<Value> {
        let form = Form {
            kind: self.kind.name().to_owned(),
            zone: self.zone.name().to_owned(),
            rule: self.rule.clone(),
            points: self.points.clone(),
        };
        to_value(&form).map_err(errors::value)
    }

    fn from_value(_py: Python<'_>, value: &Value) -> PyResult<Self> {
        let wrong = |why: String| errors::value(format!("not a `SpcAlert`: {why}"));
        let Form { kind, zone, rule, points } =
            from_value(value).map_err(|error| wrong(error.to_string()))?;
        Ok(Self {
            kind: PySpcAlertType::named(&kind).ok_or_else(|| wrong(format!("`{kind}` is no kind")))?,
            zone: PyAlertZone::named(&zone).ok_or_else(|| wrong(format!("`{zone}` is no zone")))?,
            rule,
            points,
        })
    }
}

data_methods!(PySpcAlert);

impl From<&Alert> for PySpcAlert {
    fn from(alert: &Alert) -> Self {
        let rule = match alert.rule {
            Rule::Consecutive { points } => format!("{points} in a row on one side"),
            Rule::Alternating { points } => format!("{points} in a row on changing sides"),
            Rule::Trend { points } => format!("a trend of {points}"),
            Rule::WesternElectric { number } => format!("Western Electric {number}"),
            Rule::Nelson { number } => format!("Nelson {number}"),
            Rule::Cusum => "cumulative sum".to_owned(),
            Rule::Ewma => "weighted average".to_owned(),
            Rule::Spread => "S chart".to_owned(),
        };
        Self { kind: alert.kind.into(), zone: alert.zone.into(), rule, points: alert.points.clone() }
    }
}

one_of! {
    /// What is out of control, as an argument.
    enum AnyRule {
        Itself(Py<PySpcAlertRule>),
    }
    else named
}

/// What to write around the name of rules, or their eight numbers.
fn named(given: &Bound<'_, PyAny>) -> Option<String> {
    let name: String = given.extract().ok()?;
    Some(format!("write `SpcAlertRule({})`", literal(&name.into())))
}

impl AnyRule {
    fn get(self) -> Py<PySpcAlertRule> {
        let Self::Itself(rule) = self;
        rule
    }
}

/// When and to whom drift is told that control charts find.
///
/// Args:
///     rule: What is out of control.
///     dispatch_config: Where alerts go; the server's log by default.
///     schedule: When is looked: a `CommonCrons`, or a cron expression in UTC with five fields, or six with
///         seconds. Every day by default.
///     features_to_monitor: The features that are watched; all where none is named.
///     alpha: The share of false alarms, whatever the number of points: with it, a feature counts as drifted where more points are
///         beyond three standard deviations than that allows, by a p-value that is corrected for many features. Without, where any rule is
///         broken.
///     spread: Whether a feature counts as drifted by any point of its S chart too: where the values of a subgroup are spread more, or
///         less, than they were. Not together with `alpha`, for which such points do not count.
///
/// Raises:
///     ValueError: Where a schedule or a share is none; where `alpha` and `spread` are both given.
#[pyclass(module = "scouter.alert", name = "SpcAlertConfig", skip_from_py_object)]
#[derive(Debug)]
pub(crate) struct PySpcAlertConfig {
    dispatch: AnyDispatch,
    schedule: Schedule,
    rule: Py<PySpcAlertRule>,
    /// The features that are watched; all where none is named.
    #[pyo3(get, set)]
    features_to_monitor: Vec<String>,
    alpha: Option<Alpha>,
    spread: bool,
}

/// A share of false alarms, where it goes with what else makes a feature drift.
fn share(alpha: Option<f64>, spread: bool) -> PyResult<Option<Alpha>> {
    if alpha.is_some() && spread {
        return Err(errors::value(
            "give either `alpha` or `spread`: with a share of false alarms, features drift by their p-value alone",
        ));
    }
    alpha.map(level).transpose()
}

#[pymethods]
impl PySpcAlertConfig {
    #[new]
    #[pyo3(signature = (rule=None, dispatch_config=None, schedule=None, features_to_monitor=vec![], *, alpha=None, spread=false))]
    fn new(
        py: Python<'_>,
        rule: Option<AnyRule>,
        dispatch_config: Option<AnyDispatch>,
        schedule: Option<AnySchedule>,
        features_to_monitor: Vec<String>,
        alpha: Option<f64>,
        spread: bool,
    ) -> PyResult<Self> {
        Ok(Self {
            dispatch: AnyDispatch::or_console(py, dispatch_config)?,
            schedule: AnySchedule::or_daily(schedule)?,
            rule: rule
                .map_or_else(|| Py::new(py, PySpcAlertRule(Rules::default())), |rule| Ok(rule.get()))?,
            features_to_monitor,
            alpha: share(alpha, spread)?,
            spread,
        })
    }

    /// What is out of control.
    #[getter]
    fn rule(&self, py: Python<'_>) -> Py<PySpcAlertRule> {
        self.rule.clone_ref(py)
    }

    #[setter]
    fn set_rule(&mut self, rule: AnyRule) {
        self.rule = rule.get();
    }

    /// The share of false alarms; `None` where any broken rule counts as drift.
    #[getter]
    fn alpha(&self) -> Option<f64> {
        self.alpha.map(Alpha::get)
    }

    #[setter]
    fn set_alpha(&mut self, alpha: Option<f64>) -> PyResult<()> {
        self.alpha = share(alpha, self.spread)?;
        Ok(())
    }

    /// Whether a feature counts as drifted by any point of its S chart too.
    #[getter]
    fn spread(&self) -> bool {
        self.spread
    }

    #[setter]
    fn set_spread(&mut self, spread: bool) -> PyResult<()> {
        self.alpha = share(self.alpha(), spread)?;
        self.spread = spread;
        Ok(())
    }
}

impl PySpcAlertConfig {
    pub(super) fn spec(&self, py: Python<'_>) -> SpcAlertConfig {
        SpcAlertConfig {
            dispatch_config: self.dispatch.spec(py),
            schedule: self.schedule.clone(),
            features_to_monitor: self.features_to_monitor.clone(),
            rule: self.rule.borrow(py).0.clone(),
            alpha: self.alpha,
            spread: self.spread,
        }
    }

    pub(super) fn of(py: Python<'_>, config: SpcAlertConfig) -> PyResult<Self> {
        Ok(Self {
            dispatch: AnyDispatch::of(py, config.dispatch_config)?,
            schedule: config.schedule,
            rule: Py::new(py, PySpcAlertRule(config.rule))?,
            features_to_monitor: config.features_to_monitor,
            alpha: config.alpha,
            spread: config.spread,
        })
    }
}

goes_somewhere!(PySpcAlertConfig);
gathers!(PySpcAlertConfig(SpcAlertConfig) as "SpcAlertConfig");
