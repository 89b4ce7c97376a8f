//! What a baseline looks like when it is kept: a list of bins with limits, categories and proportions, and a format version.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Bins, CategoryBins, Counts, NumericBins, PsiBaseline, ZeroBins};
use crate::{column::Unit, form::Versioned};

/// A form of the first format.
pub(super) type Kept = Versioned<Form, 1>;

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Form {
    bin_type: BinType,
    bins: Vec<BinForm>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rare: Vec<String>,
    #[serde(default = "yes")]
    rare_complete: bool,
    #[serde(default)]
    other: u64,
    #[serde(default)]
    missing: u64,
    wanted_bins: usize,
    zero_bins: ZeroBins,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum BinType {
    Numeric,
    Category,
}

/// One bin as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BinForm {
    /// Its position.
    pub id: usize,
    /// Numbers in it are greater; none where there is no limit, or for a category.
    pub lower_limit: Option<f64>,
    /// Numbers in it are not greater; none where there is no limit, or for a category.
    pub upper_limit: Option<f64>,
    /// The category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Rows of the baseline in it.
    pub count: u64,
    /// Their share of all rows of the baseline, missing values included.
    pub proportion: f64,
    /// What its limits are.
    #[serde(default, skip_serializing_if = "Unit::is_number")]
    pub unit: Unit,
}

fn yes() -> bool {
    true
}

/// Why a kept baseline cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FormError {
    /// A bin lacks what its type needs.
    #[error("bin `{0}` has neither a category nor a limit that fits its place")]
    Bin(usize),
    /// Two bins are of one category.
    #[error("the category `{0}` has more than one bin")]
    Category(String),
    /// There are no bins.
    #[error("there are no bins")]
    NoBins,
    /// The baseline has no rows, or more than there are numbers for.
    #[error("the counts of the bins must add up to at least `1` and to no more than can be counted")]
    Counts,
}

impl PsiBaseline {
    /// The bins with their limits or categories, counts and proportions.
    pub fn bin_forms(&self) -> Vec<BinForm> {
        let rows = self.counts.rows() as f64;
        let bins = self.counts.bins.iter().enumerate();
        bins.map(|(id, count)| {
            let (lower_limit, upper_limit, category) = match &self.bins {
                Bins::Numeric(bins) | Bins::Moments(bins) => {
                    let edges = bins.edges();
                    let below = id.checked_sub(1).and_then(|i| edges.get(i));
                    (below.copied(), edges.get(id).copied(), None)
                }
                Bins::Category(bins) => (None, None, bins.categories().get(id).cloned()),
            };
            BinForm {
                id,
                lower_limit,
                upper_limit,
                category,
                count: *count,
                proportion: *count as f64 / rows,
                unit: self.bins.unit().unwrap_or_default(),
            }
        })
        .collect()
    }
}

impl From<PsiBaseline> for Kept {
    fn from(baseline: PsiBaseline) -> Self {
        let bins = baseline.bin_forms();
        let (bin_type, rare, rare_complete) = match baseline.bins {
            Bins::Numeric(_) | Bins::Moments(_) => (BinType::Numeric, Vec::new(), true),
            Bins::Category(bins) => (BinType::Category, bins.rare().to_vec(), bins.is_complete()),
        };
        Self::from(Form {
            bin_type,
            bins,
            rare,
            rare_complete,
            other: baseline.counts.other,
            missing: baseline.counts.missing,
            wanted_bins: baseline.wanted_bins,
            zero_bins: baseline.zero_bins,
        })
    }
}

impl TryFrom<Kept> for PsiBaseline {
    type Error = FormError;

    fn try_from(Kept { form, .. }: Kept) -> Result<Self, FormError> {
        if form.bins.is_empty() {
            return Err(FormError::NoBins);
        }
        let counts = Counts {
            bins: form.bins.iter().map(|bin| bin.count).collect(),
            other: form.other,
            unseen: 0,
            missing: form.missing,
        };
        let rows = counts.parts().try_fold(0_u64, |rows, (_, count)| rows.checked_add(count));
        if rows.is_none_or(|rows| rows == 0) {
            return Err(FormError::Counts);
        }
        let bins = match form.bin_type {
            BinType::Numeric => {
                let (last, unit) = (form.bins.len() - 1, form.bins[0].unit);
                let mut edges: Vec<f64> = Vec::with_capacity(last);
                for (place, bin) in form.bins.iter().enumerate() {
                    let below = edges.last().copied();
                    let ascends = |edge: f64| edge.is_finite() && below.is_none_or(|below| below < edge);
                    let fits = match bin.upper_limit {
                        Some(edge) => place < last && ascends(edge),
                        None => place == last,
                    };
                    if !fits || bin.lower_limit != below || bin.unit != unit {
                        return Err(FormError::Bin(place));
                    }
                    edges.extend(bin.upper_limit);
                }
                Bins::of(unit, NumericBins::new(edges))
            }
            BinType::Category => {
                let categories = form.bins.into_iter().map(|bin| bin.category.ok_or(FormError::Bin(bin.id)));
                let categories = categories.collect::<Result<Vec<_>, _>>()?;
                let mut seen = BTreeSet::new();
                if let Some(twice) = categories.iter().find(|category| !seen.insert(*category)) {
                    return Err(FormError::Category(twice.clone()));
                }
                Bins::Category(CategoryBins::new(categories, form.rare, form.rare_complete))
            }
        };
        Ok(Self { bins, counts, wanted_bins: form.wanted_bins, zero_bins: form.zero_bins })
    }
}
