//! Six small traces whose measures are plain to see, for tests of suites and of this crate.
//!
//! All of them start at 2025-01-01T00:00:00Z and belong to one trace id each.
//!
//! ```
//! use scouter_tasks::trace::{Trace, samples};
//!
//! assert_eq!(Trace::new(samples::nested())?.max_depth(), Some(2));
//! # Ok::<(), scouter_tasks::trace::TraceError>(())
//! ```

use chrono::{DateTime, TimeDelta, Utc};
use smol_str::{SmolStr, format_smolstr};

use super::span::{Attribute, Span};
use crate::value::Value;

/// 2025-01-01T00:00:00Z, in seconds of Unix time.
const START: i64 = 1_735_689_600;

/// `root` (150 ms, with attributes of HTTP) with the children `child_1` (50 ms) and `child_2` (30 ms).
pub fn simple() -> Vec<Span> {
    let mut spans = Sample::new(1, "test_service");
    let root = spans.root();
    spans.add("child_1", Some(root), 10, 50);
    spans.add("child_2", Some(root), 70, 30);
    spans.done()
}

/// `init` (300 ms) > `process` (200 ms) > `db_query` (100 ms) and `finalize` (50 ms).
pub fn nested() -> Vec<Span> {
    let mut spans = Sample::new(2, "nested_service");
    let init = spans.add("init", None, 0, 300);
    let process = spans.add("process", Some(init), 50, 200);
    spans.add("db_query", Some(process), 60, 100);
    spans.add("finalize", Some(process), 180, 50);
    spans.done()
}

/// The root of [`simple`] with the child `api_call` (100 ms), which has the attributes of a call
/// to a model: text, whole numbers, a float and an object.
pub fn with_attributes() -> Vec<Span> {
    let mut spans = Sample::new(3, "attribute_service");
    let root = spans.root();
    let call = spans.add("api_call", Some(root), 20, 100);
    let data = Value::map([("id", Value::Int(12345))]);
    spans.describe(
        call,
        [
            ("model", "gpt-4".into()),
            ("tokens.input", Value::Int(150)),
            ("tokens.output", Value::Int(300)),
            ("cost", Value::Float(0.045)),
            ("response", Value::map([("success", Value::Bool(true)), ("data", data)])),
        ],
    );
    spans.done()
}

/// `gateway` of `service_a` (300 ms) with the children `auth_check` of `service_b` (50 ms) and
/// `data_fetch` of `service_c` (200 ms).
pub fn multi_service() -> Vec<Span> {
    let mut spans = Sample::new(4, "service_a");
    let gateway = spans.add("gateway", None, 0, 300);
    spans.service = "service_b";
    spans.add("auth_check", Some(gateway), 10, 50);
    spans.service = "service_c";
    spans.add("data_fetch", Some(gateway), 70, 200);
    spans.done()
}

/// An agent that goes round twice, each step the parent of the next and begun when it ended: `start` (50 ms) > `call_tool`
/// (100 ms) > `run_agent` (150 ms) > `call_tool` (80 ms) > `run_agent` (120 ms) > `finish` (30 ms).
pub fn sequence_pattern() -> Vec<Span> {
    let mut spans = Sample::new(5, "pattern_service");
    let steps = [
        ("start", 50),
        ("call_tool", 100),
        ("run_agent", 150),
        ("call_tool", 80),
        ("run_agent", 120),
        ("finish", 30),
    ];
    let (mut parent, mut start) = (None, 0);
    for (name, duration) in steps {
        parent = Some(spans.add(name, parent, start, duration));
        start += duration;
    }
    spans.done()
}

/// `root` (200 ms) with the children `failing_operation` (100 ms, an error) and `recovery` (50 ms).
pub fn with_errors() -> Vec<Span> {
    let mut spans = Sample::new(6, "error_service");
    let root = spans.add("root", None, 0, 200);
    let failing = spans.add("failing_operation", Some(root), 10, 100);
    spans.spans[failing].status_code = 2;
    spans.spans[failing].status_message = Some("operation failed".into());
    spans.add("recovery", Some(root), 120, 50);
    spans.done()
}

/// A sample in the making.
struct Sample {
    trace_id: SmolStr,
    service: &'static str,
    spans: Vec<Span>,
}

impl Sample {
    fn new(number: u32, service: &'static str) -> Self {
        Self { trace_id: format_smolstr!("{number:032x}"), service, spans: Vec::new() }
    }

    /// A span of milliseconds after the start, with the status ok; its place.
    fn add(&mut self, name: &str, parent: Option<usize>, start: i64, duration: i64) -> usize {
        let place = self.spans.len();
        let begin = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::seconds(START) + TimeDelta::milliseconds(start);
        let mut span = Span::new(self.trace_id.clone(), format_smolstr!("{:016x}", place + 1), name, begin);
        span.end_time = Some(begin + TimeDelta::milliseconds(duration));
        span.duration_ms = Some(duration);
        span.span_kind = Some("internal".into());
        span.status_code = 1;
        span.service_name = Some(self.service.into());
        span.span_order = u32::try_from(place).unwrap_or(u32::MAX);
        if let Some(parent) = parent.map(|parent| &self.spans[parent]) {
            span.parent_span_id = Some(parent.span_id.clone());
            span.depth = parent.depth + 1;
            span.path.clone_from(&parent.path);
        }
        span.path.push(span.span_id.clone());
        span.root_span_id.clone_from(&span.path[0]);
        self.spans.push(span);
        place
    }

    fn root(&mut self) -> usize {
        let root = self.add("root", None, 0, 150);
        self.describe(
            root,
            [
                ("http.method", "POST".into()),
                ("http.status_code", Value::Int(200)),
                ("http.url", "https://api.example.com/users".into()),
            ],
        );
        root
    }

    fn describe<const N: usize>(&mut self, place: usize, attributes: [(&str, Value); N]) {
        let attributes = attributes.map(|(key, value)| Attribute { key: key.into(), value });
        self.spans[place].attributes.extend(attributes);
    }

    fn done(self) -> Vec<Span> {
        self.spans
    }
}
