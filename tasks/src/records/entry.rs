//! From the fields of a record to what goes into a run.

use std::fmt;
use std::sync::Arc;

use scouter_engine::Clock;
use smol_str::SmolStr;

use super::bad::Flaw;
use super::mapping::{Shape, Use};
use super::spans::spans;
use crate::fingerprint::Fingerprint;
use crate::memory::{Memory, Recall, Seen};
use crate::models::Models;
use crate::result::{Labels, NewUid};
use crate::run::{Entry, Keys};
use crate::subject::{Origin, Reads, Subject};
use crate::value::{Map, Value, from_json};

/// Makes of a context what a task sees that asks for the record itself.
pub type MakeOrigin = Arc<dyn Fn(Value) -> Origin + Send + Sync>;

/// Opens the records of a file for a suite.
pub struct Opener {
    /// What the columns are used for.
    pub shape: Shape,
    /// What the suite reads.
    pub reads: Arc<Reads>,
    /// What says which case and cluster a record belongs to.
    pub keys: Keys,
    /// What makes the origin, where a task wants it.
    pub origin: Option<MakeOrigin>,
    /// Whether what it is made of is to be told from what it was in an earlier run.
    pub seen: bool,
    /// What earlier runs came to, where that counts.
    pub memory: Option<Arc<Memory>>,
    /// Who is asked, where tasks ask models.
    pub models: Option<Arc<Models>>,
    /// For the identifiers of records.
    pub clock: Arc<dyn Clock>,
}

impl fmt::Debug for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opener").field("shape", &self.shape).finish_non_exhaustive()
    }
}

/// The fields of one record, as they are read.
#[derive(Debug, Default)]
pub struct Fields {
    context: Vec<(SmolStr, Value)>,
    id: Option<Value>,
    trace: Option<Value>,
}

impl Fields {
    /// One more field, under its name in the file.
    ///
    /// # Errors
    /// Where its text should be JSON and is not.
    pub fn add(&mut self, name: &str, used: &Use, value: Value) -> Result<(), Flaw> {
        let value = match &value {
            Value::Text(text) if used.json && !text.trim().is_empty() => from_json(text)
                .map_err(|error| Flaw::from(format!("the text of `{name}` is not JSON: {error}")))?,
            Value::Text(_) if used.json => Value::Null,
            _ => value,
        };
        if used.id {
            self.id = Some(value.clone());
        }
        if used.trace {
            self.trace = Some(value.clone());
        }
        if let Some(key) = &used.key {
            self.context.push((key.clone(), value));
        }
        Ok(())
    }
}

impl Opener {
    /// The record of these fields.
    ///
    /// # Errors
    /// Where its id is no id, or its spans are no spans.
    pub fn entry(&self, fields: Fields) -> Result<Entry, Flaw> {
        let Fields { context, id, trace } = fields;
        let id = self.shape.id().map(|name| identifier(name, id)).transpose()?;
        let context = Value::Map(Arc::new(context.into_iter().collect::<Map>()));
        let labels = self.keys.labels(&self.keys.reads().read(&context));
        let recall = self.memory.clone().map(|memory| Box::new(Recall { memory, id: id.clone() }));
        let seen = self.seen.then(|| Seen { print: Fingerprint::of(&context), whole: true });
        let subject = Subject {
            recall,
            seen,
            reads: self.reads.read(&context),
            spans: spans(self.shape.trace().unwrap_or_default(), trace)?,
            origin: self.origin.as_ref().map(|make| make(context)),
            models: self.models.clone(),
            window: None,
            trial: None,
        };
        let labels = (labels != Labels::default()).then(|| Box::new(labels));
        Ok(Entry { uid: self.clock.new_uid(), id, labels, subject })
    }
}

/// An id is text or a whole number: whatever else it were would be written one way here and another there.
fn identifier(name: &str, id: Option<Value>) -> Result<SmolStr, Flaw> {
    match id {
        Some(Value::Text(text)) if !text.is_empty() => Ok(text),
        Some(Value::Text(_)) => Err(format!("the id (`{name}`) is empty").into()),
        Some(Value::Int(int)) => Ok(SmolStr::from(int.to_string())),
        Some(Value::Decimal(decimal)) if decimal.is_integer() => Ok(SmolStr::from(decimal.to_string())),
        None => Err(format!("there is no id (`{name}`)").into()),
        Some(Value::Null) => Err(format!("the id (`{name}`) is null").into()),
        Some(other) => {
            let kind = other.kind();
            Err(format!("the id (`{name}`) must be text or a whole number, not {kind}: `{other}`").into())
        }
    }
}
