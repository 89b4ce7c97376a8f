//! What a column is in one group of rows.

use scouter_drift::column::{Column, Tally};

use crate::intake::{Cells, Groups, Holds, Nothing, tally_numbers};

/// What a column is in one group of rows.
pub(crate) enum Piece<'a> {
    /// The whole column.
    Column(&'a (dyn Column + Send + Sync + 'a)),
    /// The rows of a group.
    Values(Vec<f64>),
    /// Categories.
    Tally(Tally),
    /// So many rows without a value, and of what, where that is known.
    Missing(usize, Option<Holds>),
}

impl Piece<'_> {
    /// How many numbers there may be; none of categories, nor of rows without a value.
    pub(crate) fn most_numbers(&self) -> usize {
        match self {
            Self::Column(column) => column.rows(),
            Self::Values(values) => values.len(),
            Self::Tally(_) | Self::Missing(..) => 0,
        }
    }

    /// The numbers; none of categories.
    pub(crate) fn numbers(&self, visit: &mut dyn FnMut(&[f64])) {
        match self {
            Self::Column(column) => column.each_chunk(visit),
            Self::Values(values) => values[..].each_chunk(visit),
            Self::Tally(_) => {}
            Self::Missing(rows, _) => Nothing(*rows).each_chunk(visit),
        }
    }
}

/// A column by group; its numbers as categories where they are to be.
pub(crate) fn pieces<'a>(
    cells: &'a Cells<'_>,
    groups: Option<&Groups>,
    as_categories: bool,
) -> Vec<Piece<'a>> {
    match cells {
        Cells::Missing(rows, of) => {
            let of = if as_categories { of.and(Some(Holds::Texts)) } else { *of };
            match groups {
                None => vec![Piece::Missing(*rows, of)],
                Some(groups) => groups.sizes().iter().map(|rows| Piece::Missing(*rows, of)).collect(),
            }
        }
        Cells::Numbers(values) | Cells::Times(values) if !as_categories => match groups {
            None => vec![Piece::Column(&**values)],
            Some(groups) => groups.numbers(&**values).into_iter().map(Piece::Values).collect(),
        },
        cells => categories(cells, groups).into_iter().map(Piece::Tally).collect(),
    }
}

fn categories(cells: &Cells<'_>, groups: Option<&Groups>) -> Vec<Tally> {
    if let Some(groups) = groups {
        return groups.tallies(cells);
    }
    let mut tally = Tally::default();
    match cells {
        Cells::Texts(texts) => texts.tally(&mut tally),
        Cells::Numbers(numbers) | Cells::Times(numbers) => tally_numbers(&**numbers, &mut tally),
        Cells::Missing(rows, _) => tally.weigh(None, *rows as u64),
    }
    vec![tally]
}
