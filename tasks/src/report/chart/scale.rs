//! From values to places, and which values an axis is marked at.

/// A straight scale from a range of values to a range of places.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Scale {
    /// Values from `low` to `high` lie between the places `from` and `to`. A range of nothing is made wider, so that its value lies in the
    /// middle.
    pub(super) fn new(low: f64, high: f64, from: f64, to: f64) -> Self {
        if low < high {
            return Self { low, high, from, to };
        }
        let room = if low == 0.0 { 1.0 } else { low.abs() * 0.1 };
        Self { low: low - room, high: low + room, from, to }
    }

    /// The place of a value; one beyond the range lies at its end.
    pub(super) fn place(self, value: f64) -> f64 {
        // Halves, so that the width of the widest range is a number.
        let share = (value / 2.0 - self.low / 2.0) / (self.high / 2.0 - self.low / 2.0);
        self.from + share.clamp(0.0, 1.0) * (self.to - self.from)
    }

    /// Round values within the range, about so many: steps of 1, 2 or 5 times a power of ten.
    pub(super) fn marks(self, about: f64) -> Vec<f64> {
        let rough = (self.high / about - self.low / about).max(f64::MIN_POSITIVE);
        let power = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|step| step * power).into_iter().find(|step| *step >= rough);
        let step = step.unwrap_or(rough);
        let first = (self.low / step).ceil();
        let marks = (0..50).map(|at| (first + f64::from(at)) * step);
        marks.take_while(|mark| *mark <= self.high).map(|mark| if mark == 0.0 { 0.0 } else { mark }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_placed_in_proportion_and_never_beyond_the_ends() {
        let scale = Scale::new(0.0, 10.0, 100.0, 0.0);
        let near =
            |place: f64, expected: f64| assert!((place - expected).abs() < 1e-12, "{place}, {expected}");
        for (value, place) in [(-1.0, 100.0), (0.0, 100.0), (2.5, 75.0), (10.0, 0.0), (99.0, 0.0)] {
            near(scale.place(value), place);
        }
        near(Scale::new(-f64::MAX, f64::MAX, 0.0, 1.0).place(0.0), 0.5);
        near(Scale::new(7.0, 7.0, 0.0, 1.0).place(7.0), 0.5);
    }

    #[test]
    fn marks_are_round() {
        assert_eq!(Scale::new(0.0, 10.0, 0.0, 1.0).marks(5.0), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(Scale::new(-3.0, 42.0, 0.0, 1.0).marks(4.0), [0.0, 20.0, 40.0]);
        assert!(Scale::new(-f64::MAX, f64::MAX, 0.0, 1.0).marks(4.0).iter().all(|mark| mark.is_finite()));
    }
}
