//! Plain enumerations of profiles and alerts.

use chrono::{DateTime, SecondsFormat, Utc};
use pyo3::prelude::*;
use scouter_drift::custom::AlertThreshold;
use scouter_drift::spc::{AlertKind, Zone};
use scouter_engine::{Clock, SystemClock};
use scouter_tasks::profile::CommonCron;

use crate::errors;
use crate::evaluate::enums::by_name;

/// What a profile watches.
#[pyclass(module = "scouter.types", name = "DriftType", eq, hash, frozen, from_py_object)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PyDriftType {
    /// Control charts.
    Spc,
    /// The population stability index.
    Psi,
    /// Metrics that an application measures itself.
    Custom,
    /// Evaluations.
    GenAI,
}

by_name!(PyDriftType { Spc, Psi, Custom, GenAI });

#[pymethods]
impl PyDriftType {
    /// The type as text: `"spc"`, `"psi"`, `"custom"` or `"genai"`.
    fn value(&self) -> String {
        self.name().to_lowercase()
    }

    /// The type of a text, in upper or lower case.
    #[staticmethod]
    fn from_value(value: &str) -> PyResult<Self> {
        let all = [Self::Spc, Self::Psi, Self::Custom, Self::GenAI];
        all.into_iter().find(|one| one.name().eq_ignore_ascii_case(value)).ok_or_else(|| {
            errors::value(format!("`{value}` is no type of drift: `spc`, `psi`, `custom`, `genai`"))
        })
    }
}

/// In which library data stands. It is told by its look; the argument is there for code that gives it.
#[expect(clippy::upper_case_acronyms, reason = "the name in Python")]
#[pyclass(module = "scouter.types", name = "ScouterDataType", eq, hash, frozen, from_py_object)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PyDataType {
    Pandas,
    Polars,
    Numpy,
    Arrow,
    LLM,
}

by_name!(PyDataType { Pandas, Polars, Numpy, Arrow, LLM });

/// Schedules that many want, as cron expressions in UTC.
#[pyclass(module = "scouter.types", name = "CommonCrons", eq, hash, frozen, from_py_object)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PyCommonCrons {
    Every1Minute,
    Every5Minutes,
    Every15Minutes,
    Every30Minutes,
    EveryHour,
    Every6Hours,
    Every12Hours,
    /// At midnight.
    EveryDay,
    /// On Sunday at midnight.
    EveryWeek,
}

by_name!(PyCommonCrons {
    Every1Minute,
    Every5Minutes,
    Every15Minutes,
    Every30Minutes,
    EveryHour,
    Every6Hours,
    Every12Hours,
    EveryDay,
    EveryWeek
});

impl From<PyCommonCrons> for CommonCron {
    fn from(cron: PyCommonCrons) -> Self {
        match cron {
            PyCommonCrons::Every1Minute => Self::Every1Minute,
            PyCommonCrons::Every5Minutes => Self::Every5Minutes,
            PyCommonCrons::Every15Minutes => Self::Every15Minutes,
            PyCommonCrons::Every30Minutes => Self::Every30Minutes,
            PyCommonCrons::EveryHour => Self::EveryHour,
            PyCommonCrons::Every6Hours => Self::Every6Hours,
            PyCommonCrons::Every12Hours => Self::Every12Hours,
            PyCommonCrons::EveryDay => Self::EveryDay,
            PyCommonCrons::EveryWeek => Self::EveryWeek,
        }
    }
}

#[pymethods]
impl PyCommonCrons {
    /// The cron expression: second, minute, hour, day, month, day of the week.
    #[getter]
    fn cron(&self) -> &'static str {
        CommonCron::from(*self).cron()
    }

    /// The next time of it, as ISO 8601 text in UTC.
    fn get_next(&self) -> PyResult<String> {
        let now: DateTime<Utc> = SystemClock.now().into();
        let next = CommonCron::from(*self).schedule().next(now);
        let next = next.ok_or_else(|| errors::value("there is no next time"))?;
        Ok(next.to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

/// Where alerts go.
#[pyclass(module = "scouter.alert", name = "AlertDispatchType", eq, hash, frozen, from_py_object)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PyDispatchType {
    Slack,
    OpsGenie,
    Console,
}

by_name!(PyDispatchType { Slack, OpsGenie, Console });

#[pymethods]
impl PyDispatchType {
    /// The name.
    #[pyo3(name = "to_string")]
    fn text(&self) -> &'static str {
        self.name()
    }
}

