//! Exact numbers: how whole numbers, floats and decimals compare by what they are worth.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use bigdecimal::num_bigint::BigInt;
use bigdecimal::{BigDecimal, ToPrimitive, Zero};

use super::data::Value;

/// The most digits, and the largest power of ten, that a decimal may have. Arithmetic on more is
/// a way to stall a process, not a number somebody measured.
const MOST_DIGITS: i64 = 10_000;

/// The most digits before the point: JSON with more could be written and not be read back, by us or by Python.
const MOST_WHOLE: i64 = 4_300;

/// A whole number beyond 64 bits, or a decimal fraction, exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal(pub(super) BigDecimal);

/// A number that is out of bounds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// The text is not a number.
    #[error("`{0}` is not a number")]
    NotANumber(String),
    /// The number has too many digits.
    #[error("a number of more than {MOST_WHOLE} digits before the point, or {MOST_DIGITS} in all")]
    TooLong,
}

impl Decimal {
    pub(super) fn bounded(value: BigDecimal) -> Result<Self, NumberError> {
        if value.is_zero() {
            return Ok(Self(BigDecimal::zero()));
        }
        let (bits, scale) = {
            let (digits, scale) = value.as_bigint_and_scale();
            (digits.bits(), scale)
        };
        // 10,000 digits take 33,220 bits at most: those of more are not counted.
        let few = bits <= 33_220 && scale.abs() <= MOST_DIGITS;
        let within = |digits: i64| digits <= MOST_DIGITS && digits - scale <= MOST_WHOLE;
        let fits = few && i64::try_from(value.digits()).is_ok_and(within);
        if fits { Ok(Self(value)) } else { Err(NumberError::TooLong) }
    }

    /// How many bytes the digits take at most, found without writing them: a few more than they do.
    pub(super) fn most_bytes(&self) -> usize {
        let (digits, scale) = self.0.as_bigint_and_scale();
        // A digit takes more than 3 bits, and a power of ten is written as zeros.
        let bytes = digits.bits() / 3 + scale.unsigned_abs() + 3;
        usize::try_from(bytes).unwrap_or(usize::MAX)
    }

    /// The nearest float; infinite where no float is near.
    pub fn to_f64(&self) -> f64 {
        self.0.to_f64().unwrap_or(f64::NAN)
    }

    /// The whole number, where it is one.
    pub fn to_bigint(&self) -> Option<BigInt> {
        self.is_integer().then(|| self.0.with_scale(0).into_bigint_and_scale().0)
    }

    /// The whole number, where it is one that fits 128 bits.
    pub(super) fn to_i128(&self) -> Option<i128> {
        self.is_integer().then(|| self.0.to_i128())?
    }

    /// Whether this is at most a share of the larger of two numbers; `share` is finite.
    pub(crate) fn is_within(&self, share: f64, a: Number<'_>, b: Number<'_>) -> bool {
        let size = |number: Number<'_>| number.exact().map(|exact| exact.abs());
        match (size(a), size(b), BigDecimal::try_from(share)) {
            (Some(a), Some(b), Ok(share)) => self.0 <= share * a.max(b),
            _ => false,
        }
    }

    /// Whether this is a whole number.
    pub fn is_integer(&self) -> bool {
        self.0.is_integer()
    }

    /// The value: as [`Value::Int`] where it fits one, so that every number has one form.
    pub fn into_value(self) -> Value {
        if self.0.is_integer()
            && let Some(int) = self.0.to_i64()
        {
            return Value::Int(int);
        }
        Value::Decimal(Arc::new(self))
    }
}

impl From<Decimal> for Value {
    fn from(decimal: Decimal) -> Self {
        decimal.into_value()
    }
}

impl From<u64> for Decimal {
    fn from(value: u64) -> Self {
        Self(value.into())
    }
}

impl From<i128> for Decimal {
    fn from(value: i128) -> Self {
        Self(value.into())
    }
}

impl From<u128> for Decimal {
    fn from(value: u128) -> Self {
        Self(value.into())
    }
}

impl From<usize> for Decimal {
    fn from(value: usize) -> Self {
        Self(BigDecimal::from(value as u64))
    }
}

impl TryFrom<BigInt> for Decimal {
    type Error = NumberError;

    fn try_from(value: BigInt) -> Result<Self, NumberError> {
        Self::bounded(value.into())
    }
}

