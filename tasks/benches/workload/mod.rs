//! The work of `python/benches/workload.py`, so that all benchmarks tell of the same records and
//! the same ten checks.

use std::sync::Arc;

use scouter_tasks::operator::Operator;
use scouter_tasks::suite::{Suite, compile};
use scouter_tasks::task::{AssertionSpec, Each, Head, Task};
use scouter_tasks::value::{Value, from_json};

const COUNTRIES: [&str; 5] = ["DE", "FR", "US", "DE", "JP"];

fn reply(i: usize, order: &str) -> String {
    match i % 3 {
        0 => format!(
            "Thank you for your patience. The refund for order {order} was issued today and reaches your account \
             within five working days. You will get a confirmation by e-mail; the invoice was corrected as well."
        ),
        1 => format!(
            "I have looked into order {order}. The parcel left our warehouse this morning, so it can no longer be \
             changed, but you can send it back free of charge with the label in your account."
        ),
        _ => "I am sorry for the trouble. I could not find the order you mention; could you check the number and \
              send it again?"
            .to_owned(),
    }
}

/// Record number `i` as JSON, about 1.3 KB of it.
pub(crate) fn record(i: usize) -> String {
    let order = format!("ORD-{}", 100_000 + i % 900_000);
    let end = if i.is_multiple_of(11) { "" } else { "}" };
    let documents = if i.is_multiple_of(7) {
        String::new()
    } else {
        format!(
            r#"{{"id": "doc-{}", "score": 0.91, "title": "How refunds work", "language": "en"}},
               {{"id": "doc-{}", "score": 0.64, "title": "Sending a parcel back", "language": "en"}}"#,
            i % 40,
            i % 13
        )
    };
    format!(
        r#"{{
        "request_id": "req-{i:09}",
        "query": "Where is my refund for order {order}? I sent the parcel back two weeks ago and heard nothing since.",
        "response": "{response}",
        "status": "{status}",
        "confidence": {confidence},
        "customer": {{"id": {customer}, "name": "Jamie Example", "tier": "gold", "address":
            {{"street": "Lindenallee 12", "city": "Potsdam", "zip": "14467", "country": "{country}"}}}},
        "usage": {{"prompt_tokens": {prompt}, "completion_tokens": {completion}, "latency_ms": {latency}}},
        "tool_output": "{{\"order\": \"{order}\", \"state\": \"returned\", \"amount\": 49.9{end}",
        "tags": ["orders", "{tag}", "returns"],
        "retrieval": {{"index": "help-center-2024", "documents": [{documents}]}},
        "session": {{"channel": "chat", "locale": "en-GB", "turn": {turn}, "experiment": "prompt-b"}},
        "policy": "Refunds go back to the card that paid. Returns are free within thirty days; after that the customer pays for the label. Never promise a date for a bank transfer, and never ask for a full card number."
    }}"#,
        response = reply(i, &order),
        status = if i.is_multiple_of(4) { "open" } else { "resolved" },
        confidence = 0.5 + (i % 50) as f64 / 100.0,
        customer = i * 7,
        country = COUNTRIES[i % 5],
        prompt = 812 + i % 97,
        completion = 96 + i % 31,
        latency = 180 + i * 37 % 2_400,
        tag = if i.is_multiple_of(3) { "billing" } else { "shipping" },
        turn = i % 9,
    )
}

/// The contexts of the first records.
pub(crate) fn contexts(count: usize) -> Vec<Value> {
    (0..count).map(|i| from_json(&record(i)).expect("the record is JSON")).collect()
}

/// A check as one row: id, path, operator, expected value as JSON.
type Check = (&'static str, &'static str, Operator, &'static str);

/// The ten checks.
pub(crate) const TEN: [Check; 10] = [
    ("is_resolved", "status", Operator::Equals, r#""resolved""#),
    ("names_refund", "response", Operator::Contains, r#""refund""#),
    ("names_order", "response", Operator::MatchesRegex, r#""\\bORD-\\d{6}\\b""#),
    ("is_short", "response", Operator::HasLengthLessThan, "190"),
    ("is_confident", "confidence", Operator::GreaterThanOrEqual, "0.7"),
    ("is_german", "customer.address.country", Operator::Equals, r#""DE""#),
    ("is_quick", "usage.latency_ms", Operator::InRange, "[0, 2000]"),
    ("tool_gave_json", "tool_output", Operator::IsJson, "true"),
    ("has_billing_tag", "tags", Operator::Contains, r#""billing""#),
    ("found_documents", "retrieval.documents", Operator::IsNotEmpty, "true"),
];

/// What each check of the graph depends on, by place: three levels.
const EDGES: [&[usize]; 10] = [&[], &[], &[], &[0], &[0], &[1], &[2], &[3, 4], &[5], &[6]];

/// The gates of the graph: the first lets three in four through, the second none.
const GATES: [usize; 2] = [0, 1];

/// How the checks stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// The ten checks, none of which waits for another.
    Ten,
    /// The graph of three levels with a gate that never opens.
    Graph,
    /// The nodes of the graph without its edges.
    GraphNodes,
}

/// The compiled checks of a shape.
pub(crate) fn suite(shape: Shape) -> Suite {
    let tasks: Vec<Arc<dyn Task>> = TEN
        .iter()
        .enumerate()
        .map(|(at, &(id, path, operator, expected))| {
            let mut head = Head::new(id);
            if shape == Shape::Graph {
                head.depends_on = EDGES[at].iter().map(|&need| TEN[need].0.to_owned()).collect();
                head.condition = GATES.contains(&at);
            }
            let closed = shape != Shape::Ten && at == 1;
            let expected = if closed { r#""a text no reply holds""# } else { expected };
            Arc::new(AssertionSpec {
                head,
                context_path: Some(path.to_owned()),
                item_context_path: None,
                operator,
                expected_value: Some(from_json(expected).expect("the expected value is JSON")),
                each: Each::All,
            }) as Arc<dyn Task>
        })
        .collect();
    compile(&tasks).expect("the checks compile")
}
