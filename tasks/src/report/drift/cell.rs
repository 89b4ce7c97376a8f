//! What stands in a cell of a table.

use scouter_drift::column::Unit;

use crate::counted;
use crate::profile::short_moment;
use crate::result::{number, p_value, short_number};
use crate::value::{Number, Value};

/// A value, which people may read in another form than programs do.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// The same for both.
    Plain(Value),
    /// A moment, in microseconds since 1970 in UTC. People read day and time.
    Moment(f64),
    /// How long something is, in microseconds. People read it in the unit that fits.
    Span(f64),
    /// A p value. People read the digits that tell something.
    Chance(f64),
    /// Whether something drifted, where that is not said. Programs read that it did not.
    Open,
}

impl From<Value> for Cell {
    fn from(value: Value) -> Self {
        Self::Plain(value)
    }
}

impl Cell {
    /// A number, or a moment.
    pub(super) fn at(unit: Unit, value: f64) -> Self {
        match unit {
            Unit::Number => Self::Plain(Value::Float(value)),
            Unit::Moment => Self::Moment(value),
        }
    }

    /// How far numbers are apart, or moments.
    pub(super) fn apart(unit: Unit, value: f64) -> Self {
        match unit {
            Unit::Number => Self::Plain(Value::Float(value)),
            Unit::Moment => Self::Span(value),
        }
    }

    /// A p value; null where there is none.
    pub(super) fn chance(p: Option<f64>) -> Self {
        p.map_or(Self::Plain(Value::Null), Self::Chance)
    }

    /// The value, as programs read it.
    pub fn value(&self) -> Value {
        match self {
            Self::Plain(value) => value.clone(),
            Self::Moment(float) | Self::Span(float) | Self::Chance(float) => Value::Float(*float),
            Self::Open => Value::Bool(false),
        }
    }

    /// Whether it is a number to programs.
    pub(super) fn is_number(&self) -> bool {
        self.value().as_number().is_some()
    }

    /// The value, as people read it.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Moment(micros) => short_moment(*micros),
            Self::Span(micros) => short_span(*micros),
            Self::Chance(p) => p_value(*p),
            Self::Plain(Value::Null) | Self::Open => "–".to_owned(),
            Self::Plain(Value::Bool(true)) => "yes".to_owned(),
            Self::Plain(Value::Bool(false)) => "no".to_owned(),
            Self::Plain(Value::Float(float)) => number(*float),
            Self::Plain(Value::Text(text)) => text.to_string(),
            Self::Plain(other) => {
                other.as_number().map_or_else(|| other.to_string(), |number| whole(Number::to_f64(number)))
            }
        }
    }
}

/// Microseconds in the largest unit of which they are one at least.
fn short_span(micros: f64) -> String {
    const SECOND: (f64, &str) = (1e6, "s");
    let units = [(86_400e6, "d"), (3_600e6, "h"), (60e6, "min")];
    let (one, unit) = units.into_iter().find(|(one, _)| micros.abs() >= *one).unwrap_or(SECOND);
    format!("{} {unit}", short_number(micros / one))
}

/// A count with its thousands apart.
fn whole(number: f64) -> String {
    let digits = format!("{:.0}", number.abs());
    let sign = if number < 0.0 { "−" } else { "" };
    format!("{sign}{}", counted::count(&digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(
            [0.0, 7.0, 999.0, 1_000.0, 336_776.0, -12_345_678.0].map(whole),
            ["0", "7", "999", "1,000", "336,776", "−12,345,678"]
        );
    }

    #[test]
    fn people_read_moments_as_days_and_programs_as_numbers() {
        let noon = 1_735_732_800e6;
        assert_eq!(Cell::at(Unit::Moment, noon).shown(), "2025-01-01 12:00:00");
        assert_eq!(Cell::at(Unit::Moment, noon - 43_200e6).shown(), "2025-01-01");
        assert_eq!(Cell::at(Unit::Moment, noon).value(), Value::Float(noon));
    }

    #[test]
    fn people_read_that_a_p_value_is_no_zero_and_programs_the_number() {
        let cell = Cell::chance(Some(0.0));
        assert_eq!((cell.shown().as_str(), cell.value()), ("< 1e−300", Value::Float(0.0)));
        assert_eq!(Cell::chance(None).shown(), "–");
    }

    #[test]
    fn spans_have_the_unit_that_fits() {
        let shown = |micros| Cell::apart(Unit::Moment, micros).shown();
        assert_eq!([129_600e6, 5_400e6, 90e6, 0.5e6].map(shown), ["1.5 d", "1.5 h", "1.5 min", "0.5 s"]);
        assert_eq!(Cell::apart(Unit::Number, 1.5), Cell::Plain(Value::Float(1.5)));
    }
}
