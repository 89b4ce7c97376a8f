//! One span, as plain data.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::error::TraceError;
use super::filter::SpanStatus;
use crate::value::Value;

/// The attribute that names the service of a span that does not name it itself.
const SERVICE: &str = "service.name";

/// One operation of a trace: what ran, when, for how long and with what result.
///
/// Only the ids, the name and the start are required when one is read; fields that are not known
/// here are ignored, so that spans of a newer sender can be read.
///
/// ```
/// use scouter_tasks::trace::Span;
/// use scouter_tasks::value::{from_json, from_value};
///
/// let span: Span = from_value(&from_json(
///     r#"{"trace_id": "t", "span_id": "a", "span_name": "plan", "start_time": "2025-01-01T00:00:00Z",
///         "end_time": "2025-01-01T00:00:00.0125Z", "attributes": [{"key": "model", "value": "m-1"}]}"#,
/// )?)?;
/// assert_eq!(span.elapsed_ms(), Some(12.5));
/// assert_eq!(span.attribute("model"), Some(&"m-1".into()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// The trace that the span belongs to.
    pub trace_id: SmolStr,
    /// The span itself, unique within its trace.
    pub span_id: SmolStr,
    /// The span that caused this one; `None` for a root.
    #[serde(default)]
    pub parent_span_id: Option<SmolStr>,
    /// What ran.
    pub span_name: SmolStr,
    /// The role in a call, such as `internal`, `server` or `client`.
    #[serde(default)]
    pub span_kind: Option<SmolStr>,
    /// When it began.
    pub start_time: DateTime<Utc>,
    /// When it ended; `None` while it runs, or when the end was lost.
    #[serde(default)]
    pub end_time: Option<DateTime<Utc>>,
    /// How long it took, in whole milliseconds. Counts only where `end_time` is absent.
    #[serde(default)]
    pub duration_ms: Option<i64>,
    /// 0 unset, 1 ok, 2 error, as in OpenTelemetry.
    #[serde(default)]
    pub status_code: i32,
    /// What went wrong, in words.
    #[serde(default)]
    pub status_message: Option<SmolStr>,
    /// What was recorded about the operation.
    #[serde(default)]
    pub attributes: Vec<Attribute>,
    /// What happened while it ran.
    #[serde(default)]
    pub events: Vec<SpanEvent>,
    /// Spans of other traces that have to do with this one.
    #[serde(default)]
    pub links: Vec<SpanLink>,
    /// The number of ancestors, as the sender counted them. [`Trace`](super::Trace) counts anew.
    #[serde(default)]
    pub depth: u32,
    /// The ids from the root to this span, as the sender wrote them.
    #[serde(default)]
    pub path: Vec<SmolStr>,
    /// The root above this span, as the sender wrote it.
    #[serde(default)]
    pub root_span_id: SmolStr,
    /// The place among the spans of the trace, as the sender counted it.
    #[serde(default)]
    pub span_order: u32,
    /// What the operation was given; null where that was not captured.
    #[serde(default)]
    pub input: Value,
    /// What the operation gave back; null where that was not captured.
    #[serde(default)]
    pub output: Value,
    /// The service that ran the operation; where absent, the attribute `service.name` counts.
    #[serde(default)]
    pub service_name: Option<SmolStr>,
}

/// A key and its value, on a span, an event or a link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attribute {
    /// The name, dotted by convention: `http.status_code`.
    pub key: SmolStr,
    /// Any value.
    #[serde(default)]
    pub value: Value,
}

/// Something that happened at one moment of a span.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpanEvent {
    /// When it happened.
    pub timestamp: DateTime<Utc>,
    /// What happened.
    pub name: SmolStr,
    /// What was recorded about it.
    #[serde(default)]
    pub attributes: Vec<Attribute>,
    /// How many attributes the sender left out.
    #[serde(default)]
    pub dropped_attributes_count: u32,
}

/// A pointer to a span of any trace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpanLink {
    /// The trace of the other span.
    pub trace_id: SmolStr,
    /// The other span.
    pub span_id: SmolStr,
    /// The `tracestate` that came with it.
    #[serde(default)]
    pub trace_state: SmolStr,
    /// What was recorded about the link.
    #[serde(default)]
    pub attributes: Vec<Attribute>,
    /// How many attributes the sender left out.
    #[serde(default)]
    pub dropped_attributes_count: u32,
}

impl Span {
    /// A root span without an end; everything else is empty.
    pub fn new(
        trace_id: impl Into<SmolStr>,
        span_id: impl Into<SmolStr>,
        span_name: impl Into<SmolStr>,
        start_time: DateTime<Utc>,
    ) -> Self {
        Self {
            trace_id: trace_id.into(),
            span_id: span_id.into(),
            parent_span_id: None,
            span_name: span_name.into(),
            span_kind: None,
            start_time,
            end_time: None,
            duration_ms: None,
            status_code: 0,
            status_message: None,
            attributes: Vec::new(),
            events: Vec::new(),
            links: Vec::new(),
            depth: 0,
            path: Vec::new(),
            root_span_id: SmolStr::default(),
            span_order: 0,
            input: Value::Null,
            output: Value::Null,
            service_name: None,
        }
    }

