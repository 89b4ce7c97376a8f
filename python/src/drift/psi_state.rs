//! What becomes of a column of which there is to be a baseline of the population stability index.

use scouter_drift::Absent;
use scouter_drift::column::{Tally, Unit};
use scouter_drift::psi::PsiBaseline;
use scouter_tasks::profile::{PsiColumn, PsiConfig};

use super::piece::Piece;
use crate::intake::Holds;

/// The baseline of a column, and what it is put together with others by, if it is to be.
pub(super) type Finished = (Result<PsiBaseline, Absent>, Option<PsiColumn>);

/// What is known of a column of one group.
pub(super) enum State {
    /// It is read in parts.
    Parts(PsiColumn),
    /// All of it was there at once.
    Whole(Result<PsiBaseline, Absent>),
}

impl Default for State {
    fn default() -> Self {
        Self::Parts(PsiColumn::default())
    }
}

impl State {
    /// Takes the next rows, of which numbers are this.
    pub(super) fn take(&mut self, piece: Piece<'_>, unit: Unit) -> Result<(), String> {
        let Self::Parts(column) = self else { return Ok(()) };
        if let PsiColumn::Missing(before) = *column
            && let Some(begun) = begun(&piece, unit)
        {
            *column = begun;
            column.add_missing(before);
        }
        let known = column.unit();
        match (&mut *column, piece) {
            (PsiColumn::Numbers(_) | PsiColumn::Moments(_), Piece::Tally(_)) => {
                return Err("texts after numbers".to_owned());
            }
            (PsiColumn::Numbers(_) | PsiColumn::Moments(_), Piece::Column(_) | Piece::Values(_))
                if known != Some(unit) =>
            {
                let known = known.unwrap_or_default();
                return Err(format!("{} after {}", unit.plural(), known.plural()));
            }
            (PsiColumn::Numbers(shape) | PsiColumn::Moments(shape), piece) => {
                piece.numbers(&mut |chunk| chunk.chunks(1 << 14).for_each(|part| shape.add(part)));
            }
            (PsiColumn::Categories(tally), Piece::Tally(more)) => tally.merge(&more),
            (PsiColumn::Categories(_), Piece::Column(_) | Piece::Values(_)) => {
                return Err("numbers after texts".to_owned());
            }
            (column, Piece::Missing(rows, _)) => column.add_missing(rows as u64),
            (PsiColumn::Missing(_) | PsiColumn::Absent(_), _) => {}
        }
        column.bound();
        Ok(())
    }

    /// How many values it keeps.
    pub(super) fn kept(&self) -> usize {
        match self {
            Self::Parts(column) => column.kept(),
            Self::Whole(_) => 0,
        }
    }

    pub(super) fn finished(self, config: &PsiConfig, mergeable: bool) -> Finished {
        match self {
            Self::Parts(column) => (column.baseline(config), mergeable.then_some(column)),
            Self::Whole(baseline) => (baseline, None),
        }
    }
}

/// A column that begins with these rows, if they say what it holds.
fn begun(piece: &Piece<'_>, unit: Unit) -> Option<PsiColumn> {
    match piece {
        Piece::Missing(_, None) => None,
        Piece::Tally(_) | Piece::Missing(_, Some(Holds::Texts)) => {
            Some(PsiColumn::Categories(Tally::default()))
        }
        Piece::Column(_) | Piece::Values(_) | Piece::Missing(_, Some(_)) => Some(PsiColumn::of_unit(unit)),
    }
}
