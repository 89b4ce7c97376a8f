//! Numbers.

use super::check::{Test, WrongKind};
use super::expected::{self, Problem, Quantity};
use crate::value::{Kind, Number, Value};

/// How far apart numbers may be relative to the larger one, where no tolerance is given: the
/// default of Python's `math.isclose` (PEP 485).
const RELATIVE: f64 = 1e-9;

#[derive(Clone, Debug)]
pub(super) enum NumberTest {
    Positive,
    Negative,
    Zero,
    Integer,
    Finite,
    NaN,
    InRange([Quantity; 2]),
    Near(Quantity, Tolerance),
}

#[derive(Clone, Debug)]
pub(super) enum Tolerance {
    /// A share of the larger of the two numbers.
    Relative(f64),
    /// The largest difference.
    Absolute(Quantity),
}

const NUMBER: WrongKind = WrongKind { wanted: "a number" };
const NOT_NAN: WrongKind = WrongKind { wanted: "a number other than NaN" };

pub(super) fn range(expected: &Value) -> Result<Test, Problem> {
    let [min, max] = expected::pair(expected)?.map(expected::number);
    let (min, max) = (min?, max?);
    if min.number() > max.number() {
        return Err(Problem::UpsideDown);
    }
    Ok(Test::Number(NumberTest::InRange([min, max])))
}

pub(super) fn near(expected: &Value) -> Result<Test, Problem> {
    if expected.kind() != Kind::List {
        let near = NumberTest::Near(expected::number(expected)?, Tolerance::Relative(RELATIVE));
        return Ok(Test::Number(near));
    }
    let [value, tolerance] = expected::pair(expected)?.map(expected::number);
    let (value, tolerance) = (value?, tolerance?);
    if !tolerance.number().is_finite() || tolerance.number() < Number::Int(0) {
        return Err(Problem::Tolerance);
    }
    Ok(Test::Number(NumberTest::Near(value, Tolerance::Absolute(tolerance))))
}

impl NumberTest {
    #[inline]
    pub(super) fn holds(&self, actual: &Value) -> Result<bool, WrongKind> {
        let number = actual.as_number().ok_or(NUMBER)?;
        match self {
            Self::Finite => return Ok(number.is_finite()),
            Self::NaN => return Ok(is_nan(number)),
            _ if is_nan(number) => return Err(NOT_NAN),
            _ => {}
        }
        Ok(match self {
            Self::Finite | Self::NaN => false,
            Self::Positive => number > Number::Int(0),
            Self::Negative => number < Number::Int(0),
            Self::Zero => number == Number::Int(0),
            Self::Integer => number.is_integer(),
            Self::InRange([min, max]) => number >= min.number() && number <= max.number(),
            Self::Near(expected, tolerance) => near_to(number, expected.number(), tolerance),
        })
    }
}

fn is_nan(number: Number<'_>) -> bool {
    matches!(number, Number::Float(float) if float.is_nan())
}

/// `|a − b| ≤ tolerance`, or `|a − b| ≤ relative · max(|a|, |b|)` as `math.isclose` has it
/// ([PEP 485](https://peps.python.org/pep-0485/)). Infinities are near to themselves alone.
fn near_to(a: Number<'_>, b: Number<'_>, tolerance: &Tolerance) -> bool {
    if a == b {
        return true;
    }
    // Floats would round the neighbours of large numbers to the same number.
    if let Some(difference) = a.exact_difference(b) {
        return match tolerance {
            Tolerance::Absolute(most) => Number::Decimal(&difference) <= most.number(),
            Tolerance::Relative(share) => difference.is_within(*share, a, b),
        };
    }
    let difference = (a.to_f64() - b.to_f64()).abs();
    let allowed = match tolerance {
        Tolerance::Absolute(most) => most.number().to_f64(),
        Tolerance::Relative(share) => share * a.to_f64().abs().max(b.to_f64().abs()),
    };
    difference.is_finite() && difference <= allowed
}

#[cfg(test)]
mod tests {
    use crate::operator::Operator;
    use crate::operator::tests::{cannot_judge, fails, json, passes};

    #[test]
    fn the_bounds_belong_to_the_range() {
        passes(Operator::InRange, "1", "[1, 5]");
        passes(Operator::InRange, "5.0", "[1, 5]");
        fails(Operator::InRange, "9007199254740993", "[0, 9007199254740992]");
        passes(Operator::InRange, "1e300", "[0, Infinity]");
    }

    #[test]
    fn nan_is_neither_in_a_range_nor_outside_one() {
        cannot_judge(Operator::InRange, "NaN", "[0, 1]");
        cannot_judge(Operator::NotInRange, "NaN", "[0, 1]");
        cannot_judge(Operator::IsPositive, "NaN", "false");
    }

    #[test]
    fn text_is_not_outside_a_range() {
        cannot_judge(Operator::NotInRange, r#""7""#, "[0, 1]");
    }

    #[test]
    fn a_range_upside_down_is_refused() {
        let error = Operator::InRange.prepare(&json("[5, 1]")).unwrap_err().to_string();
        assert_eq!(
            error,
            "`InRange` expects two numbers `[min, max]`, got `[5,1]`: the first is beyond the second"
        );
    }

    #[test]
    fn near_is_what_python_calls_close() {
        passes(Operator::ApproximatelyEquals, "0.30000000000000004", "0.3");
        fails(Operator::ApproximatelyEquals, "0.3000001", "0.3");
        fails(Operator::ApproximatelyEquals, "1e-12", "0");
        passes(Operator::ApproximatelyEquals, "1e-12", "[0, 1e-9]");
        passes(Operator::ApproximatelyEquals, "Infinity", "Infinity");
        fails(Operator::ApproximatelyEquals, "1e308", "Infinity");
        fails(Operator::ApproximatelyEquals, "9007199254740993", "[9007199254740992, 0.5]");
    }

    #[test]
    fn numbers_beyond_floats_are_near_by_their_exact_difference() {
        let near = Operator::ApproximatelyEquals;
        fails(near, "1180591620717411303425", "[1180591620717411303424, 0.5]");
        passes(near, "1180591620717411303425", "[1180591620717411303424, 1]");
        passes(near, "1180591620717411303425", "1180591620717411303424");
        fails(near, "-9223372036854775808", "[9223372036854775807, 18446744073709551614]");
        let huge = format!("1{}", "0".repeat(400));
        let next = format!("1{}1", "0".repeat(399));
        passes(near, &huge, &next);
        passes(near, &huge, &format!("[{next}, 1]"));
        fails(near, &huge, &format!("[{next}, 0.5]"));
        fails(near, &huge, &format!("2{}", "0".repeat(400)));
    }

    #[test]
    fn minus_zero_is_zero() {
        passes(Operator::IsZero, "-0.0", "null");
        fails(Operator::IsNegative, "-0.0", "null");
    }
}
