//! Trace assertions: something measured of the record's trace against what is expected of it.

use std::sync::Arc;

use schemars::JsonSchema;
use scouter_engine::{Node, NodeError, NodeResult, Output, Step, Verdict};
use serde::{Deserialize, Serialize};

use super::build::{Build, Built, Explain};
use super::expectation::{Each, Expectation, given};
use super::head::Head;
use super::spec::{Subtitle, Task, Terms};
use crate::measured::Measured;
use crate::operator::Operator;
use crate::path::{Path, Read};
use crate::source::Cx;
use crate::subject::{Spans, Subject};
use crate::trace::{Absent, Measure, Reading, Trace, TraceAssertion};
use crate::value::{Value, to_value};

/// A check of something measured of the trace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TraceAssertionSpec {
    /// What every task has.
    #[serde(flatten)]
    pub head: Head,
    /// What is measured.
    pub assertion: TraceAssertion,
    /// How it is judged.
    pub operator: Operator,
    /// What is expected of it; `${path}` is filled in from the context. Left out where the operator
    /// expects nothing.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Value")]
    pub expected_value: Option<Value>,
    /// How many must pass where several values are measured.
    #[serde(default)]
    pub each: Each,
}

impl TraceAssertionSpec {
    /// The name of the kind in files.
    pub const KIND: &'static str = "TraceAssertion";

    /// The fields it has beside those of every task.
    pub const FIELDS: [&'static str; 4] = ["assertion", "operator", "expected_value", "each"];
}

impl Task for TraceAssertionSpec {
    fn head(&self) -> &Head {
        &self.head
    }

    fn kind(&self) -> &'static str {
        Self::KIND
    }

    fn subtitle(&self) -> Subtitle {
        Subtitle {
            operator: Some(self.operator),
            expected: self.expected_value.clone().unwrap_or_default(),
            terms: Terms {
                each: self.each,
                assertion: to_value(&self.assertion).unwrap_or_default(),
                ..Terms::default()
            },
            ..Subtitle::default()
        }
    }

    fn build(&self, cx: &mut Build<'_>) -> Option<Built> {
        let measure = self.assertion.compile();
        let measure = measure
            .map_err(|errors| {
                for error in errors {
                    let hint = error.problem.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
                    cx.problem(&error.field, format!("{}{hint}", error.problem));
                }
            })
            .ok();
        let expectation =
            Expectation::build(cx, self.operator, self.expected_value.as_ref(), self.each, None);
        let node = Arc::new(TraceCheck { path: Path::root(), measure: measure?, expectation: expectation? });
        Some(Built { node: Box::new(TraceChecks(node.clone())), explain: node })
    }

    fn to_value(&self) -> Option<Value> {
        to_value(self).ok()
    }
}

#[derive(Debug)]
struct TraceCheck {
    path: Path,
    measure: Measure,
    expectation: Expectation,
}

impl TraceCheck {
    fn judge(&self, cx: &Cx<'_, '_>) -> NodeResult<Measured> {
        let trace = match &cx.input.spans {
            Spans::Tree(trace) => trace,
            Spans::Absent => return Err(NodeError::new("read the trace: the record has none")),
            Spans::Unusable(why) => return Err(NodeError::new(format!("read the trace: {why}"))),
        };
        match self.measure.measure(trace) {
            Reading::Value(value) => {
                let absent = if is_none(&value) { self.measure.absent(trace) } else { None };
                let output = self.expectation.judge(&Read::Found(value), &self.path, cx)?;
                Ok(self.with_spans(output, trace, absent.as_ref()))
            }
            Reading::NothingMatched(note) => {
                let note =
                    self.measure.absent(trace).map_or_else(|| note.clone(), |absent| absent.behind(&note));
                Ok(Output {
                    value: Measured::default().with_note(note),
                    verdict: Some(Verdict::NotApplicable),
                })
            }
            Reading::Unusable(why) => Err(NodeError::new(why)),
        }
    }
}

impl TraceCheck {
    /// The output with the spans that it comes from in its message where it failed, and with a name that none of them has:
    /// later, when somebody reads it, the trace is gone.
    fn with_spans(
        &self,
        output: Output<Measured>,
        trace: &Trace,
        absent: Option<&Absent>,
    ) -> Output<Measured> {
        let spans = if output.verdict == Some(Verdict::Failed) {
            let items = self.expectation.at_fault(&output.value);
            self.measure.tell(trace, items.as_deref())
        } else {
            None
        };
        if spans.is_none() && absent.is_none() {
            return output;
        }
        let said = [Some(self.expectation.explain(&output.value)), spans];
        let said = said.into_iter().flatten().collect::<Vec<_>>().join("; ");
        let message = absent.map_or_else(|| said.clone(), |absent| absent.behind(&said));
        Output { value: output.value.with_note(message), ..output }
    }
}

/// Whether this counts nothing, or says that nothing is there.
fn is_none(value: &Value) -> bool {
    matches!(value, Value::Int(0) | Value::Bool(false))
}

/// The trace, where there is one that can be measured.
fn tree(spans: &Spans) -> Option<&Trace> {
    match spans {
        Spans::Tree(trace) => Some(trace),
        Spans::Absent | Spans::Unusable(_) => None,
    }
}

impl Explain for TraceCheck {
    fn message(&self, _verdict: Option<Verdict>, measured: &Measured) -> String {
        self.expectation.explain(measured)
    }

    fn absent(&self, spans: &Spans) -> Option<Absent> {
        self.measure.absent(tree(spans)?)
    }

    fn absent_in_all(&self, spans: &[&Spans]) -> Option<(Absent, String)> {
        let traces: Vec<&Trace> = spans.iter().copied().map(tree).collect::<Option<_>>()?;
        let absent = self.measure.absent_in_all(&traces)?;
        let instead = absent.instead(&traces);
        Some((absent, instead))
    }
}

/// The node; the check is shared with what explains its outcomes.
#[derive(Debug)]
struct TraceChecks(Arc<TraceCheck>);

impl Node<Subject, Measured> for TraceChecks {
    fn kind(&self) -> &'static str {
        TraceAssertionSpec::KIND
    }

    fn waits(&self) -> bool {
        false
    }

    fn run<'a>(&'a self, cx: Cx<'a, '_>) -> Step<'a, Measured> {
        Step::Ready(self.0.judge(&cx))
    }
}