impl FromStr for Decimal {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        // As many digits as zeros of a power of ten, with sign and point, as they are written.
        if text.len() as u64 > 2 * MOST_DIGITS.unsigned_abs() + 8 {
            return Err(NumberError::TooLong);
        }
        let value = BigDecimal::from_str(text).map_err(|_| NumberError::NotANumber(text.to_owned()))?;
        Self::bounded(value)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Digits, never an exponent: a whole number stays one when it is read back.
        f.write_str(&self.0.to_plain_string())
    }
}

/// A number of any form, borrowed from a [`Value`].
///
/// Numbers compare by what they are worth, whatever their form:
///
/// ```
/// use scouter_tasks::value::Number;
///
/// assert!(Number::Int(9_007_199_254_740_993) > Number::Int(9_007_199_254_740_992));
/// assert!(Number::Float(1e300) != Number::Int(i64::MAX));
/// assert!(Number::Int(1) == Number::Float(1.0));
/// assert!(Number::Float(f64::NAN) != Number::Float(f64::NAN), "NaN equals nothing");
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Number<'a> {
    /// A whole number of 64 bits.
    Int(i64),
    /// A float.
    Float(f64),
    /// Any other exact number.
    Decimal(&'a Decimal),
}

impl Number<'_> {
    /// The nearest float.
    pub fn to_f64(self) -> f64 {
        match self {
            Self::Int(int) => int as f64,
            Self::Float(float) => float,
            Self::Decimal(decimal) => decimal.to_f64(),
        }
    }

    /// Whether the number is whole: `3` and `3.0` are, NaN and the infinities are not.
    pub fn is_integer(self) -> bool {
        match self {
            Self::Int(_) => true,
            Self::Float(float) => float.is_finite() && float.fract() == 0.0,
            Self::Decimal(decimal) => decimal.is_integer(),
        }
    }

    /// The number as a decimal, unless it is a float.
    fn exact(self) -> Option<BigDecimal> {
        match self {
            Self::Int(int) => Some(int.into()),
            Self::Float(_) => None,
            Self::Decimal(decimal) => Some(decimal.0.clone()),
        }
    }

    /// How far two numbers are apart, to the last digit; `None` where one is a float.
    pub(crate) fn exact_difference(self, other: Number<'_>) -> Option<Decimal> {
        Some(Decimal((self.exact()? - other.exact()?).abs()))
    }

    /// Whether this is not a number, as floats call it.
    pub fn is_nan(self) -> bool {
        matches!(self, Self::Float(float) if float.is_nan())
    }

    /// Whether the number is neither NaN nor infinite.
    pub fn is_finite(self) -> bool {
        !matches!(self, Self::Float(float) if !float.is_finite())
    }
}

impl PartialEq for Number<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for Number<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (*self, *other) {
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(&b)),
            (Self::Float(a), Self::Float(b)) => a.partial_cmp(&b),
            (Self::Int(a), Self::Float(b)) => int_to_float(a, b),
            (Self::Float(a), Self::Int(b)) => int_to_float(b, a).map(Ordering::reverse),
            (Self::Decimal(a), b) => decimal_to(a, b),
            (a, Self::Decimal(b)) => decimal_to(b, a).map(Ordering::reverse),
        }
    }
}

/// Compares without rounding the whole number, which above 2^53 would make neighbours equal.
fn int_to_float(int: i64, float: f64) -> Option<Ordering> {
    const TWO_63: f64 = 9_223_372_036_854_775_808.0;
    if float.is_nan() {
        return None;
    }
    if float >= TWO_63 {
        return Some(Ordering::Less);
    }
    if float < -TWO_63 {
        return Some(Ordering::Greater);
    }
    #[expect(clippy::cast_possible_truncation, reason = "the bounds above keep it within 64 bits")]
    let whole = float.trunc() as i64;
    Some(int.cmp(&whole).then_with(|| 0.0_f64.total_cmp(&(float.fract() + 0.0))))
}

