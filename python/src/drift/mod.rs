//! Drift: how data were, and how far later data are from that.
//!
//! | file | what it holds |
//! |---|---|
//! | `enums`, `dispatch`, `…_alert` | who is told of what, and when |
//! | `identity`, `binning`, `…_config` | how profiles are made |
//! | `…_profile`, `…_map`, `metric` | profiles, and what later data come to |
//! | `forms` | what these classes have in common |
//! | `distance` | two samples by one of many methods |
//! | `lengths` | texts that are taken as their lengths |
//! | `fold`, `piece` | data through the states of its columns |
//! | `kept` | how much these states may keep together |
//! | `turns` | columns of rows that lie one after another, and take turns |
//! | `spc_rows` | columns of such rows that are taken side by side |
//! | `psi_compute`, `psi_state`, `spc_compute` | which states, and what becomes of them |
//! | `genai_…` | tasks that the records of an application go through |
//! | `drifter` | the entrance |

mod binning;
mod custom_alert;
mod custom_config;
mod custom_map;
mod custom_profile;
mod dispatch;
mod distance;
mod drifter;
mod enums;
mod fold;
mod forms;
mod genai_config;
mod genai_profile;
mod identity;
mod kept;
mod lengths;
mod metric;
mod piece;
mod psi_alert;
mod psi_compute;
mod psi_config;
mod psi_map;
mod psi_profile;
mod psi_state;
mod spc_alert;
mod spc_compute;
mod spc_config;
mod spc_map;
mod spc_profile;
mod spc_rows;
mod turns;

pub(crate) use binning::{
    PyAuto, PyDoane, PyEqualWidth, PyFreedmanDiaconis, PyManual, PyQuantile, PyRice, PyScott, PySquareRoot,
    PySturges, PyTerrellScott,
};
pub(crate) use custom_alert::{PyAlertCondition, PyCustomAlertConfig, PyGenAIAlertConfig};
pub(crate) use custom_config::PyCustomConfig;
pub(crate) use custom_map::{PyCustomMap, PyMetricCheck};
pub(crate) use custom_profile::PyCustomProfile;
pub(crate) use dispatch::{PyConsole, PyOpsGenie, PySlack};
pub(crate) use distance::{PyDistanceMap, PyFeatureDistance};
pub(crate) use drifter::PyDrifter;
pub(crate) use enums::{
    PyAlertThreshold, PyAlertZone, PyBinType, PyCommonCrons, PyDataType, PyDispatchType, PyDriftType,
    PySpcAlertType,
};
pub(crate) use fold::{Grouped, Look, by_group, finished, fold, turned};
pub(crate) use genai_config::PyGenAIConfig;
pub(crate) use genai_profile::PyGenAIProfile;
pub(crate) use identity::PyFeatureMap;
pub(crate) use kept::{Kept, MOST_KEPT};
pub(crate) use metric::PyCustomMetric;
pub(crate) use psi_alert::{PyChiSquare, PyFixed, PyNormal, PyPsiAlertConfig};
pub(crate) use psi_config::PyPsiConfig;
pub(crate) use psi_map::{PyPsiFeatureDrift, PyPsiMap, PyPsiTerm};
pub(crate) use psi_profile::{PyBin, PyPsiFeature, PyPsiProfile};
pub(crate) use spc_alert::{PySpcAlert, PySpcAlertConfig, PySpcAlertRule};
pub(crate) use spc_config::PySpcConfig;
pub(crate) use spc_map::{PySpcFeatureDrift, PySpcMap};
pub(crate) use spc_profile::{PySpcFeature, PySpcProfile};
pub(crate) use turns::whole_columns;
