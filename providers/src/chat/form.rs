//! Messages as files write them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::{Image, Message, Part, Role};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole<C> {
    role: Role,
    content: C,
}

#[derive(Serialize)]
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
        one(Value::deserialize(deserializer)?, Role::User).map_err(D::Error::custom)
    }
}

/// One message or several; a text alone is said by `role`.
pub(crate) fn messages<'de, D: Deserializer<'de>>(
    deserializer: D,
    role: Role,
) -> Result<Vec<Message>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Array(all) => {
            let numbered = all.into_iter().enumerate();
            let read = numbered
                .map(|(at, given)| one(given, role).map_err(|why| format!("message {}: {why}", at + 1)));
            read.collect::<Result<_, _>>()
        }
        alone => one(alone, role).map(|message| vec![message]),
    }
    .map_err(D::Error::custom)
}

/// `{role, content}`, or text alone.
fn one(given: Value, role: Role) -> Result<Message, String> {
    let whole: Whole<Value> = match given {
        Value::String(text) => return Ok(Message::text(role, text)),
        Value::Object(_) => serde_json::from_value(given).map_err(|error| error.to_string())?,
        _ => return Err("a message is a text, or has `role` and `content`".to_owned()),
    };
    let parts = match whole.content {
        Value::String(text) => vec![Part::Text(text)],
        Value::Array(parts) => {
            let numbered = parts.into_iter().enumerate();
            let read = numbered.map(|(at, given)| {
                let form = serde_json::from_value(given).map_err(|error| error.to_string());
                form.and_then(read).map_err(|why| format!("part {} of `content`: {why}", at + 1))
            });
            read.collect::<Result<_, _>>()?
        }
        _ => return Err("`content` is a text or a list of parts".to_owned()),
    };
    Ok(Message { role: whole.role, parts })
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
