//! What a node of ours makes: the value it looked at, and whatever cannot be derived from it.

use crate::value::{Value, cut};

/// The output of a node.
///
/// Millions of these are kept, so messages are not: they are worked out again from the value and
/// the task when somebody reads them, unless they can't be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measured {
    /// The value that was judged; dependents see it under the task's id.
    pub actual: Value,
    /// What can't be derived from it.
    pub more: Option<Box<More>>,
}

/// What can't be derived from the value and the task.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct More {
    /// What was expected, where it came from the record.
    pub expected: Option<Value>,
    /// What there is to say, where the value alone does not tell.
    pub note: Option<String>,
}

impl Measured {
    /// A value and nothing else.
    pub fn of(actual: Value) -> Self {
        Self { actual, more: None }
    }

    /// What was expected, where it came from the record.
    pub fn expected(&self) -> Option<&Value> {
        self.more.as_ref()?.expected.as_ref()
    }

    /// The note, where there is one.
    pub fn note(&self) -> Option<&str> {
        self.more.as_ref()?.note.as_deref()
    }

    /// The same with a note.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.more.get_or_insert_default().note = Some(note.into());
        self
    }

    /// The same with what was expected of this record.
    #[must_use]
    pub fn with_expected(mut self, expected: Value) -> Self {
        self.more.get_or_insert_default().expected = Some(expected);
        self
    }

    /// Cuts what is too large to keep. `message` is asked for the message first, where cutting
    /// would change it.
    pub fn trim(&mut self, message: impl FnOnce(&Self) -> String) {
        let actual = cut(&self.actual);
        let expected = self.expected().and_then(cut);
        if actual.is_none() && expected.is_none() {
            return;
        }
        if self.note().is_none() {
            let message = message(self);
            self.more.get_or_insert_default().note = Some(message);
        }
        self.actual = actual.unwrap_or_else(|| std::mem::take(&mut self.actual));
        if let Some(more) = &mut self.more
            && expected.is_some()
        {
            more.expected = expected;
        }
    }
}
