//! Chat models and embeddings of several providers behind one seam, prompts, and the layers around
//! them.
//!
//! | module | what it holds |
//! |---|---|
//! | [`Model`] | the seam: what answers a [`Question`] |
//! | [`chat`] | questions and answers in no provider's form |
//! | [`prompt`] | prompts with `${…}` in them: what they need, and what they become |
//! | [`openai`], [`anthropic`], [`gemini`] | the providers, over their own wire formats |
//! | [`structured`] | replies in the form of a schema |
//! | [`layers`] | retries, limits, timeout, cache, cassettes, budget, cost, spans |
//! | [`embed`] | texts as vectors |
//! | [`span`] | calls as spans, for whoever writes them |
//!
//! Time is tokio's: everything here is a duration, none a date, so that a test that pauses tokio's
//! clock owns all time there is. Keys and other variables come in as an [`Environment`].
//!
//! ```
//! use std::sync::Arc;
//! use scouter_providers::chat::{ChatReply, ChatRequest, Message, Role};
//! use scouter_providers::layers::{LimitSettings, Limits, Prices, Stack};
//! use scouter_providers::{Model, ScriptedModel};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
//! let provider = ScriptedModel::function(|request| Ok(ChatReply::of_text(&request.model, "yes")));
//! let limits = Arc::new(Limits::new(&LimitSettings::default()));
//! let model = Stack::new(limits, Arc::new(Prices::builtin())).around(Arc::new(provider));
//!
//! let request = ChatRequest {
//!     model: "a-model".into(),
//!     messages: vec![Message::text(Role::User, "Is it so?")],
//!     ..ChatRequest::default()
//! };
//! let reply = model.call(&request).await?;
//! assert_eq!((reply.text.as_str(), reply.spent.attempts, reply.spent.cost), ("yes", 1, None));
//! # Ok::<(), scouter_providers::CallError>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod anthropic;
pub mod chat;
pub mod embed;
pub mod gemini;
pub mod layers;
pub mod openai;
pub mod prompt;
pub mod span;
pub mod structured;

mod connect;
mod credential;
mod environment;
mod error;
mod http;
mod model;
mod provider;
mod scripted;
mod secret;
mod wire;

pub use connect::{address, connect, connect_embedder, credentials, secrets};
pub use credential::{Credential, TokenSource};
pub use environment::Environment;
pub use error::{BudgetLimit, CallError, Details, ErrorKind, Retry, Scope};
pub use http::{Account, Connection, Http, check_address, without_password};
pub use layers::Dollars;
pub use model::{Answer, Model, Question, Reply, Server};
pub use provider::{Provider, UnknownProvider};
pub use scripted::ScriptedModel;
pub use secret::Secret;
