//! Prompts that can be filled in.

use std::collections::BTreeSet;
use std::fmt;

use minijinja::value::{Serde, Value, merge_maps};
use serde::Serialize;

use super::output::OutputType;
use super::spec::Prompt;
use super::template::{Templates, Text, Unfilled, root};
use crate::Connection;
use crate::chat::{ChatRequest, Image, Message, OutputSchema, Part, Role, Settings};

/// A prompt whose templates and schema are compiled: filling it in can only fail for reasons of the
/// values.
#[derive(Debug)]
pub struct CompiledPrompt {
    model: String,
    settings: Settings,
    connection: Connection,
    schema: Option<OutputSchema>,
    templates: Templates,
    messages: Vec<(Role, Vec<Piece>)>,
    bound: Value,
    needs: BTreeSet<String>,
}

/// A part of a message, compiled.
#[derive(Debug)]
enum Piece {
    Text(Text),
    Url(Text),
    Bytes(Image),
}

impl Piece {
    fn text(&self) -> Option<&Text> {
        match self {
            Self::Text(text) | Self::Url(text) => Some(text),
            Self::Bytes(_) => None,
        }
    }
}

/// Everything that is wrong with a prompt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct PromptErrors(Vec<PromptProblem>);

/// One thing that is wrong with a prompt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("compile the prompt, `{place}`: {why}")]
pub struct PromptProblem {
    /// Where, such as `messages[0]`.
    pub place: String,
    /// Why.
    pub why: String,
}

/// A prompt that cannot be filled in with these values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("fill in the prompt, `{place}`: {why}")]
pub struct FillError {
    /// Where, such as `messages[0]`.
    pub place: String,
    /// Why.
    pub why: String,
    /// The paths of the values that are missing, where that is why.
    pub missing: Vec<String>,
}

impl PromptErrors {
    /// All problems, in the order of the prompt.
    pub fn problems(&self) -> &[PromptProblem] {
        &self.0
    }
}

impl fmt::Display for PromptErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.0.iter().enumerate() {
            let separator = if at == 0 { "" } else { "; " };
            write!(f, "{separator}{problem}")?;
        }
        Ok(())
    }
}

impl Prompt {
    /// Compiles all templates and the schema.
    ///
    /// # Errors
    /// With everything that is wrong.
    pub fn compile(&self) -> Result<CompiledPrompt, PromptErrors> {
        let mut problems = Vec::new();
        let mut wrong =
            |place: &str, why: String| problems.push(PromptProblem { place: place.to_owned(), why });
        if self.messages.is_empty() {
            wrong("messages", "there is none".into());
        }
        if self.model.trim().is_empty()
            || self.model.contains(|c: char| c.is_whitespace() || "?#\\".contains(c))
        {
            wrong("model", format!("`{}` cannot be the name of a model", self.model));
        }
        let schema = self
            .output_type
            .as_ref()
            .and_then(|output| output.schema().map_err(|error| wrong("output_type", error.to_string())).ok());
        let mut templates = Templates::new();
        let mut messages = Vec::new();
        let lists = [("system_instructions", &self.system_instructions), ("messages", &self.messages)];
        for (list, said) in lists {
            for (at, message) in said.iter().enumerate() {
                let mut pieces = Vec::new();
                for (number, part) in message.parts.iter().enumerate() {
                    let place = place(list, at, message, number);
                    match compile(&mut templates, &place, part) {
                        Ok(piece) => pieces.push(piece),
                        Err(why) => wrong(&place, why),
                    }
                }
                messages.push((message.role, pieces));
            }
        }
        if !problems.is_empty() {
            return Err(PromptErrors(problems));
        }
        let mut bound = self.bound.clone();
        if let Some((name, shown)) = self.output_type.as_ref().and_then(OutputType::offers) {
            bound.entry(name).or_insert_with(|| shown.into());
        }
        let mut needs = templates.needs();
        needs.retain(|path| !bound.contains_key(root(path)));
        Ok(CompiledPrompt {
            model: self.model.clone(),
            settings: self.settings.clone(),
            connection: self.connection.clone(),
            schema,
            templates,
            messages,
            bound: Value::from(Serde(&bound)),
            needs,
        })
    }
}

impl CompiledPrompt {
    /// The paths that must be given, such as `query` and `r.text`. What is bound is not among them.
    pub fn needs(&self) -> &BTreeSet<String> {
        &self.needs
    }

