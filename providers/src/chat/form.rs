//! Messages as files write them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Image, Message, Part, Role};

/// `{role, content}`, or text alone, which the user says.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum MessageForm {
    Text(String),
    Message(Whole),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    role: Role,
    content: Content,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Parts(Vec<PartForm>),
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
enum PartForm {
    Text {
        text: String,
    },
    Image {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        media_type: Option<String>,
        /// Base64.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        data: Option<String>,
    },
}

impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let content = match self.as_text() {
            Some(text) => Content::Text(text.to_owned()),
            None => Content::Parts(self.parts.iter().map(write).collect()),
        };
        if matches!(content, Content::Parts(ref parts) if parts.is_empty()) {
            return Err(S::Error::custom("a message has nothing in it"));
        }
        Whole { role: self.role, content }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Message {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let whole = match MessageForm::deserialize(deserializer)? {
            MessageForm::Text(text) => return Ok(Self::text(Role::User, text)),
            MessageForm::Message(whole) => whole,
        };
        let parts = match whole.content {
            Content::Text(text) => vec![Part::Text(text)],
            Content::Parts(parts) => {
                parts.into_iter().map(read).collect::<Result<_, _>>().map_err(D::Error::custom)?
            }
        };
        Ok(Self { role: whole.role, parts })
    }
}

fn write(part: &Part) -> PartForm {
    match part {
        Part::Text(text) => PartForm::Text { text: text.clone() },
        Part::Image(Image::Url(url)) => {
            PartForm::Image { url: Some(url.clone()), media_type: None, data: None }
        }
        Part::Image(Image::Bytes { media_type, data }) => PartForm::Image {
            url: None,
            media_type: Some(media_type.clone()),
            data: Some(STANDARD.encode(data)),
        },
    }
}

fn read(part: PartForm) -> Result<Part, String> {
    Ok(match part {
        PartForm::Text { text } => Part::Text(text),
        PartForm::Image { url: Some(url), media_type: None, data: None } => Part::Image(Image::Url(url)),
        PartForm::Image { url: None, media_type: Some(media_type), data: Some(data) } => {
            let data =
                STANDARD.decode(data.trim()).map_err(|error| format!("`data` is no base64: {error}"))?;
            Part::Image(Image::Bytes { media_type, data: data.into() })
        }
        PartForm::Image { .. } => return Err("an image has a `url`, or a `media_type` and `data`".to_owned()),
    })
}