fn decimal_to(decimal: &Decimal, other: Number<'_>) -> Option<Ordering> {
    match other {
        Number::Decimal(other) => Some(decimal.0.cmp(&other.0)),
        Number::Int(int) => Some(decimal.0.cmp(&BigDecimal::from(int))),
        Number::Float(float) if float.is_nan() => None,
        Number::Float(float) if float.is_infinite() => {
            Some(if float > 0.0 { Ordering::Less } else { Ordering::Greater })
        }
        Number::Float(float) => {
            // The exact binary value: `Decimal("0.1")` is not `0.1`, as in Python.
            let exact = BigDecimal::try_from(float).unwrap_or_else(|_| BigDecimal::zero());
            Some(decimal.0.cmp(&exact))
        }
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
    fn neighbours_beyond_2_to_the_53_are_told_apart() {
        assert!(Number::Int((1 << 53) + 1) > Number::Float(9_007_199_254_740_992.0));
        assert!(Number::Int(i64::MAX) < Number::Float(9_223_372_036_854_775_808.0));
        assert!(Number::Int(i64::MIN) == Number::Float(-9_223_372_036_854_775_808.0));
        assert!(Number::Float(1e300) != Number::Int(i64::MAX));
        assert!(Number::Int(0) == Number::Float(-0.0));
        assert!(Number::Int(-1) < Number::Float(-0.5) && Number::Int(-1) > Number::Float(-1.5));
    }

    #[test]
    fn decimals_compare_exactly() {
        let large = decimal("1180591620717411303424");
        assert!(Number::Decimal(&large) == Number::Float(1_180_591_620_717_411_303_424.0));
        assert!(Number::Decimal(&large) > Number::Int(i64::MAX));
        assert!(Number::Decimal(&large) < Number::Float(f64::INFINITY));
        assert!(Number::Decimal(&decimal("0.1")) != Number::Float(0.1));
        assert!(Number::Decimal(&decimal("0.5")) == Number::Float(0.5));
    }

    #[test]
    fn numbers_that_are_taken_can_be_read_from_the_json_that_they_are_written_as() {
        let nines = "9".repeat(4_300);
        for text in ["1e4299", &nines, &format!("-{nines}"), &format!("{nines}.5"), "1e-9000", "1.5e-9000"] {
            let value = decimal(text).into_value();
            let again = crate::value::from_saved_json(&crate::value::to_json(&value)).unwrap();
            assert!(again.is_same(&value), "{text}");
        }
        for text in ["1e4300".to_owned(), format!("{nines}9"), format!("{nines}9.5")] {
            assert_eq!(text.parse::<Decimal>(), Err(NumberError::TooLong), "{text}");
        }
    }

    #[test]
    fn the_digits_of_a_number_are_counted_and_not_guessed_from_its_bits() {
        for text in
            ["1".repeat(4_300), "2".repeat(4_300), "9".repeat(4_300), format!("0.{}", "9".repeat(10_000))]
        {
            assert!(text.parse::<Decimal>().is_ok(), "{text}");
        }
        // 33,220 bits both, and one has a digit too many.
        for (digits, fits) in [("9".repeat(10_000), true), (format!("1{}", "0".repeat(10_000)), false)] {
            assert_eq!(format!("{digits}e-10000").parse::<Decimal>().is_ok(), fits, "{digits}");
        }
    }

    #[test]
    fn zero_is_zero_whatever_its_power_of_ten() {
        for text in ["0", "-0", "0E+5000", "0e-9999", "0E+1000000000", "0.000"] {
            assert!(matches!(decimal(text).into_value(), Value::Int(0)), "{text}");
            assert_eq!(decimal(text).to_string(), "0");
        }
    }

    #[test]
    fn numbers_that_would_stall_a_comparison_are_refused() {
        assert_eq!("1e1000000000".parse::<Decimal>(), Err(NumberError::TooLong));
        assert_eq!("9".repeat(30_000).parse::<Decimal>(), Err(NumberError::TooLong));
        assert_eq!("abc".parse::<Decimal>(), Err(NumberError::NotANumber("abc".into())));
    }

    #[test]
    fn a_decimal_that_fits_64_bits_becomes_a_plain_whole_number() {
        assert!(matches!(decimal("5.00").into_value(), Value::Int(5)));
        assert!(matches!(decimal("-9223372036854775808").into_value(), Value::Int(i64::MIN)));
        assert!(matches!(decimal("9223372036854775808").into_value(), Value::Decimal(_)));
    }

    proptest! {
        #[test]
        fn an_int_and_a_float_compare_as_their_exact_decimals(int: i64, float in prop::num::f64::NORMAL) {
            let exact = BigDecimal::from(int).cmp(&BigDecimal::try_from(float).unwrap());
            prop_assert_eq!(Number::Int(int).partial_cmp(&Number::Float(float)), Some(exact));
        }

        #[test]
        fn nearby_ints_and_floats_compare_exactly(int: i64, nudge in -2_i64..=2) {
            let float = int.saturating_add(nudge) as f64;
            let exact = BigDecimal::from(int).cmp(&BigDecimal::try_from(float).unwrap());
            prop_assert_eq!(Number::Int(int).partial_cmp(&Number::Float(float)), Some(exact));
        }
    }
}