/// How far a point of a control chart is from the centre, in standard deviations.
#[pyclass(module = "scouter.alert", name = "AlertZone", eq, hash, frozen, from_py_object)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PyAlertZone {
    /// Up to one.
    Zone1,
    /// More than one.
    Zone2,
    /// More than two.
    Zone3,
    /// More than three.
    Zone4,
    /// Of a rule that watches no zone.
    NotApplicable,
}

by_name!(PyAlertZone { Zone1, Zone2, Zone3, Zone4, NotApplicable });

impl From<Option<Zone>> for PyAlertZone {
    fn from(zone: Option<Zone>) -> Self {
        match zone {
            Some(Zone::Zone1) => Self::Zone1,
            Some(Zone::Zone2) => Self::Zone2,
            Some(Zone::Zone3) => Self::Zone3,
            Some(Zone::Zone4) => Self::Zone4,
            None => Self::NotApplicable,
        }
    }
}

impl PyAlertZone {
    /// The zone of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        let all = [Self::Zone1, Self::Zone2, Self::Zone3, Self::Zone4, Self::NotApplicable];
        all.into_iter().find(|zone| zone.name() == name)
    }

    pub(super) fn zone(self) -> Option<Zone> {
        match self {
            Self::Zone1 => Some(Zone::Zone1),
            Self::Zone2 => Some(Zone::Zone2),
            Self::Zone3 => Some(Zone::Zone3),
            Self::Zone4 => Some(Zone::Zone4),
            Self::NotApplicable => None,
        }
    }
}

/// What sort of pattern broke a rule of a control chart.
#[pyclass(module = "scouter.alert", name = "SpcAlertType", eq, hash, frozen, from_py_object)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PySpcAlertType {
    /// A point beyond three standard deviations.
    OutOfBounds,
    /// Too many points in one place.
    Consecutive,
    /// Points that change sides, or direction, too regularly.
    Alternating,
    /// No rule was broken.
    AllGood,
    /// Points that go one way.
    Trend,
    /// Values that are spread more, or less, than they were.
    Spread,
}

by_name!(PySpcAlertType { OutOfBounds, Consecutive, Alternating, AllGood, Trend, Spread });

impl PySpcAlertType {
    /// The kind of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        let all = [
            Self::OutOfBounds,
            Self::Consecutive,
            Self::Alternating,
            Self::AllGood,
            Self::Trend,
            Self::Spread,
        ];
        all.into_iter().find(|kind| kind.name() == name)
    }
}

impl From<AlertKind> for PySpcAlertType {
    fn from(kind: AlertKind) -> Self {
        match kind {
            AlertKind::OutOfBounds => Self::OutOfBounds,
            AlertKind::Consecutive => Self::Consecutive,
            AlertKind::Alternating => Self::Alternating,
            AlertKind::Trend => Self::Trend,
            AlertKind::Spread => Self::Spread,
        }
    }
}

/// Which side of a baseline is watched.
#[pyclass(module = "scouter.alert", name = "AlertThreshold", eq, hash, frozen, from_py_object)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PyAlertThreshold {
    /// Less is an alert.
    Below,
    /// More is an alert.
    Above,
    /// Either is an alert.
    Outside,
}

by_name!(PyAlertThreshold { Below, Above, Outside });

impl From<AlertThreshold> for PyAlertThreshold {
    fn from(threshold: AlertThreshold) -> Self {
        match threshold {
            AlertThreshold::Below => Self::Below,
            AlertThreshold::Above => Self::Above,
            AlertThreshold::Outside => Self::Outside,
        }
    }
}

impl From<PyAlertThreshold> for AlertThreshold {
    fn from(threshold: PyAlertThreshold) -> Self {
        match threshold {
            PyAlertThreshold::Below => Self::Below,
            PyAlertThreshold::Above => Self::Above,
            PyAlertThreshold::Outside => Self::Outside,
        }
    }
}

#[pymethods]
impl PyAlertThreshold {
    /// The side of a text, in upper or lower case.
    #[staticmethod]
    fn from_value(value: &str) -> PyResult<Self> {
        let all = [Self::Below, Self::Above, Self::Outside];
        all.into_iter()
            .find(|one| one.name().eq_ignore_ascii_case(value))
            .ok_or_else(|| errors::value(format!("`{value}` is no side: `below`, `above`, `outside`")))
    }
}

/// What the bins of a feature hold.
#[pyclass(module = "scouter.drift", name = "BinType", eq, hash, frozen, from_py_object)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PyBinType {
    /// Numbers between limits.
    Numeric,
    /// A category each.
    Category,
}

by_name!(PyBinType { Numeric, Category });
