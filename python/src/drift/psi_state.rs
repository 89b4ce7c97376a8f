//! What becomes of a column of which there is to be a baseline of the population stability index.

use scouter_drift::Absent;
use scouter_drift::column::{Column, Tally, Unit};
use scouter_drift::psi::PsiBaseline;
use scouter_drift::sketch::Shape;
use scouter_tasks::profile::PsiConfig;

use super::fold::Piece;
use crate::intake::Nothing;

/// What is known of a column of one group.
pub(super) enum State {
    /// So many rows without a value, which tell nothing of what others hold.
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
        let piece = match piece {
            Piece::Tally(tally) if tally.distinct() == 0 => {
                Piece::Missing(usize::try_from(tally.missing()).unwrap_or(usize::MAX))
            }
            piece => piece,
        };
        // Numbers that are all missing may be what a data frame makes of a column of nothing.
        if let Self::Numbers(shape, known) = &*self
            && (matches!(piece, Piece::Tally(_)) || *known != unit)
            && shape.extent().rows() == shape.extent().missing()
        {
            *self = Self::Missing(usize::try_from(shape.extent().missing()).unwrap_or(usize::MAX));
        }
        let other = matches!(self, Self::Numbers(_, known) if *known != unit);
        let piece = if other { piece.missing().map_or(piece, Piece::Missing) } else { piece };
        if let Self::Missing(rows) = *self {
            *self = match &piece {
                Piece::Missing(more) => {
                    *self = Self::Missing(rows + more);
                    return Ok(());
                }
                Piece::Tally(_) => {
                    let mut tally = Tally::default();
                    tally.weigh(None, rows as u64);
                    Self::Categories(tally)
                }
                Piece::Column(_) | Piece::Values(_) => {
                    let mut shape = Shape::default();
                    Nothing(rows).each_chunk(&mut |chunk| shape.add(chunk));
                    Self::Numbers(shape, unit)
                }
            };
        }
        match (&mut *self, piece) {
            (Self::Numbers(..), Piece::Tally(_)) => return Err("texts after numbers".to_owned()),
            (Self::Numbers(_, known), Piece::Column(_) | Piece::Values(_)) if *known != unit => {
                return Err(format!("{} after {}", unit.plural(), known.plural()));
            }
            (Self::Numbers(shape, _), piece) => {
                piece.numbers(&mut |chunk| chunk.chunks(1 << 14).for_each(|part| shape.add(part)));
            }
            (Self::Categories(tally), Piece::Tally(more)) => tally.merge(&more),
            (Self::Categories(tally), piece) => match piece.missing() {
                Some(rows) => tally.weigh(None, rows as u64),
                None => return Err("numbers after texts".to_owned()),
            },
            (Self::Missing(_) | Self::Whole(_), _) => {}
        }
        if let Self::Categories(tally) = self
            && let Err(absent) = tally.bounded()
        {
            *self = Self::Whole(Err(absent));
        }
        Ok(())
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
