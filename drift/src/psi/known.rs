//! What rules for bins ask about a column, whether it can be read again or was read in parts.

use crate::{
    Absent,
    column::Column,
    sample::{Cut, Extent, Moments, cuts},
    sketch::Shape,
};

pub(super) trait Known {
    fn extent(&self) -> &Extent;
    fn moments(&self) -> Moments;
    fn cuts(&self, probabilities: &[f64]) -> Result<Vec<Cut>, Absent>;
}

/// A column that is read as often as a rule needs.
pub(super) struct Whole<'a, C: ?Sized> {
    pub(super) column: &'a C,
    pub(super) extent: &'a Extent,
}

impl<C: Column + ?Sized> Known for Whole<'_, C> {
    fn extent(&self) -> &Extent {
        self.extent
    }

    fn moments(&self) -> Moments {
        Moments::of(self.column)
    }

    fn cuts(&self, probabilities: &[f64]) -> Result<Vec<Cut>, Absent> {
        cuts(self.column, self.extent, probabilities)
    }
}

/// A column that was read in parts.
impl Known for Shape {
    fn extent(&self) -> &Extent {
        Self::extent(self)
    }

    fn moments(&self) -> Moments {
        *Self::moments(self)
    }

    fn cuts(&self, probabilities: &[f64]) -> Result<Vec<Cut>, Absent> {
        self.quantiles().cuts(probabilities)
    }
}
