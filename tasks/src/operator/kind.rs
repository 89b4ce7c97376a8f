//! Kinds of values.

use crate::value::{Kind, Value};

#[derive(Clone, Copy, Debug)]
pub(super) enum KindOf {
    Exactly(Kind),
    /// A number, or text that reads as one.
    Numeric,
}

impl KindOf {
    /// Whether an array or object of this kind does.
    pub(super) fn holds_of(self, container: Kind) -> bool {
        match self {
            Self::Exactly(kind) => container == kind,
            Self::Numeric => false,
        }
    }

    #[inline]
    pub(super) fn holds(self, actual: &Value) -> bool {
        match self {
            Self::Exactly(kind) => actual.kind() == kind,
            Self::Numeric => match actual {
                Value::Int(_) | Value::Decimal(_) => true,
                Value::Float(float) => !float.is_nan(),
                Value::Text(text) => reads_as_number(text),
                _ => false,
            },
        }
    }
}

/// Decimal digits with a sign, a point and an exponent where wanted; nothing around them. The
/// reader of floats takes the words `inf` and `nan` too, which are no digits.
pub(super) fn reads_as_number(text: &str) -> bool {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    digits && text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use crate::operator::Operator;
    use crate::operator::tests::{fails, passes};

    #[test]
    fn numeric_text_holds_a_number_and_nothing_else() {
        for text in ["5", "-5.25", "+1e-3", ".5", "1180591620717411303424"] {
            passes(Operator::IsNumeric, &format!("{text:?}"), "true");
        }
        for text in ["", " 5", "5 %", "1,000", "inf", "NaN", "0x1f", "e", "-", "1e"] {
            fails(Operator::IsNumeric, &format!("{text:?}"), "true");
        }
        fails(Operator::IsNumeric, "NaN", "true");
        fails(Operator::IsNumeric, "true", "true");
    }

    #[test]
    fn false_turns_a_test_of_kind_round() {
        passes(Operator::IsNull, "0", "false");
        fails(Operator::IsNull, "null", "false");
    }
}
