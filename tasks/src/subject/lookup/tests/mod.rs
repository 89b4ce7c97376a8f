//! What stays bytes until a node looks into it comes to what a value comes to that is made at once.

use std::pin::pin;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll, Waker};

use proptest::prelude::*;
use scouter_engine::{Outcome, Report, RunCx, run};
use uuid::Uuid;

use super::Lookup;
use crate::fingerprint::{Fingerprint, of_record};
use crate::measured::{Actual, Measured};
use crate::operator::{Expects, Operator};
use crate::packed::Packed;
use crate::run::Entry;
use crate::subject::{Reads, Subject};
use crate::suite::{Suite, compile};
use crate::task::{AssertionSpec, Each, Head, Task};
use crate::value::{Decimal, Value, from_json};

static SUITE: LazyLock<Suite> = LazyLock::new(|| {
    let mut tasks = Vec::new();
    for &operator in Operator::ALL {
        for expected in expected(operator) {
            for item in [None, Some("a")] {
                for each in [Each::All, Each::Any, Each::None, Each::AtLeast(2)] {
                    let head = Head::new(&format!("t{}", tasks.len()));
                    let task = check(head, "v", operator, expected.clone(), each, item);
                    // An operator that looks at arrays themselves takes no number of their items.
                    if compile(std::slice::from_ref(&task)).is_ok() {
                        tasks.push(task);
                    }
                }
            }
        }
    }
    assert!(tasks.len() > 5 * Operator::ALL.len(), "there are {}", tasks.len());
    let other = |id: &str, path: &str, operator, expected: &str| {
        let depends_on = id.starts_with("later").then(|| "t0".to_owned());
        let head = Head { depends_on: depends_on.into_iter().collect(), ..Head::new(id) };
        check(head, path, operator, Some(from_json(expected).unwrap()), Each::All, None)
    };
    tasks.extend([
        other("filled", "v", Operator::Equals, r#""${v}""#),
        other("record", "$", Operator::HasLengthEqual, "1"),
        other("later_whole", "t0", Operator::HasLengthGreaterThan, "1"),
        other("later_item", "t0[0]", Operator::Exists, "true"),
        other("later_record", "$", Operator::HasKeys, r#"["v", "t0"]"#),
    ]);
    compile(&tasks).unwrap()
});

fn expected(operator: Operator) -> Vec<Option<Value>> {
    let example = operator.row().passes.expected.map(|expected| from_json(expected).unwrap());
    match operator.row().expects {
        Expects::Nothing => vec![None, Some(Value::Bool(false))],
        Expects::Count => (0..3).map(|count| Some(Value::Int(count))).collect(),
        Expects::Anything => {
            vec![example, Some(Value::Int(1)), Some(Value::from("a")), Some(Value::list([]))]
        }
        _ => vec![example],
    }
}

fn check(
    head: Head,
    path: &str,
    operator: Operator,
    expected_value: Option<Value>,
    each: Each,
    item: Option<&str>,
) -> Arc<dyn Task> {
    let (context_path, item_context_path) = (Some(path.to_owned()), item.map(str::to_owned));
    Arc::new(AssertionSpec { head, context_path, item_context_path, operator, expected_value, each })
}

fn values() -> impl Strategy<Value = Value> {
    let decimal = |(digits, places): (i128, u32)| {
        format!("{digits}e-{places}").parse::<Decimal>().unwrap().into_value()
    };
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        (0..3_i64).prop_map(Value::Int),
        any::<f64>().prop_map(Value::Float),
        Just(Value::Float(f64::NAN)),
        (1..i128::MAX, 1..20_u32).prop_map(decimal),
        ".{0,30}".prop_map(Value::from),
        "[ab]".prop_map(Value::from),
        // What is kept of a text, and of a value, ends among these.
        (1_000..2_500_usize).prop_map(|bytes| Value::from("x".repeat(bytes))),
    ];
    let nested = leaf.prop_recursive(4, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::list),
            prop::collection::vec(("[a-c]", inner), 0..4).prop_map(Value::map::<String>),
        ]
    });
    let long = prop::collection::vec(any::<i64>().prop_map(Value::Int), 0..250).prop_map(Value::list);
    prop_oneof![4 => nested, 1 => long]
}

fn context(value: &Value) -> Value {
    Value::map([("v", value.clone())])
}

/// What the paths lead to, packed as whoever holds records does.
fn packed(reads: &Reads, value: &Value) -> Box<[Lookup]> {
    let context = context(value);
    let mut packed = Packed::default();
    for (at, path) in (0..).zip(reads.paths()) {
        let (taken, found) = match path.to_string().as_str() {
            "v" => (1, value),
            "$" => (0, &context),
            _ => {
                packed.missing(&[at], 0);
                continue;
            }
        };
        packed.value(&[at], taken, |out| {
            out.whole(found);
            Ok::<_, String>(())
        });
    }
    packed.unpack(0).reads(reads)
}

/// How the tasks ended, none of which waits.
fn ended(subject: &Subject) -> Report<Measured> {
    let cx = RunCx::default();
    let run = pin!(run(&SUITE.graph, subject, &cx));
    match run.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(report) => report,
        Poll::Pending => panic!("no task waits"),
    }
}

fn messages(report: &Report<Measured>) -> Vec<Option<String>> {
    let told = report.outcomes.iter().zip(SUITE.tasks.iter()).map(|(outcome, task)| {
        let output = outcome.output()?;
        Some(task.message(output.verdict, &output.value))
    });
    told.collect()
}

/// The bytes that an array or object is kept as.
fn bytes(outcome: &Outcome<Measured>) -> Option<Vec<u8>> {
    match outcome.output()?.value.held() {
        Actual::Packed(bytes) => Some(bytes.to_vec()),
        Actual::Whole(_) => None,
    }
}

fn print(subject: &Subject) -> Fingerprint {
    of_record(&Entry { uid: Uuid::nil(), id: None, labels: None, subject: subject.clone() })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_value_that_stays_bytes_comes_to_what_one_comes_to_that_is_made_at_once(value in values()) {
        let made = Subject::new(&SUITE.reads, &context(&value));
        let lazy = Subject { reads: packed(&SUITE.reads, &value), ..Subject::default() };
        prop_assert_eq!(print(&lazy), print(&made));
        let (mut early, mut late) = (ended(&made), ended(&lazy));
        let told = messages(&early);
        prop_assert_eq!(messages(&late), told.clone());

        SUITE.trim(&mut early);
        SUITE.trim(&mut late);
        for ((late, early), task) in late.outcomes.iter().zip(&early.outcomes).zip(SUITE.tasks.iter()) {
            prop_assert_eq!(late, early, "{}", task.id);
            prop_assert_eq!(bytes(late), bytes(early), "{}", task.id);
        }
        prop_assert_eq!(messages(&late), told);
        // Whether it was looked into or not.
        prop_assert_eq!(print(&lazy), print(&made));
    }
}
