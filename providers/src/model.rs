//! The seam that providers, scripts and layers share.

use std::fmt::Debug;
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::CallError;
use crate::chat::{Sent, Spent, Usage, Waited};
use crate::span::{Attributes, Spans};

/// What answers, sooner or later.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, CallError>>;

/// Something that answers questions of a kind: a provider, a script, or a layer around another model.
///
/// Dropping the future abandons the call.
pub trait Model<Q: Question>: Send + Sync + Debug {
    /// Whose models these are, such as `openai`: names pools, spans, prices and recordings.
    fn provider(&self) -> &str;

    /// Whether the question can be put at all, as far as that shows before anything is sent: settings that the provider does
    /// not have, headers and addresses that are none.
    ///
    /// # Errors
    /// With what is wrong.
    fn check(&self, _question: &Q) -> Result<(), CallError> {
        Ok(())
    }

    /// Where the question goes; `None` where it goes nowhere, and of layers, which do not know it.
    fn server(&self, _question: &Q) -> Option<Server> {
        None
    }

    /// Asks once.
    ///
    /// # Errors
    /// Where no answer came, with what is known about why, and whether asking again helps.
    fn call<'a>(&'a self, question: &'a Q) -> Answer<'a, Q::Reply>;
}

/// Where a provider is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its host, by name or by number.
    pub address: String,
    /// Its port.
    pub port: u16,
}

/// What a model is asked. Layers see no more of it than this.
pub trait Question: Clone + Debug + Send + Sync + 'static {
    /// What answers it.
    type Reply: Reply;

    /// What the model is to do, in the word of OpenTelemetry's conventions.
    const OPERATION: &'static str;

    /// The model, as the provider calls it.
    fn model(&self) -> &str;

    /// The question as JSON that is the same for the same question: what caches and cassettes know it by.
    fn canonical(&self, provider: &str) -> Value;

    /// Which of several tries of the same question this is.
    fn trial(&self) -> u32 {
        0
    }

    /// A rough count of the tokens that it takes.
    fn estimate(&self) -> Usage;

    /// Says how the model is to answer, by the names of OpenTelemetry's conventions; nothing of what it is asked.
    fn describe(&self, attributes: &mut Attributes);

    /// How long one attempt may take, where the question says so.
    fn timeout(&self) -> Option<Duration> {
        None
    }

    /// How long it waited for its turn so far.
    fn waited(&self) -> &Waited;

    /// What was sent for it so far.
    fn sent(&self) -> &Sent;

    /// Where the spans of its calls go.
    fn spans(&self) -> &Spans;
}

/// What a model answers. What it took to get it stands in no cache and no cassette.
pub trait Reply: Clone + Debug + Send + Serialize + DeserializeOwned + 'static {
    /// The model that answered, as the provider calls it.
    fn model(&self) -> &str;

    /// What the provider calls the reply, where it has a name.
    fn id(&self) -> Option<&str> {
        None
    }

    /// The tokens it took; `None` where the provider does not say.
    fn usage(&self) -> Option<Usage>;

    /// Why it ends where it ends, where that is a question.
    fn finish(&self) -> Option<&str> {
        None
    }

    /// What it took to get it this time.
    fn spent(&self) -> &Spent;

    /// The same, to be added to.
    fn spent_mut(&mut self) -> &mut Spent;
}
