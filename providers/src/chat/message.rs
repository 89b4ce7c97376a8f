//! What is said, by whom.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Who says a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Instructions. Providers that keep them apart get them apart.
    #[serde(alias = "System", alias = "developer", alias = "Developer")]
    System,
    /// The user.
    #[serde(alias = "User")]
    User,
    /// The model.
    #[serde(alias = "Assistant", alias = "model", alias = "Model")]
    Assistant,
}

impl Role {
    /// The role as most providers write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Who says it.
    pub role: Role,
    /// What it says, in order.
    pub parts: Vec<Part>,
}

impl Message {
    /// A message of text alone.
    pub fn text(role: Role, text: impl Into<String>) -> Self {
        Self { role, parts: vec![Part::Text(text.into())] }
    }

    /// The text of the message where it is text alone.
    pub fn as_text(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }
}

/// A piece of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Text.
    Text(String),
    /// An image.
    Image(Image),
}

/// An image.
#[derive(Clone, PartialEq)]
pub enum Image {
    /// Where the provider finds it.
    Url(String),
    /// The image itself.
    Bytes {
        /// Such as `image/png`.
        media_type: String,
        /// The file's content.
        data: Arc<[u8]>,
    },
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(url) => f.debug_tuple("Url").field(url).finish(),
            Self::Bytes { media_type, data } => write!(f, "Bytes({media_type}, {} bytes)", data.len()),
        }
    }
}
