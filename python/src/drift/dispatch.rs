//! Where alerts go, and when is looked.

use pyo3::prelude::*;
use scouter_tasks::profile::{CommonCron, Dispatch, Schedule};

use super::enums::{PyCommonCrons, PyDispatchType};
use crate::convert::one_of;
use crate::data::gathers;
use crate::errors;

/// Alerts in the log of the server.
#[pyclass(module = "scouter.alert", name = "ConsoleDispatchConfig", frozen, skip_from_py_object)]
#[derive(Debug, Default)]
pub(crate) struct PyConsole;

#[pymethods]
impl PyConsole {
    #[new]
    fn new() -> Self {
        Self
    }

    /// Whether there are such alerts.
    #[getter]
    fn enabled(&self) -> bool {
        true
    }
}

impl PyConsole {
    fn spec(&self, _py: Python<'_>) -> Dispatch {
        Dispatch::Console
    }

    fn of(_py: Python<'_>, dispatch: Dispatch) -> PyResult<Self> {
        match dispatch {
            Dispatch::Console => Ok(Self),
            _ => Err(errors::value("it is for another place")),
        }
    }
}

gathers!(PyConsole(Dispatch) as "ConsoleDispatchConfig");

/// Alerts in a channel of Slack.
#[pyclass(module = "scouter.alert", name = "SlackDispatchConfig", skip_from_py_object)]
#[derive(Debug)]
pub(crate) struct PySlack {
    /// The name of the channel.
    #[pyo3(get, set)]
    channel: String,
}

#[pymethods]
impl PySlack {
    #[new]
    fn new(channel: String) -> Self {
        Self { channel }
    }
}

impl PySlack {
    fn spec(&self, _py: Python<'_>) -> Dispatch {
        Dispatch::Slack { channel: self.channel.clone() }
    }

    fn of(_py: Python<'_>, dispatch: Dispatch) -> PyResult<Self> {
        match dispatch {
            Dispatch::Slack { channel } => Ok(Self { channel }),
            _ => Err(errors::value("it is for another place")),
        }
    }
}

gathers!(PySlack(Dispatch) as "SlackDispatchConfig");

/// Alerts for a team of Opsgenie.
#[pyclass(module = "scouter.alert", name = "OpsGenieDispatchConfig", skip_from_py_object)]
#[derive(Debug)]
pub(crate) struct PyOpsGenie {
    /// The name of the team.
    #[pyo3(get, set)]
    team: String,
}

#[pymethods]
impl PyOpsGenie {
    #[new]
    fn new(team: String) -> Self {
        Self { team }
    }
}

impl PyOpsGenie {
    fn spec(&self, _py: Python<'_>) -> Dispatch {
        Dispatch::OpsGenie { team: self.team.clone() }
    }

    fn of(_py: Python<'_>, dispatch: Dispatch) -> PyResult<Self> {
        match dispatch {
            Dispatch::OpsGenie { team } => Ok(Self { team }),
            _ => Err(errors::value("it is for another place")),
        }
    }
}

gathers!(PyOpsGenie(Dispatch) as "OpsGenieDispatchConfig");

/// One of several classes, as an argument, a field and a result.
macro_rules! any_of {
    ($(#[$doc:meta])* $name:ident = $spec:ty { $($variant:ident($class:ident)),* $(,)? } $(else $hint:path)?) => {
        $crate::convert::one_of! {
            $(#[$doc])*
            #[derive(Debug, IntoPyObject)]
            pub(crate) enum $name {
                $($variant(Py<$class>)),*
            }
            $(else $hint)?
        }

        impl $name {
            pub(crate) fn clone_ref(&self, py: Python<'_>) -> Self {
                match self {
                    $(Self::$variant(object) => Self::$variant(object.clone_ref(py)),)*
                }
            }

            pub(crate) fn spec(&self, py: Python<'_>) -> $spec {
                match self {
                    $(Self::$variant(object) => object.borrow(py).spec(py),)*
                }
            }
        }
    };
}

pub(super) use any_of;

any_of! {
    /// Any place that alerts go to.
    AnyDispatch = Dispatch { Console(PyConsole), Slack(PySlack), OpsGenie(PyOpsGenie) }
}

impl AnyDispatch {
    pub(super) fn of(py: Python<'_>, dispatch: Dispatch) -> PyResult<Self> {
        Ok(match dispatch {
            Dispatch::Console => Self::Console(Py::new(py, PyConsole)?),
            Dispatch::Slack { channel } => Self::Slack(Py::new(py, PySlack { channel })?),
            Dispatch::OpsGenie { team } => Self::OpsGenie(Py::new(py, PyOpsGenie { team })?),
        })
    }

    pub(super) fn or_console(py: Python<'_>, given: Option<Self>) -> PyResult<Self> {
        given.map_or_else(|| Self::of(py, Dispatch::Console), Ok)
    }

    pub(super) fn kind(&self) -> PyDispatchType {
        match self {
            Self::Console(_) => PyDispatchType::Console,
            Self::Slack(_) => PyDispatchType::Slack,
            Self::OpsGenie(_) => PyDispatchType::OpsGenie,
        }
    }
}

one_of! {
    /// When is looked, as an argument.
    pub(crate) enum AnySchedule {
        Common(PyCommonCrons),
        Cron(String),
    }
}

impl AnySchedule {
    pub(super) fn read(self) -> PyResult<Schedule> {
        match self {
            Self::Common(cron) => Ok(CommonCron::from(cron).schedule()),
            Self::Cron(text) => text.parse().map_err(|error| errors::value(format!("failed to {error}"))),
        }
    }

    pub(super) fn or_daily(given: Option<Self>) -> PyResult<Schedule> {
        given.map_or_else(|| Ok(Schedule::default()), Self::read)
    }
}
