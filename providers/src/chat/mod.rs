//! Questions and answers in no provider's form, and the seam that all providers and layers share.

mod form;
mod message;
mod model;
mod reply;
mod request;
mod schema;
mod sent;
mod settings;
mod waited;

pub use message::{Image, Message, Part, Role};
pub use model::{Answer, ChatModel};
pub use reply::{ChatReply, Finish, Origin, Raw, Spent, Usage};
pub use request::ChatRequest;
pub use schema::{BadSchema, OutputSchema};
pub use sent::{Bill, Sent};
pub use settings::Settings;
pub use waited::Waited;

pub(crate) use form::messages;
pub(crate) use request::sha256;
pub(crate) use settings::merge;
