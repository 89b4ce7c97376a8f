//! What holds for every operator.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{Check, Example, Expects, Family, Operator, Scope, WrongKind};
use crate::value::{Value, from_json};

pub(super) fn json(text: &str) -> Value {
    from_json(text).unwrap()
}

fn check(operator: Operator, expected: &str) -> Check {
    operator.prepare(&json(expected)).unwrap()
}

#[track_caller]
pub(super) fn passes(operator: Operator, actual: &str, expected: &str) {
    let (check, actual) = (check(operator, expected), json(actual));
    assert_eq!(check.judge(&actual), Ok(true), "{operator}: {}", check.explain(&actual));
}

#[track_caller]
pub(super) fn fails(operator: Operator, actual: &str, expected: &str) {
    let (check, actual) = (check(operator, expected), json(actual));
    assert_eq!(check.judge(&actual), Ok(false), "{operator}: {}", check.explain(&actual));
}

#[track_caller]
pub(super) fn cannot_judge(operator: Operator, actual: &str, expected: &str) {
    let (check, actual) = (check(operator, expected), json(actual));
    assert!(check.judge(&actual).is_err(), "{operator}: {}", check.explain(&actual));
}

pub(super) fn explain(operator: Operator, actual: &str, expected: &str) -> String {
    check(operator, expected).explain(&json(actual))
}

fn outcome(operator: Operator, example: Example) -> Result<bool, WrongKind> {
    let expected = json(example.expected.unwrap_or("null"));
    let check = operator.prepare(&expected).unwrap();
    match example.actual {
        Some(actual) => check.judge(&json(actual)),
        None => Ok(check.passes_on_missing()),
    }
}

/// A check of every operator, by the example that passes.
fn checks() -> impl Iterator<Item = Check> {
    Operator::ALL.iter().map(|operator| check(*operator, operator.row().passes.expected.unwrap_or("null")))
}

#[test]
fn every_example_of_the_table_does_what_it_says() {
    for &operator in Operator::ALL {
        assert_eq!(outcome(operator, operator.row().passes), Ok(true), "{operator} passes");
        assert_eq!(outcome(operator, operator.row().fails), Ok(false), "{operator} fails");
    }
}

#[test]
fn every_row_belongs_to_its_operator() {
    for &operator in Operator::ALL {
        assert_eq!(operator.row().operator, operator);
        assert!(operator.row().doc.ends_with('.'), "{operator}");
    }
    assert!(Operator::ALL.len() >= 60);
}

#[test]
fn families_stand_together_in_the_table() {
    let mut families: Vec<String> = Operator::ALL.iter().map(|o| o.row().family.to_string()).collect();
    families.dedup();
    assert_eq!(families.len(), families.iter().collect::<BTreeSet<_>>().len());
}

