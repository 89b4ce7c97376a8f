//! Questions and answers in no provider's form.

mod form;
mod message;
mod reply;
mod request;
mod schema;
mod sent;
mod settings;
mod waited;

pub use message::{Image, Message, Part, Role};
pub use reply::{ChatReply, Finish, LogProb, Origin, Raw, Spent, Usage};
pub use request::{ChatModel, ChatRequest};
pub use schema::{BadSchema, OutputSchema};
pub use sent::{Bill, Sent};
pub use settings::Settings;
pub use waited::Waited;

pub(crate) use form::messages;
pub(crate) use request::sha256;
pub(crate) use settings::merge;
