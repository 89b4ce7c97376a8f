//! The seam.

use std::fmt::Debug;

use futures_util::future::BoxFuture;

use super::{ChatReply, ChatRequest};
use crate::CallError;

/// What answers, sooner or later.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, CallError>>;

/// Something that answers questions: a provider, a script, or a layer around another model.
///
/// Dropping the future abandons the call.
pub trait ChatModel: Send + Sync + Debug {
    /// Whose models these are, such as `openai`: names pools, spans, prices and recordings.
    fn provider(&self) -> &str;

    /// Whether the question can be put at all, as far as that shows before anything is sent: settings that the provider does
    /// not have, headers and addresses that are none.
    ///
    /// # Errors
    /// With what is wrong.
    fn check(&self, _request: &ChatRequest) -> Result<(), CallError> {
        Ok(())
    }

    /// Asks once.
    ///
    /// # Errors
    /// Where no answer came, with what is known about why, and whether asking again helps.
    fn chat<'a>(&'a self, request: &'a ChatRequest) -> Answer<'a, ChatReply>;
}