#[test]
fn a_value_of_the_wrong_kind_is_never_judged() {
    let kinds = ["null", "true", "5", r#""zz""#, "[{}]", r#"{"a": 1}"#];
    for check in checks() {
        let operator = check.operator();
        let judged: &[&str] = match operator.row().family {
            // They have a verdict on every value.
            Family::Kind | Family::Presence | Family::Structure => continue,
            Family::Comparison if operator.row().expects != Expects::NumberOrText => match operator {
                Operator::EqualsIgnoreCase => &[r#""zz""#],
                _ => continue,
            },
            Family::Comparison if operator == Operator::LessThan => &[r#""zz""#],
            Family::Comparison | Family::Number => &["5"],
            Family::Length if operator.row().scope == Scope::Whole => &[r#""zz""#, "[{}]", r#"{"a": 1}"#],
            Family::Date if operator != Operator::IsDate => &[],
            Family::Length | Family::Text | Family::Format | Family::Similarity | Family::Date => {
                &[r#""zz""#]
            }
            Family::Collection => match operator {
                Operator::IsSorted => &[],
                Operator::HasKeys => &[r#"{"a": 1}"#],
                Operator::IsEmpty | Operator::IsNotEmpty => &["null", r#""zz""#, "[{}]", r#"{"a": 1}"#],
                Operator::HasUniqueItems | Operator::IsSubsetOf | Operator::IsSupersetOf
                // Their examples expect a number, which only an array can contain.
                | Operator::Contains | Operator::ContainsAny => &["[{}]"],
                _ => &[r#""zz""#, "[{}]", r#"{"a": 1}"#],
            },
        };
        for kind in kinds {
            let verdict = check.judge(&json(kind));
            assert_eq!(verdict.is_ok(), judged.contains(&kind), "{operator} on {kind}: {verdict:?}");
        }
    }
}

#[test]
fn an_expected_value_of_the_wrong_kind_is_refused() {
    for &operator in Operator::ALL {
        let row = operator.row();
        if row.expects == Expects::Anything {
            continue;
        }
        let error = operator.prepare(&json(r#"{"zzz": {}}"#)).unwrap_err().to_string();
        assert!(error.starts_with(&format!("`{operator}` expects {}, got `", row.expects)), "{error}");
    }
}

#[test]
fn only_not_exists_passes_on_a_path_that_leads_nowhere() {
    let passing: Vec<_> = checks().filter(Check::passes_on_missing).map(|check| check.operator()).collect();
    assert_eq!(passing, [Operator::NotExists]);
    assert!(check(Operator::Exists, "false").passes_on_missing());
    assert!(!check(Operator::NotExists, "false").passes_on_missing());
}

#[test]
fn an_array_is_judged_item_by_item_unless_the_operator_looks_at_arrays() {
    let array = json("[1]");
    assert!(check(Operator::Equals, "1").each_item(&array));
    assert!(!check(Operator::Equals, "[1]").each_item(&array));
    assert!(!check(Operator::Contains, "1").each_item(&array));
    assert!(check(Operator::InRange, "[0, 1]").each_item(&array));
    assert!(!check(Operator::InRange, "[0, 1]").each_item(&json("1")));
}

#[test]
fn the_opposite_is_refused_where_nothing_is_expected_but_true_and_false_are() {
    assert!(Operator::IsEmail.prepare(&Value::from("true")).is_err());
    assert!(Operator::IsEmail.prepare(&Value::Bool(true)).is_ok());
    passes(Operator::IsEmail, r#""nobody""#, "false");
    cannot_judge(Operator::IsEmail, "5", "false");
}

#[test]
fn reasons_read_as_what_was_found() {
    assert_eq!(explain(Operator::GreaterThan, "3", "5"), "`3` is not greater than `5`");
    assert_eq!(explain(Operator::NotContains, r#""abc""#, r#""b""#), r#"`"abc"` contains `"b"`"#);
    assert_eq!(explain(Operator::IsEmail, r#""x""#, "false"), r#"`"x"` is not an email address"#);
    assert_eq!(explain(Operator::StartsWith, "5", r#""x""#), "`5` is a number, not text");
}

fn any_value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        ".{0,12}",
        Just("2026-01-31T12:00:00Z".to_owned()),
        Just("[1]".to_owned()),
        Just("a@b.org".to_owned()),
        Just("http://x".to_owned()),
        "[0-9T:Z+.eE-]{0,20}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        (0_i64..5).prop_map(Value::Int),
        any::<f64>().prop_map(Value::Float),
        Just(Value::Float(f64::NAN)),
        Just(Value::Float(f64::INFINITY)),
        Just(json("1180591620717411303424")),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec(("[a-d]{1,3}|type|text|distance", inner), 0..4).prop_map(Value::map),
        ]
    })
}

/// An operator and the one that says the opposite.
const OPPOSITES: [(Operator, Operator); 8] = [
    (Operator::Equals, Operator::NotEqual),
    (Operator::IsOneOf, Operator::NotOneOf),
    (Operator::InRange, Operator::NotInRange),
    (Operator::Matches, Operator::NotMatches),
    (Operator::Contains, Operator::NotContains),
    (Operator::ContainsAny, Operator::ContainsNone),
    (Operator::IsEmpty, Operator::IsNotEmpty),
    (Operator::Exists, Operator::NotExists),
];

proptest! {
    #[test]
    fn no_operator_panics_on_any_value(actual in any_value(), expected in any_value()) {
        for check in checks() {
            let verdict = check.judge(&actual);
            let reason = check.explain(&actual);
            prop_assert!(!reason.is_empty() && reason.chars().count() < 1000, "{verdict:?}: {reason}");
        }
        for &operator in Operator::ALL {
            if let Ok(check) = operator.prepare(&expected) {
                let _ = (check.judge(&actual), check.judge(&expected), check.explain(&actual));
            }
        }
    }

    #[test]
    fn of_two_opposites_one_passes_or_neither_can_judge(actual in any_value(), expected in any_value()) {
        for (plain, opposite) in OPPOSITES {
            let prepared = (plain.prepare(&expected), opposite.prepare(&expected));
            let (Ok(plain), Ok(opposite)) = prepared else { continue };
            prop_assert_eq!(plain.judge(&actual).map(|verdict| !verdict), opposite.judge(&actual));
        }
    }

    #[test]
    fn nan_passes_no_operator_on_numbers_but_its_own(expected in any_value()) {
        for &operator in Operator::ALL {
            let row = operator.row();
            let ordered = matches!(row.expects, Expects::NumberOrText);
            let own = matches!(operator, Operator::IsNaN | Operator::IsFinite);
            if own || !(row.family == Family::Number || ordered) {
                continue;
            }
            if let Ok(check) = operator.prepare(&expected) {
                prop_assert_ne!(check.judge(&Value::Float(f64::NAN)), Ok(true), "{}", operator);
            }
        }
    }
}
