//! Assertions: a value in the record's context against what is expected of it.

use std::sync::Arc;

use schemars::JsonSchema;
use scouter_engine::{Node, Step, Verdict};
use serde::{Deserialize, Serialize};

use super::build::{Build, Built, Explain};
use super::expectation::{Each, Expectation, given};
use super::head::Head;
use super::spec::{Scope, Subtitle, Task, Terms};
use crate::measured::Measured;
use crate::operator::Operator;
use crate::path::Path;
use crate::source::{Cx, Source};
use crate::subject::Subject;
use crate::value::{Value, to_value};

/// A check of a value in the context.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AssertionSpec {
    /// What every task has.
    #[serde(flatten)]
    pub head: Head,
    /// Where the value is, such as `response.items[0].name`; the whole context where there is
    /// none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context_path: Option<String>,
    /// What to pick from each item of an array before it is judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_context_path: Option<String>,
    /// How the value is judged.
    pub operator: Operator,
    /// What is expected of it; `${path}` is filled in from the context. Left out where the operator
    /// expects nothing.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Value")]
    pub expected_value: Option<Value>,
    /// How many items of an array must pass.
    #[serde(default)]
    pub each: Each,
}

impl AssertionSpec {
    /// The name of the kind in files.
    pub const KIND: &'static str = "Assertion";

    /// The fields it has beside those of every task.
    pub const FIELDS: [&'static str; 5] =
        ["context_path", "item_context_path", "operator", "expected_value", "each"];
}

impl Task for AssertionSpec {
    fn head(&self) -> &Head {
        &self.head
    }

    fn kind(&self) -> &'static str {
        Self::KIND
    }

    fn scope(&self) -> Scope {
        Scope::Either
    }

    fn subtitle(&self) -> Subtitle {
        Subtitle {
            context_path: self.context_path.clone(),
            operator: Some(self.operator),
            expected: self.expected_value.clone().unwrap_or_default(),
            terms: Terms {
                each: self.each,
                item_context_path: self.item_context_path.clone(),
                ..Terms::default()
            },
        }
    }

    fn build(&self, cx: &mut Build<'_>) -> Option<Built> {
        let source = cx.source("context_path", self.context_path.as_deref());
        let item = self.item_context_path.as_deref();
        let expectation =
            Expectation::build(cx, self.operator, self.expected_value.as_ref(), self.each, item);
        let (path, source) = source?;
        let node = Arc::new(Assertion { path, source, expectation: expectation? });
        Some(Built { node: Box::new(Assertions(node.clone())), explain: node })
    }

    fn to_value(&self) -> Option<Value> {
        to_value(self).ok()
    }
}

#[derive(Debug)]
struct Assertion {
    path: Path,
    source: Source,
    expectation: Expectation,
}

impl Explain for Assertion {
    fn message(&self, _verdict: Option<Verdict>, measured: &Measured) -> String {
        if self.path.is_root() {
            return self.expectation.explain(measured);
        }
        format!("`{}`: {}", self.path, self.expectation.explain(measured))
    }
}

/// The node; the assertion is shared with what explains its outcomes.
#[derive(Debug)]
struct Assertions(Arc<Assertion>);

impl Node<Subject, Measured> for Assertions {
    fn kind(&self) -> &'static str {
        AssertionSpec::KIND
    }

    fn waits(&self) -> bool {
        false
    }

    fn run<'a>(&'a self, cx: Cx<'a, '_>) -> Step<'a, Measured> {
        let Assertion { path, source, expectation } = &*self.0;
        Step::Ready(match source.lookup(&cx) {
            Some(lookup) => expectation.judge_lookup(lookup, path, &cx),
            None => expectation.judge(&source.read(&cx), path, &cx),
        })
    }
}
