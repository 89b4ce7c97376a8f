//! What a baseline looks like when it is kept, and what is wrong with one that nobody can have written.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Limits, SpcBaseline};
use crate::{column::Unit, form::Versioned};

/// A form of the first format.
pub(super) type Kept = Versioned<Form, 1>;

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Form {
    center: f64,
    one_ucl: f64,
    one_lcl: f64,
    two_ucl: f64,
    two_lcl: f64,
    three_ucl: f64,
    three_lcl: f64,
    limits: Limits,
    #[serde(default, skip_serializing_if = "Unit::is_number")]
    unit: Unit,
    sample_size: usize,
    subgroups: u64,
    mean_deviation: f64,
    deviation_ucl: f64,
    deviation_lcl: f64,
}

/// Why a kept baseline cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SpcFormError {
    /// A line of the chart is on the wrong side of another.
    #[error("the center and the limits of the chart are not in ascending order")]
    Limits,
    /// A line of the chart of deviations is on the wrong side of another.
    #[error("the mean deviation is not between its limits, or they are below zero")]
    Deviations,
    /// A line is no finite number.
    #[error("the center, the limits and the deviations of the chart must be finite numbers")]
    Infinite,
    /// There were no subgroups.
    #[error("`sample_size` and `subgroups` must be at least 1")]
    Size,
}

impl From<SpcBaseline> for Kept {
    fn from(baseline: SpcBaseline) -> Self {
        Self::from(Form {
            center: baseline.center,
            one_ucl: baseline.one_ucl,
            one_lcl: baseline.one_lcl,
            two_ucl: baseline.two_ucl,
            two_lcl: baseline.two_lcl,
            three_ucl: baseline.three_ucl,
            three_lcl: baseline.three_lcl,
            limits: baseline.limits,
            unit: baseline.unit,
            sample_size: baseline.sample_size,
            subgroups: baseline.subgroups,
            mean_deviation: baseline.mean_deviation,
            deviation_ucl: baseline.deviation_ucl,
            deviation_lcl: baseline.deviation_lcl,
        })
    }
}

impl TryFrom<Kept> for SpcBaseline {
    type Error = SpcFormError;

    fn try_from(Kept { form, .. }: Kept) -> Result<Self, SpcFormError> {
        let Form { one_ucl, one_lcl, two_ucl, two_lcl, three_ucl, three_lcl, center, .. } = form;
        // Lines in their order are between these.
        if [three_lcl, three_ucl, form.deviation_ucl].iter().any(|line| line.is_infinite()) {
            return Err(SpcFormError::Infinite);
        }
        if ![three_lcl, two_lcl, one_lcl, center, one_ucl, two_ucl, three_ucl].is_sorted() {
            return Err(SpcFormError::Limits);
        }
        if ![0.0, form.deviation_lcl, form.mean_deviation, form.deviation_ucl].is_sorted() {
            return Err(SpcFormError::Deviations);
        }
        if form.sample_size == 0 || form.subgroups == 0 {
            return Err(SpcFormError::Size);
        }
        Ok(Self {
            center,
            one_ucl,
            one_lcl,
            two_ucl,
            two_lcl,
            three_ucl,
            three_lcl,
            limits: form.limits,
            unit: form.unit,
            sample_size: form.sample_size,
            subgroups: form.subgroups,
            mean_deviation: form.mean_deviation,
            deviation_ucl: form.deviation_ucl,
            deviation_lcl: form.deviation_lcl,
        })
    }
}
