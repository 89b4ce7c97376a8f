//! The forms of a report, and how it gets into a file.

use std::io::{self, Write};
use std::path::Path;

use super::facts::Report;
use super::html::html;
use super::junit::junit;
use super::markdown::markdown;
use crate::file::write_whole;

/// How a report is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A page that needs nothing beside itself: `.html`, `.htm`.
    Html,
    /// Markdown for pull requests: `.md`.
    Markdown,
    /// JUnit XML for CI: `.xml`.
    Junit,
    /// The results themselves, which can be read back: `.json`.
    Json,
}

/// A file name that asks for no form there is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` does not say which report to write: let it end in `.html` (a page), `.md` (Markdown), `.xml` (JUnit) or `.json`"
)]
pub struct UnknownForm(String);

impl Form {
    /// The form that a file's name asks for.
    ///
    /// # Errors
    /// Where its suffix is none of those known.
    ///
    /// ```
    /// use scouter_tasks::report::Form;
    ///
    /// assert_eq!(Form::of("out/nightly.HTML".as_ref()), Ok(Form::Html));
    /// assert!(Form::of("nightly.pdf".as_ref()).is_err_and(|error| error.to_string().contains("`.html`")));
    /// ```
    pub fn of(path: &Path) -> Result<Self, UnknownForm> {
        let suffix = path.extension().map(|suffix| suffix.to_string_lossy().to_lowercase());
        match suffix.as_deref() {
            Some("html" | "htm") => Ok(Self::Html),
            Some("md") => Ok(Self::Markdown),
            Some("xml") => Ok(Self::Junit),
            Some("json") => Ok(Self::Json),
            _ => Err(UnknownForm(path.display().to_string())),
        }
    }

    /// The report in this form.
    pub fn write(self, report: &Report<'_>) -> String {
        let mut text = Vec::new();
        // Writing into memory cannot fail.
        let _ = self.write_to(report, &mut text);
        String::from_utf8(text).unwrap_or_default()
    }

    /// Writes the report in this form, piece by piece: that of a large run is never in memory as a whole.
    ///
    /// # Errors
    /// Those of what is written to.
    pub fn write_to(self, report: &Report<'_>, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Html => html(report, out),
            Self::Markdown => out.write_all(markdown(report).as_bytes()),
            Self::Junit => junit(report, out),
            Self::Json => report.results.json().try_for_each(|piece| out.write_all(piece.as_bytes())),
        }
    }
}

/// Writes a report into a file, whole or not at all.
///
/// # Errors
/// As [`write_whole`].
pub fn save(path: &Path, form: Form, report: &Report<'_>) -> io::Result<()> {
    write_whole(path, |mut out| form.write_to(report, &mut out))
}

/// The same of a text.
///
/// # Errors
/// As [`save`].
pub fn save_text(path: &Path, text: &str) -> io::Result<()> {
    write_whole(path, |out| out.write_all(text.as_bytes()))
}
