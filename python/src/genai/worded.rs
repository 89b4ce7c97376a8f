//! Messages in the words of each provider.

use pyo3::prelude::*;
use scouter_providers::chat::{Image, Message, Part, Role};
use scouter_providers::{anthropic, gemini, openai};
use scouter_tasks::value::to_value;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::prompt::PyPrompt;
use crate::convert::PyJson;
use crate::data::wraps;
use crate::errors;

/// A message as two of the providers write it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Worded {
    role: String,
    content: Json,
}

/// A message as Google writes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parted {
    role: String,
    parts: Json,
}

/// A class of messages: who says what, under the name that the provider has for it.
macro_rules! message {
    (
        $(#[$doc:meta])* $class:ident($form:ident) as $name:literal;
        $(#[$who:meta])* role;
        $(#[$what:meta])* $said:ident;
    ) => {
        $(#[$doc])*
        #[pyclass(module = "scouter.genai", name = $name, frozen, skip_from_py_object)]
        #[derive(Clone, Debug)]
        pub(crate) struct $class($form);

        wraps!($class($form) as $name);

        impl $class {
            /// The message in nobody's words.
            fn plain(&self) -> Result<Message, String> {
                plain(&self.0.role, &self.0.$said)
            }
        }

        #[pymethods]
        impl $class {
            $(#[$who])*
            #[getter]
            fn role(&self) -> &str {
                &self.0.role
            }

            $(#[$what])*
            #[getter]
            fn $said(&self) -> PyResult<PyJson> {
                to_value(&self.0.$said).map(PyJson).map_err(errors::value)
            }
        }
    };
}

message! {
    /// A message as OpenAI writes it.
    PyChatMessage(Worded) as "ChatMessage";
    /// Who says it: `system`, `user` or `assistant`.
    role;
    /// What it says: a text, or a list of parts as dicts.
    content;
}

message! {
    /// A message as Anthropic writes it.
    PyMessageParam(Worded) as "MessageParam";
    /// Who says it: `user` or `assistant`.
    role;
    /// What it says: a text, or a list of blocks as dicts.
    content;
}

message! {
    /// A message as Gemini and Vertex write it.
    PyGeminiContent(Parted) as "GeminiContent";
    /// Who says it: `user` or `model`.
    role;
    /// What it says, as a list of dicts.
    parts;
}

/// The message in an object of one of these classes; `None` where it is of another. An error says what no prompt can say.
pub(super) fn unworded(given: &Bound<'_, PyAny>) -> Option<Result<Message, String>> {
    if let Ok(message) = given.cast::<PyChatMessage>() {
        return Some(message.get().plain());
    }
    if let Ok(message) = given.cast::<PyMessageParam>() {
        return Some(message.get().plain());
    }
    given.cast::<PyGeminiContent>().ok().map(|message| message.get().plain())
}

fn plain(role: &str, said: &Json) -> Result<Message, String> {
    let content = match said {
        Json::Array(parts) => parts.iter().map(part).collect::<Result<Json, String>>()?,
        other => other.clone(),
    };
    serde_json::from_value(json!({"role": role, "content": content})).map_err(|error| error.to_string())
}

/// What providers have for a text or an image, and what a prompt has a place for of it.
const SAID: [(&str, &[&str]); 5] = [
    ("text", &[]),
    ("image_url", &["url"]),
    ("source", &["type", "url", "media_type", "data"]),
    ("fileData", &["fileUri", "mimeType"]),
    ("inlineData", &["mimeType", "data"]),
];

/// That something has no members but these; what is null says nothing.
fn only(given: &Json, place: &str, names: &[&str]) -> Result<(), String> {
    let mut members = given.as_object().into_iter().flatten();
    match members.find(|(name, value)| !value.is_null() && !names.contains(&name.as_str())) {
        None => Ok(()),
        Some((name, _)) => Err(format!("a prompt has no place for `{place}{name}` of a part: leave it out")),
    }
}

/// A part of a message as files write it, from how one of the providers does. What a prompt could not send again is an error.
fn part(part: &Json) -> Result<Json, String> {
    let neither = || format!("a part is neither text nor image: {part}");
    let said = SAID.iter().find(|(name, _)| part.get(name).is_some_and(|said| !said.is_null()));
    let (name, members) = said.ok_or_else(neither)?;
    // Anthropic has documents that stand as images do.
    if *name == "source" && part.get("type").is_some_and(|kind| kind.as_str() != Some("image")) {
        return Err(neither());
    }
    only(part, "", &["type", *name])?;
    only(&part[*name], &format!("{name}."), members)?;
    let first = |pointers: &[&str]| pointers.iter().find_map(|at| part.pointer(at)?.as_str());
    if let Some(text) = first(&["/text"]) {
        return Ok(json!({"type": "text", "text": text}));
    }
    let url = first(&["/image_url/url", "/source/url", "/fileData/fileUri"]);
    let within = url.and_then(|url| url.strip_prefix("data:")?.split_once(";base64,"));
    let beside = first(&["/source/media_type", "/inlineData/mimeType"])
        .zip(first(&["/source/data", "/inlineData/data"]));
    match (within.or(beside), url) {
        (Some((media_type, data)), _) => Ok(json!({"type": "image", "media_type": media_type, "data": data})),
        (None, Some(url)) => {
            let told = part.pointer("/fileData/mimeType").filter(|told| !told.is_null());
            let image = Message { role: Role::User, parts: vec![Part::Image(Image::Url(url.to_owned()))] };
            // A prompt knows it by the end of the address alone.
            if told.is_some() && told != gemini::message(&image).pointer("/parts/0/fileData/mimeType") {
                return Err(format!(
                    "a prompt has no place for `fileData.mimeType` of `{url}`: leave it out"
                ));
            }
            Ok(json!({"type": "image", "url": url}))
        }
        (None, None) => Err(neither()),
    }
}

/// Each message of a prompt in somebody's words.
fn worded<T: for<'de> Deserialize<'de>>(messages: impl Iterator<Item = Json>) -> PyResult<Vec<T>> {
    messages.map(|message| serde_json::from_value(message).map_err(errors::value)).collect()
}

#[pymethods]
impl PyPrompt {
    /// The messages as OpenAI writes them, templates as they stand.
    #[getter]
    fn openai_messages(&self) -> PyResult<Vec<PyChatMessage>> {
        Ok(worded(self.0.messages.iter().map(openai::message))?.into_iter().map(PyChatMessage).collect())
    }

    /// The last of them.
    #[getter]
    fn openai_message(&self) -> PyResult<Option<PyChatMessage>> {
        Ok(self.openai_messages()?.pop())
    }

    /// The messages as Anthropic writes them, templates as they stand. Instructions have a place of their own there, and are not among
    /// them.
    #[getter]
    fn anthropic_messages(&self) -> PyResult<Vec<PyMessageParam>> {
        Ok(worded(self.said().map(anthropic::message))?.into_iter().map(PyMessageParam).collect())
    }

    /// The last of them.
    #[getter]
    fn anthropic_message(&self) -> PyResult<Option<PyMessageParam>> {
        Ok(self.anthropic_messages()?.pop())
    }

    /// The messages as Gemini and Vertex write them, templates as they stand. Instructions have a place of their own there, and are not
    /// among them.
    #[getter]
    fn gemini_messages(&self) -> PyResult<Vec<PyGeminiContent>> {
        Ok(worded(self.said().map(gemini::message))?.into_iter().map(PyGeminiContent).collect())
    }

    /// The last of them.
    #[getter]
    fn gemini_message(&self) -> PyResult<Option<PyGeminiContent>> {
        Ok(self.gemini_messages()?.pop())
    }
}

impl PyPrompt {
    /// What is said by the user and the model.
    fn said(&self) -> impl Iterator<Item = &Message> {
        self.0.messages.iter().filter(|message| message.role != Role::System)
    }
}