    /// Looks whether it can be a span of a [`Trace`](super::Trace).
    ///
    /// # Errors
    /// Where it ends before it starts.
    pub fn check(&self) -> Result<(), TraceError> {
        if self.elapsed_ms().is_some_and(|elapsed| elapsed < 0.0) {
            let (name, id) = (self.span_name.clone(), self.span_id.clone());
            return Err(TraceError::EndsBeforeStart { name, id });
        }
        Ok(())
    }

    /// The value of the attribute `key`. Of two with one key the later counts, as in
    /// OpenTelemetry, where setting a key again replaces its value.
    pub fn attribute(&self, key: &str) -> Option<&Value> {
        self.attributes.iter().rev().find(|attribute| attribute.key == key).map(|attribute| &attribute.value)
    }

    /// The service that ran the operation.
    pub fn service(&self) -> Option<&str> {
        self.service_name.as_deref().or_else(|| self.attribute(SERVICE)?.as_text())
    }

    /// The status, where the code is one that OpenTelemetry defines.
    pub fn status(&self) -> Option<SpanStatus> {
        match self.status_code {
            0 => Some(SpanStatus::Unset),
            1 => Some(SpanStatus::Ok),
            2 => Some(SpanStatus::Error),
            _ => None,
        }
    }

    /// When the span ended, by its end or else by its duration; `None` for an unfinished one.
    pub fn end(&self) -> Option<DateTime<Utc>> {
        self.end_time
            .or_else(|| self.start_time.checked_add_signed(TimeDelta::try_milliseconds(self.duration_ms?)?))
    }

    /// How long the span took in milliseconds, to the microsecond; `None` for an unfinished one.
    /// Negative where it ends before it starts: no [`Trace`](super::Trace) has such a span.
    pub fn elapsed_ms(&self) -> Option<f64> {
        match self.end_time {
            Some(end) => Some(milliseconds(end - self.start_time)),
            None => self.duration_ms.map(|whole| whole as f64),
        }
    }
}

/// The length of time in milliseconds, to the microsecond.
pub(super) fn milliseconds(time: TimeDelta) -> f64 {
    // Microseconds overflow after 292,000 years; at that length nobody misses them.
    time.num_microseconds().map_or_else(|| time.num_milliseconds() as f64, |micros| micros as f64 / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::samples;
    use crate::value::{from_json, from_value, to_value};

    fn bare() -> Span {
        Span::new("t", "a", "work", DateTime::UNIX_EPOCH)
    }

    #[test]
    fn every_field_survives_the_round_trip_through_json() {
        let mut span = samples::with_attributes().remove(1);
        let attributes =
            vec![Attribute { key: "n".into(), value: from_json("1180591620717411303424").unwrap() }];
        span.events = vec![SpanEvent {
            timestamp: span.start_time,
            name: "retry".into(),
            attributes: attributes.clone(),
            dropped_attributes_count: 2,
        }];
        span.links = vec![SpanLink {
            trace_id: "t2".into(),
            span_id: "b".into(),
            trace_state: "k=v".into(),
            attributes,
            dropped_attributes_count: 1,
        }];
        span.input = Value::list([Value::Float(1.0)]);
        let text = to_value(&span).unwrap().to_string();
        assert_eq!(from_value::<Span>(&from_json(&text).unwrap()).unwrap(), span);
    }

    #[test]
    fn a_span_of_ids_name_and_start_is_complete() {
        let text = r#"{"trace_id":"t","span_id":"a","span_name":"work","start_time":"1970-01-01T00:00:00Z"}"#;
        assert_eq!(from_value::<Span>(&from_json(text).unwrap()).unwrap(), bare());
    }

    #[test]
    fn the_end_counts_before_the_duration() {
        let end_time = Some(DateTime::UNIX_EPOCH + TimeDelta::microseconds(1_500));
        let span = Span { end_time, duration_ms: Some(7), ..bare() };
        assert_eq!((span.elapsed_ms(), span.end()), (Some(1.5), end_time));
    }

    #[test]
    fn the_duration_stands_in_for_a_lost_end() {
        let span = Span { duration_ms: Some(7), ..bare() };
        assert_eq!(span.elapsed_ms(), Some(7.0));
        assert_eq!(span.end(), Some(DateTime::UNIX_EPOCH + TimeDelta::milliseconds(7)));
    }

    #[test]
    fn a_duration_beyond_the_calendar_gives_no_end() {
        assert_eq!(Span { duration_ms: Some(i64::MAX), ..bare() }.end(), None);
    }

    #[test]
    fn the_whole_calendar_has_a_length() {
        let end_time = Some(DateTime::<Utc>::MAX_UTC);
        let span = Span { end_time, start_time: DateTime::<Utc>::MIN_UTC, ..bare() };
        assert!(span.elapsed_ms().unwrap() > 1.6e16);
    }

    #[test]
    fn the_later_of_two_equal_keys_counts() {
        let attributes = [1, 2].map(|n| Attribute { key: "k".into(), value: Value::Int(n) });
        let span = Span { attributes: attributes.into(), ..bare() };
        assert_eq!(span.attribute("k"), Some(&Value::Int(2)));
        assert_eq!(span.attribute("absent"), None);
    }

    #[test]
    fn the_service_is_the_field_or_else_the_attribute() {
        let attributes = vec![Attribute { key: SERVICE.into(), value: "by attribute".into() }];
        let span = Span { attributes, ..bare() };
        assert_eq!(span.service(), Some("by attribute"));
        assert_eq!(Span { service_name: Some("by field".into()), ..span }.service(), Some("by field"));
        assert_eq!(bare().service(), None);
    }
}
