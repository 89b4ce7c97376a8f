//! Texts with `${…}` in them.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};

/// What stands in a template for a plain `${`.
const LITERAL: &str = "${\"${\"}";

/// Everything that means something begins with `$`, so that braces, `{%` and `{#` are plain text,
/// as code and JSON in prompts have them.
static SYNTAX: LazyLock<SyntaxConfig> = LazyLock::new(|| {
    SyntaxConfig::builder()
        .variable_delimiters("${", "}")
        .block_delimiters("${%", "%}")
        .comment_delimiters("${#", "#}")
        .keep_trailing_newline(true)
        .build()
        .expect("the delimiters are constant and tested")
});

/// The templates of a prompt, compiled.
#[derive(Debug)]
pub(super) struct Templates {
    environment: Environment<'static>,
}

/// A text of a prompt, compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Text {
    /// Nothing to fill in.
    Constant(String),
    /// The template of this name.
    Template(String),
}

impl Templates {
    pub(super) fn new() -> Self {
        let mut environment = Environment::new();
        environment.set_syntax(SYNTAX.clone());
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_formatter(|out, _, value| {
            let text = match value.as_str() {
                Some(text) => text.into(),
                None => std::borrow::Cow::Owned(json(value)?),
            };
            out.write_str(&text).map_err(Error::from)
        });
        Self { environment }
    }

    /// Compiles a text; `name` is its place in the prompt, for messages.
    pub(super) fn add(&mut self, name: &str, text: &str) -> Result<Text, String> {
        if !text.contains("${") {
            return Ok(Text::Constant(text.to_owned()));
        }
        let source = text.replace("$${", LITERAL);
        self.environment
            .add_template_owned(name.to_owned(), source)
            .map_err(|error| format!("{}; write `$${{` for a plain `${{`", told(&error)))?;
        Ok(Text::Template(name.to_owned()))
    }

    /// The paths that all templates need, such as `query` and `r.text`.
    pub(super) fn needs(&self) -> BTreeSet<String> {
        let globals: BTreeSet<&str> = self.environment.globals().map(|(name, _)| name).collect();
        self.environment
            .templates()
            .flat_map(|(_, template)| template.undeclared_variables(true))
            .filter(|path| !globals.contains(root(path)))
            .collect()
    }

    /// The text with everything filled in.
    pub(super) fn fill(&self, text: &Text, values: &Value) -> Result<String, Unfilled> {
        let name = match text {
            Text::Constant(text) => return Ok(text.clone()),
            Text::Template(name) => name,
        };
        let template = self.environment.get_template(name).map_err(|error| Unfilled::Other(told(&error)))?;
        template.render(values.clone()).map_err(|error| {
            let mut missing: Vec<_> = template
                .undeclared_variables(true)
                .into_iter()
                .filter(|path| error.kind() == ErrorKind::UndefinedError && !is_there(values, path))
                .collect();
            missing.sort();
            if missing.is_empty() { Unfilled::Other(told(&error)) } else { Unfilled::Missing(missing) }
        })
    }
}

/// Why a text cannot be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unfilled {
    /// There are no values at these paths.
    Missing(Vec<String>),
    /// The template wants something else of its values.
    Other(String),
}

impl fmt::Display for Unfilled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(paths) => {
                let paths: Vec<_> = paths.iter().map(|path| format!("`{path}`")).collect();
                write!(f, "there is no {}", paths.join(", no "))
            }
            Self::Other(why) => f.write_str(why),
        }
    }
}

/// The name that a path begins with.
pub(super) fn root(path: &str) -> &str {
    path.split('.').next().unwrap_or(path)
}

fn is_there(values: &Value, path: &str) -> bool {
    let mut value = values.clone();
    for name in path.split('.') {
        match value.get_attr(name) {
            Ok(next) if !next.is_undefined() => value = next,
            _ => return false,
        }
    }
    true
}

fn json(value: &Value) -> Result<String, Error> {
    serde_json::to_string(value)
        .map_err(|error| Error::new(ErrorKind::BadSerialization, format!("no form as JSON: {error}")))
}

/// The message without the name of the template, which is told apart.
fn told(error: &Error) -> String {
    let kind = error.kind();
    let line =
        error.line().filter(|line| *line > 1).map(|line| format!(" in line {line}")).unwrap_or_default();
    match error.detail() {
        Some(detail) => format!("{kind}{line}: {detail}"),
        None => format!("{kind}{line}"),
    }
}

#[cfg(test)]
#[path = "tests/template.rs"]
mod tests;
