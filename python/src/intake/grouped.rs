//! Columns by group, as columns of their own.

use scouter_drift::column::{Column, Tally};
use scouter_drift::profile::TextState;

use super::cells::{Cells, Numbers, Texts};
use super::split::Groups;

impl Groups {
    /// A column by group, as columns of their own.
    pub(crate) fn cells(&self, cells: &Cells<'_>) -> Vec<Cells<'static>> {
        let of = |numbers: &Numbers<'_>| -> Vec<Numbers<'static>> {
            let mut wholes: Vec<Vec<Option<i128>>> = vec![Vec::new(); self.names.len()];
            let mut codes = self.codes.iter();
            let are_wide = numbers.each_whole(&mut |v| {
                if let Some(part) = codes.next().and_then(|code| wholes.get_mut(*code as usize)) {
                    part.push(v);
                }
            });
            let parts = self.numbers(&**numbers).into_iter().zip(wholes);
            parts
                .map(|(values, wholes)| -> Numbers<'static> {
                    let wholes = are_wide.then_some(wholes);
                    Box::new(Part { values, wholes })
                })
                .collect()
        };
        match cells {
            Cells::Numbers(numbers) => of(numbers).into_iter().map(Cells::Numbers).collect(),
            Cells::Times(times) => of(times).into_iter().map(Cells::Times).collect(),
            Cells::Missing(_, of) => self.sizes.iter().map(|rows| Cells::Missing(*rows, *of)).collect(),
            Cells::Texts(_) => {
                let tallies = self.tallies(cells).into_iter();
                tallies.map(|tally| Cells::Texts(Box::new(Counted(tally)))).collect()
            }
        }
    }
}

/// The numbers of a group, and the whole numbers that they are, where these are not told apart as `f64`.
struct Part {
    values: Vec<f64>,
    wholes: Option<Vec<Option<i128>>>,
}

impl Column for Part {
    fn rows(&self) -> usize {
        self.values.len()
    }

    fn each_chunk(&self, visit: &mut dyn FnMut(&[f64])) {
        self.values[..].each_chunk(visit);
    }

    fn each_whole(&self, visit: &mut dyn FnMut(Option<i128>)) -> bool {
        self.wholes.iter().flatten().for_each(|v| visit(*v));
        self.wholes.is_some()
    }
}

/// The texts of a group, whose order is not kept.
struct Counted(Tally);

impl Texts for Counted {
    fn rows(&self) -> usize {
        usize::try_from(self.0.rows()).unwrap_or(usize::MAX)
    }

    fn each<'s>(&'s self, visit: &mut dyn FnMut(Option<&'s str>)) {
        for (text, times) in self.0.ranked() {
            (0..times).for_each(|_| visit(Some(text)));
        }
        (0..self.0.missing()).for_each(|_| visit(None));
    }

    fn tally(&self, tally: &mut Tally) {
        tally.merge(&self.0);
    }

    fn describe(&self, state: &mut TextState) {
        state.add_tally(&self.0);
    }
}
