//! What becomes of a column of which there is to be a baseline of the population stability index.

use scouter_drift::Absent;
use scouter_drift::column::{Tally, Unit};
use scouter_drift::psi::PsiBaseline;
use scouter_drift::sketch::Shape;
use scouter_tasks::profile::PsiConfig;

use super::piece::Piece;
use crate::intake::Holds;

/// What is known of a column of one group.
pub(super) enum State {
    /// So many rows without a value, of a column that has none.
    Missing(usize),
    Numbers(Shape, Unit),
    Categories(Tally),
    /// All of it was there at once, or enough to know that there will be no baseline.
    Whole(Result<PsiBaseline, Absent>),
}

impl Default for State {
    fn default() -> Self {
        Self::Missing(0)
    }
}

impl State {
    /// Takes the next rows, of which numbers are this.
    pub(super) fn take(&mut self, piece: Piece<'_>, unit: Unit) -> Result<(), String> {
        if matches!(self, Self::Missing(_)) {
            match &piece {
                Piece::Missing(_, None) => {}
                Piece::Tally(_) | Piece::Missing(_, Some(Holds::Texts)) => {
                    *self = Self::Categories(Tally::default());
                }
                Piece::Column(_) | Piece::Values(_) | Piece::Missing(_, Some(_)) => {
                    *self = Self::Numbers(Shape::default(), unit);
                }
            }
        }
        match (&mut *self, piece) {
            (Self::Missing(rows), Piece::Missing(more, _)) => *rows += more,
            (Self::Numbers(..), Piece::Tally(_)) => return Err("texts after numbers".to_owned()),
            (Self::Numbers(_, known), Piece::Column(_) | Piece::Values(_)) if *known != unit => {
                return Err(format!("{} after {}", unit.plural(), known.plural()));
            }
            (Self::Numbers(shape, _), piece) => {
                piece.numbers(&mut |chunk| chunk.chunks(1 << 14).for_each(|part| shape.add(part)));
            }
            (Self::Categories(tally), Piece::Tally(more)) => tally.merge(&more),
            (Self::Categories(tally), Piece::Missing(rows, _)) => tally.weigh(None, rows as u64),
            (Self::Categories(_), Piece::Column(_) | Piece::Values(_)) => {
                return Err("numbers after texts".to_owned());
            }
            (Self::Missing(_) | Self::Whole(_), _) => {}
        }
        if let Self::Categories(tally) = self
            && let Err(absent) = tally.bounded()
        {
            *self = Self::Whole(Err(absent));
        }
        Ok(())
    }

    /// How many values it keeps.
    pub(super) fn kept(&self) -> usize {
        match self {
            Self::Numbers(shape, _) => shape.quantiles().kept(),
            Self::Categories(tally) => tally.distinct(),
            Self::Missing(_) | Self::Whole(_) => 0,
        }
    }

    pub(super) fn baseline(self, config: &PsiConfig) -> Result<PsiBaseline, Absent> {
        match self {
            Self::Missing(0) => Err(Absent::NoRows),
            Self::Missing(_) => Err(Absent::AllMissing),
            Self::Numbers(shape, unit) => {
                let baseline = PsiBaseline::of_shape(&shape, config.binning_strategy, config.zero_bins);
                baseline.map(|baseline| baseline.of_unit(unit))
            }
            Self::Categories(tally) => {
                PsiBaseline::of_categories(&tally, config.max_categories, config.zero_bins)
            }
            Self::Whole(baseline) => baseline,
        }
    }
}