    /// The model, as the provider calls it.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// The form of the answer.
    pub fn schema(&self) -> Option<&OutputSchema> {
        self.schema.as_ref()
    }

    /// Whether the prompt cannot be filled in without a value at this path: a template may say what to do
    /// without it.
    pub fn requires(&self, path: &str) -> bool {
        let fill = |text: &Text, filler: &serde_json::Value, whole: bool| {
            let mut values = serde_json::Map::new();
            for need in &self.needs {
                let filler = Some(filler).filter(|_| whole || need != path);
                put(&mut values, need, filler);
            }
            self.templates.fill(text, &merge_maps([Value::from(Serde(&values)), self.bound.clone()]))
        };
        // A template may want more of its values than that they are there.
        let fillers = [serde_json::json!(""), serde_json::json!("x"), serde_json::json!(1)];
        let mut texts = self.messages.iter().flat_map(|(_, pieces)| pieces).filter_map(Piece::text);
        texts.any(|text| {
            let Some(filler) = fillers.iter().find(|filler| fill(text, filler, true).is_ok()) else { return false };
            matches!(fill(text, filler, false), Err(Unfilled::Missing(paths)) if paths.iter().any(|missing| missing == path))
        })
    }

    /// The names that must be given: what paths begin with.
    pub fn parameters(&self) -> BTreeSet<&str> {
        self.needs.iter().map(|path| root(path)).collect()
    }

    /// The question with all values filled in. Text is inserted as it is, anything else as JSON, and
    /// nothing that is inserted is looked at again.
    ///
    /// # Errors
    /// Where a value is missing, or does not do what the template wants of it.
    pub fn fill(&self, values: &impl Serialize) -> Result<ChatRequest, FillError> {
        // Where both have a name, the later one wins.
        let values = merge_maps([Value::from(Serde(values)), self.bound.clone()]);
        let mut messages = Vec::with_capacity(self.messages.len());
        for (role, pieces) in &self.messages {
            let parts = pieces.iter().map(|piece| self.part(piece, &values)).collect::<Result<_, _>>()?;
            messages.push(Message { role: *role, parts });
        }
        Ok(ChatRequest {
            model: self.model.clone(),
            messages,
            settings: self.settings.clone(),
            schema: self.schema.clone(),
            connection: self.connection.clone(),
            ..ChatRequest::default()
        })
    }

    fn part(&self, piece: &Piece, values: &Value) -> Result<Part, FillError> {
        let fill = |text: &Text| {
            self.templates.fill(text, values).map_err(|why| {
                let place = match text {
                    Text::Template(place) | Text::Constant(place) => place.clone(),
                };
                let told = why.to_string();
                let missing = if let Unfilled::Missing(paths) = why { paths } else { Vec::new() };
                FillError { place, why: told, missing }
            })
        };
        Ok(match piece {
            Piece::Text(text) => Part::Text(fill(text)?),
            Piece::Url(text) => Part::Image(Image::Url(fill(text)?)),
            Piece::Bytes(image) => Part::Image(image.clone()),
        })
    }
}

/// Puts a value at a path, or only what leads there.
fn put(
    values: &mut serde_json::Map<String, serde_json::Value>,
    path: &str,
    filler: Option<&serde_json::Value>,
) {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    match rest {
        None => {
            if let Some(filler) = filler {
                values.entry(name).or_insert_with(|| filler.clone());
            }
        }
        Some(rest) => {
            let inner = values.entry(name).or_insert_with(|| serde_json::Map::new().into());
            if !inner.is_object() {
                *inner = serde_json::Map::new().into();
            }
            if let Some(inner) = inner.as_object_mut() {
                put(inner, rest, filler);
            }
        }
    }
}

fn place(list: &str, at: usize, message: &Message, part: usize) -> String {
    if message.as_text().is_some() {
        format!("{list}[{at}]")
    } else {
        format!("{list}[{at}].content[{part}]")
    }
}

fn compile(templates: &mut Templates, place: &str, part: &Part) -> Result<Piece, String> {
    Ok(match part {
        Part::Text(text) => Piece::Text(templates.add(place, text)?),
        Part::Image(Image::Url(url)) => Piece::Url(templates.add(place, url)?),
        Part::Image(image) => Piece::Bytes(image.clone()),
    })
}

#[cfg(test)]
#[path = "tests/compiled.rs"]
mod tests;
