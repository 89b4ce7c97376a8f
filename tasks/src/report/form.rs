//! The forms of a report, and how it gets into a file.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::facts::Report;
use super::{html, junit, markdown};

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
        match self {
            Self::Html => html(report),
            Self::Markdown => markdown(report),
            Self::Junit => junit(report),
            Self::Json => report.results.to_value().to_string(),
        }
    }
}

/// Writes a file whole or not at all: into a new file beside it, which then takes its place. A full
/// disk leaves what was there before.
///
/// # Errors
/// Those of the file system; where the folder is not there, the message says so.
pub fn save(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        let message = format!("there is no folder `{}` to write `{}` into", folder.display(), path.display());
        return Err(io::Error::new(io::ErrorKind::NotFound, message));
    }
    let beside = beside(path);
    let written = write_new(&beside, text).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // What went wrong before is what there is to tell.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(text.as_bytes())?;
    // Some file systems tell only now that the disk is full.
    file.sync_all()
}

/// A name that no other process uses at the same time.
fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.part", std::process::id()));
    path.with_file_name(name)
}
