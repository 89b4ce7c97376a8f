//! Columns of texts that are taken as their lengths.

use indexmap::IndexMap;
use pyo3::prelude::*;
use scouter_drift::column::TextLength;
use scouter_tasks::profile::{TextLengths, UnknownFeature, check_features};

use crate::errors;
use crate::intake::Spelling;

const CHARACTERS: &str = "characters";
const WORDS: &str = "words";

/// What is counted of the texts of columns, by name, as an argument and a field.
#[derive(FromPyObject, IntoPyObject)]
pub(super) struct AnyLengths(IndexMap<String, String>);

impl AnyLengths {
    pub(super) fn read(self) -> PyResult<TextLengths> {
        let length = |(name, of): (String, String)| match of.as_str() {
            CHARACTERS => Ok((name, TextLength::Characters)),
            WORDS => Ok((name, TextLength::Words)),
            _ => {
                let known = format!("it must be `{CHARACTERS}` or `{WORDS}`");
                Err(errors::value(format!("`text_lengths` of `{name}` is `{of}`: {known}")))
            }
        };
        self.0.into_iter().map(length).collect()
    }

    pub(super) fn of(lengths: &TextLengths) -> Self {
        let name = |length: &TextLength| match length {
            TextLength::Characters => CHARACTERS,
            TextLength::Words => WORDS,
        };
        Self(lengths.iter().map(|(feature, length)| (feature.clone(), name(length).to_owned())).collect())
    }
}

/// These columns are texts whatever they look like.
pub(super) fn as_written(lengths: &TextLengths) -> impl Iterator<Item = (String, Spelling)> {
    lengths.keys().map(|name| (name.clone(), Spelling::AsWritten))
}

/// Checks that these columns are there.
pub(super) fn check_lengths<'a>(
    lengths: &TextLengths,
    columns: impl Iterator<Item = &'a str> + Clone,
) -> Result<(), UnknownFeature> {
    let names: Vec<String> = lengths.keys().cloned().collect();
    check_features("take the lengths of", &names, columns)
}

/// Checks that no column is both a category and a length.
pub(super) fn one_of(categories: &[String], lengths: &TextLengths) -> PyResult<()> {
    match categories.iter().find(|name| lengths.contains_key(*name)) {
        None => Ok(()),
        Some(name) => Err(errors::value(format!(
            "`{name}` is named by `categorical_features` and by `text_lengths`: it can be one of them"
        ))),
    }
}

/// The attribute of a configuration that has such columns.
macro_rules! has_text_lengths {
    ($class:ident) => {
        #[pymethods]
        impl $class {
            /// Columns of text that are watched by their lengths, with what is counted: `"words"` or `"characters"`.
            #[getter]
            fn text_lengths(&self) -> $crate::drift::lengths::AnyLengths {
                $crate::drift::lengths::AnyLengths::of(&self.text_lengths)
            }

            #[setter]
            fn set_text_lengths(&mut self, text_lengths: $crate::drift::lengths::AnyLengths) -> PyResult<()> {
                self.text_lengths = text_lengths.read()?;
                Ok(())
            }
        }
    };
}

pub(super) use has_text_lengths;
