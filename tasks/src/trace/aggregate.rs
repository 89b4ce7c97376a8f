//! One value out of the attribute of several spans.

use super::assertion::AggregationType;
use super::measure::Reading;
use super::span::Span;
use super::tell::named;
use crate::value::{Number, Value, cut, sum};

/// The aggregate of the values, in order of the spans' starts; at least one value is expected.
pub(super) fn aggregate(found: &[(&Span, &Value)], aggregation: AggregationType) -> Reading {
    let ends = |end: Option<&(&Span, &Value)>| end.map_or(Value::Null, |(_, value)| (*value).clone());
    let value = match aggregation {
        AggregationType::Count => Ok(found.len().into()),
        AggregationType::First => Ok(ends(found.first())),
        AggregationType::Last => Ok(ends(found.last())),
        AggregationType::Sum => total(found),
        AggregationType::Average => total(found).map(|sum| {
            let sum = sum.as_number().map_or(f64::NAN, Number::to_f64);
            Value::Float(sum / found.len() as f64)
        }),
        AggregationType::Min => extreme(found, |candidate, best| candidate < best),
        AggregationType::Max => extreme(found, |candidate, best| candidate > best),
    };
    value.map_or_else(Reading::Unusable, Reading::Value)
}

fn total(found: &[(&Span, &Value)]) -> Result<Value, String> {
    let numbers: Vec<_> = found.iter().map(|item| number(*item)).collect::<Result<_, _>>()?;
    sum(numbers).map_err(|error| format!("the sum is {error}"))
}

fn extreme(
    found: &[(&Span, &Value)],
    better: impl Fn(Number<'_>, Number<'_>) -> bool,
) -> Result<Value, String> {
    let mut best: Option<(Number<'_>, &Value)> = None;
    for &(span, value) in found {
        let candidate = number((span, value))?;
        if best.is_none_or(|(best, _)| better(candidate, best)) {
            best = Some((candidate, value));
        }
    }
    Ok(best.map_or(Value::Null, |(_, value)| value.clone()))
}

/// The number, where the value is one; NaN has no place in any order or sum.
fn number<'t>((span, value): (&Span, &'t Value)) -> Result<Number<'t>, String> {
    value.as_number().filter(|number| !number.to_f64().is_nan()).ok_or_else(|| {
        let shown = cut(value).unwrap_or_else(|| value.clone());
        format!("{} has `{shown}`, which is not a number", named(span))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::from_json;
    use chrono::DateTime;

    fn aggregated(values: &str, aggregation: AggregationType) -> Reading {
        let values = from_json(values).unwrap();
        let span = Span::new("t", "a1", "call", DateTime::UNIX_EPOCH);
        let found: Vec<_> = values.as_list().unwrap().iter().map(|value| (&span, value)).collect();
        aggregate(&found, aggregation)
    }

    /// The aggregate as JSON text, which shows the form of a number as well.
    fn shown(values: &str, aggregation: AggregationType) -> String {
        match aggregated(values, aggregation) {
            Reading::Value(value) => value.to_string(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_sum_of_whole_numbers_is_whole_and_exact() {
        assert_eq!(shown("[1, 2, 3]", AggregationType::Sum), "6");
        assert_eq!(
            shown("[9223372036854775807, 9223372036854775807]", AggregationType::Sum),
            "18446744073709551614"
        );
        assert_eq!(shown("[0.1, 0.2, 0.3]", AggregationType::Sum), "0.6");
    }

    #[test]
    fn an_average_is_a_float() {
        assert_eq!(shown("[1, 2]", AggregationType::Average), "1.5");
        assert_eq!(shown("[2, 2]", AggregationType::Average), "2.0");
        assert_eq!(
            shown("[9223372036854775807, 9223372036854775807]", AggregationType::Average),
            "9.223372036854775807e18".parse::<f64>().map(|f| format!("{f:?}")).unwrap()
        );
    }

    #[test]
    fn the_least_and_the_greatest_keep_their_form() {
        let values = "[9007199254740993, 9007199254740992.0, 1180591620717411303424]";
        assert_eq!(shown(values, AggregationType::Min), "9007199254740992.0");
        assert_eq!(shown(values, AggregationType::Max), "1180591620717411303424");
    }

    #[test]
    fn count_first_and_last_take_any_value() {
        let values = r#"["x", null, {"a": 1}]"#;
        assert_eq!(shown(values, AggregationType::Count), "3");
        assert_eq!(shown(values, AggregationType::First), r#""x""#);
        assert_eq!(shown(values, AggregationType::Last), r#"{"a":1}"#);
    }

    #[test]
    fn what_is_not_a_number_is_named_with_its_span() {
        use AggregationType::{Average, Max, Min, Sum};
        for aggregation in [Sum, Average, Min, Max] {
            for (values, shown) in [(r#"[1, "2"]"#, r#""2""#), ("[true]", "true"), ("[1, NaN]", "NaN")] {
                let message = format!("span `call` (`a1`) has `{shown}`, which is not a number");
                assert_eq!(aggregated(values, aggregation), Reading::Unusable(message));
            }
        }
    }

    #[test]
    fn a_long_value_is_cut_in_the_message() {
        let values = format!("[{:?}]", "x".repeat(1_000_000));
        let Reading::Unusable(message) = aggregated(&values, AggregationType::Sum) else { panic!("usable") };
        assert!(message.len() < 5_000, "{}", message.len());
    }
}
