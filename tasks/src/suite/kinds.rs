//! The kinds of task that a file may hold.

use std::sync::Arc;

use scouter_engine::nearest;

use crate::task::{AssertionSpec, DriftSpec, LLMJudgeSpec, Problem, Task, TraceAssertionSpec, read_fields};
use crate::value::Value;

type ReadTask = fn(&Value) -> Result<Arc<dyn Task>, Vec<Problem>>;

/// The kinds of task by the name they have in the `task_type` of files.
///
/// ```
/// use scouter_tasks::suite::Kinds;
///
/// assert!(Kinds::default().names().any(|name| name == "TraceAssertion"));
/// ```
#[derive(Clone, Debug)]
pub struct Kinds(Vec<Kind>);

#[derive(Clone, Debug)]
struct Kind {
    name: &'static str,
    read: ReadTask,
    /// The fields whose value may stand in a file of its own.
    apart: &'static [&'static str],
}

impl Default for Kinds {
    /// The kinds of this crate.
    fn default() -> Self {
        let assertion: ReadTask =
            |fields| Ok(Arc::new(read_fields::<AssertionSpec>(fields, &AssertionSpec::FIELDS)?));
        let trace: ReadTask =
            |fields| Ok(Arc::new(read_fields::<TraceAssertionSpec>(fields, &TraceAssertionSpec::FIELDS)?));
        let judge: ReadTask =
            |fields| Ok(Arc::new(read_fields::<LLMJudgeSpec>(fields, &LLMJudgeSpec::FIELDS)?));
        let drift: ReadTask = |fields| Ok(Arc::new(read_fields::<DriftSpec>(fields, &DriftSpec::FIELDS)?));
        let mut kinds =
            Self(Vec::new()).with(AssertionSpec::KIND, assertion).with(TraceAssertionSpec::KIND, trace);
        kinds.0.push(Kind { name: LLMJudgeSpec::KIND, read: judge, apart: &LLMJudgeSpec::APART });
        kinds.0.push(Kind { name: DriftSpec::KIND, read: drift, apart: &DriftSpec::APART });
        kinds
    }
}

impl Kinds {
    /// The same with a further kind. `read` makes a task of an entry without its `task_type`, or
    /// says what is wrong with it: see [`read_fields`].
    #[must_use]
    pub fn with(mut self, name: &'static str, read: ReadTask) -> Self {
        self.0.push(Kind { name, read, apart: &[] });
        self
    }

    /// The names.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|kind| kind.name)
    }

    /// The fields of a kind whose value may stand in a file of its own, as `{path: …}`.
    pub(crate) fn apart(&self, name: &str) -> &'static [&'static str] {
        self.0.iter().find(|kind| kind.name == name).map_or(&[], |kind| kind.apart)
    }

    /// Reads a task of this kind.
    pub(crate) fn read(&self, name: &str, fields: &Value) -> Result<Arc<dyn Task>, Vec<Problem>> {
        if let Some(kind) = self.0.iter().find(|kind| kind.name == name) {
            return (kind.read)(fields);
        }
        let hint = nearest(name, self.names()).map(|near| format!("; did you mean `{near}`?"));
        let hint = hint.unwrap_or_else(|| format!("; there is {}", self.known()));
        Err(vec![Problem::of(Some("task_type"), format!("unknown task_type `{name}`{hint}"))])
    }

    /// The names, for messages.
    pub(crate) fn known(&self) -> String {
        let known: Vec<_> = self.names().map(|name| format!("`{name}`")).collect();
        known.join(", ")
    }
}
