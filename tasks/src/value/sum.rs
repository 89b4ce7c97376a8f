//! Sums that stay exact where their numbers are.

use bigdecimal::BigDecimal;

use super::data::Value;
use super::number::{Decimal, Number, NumberError};

/// The sum of the numbers: exact where all of them are, a float where one of them is.
///
/// Floats are added with Neumaier's compensation ("Rundungsfehleranalyse einiger Verfahren zur
/// Summation endlicher Summen", 1974), so that the order of the numbers hardly matters.
///
/// ```
/// use scouter_tasks::value::{Number, Value, sum};
///
/// let large = sum([Number::Int(i64::MAX), Number::Int(1)])?;
/// assert_eq!(large.to_string(), "9223372036854775808");
/// assert_eq!(sum([Number::Float(0.1); 10])?, Value::Float(1.0));
/// # Ok::<(), scouter_tasks::value::NumberError>(())
/// ```
///
/// # Errors
/// Where the exact sum has more digits than a number may have.
pub fn sum<'a>(numbers: impl IntoIterator<Item = Number<'a>>) -> Result<Value, NumberError> {
    // 2^64 numbers of 64 bits fit: the sum of whole numbers cannot overflow.
    let mut whole: i128 = 0;
    let mut decimals: Option<BigDecimal> = None;
    let mut floats: Option<Compensated> = None;
    for number in numbers {
        match number {
            Number::Int(int) => whole += i128::from(int),
            Number::Decimal(decimal) => *decimals.get_or_insert_default() += &decimal.0,
            Number::Float(float) => floats.get_or_insert_default().add(float),
        }
    }
    if let (Ok(int), None, None) = (i64::try_from(whole), &decimals, &floats) {
        return Ok(Value::Int(int));
    }
    let exact = Decimal::bounded(decimals.unwrap_or_default() + BigDecimal::from(whole))?;
    Ok(match floats {
        Some(mut floats) => {
            floats.add(exact.to_f64());
            Value::Float(floats.total())
        }
        None => exact.into_value(),
    })
}

/// A sum of floats, and what rounding has lost of it.
#[derive(Default)]
struct Compensated {
    sum: f64,
    lost: f64,
}

impl Compensated {
    fn add(&mut self, float: f64) {
        let sum = self.sum + float;
        self.lost +=
            if self.sum.abs() >= float.abs() { (self.sum - sum) + float } else { (float - sum) + self.sum };
        self.sum = sum;
    }

    fn total(&self) -> f64 {
        // What an infinity loses is not a number.
        if self.sum.is_finite() { self.sum + self.lost } else { self.sum }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn nothing_adds_up_to_zero() {
        assert!(matches!(sum([]), Ok(Value::Int(0))));
    }

    #[test]
    fn decimals_add_up_exactly() {
        let (a, b) = (decimal("0.1"), decimal("0.2"));
        let total = sum([Number::Decimal(&a), Number::Decimal(&b), Number::Int(1)]).unwrap();
        assert_eq!(total.to_string(), "1.3");
    }

    #[test]
    fn a_float_among_exact_numbers_makes_the_sum_a_float() {
        let half = decimal("0.5");
        let total = sum([Number::Int(1), Number::Float(0.25), Number::Decimal(&half)]);
        assert!(matches!(total, Ok(Value::Float(1.75))), "{total:?}");
    }

    #[test]
    fn small_floats_beside_large_ones_are_not_lost() {
        let numbers = [1.0, 1e100, 1.0, -1e100].map(Number::Float);
        assert!(matches!(sum(numbers), Ok(Value::Float(2.0))));
    }

    #[test]
    fn an_infinity_stays_one() {
        let numbers = [1.0, f64::INFINITY, 1.0].map(Number::Float);
        assert!(matches!(sum(numbers), Ok(Value::Float(f64::INFINITY))));
    }

    #[test]
    fn a_sum_of_too_many_digits_is_refused() {
        let (large, small) = (decimal("1e4000"), decimal("1e-10000"));
        assert_eq!(sum([Number::Decimal(&large), Number::Decimal(&small)]), Err(NumberError::TooLong));
    }

    proptest! {
        #[test]
        fn whole_numbers_add_up_as_in_128_bits(numbers: Vec<i64>) {
            let expected: i128 = numbers.iter().map(|&n| i128::from(n)).sum();
            let total = sum(numbers.into_iter().map(Number::Int)).unwrap();
            prop_assert_eq!(total.to_string(), expected.to_string());
        }
    }
}
