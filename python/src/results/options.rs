//! How two runs are compared, as Python says it.

use pyo3::prelude::*;
use scouter_drift::statistics::Alpha;
use scouter_tasks::result::{ClusterBy, Correction, Options};

use crate::errors;

/// The arguments of `compare_to`, in their order: threshold, alpha, correction, clusters, the largest
/// share of errors, seed.
#[derive(Debug, FromPyObject, IntoPyObject)]
pub(crate) struct Asked(
    pub(super) f64,
    pub(super) f64,
    pub(super) String,
    pub(super) String,
    pub(super) f64,
    pub(super) Option<u64>,
);

impl Asked {
    pub(super) fn of(options: &Options) -> Self {
        let correction = match options.correction {
            Correction::Holm => "holm",
            Correction::Bh => "bh",
            Correction::None => "none",
        };
        let clusters = match options.clusters {
            ClusterBy::Label => "label",
            ClusterBy::Case => "case",
            ClusterBy::Record => "record",
        };
        Self(
            options.threshold,
            options.alpha.get(),
            correction.to_owned(),
            clusters.to_owned(),
            options.max_error_share,
            options.seed,
        )
    }

    pub(super) fn options(&self) -> PyResult<Options> {
        let Self(threshold, alpha, correction, clusters, max_error_share, seed) = self;
        let correction = match correction.as_str() {
            "holm" => Correction::Holm,
            "bh" => Correction::Bh,
            "none" => Correction::None,
            other => {
                let message = format!("`correction` must be `holm`, `bh` or `none`, not `{other}`");
                return Err(errors::value(message));
            }
        };
        let clusters = match clusters.as_str() {
            "label" => ClusterBy::Label,
            "case" => ClusterBy::Case,
            "record" => ClusterBy::Record,
            other => {
                let message = format!("`cluster_by` must be `label`, `case` or `record`, not `{other}`");
                return Err(errors::value(message));
            }
        };
        let alpha = Alpha::new(*alpha)
            .map_err(|_| errors::value(format!("`alpha` must be above 0 and below 1, not `{alpha}`")))?;
        let (threshold, max_error_share, seed) = (*threshold, *max_error_share, *seed);
        let options = Options { threshold, alpha, correction, clusters, max_error_share, seed };
        options.checked().map_err(errors::value)
    }
}
