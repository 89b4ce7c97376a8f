//! How a benchmark tells what it found, or why it found nothing.

use std::error::Error;
use std::fmt::Display;
use std::io::{Write, stdout};

pub(crate) type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

pub(crate) fn say(what: impl Display) {
    // A pipe that is closed is no matter of the benchmark.
    let _ = writeln!(stdout(), "{what}");
}
