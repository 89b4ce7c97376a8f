//! `Message` and `Image`.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyTuple};
use scouter_providers::chat::{Image, Message, Part, Role};
use scouter_tasks::value::{Value, from_value, to_value};

use super::enums::{AnyRole, PyRole};
use super::worded::unworded;
use crate::convert::{PyJson, one_of};
use crate::data::{Data, json_methods, prints, wraps};
use crate::errors;

/// An image in a message.
///
/// Args:
///     source: Where it is, as an URL (a template, like all texts of a prompt), or the file's bytes.
///     media_type: What bytes are, such as `image/png`.
#[pyclass(module = "scouter.genai", name = "Image", frozen, skip_from_py_object)]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PyImage(Image);

one_of! {
    /// Where an image is, or what it is.
    enum Source<'py> {
        Url(String),
        Bytes(Bound<'py, PyBytes>),
    }
}

#[pymethods]
impl PyImage {
    #[new]
    #[pyo3(signature = (source, media_type="image/png"))]
    fn new(source: Source<'_>, media_type: &str) -> Self {
        Self(match source {
            Source::Url(url) => Image::Url(url),
            Source::Bytes(bytes) => {
                Image::Bytes { media_type: media_type.to_owned(), data: bytes.as_bytes().into() }
            }
        })
    }

    /// Where it is; `None` where it is given as bytes.
    #[getter]
    fn url(&self) -> Option<&str> {
        match &self.0 {
            Image::Url(url) => Some(url),
            Image::Bytes { .. } => None,
        }
    }

    /// The file's bytes; `None` where it is given by its URL.
    #[getter]
    fn data(&self) -> Option<&[u8]> {
        match &self.0 {
            Image::Url(_) => None,
            Image::Bytes { data, .. } => Some(data),
        }
    }

    fn __repr__(&self) -> String {
        match &self.0 {
            Image::Url(url) => format!("Image({url:?})"),
            Image::Bytes { media_type, data } => format!("Image(<{} bytes>, {media_type:?})", data.len()),
        }
    }
}

impl Data for PyImage {
    const NAME: &'static str = "Image";

    /// As it stands in messages: what is given as bytes is in Base64.
    fn to_value(&self, _py: Python<'_>) -> PyResult<Value> {
        let alone = Message { role: Role::User, parts: vec![Part::Image(self.0.clone())] };
        let message = to_value(&alone).map_err(errors::value)?;
        let image = message.get("content").and_then(Value::as_list).and_then(|parts| parts.first().cloned());
        Ok(image.unwrap_or_default())
    }

    fn from_value(_py: Python<'_>, value: &Value) -> PyResult<Self> {
        let wrong = |why: String| errors::value(format!("not an `Image`: {why}"));
        let alone = [("role", Value::from("user")), ("content", Value::list([value.clone()]))];
        let message: Message = from_value(&Value::map(alone)).map_err(|error| wrong(error.to_string()))?;
        match message.parts.into_iter().next() {
            Some(Part::Image(image)) => Ok(Self(image)),
            _ => Err(wrong("it is text".to_owned())),
        }
    }
}

json_methods!(PyImage);
prints!(PyImage);

/// What somebody says in a prompt: text, images, or both.
///
/// Args:
///     content: A text, an `Image`, or a list of them. Texts are templates: `${path}` is filled in.
///     role: Who says it: a `Role`, or its name.
#[pyclass(module = "scouter.genai", name = "Message", skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyMessage(pub(super) Message);

wraps!(PyMessage(Message) as "Message");

#[pymethods]
impl PyMessage {
    #[new]
    #[pyo3(signature = (content, role=None))]
    fn new(content: &Bound<'_, PyAny>, role: Option<AnyRole>) -> PyResult<Self> {
        let role = role.map_or(Ok(Role::User), |role| role.read())?;
        Ok(Self(Message { role, parts: parts(content)? }))
    }

    /// Who says it.
    #[getter]
    fn role(&self) -> PyRole {
        self.0.role.into()
    }

    /// Its text; `None` where it is more than one text.
    #[getter]
    fn text(&self) -> Option<&str> {
        self.0.as_text()
    }

    /// What it says, in order: texts and images.
    #[getter]
    fn content(&self) -> Vec<Said> {
        let part = |part: &Part| match part {
            Part::Text(text) => Said::Text(text.clone()),
            Part::Image(image) => Said::Image(PyImage(image.clone())),
        };
        self.0.parts.iter().map(part).collect()
    }
}

/// A part of what somebody says.
#[derive(Debug, IntoPyObject)]
enum Said {
    Text(String),
    Image(PyImage),
}

/// The parts in a text, an image, or a list of them.
fn parts(content: &Bound<'_, PyAny>) -> PyResult<Vec<Part>> {
    if let Ok(text) = content.extract::<String>() {
        return Ok(vec![Part::Text(text)]);
    }
    if let Ok(image) = content.cast::<PyImage>() {
        return Ok(vec![Part::Image(image.get().0.clone())]);
    }
    let wrong = |given: &Bound<'_, PyAny>| {
        let class = given.get_type().fully_qualified_name().map(|name| name.to_string()).unwrap_or_default();
        PyTypeError::new_err(format!(
            "`{class}` is nothing to say: expected a text, an `Image` or a list of them"
        ))
    };
    if !is_list(content) {
        return Err(wrong(content));
    }
    let mut all = Vec::new();
    for item in content.try_iter()? {
        let item = item?;
        if is_list(&item) {
            return Err(wrong(&item));
        }
        all.extend(parts(&item)?);
    }
    if all.is_empty() {
        return Err(errors::value("a message has nothing in it"));
    }
    Ok(all)
}

fn is_list(given: &Bound<'_, PyAny>) -> bool {
    given.is_instance_of::<PyList>() || given.is_instance_of::<PyTuple>()
}

/// The messages in an argument: a text, a message, or a list of them. A text is said by `role`.
pub(super) fn messages(given: &Bound<'_, PyAny>, role: Role) -> PyResult<Vec<Message>> {
    if is_list(given) {
        return given.try_iter()?.map(|item| message(&item?, role)).collect();
    }
    Ok(vec![message(given, role)?])
}

fn message(given: &Bound<'_, PyAny>, role: Role) -> PyResult<Message> {
    if let Ok(message) = given.cast::<PyMessage>() {
        return Ok(message.borrow().0.clone());
    }
    if let Ok(text) = given.extract::<String>() {
        return Ok(Message::text(role, text));
    }
    if given.is_instance_of::<PyDict>() {
        let value = given.extract::<PyJson>()?.0;
        return from_value(&value).map_err(|error| errors::value(format!("not a message: {error}")));
    }
    if let Some(message) = unworded(given) {
        return message.map_err(|why| errors::value(format!("not a message: {why}")));
    }
    let class = given.get_type().fully_qualified_name()?;
    Err(PyTypeError::new_err(format!(
        "`{class}` is not a message: expected a text, a `Message`, a dict with `role` and `content`, or a list of them"
    )))
}
