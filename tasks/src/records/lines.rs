//! JSON Lines: an object a line. <https://jsonlines.org>

use std::collections::{BTreeSet, HashSet};
use std::io::{BufRead, Read};

use smol_str::SmolStr;

use super::bad::{BadRecord, Flaw, ReadError, Unit};
use super::chunks::{Chunks, Opened};
use super::entry::{Fields, Opener};
use crate::run::Entry;
use crate::value::{JsonError, from_json, members};

/// How many lines, and how many bytes, are handed over at once.
const LINES: usize = 256;
const BYTES: usize = 1 << 20;

/// How long a line may be: what is longer is no line but a file that is something else.
const LONGEST: usize = 256 << 20;

/// The lines of a reader.
#[derive(Debug)]
pub struct Lines<R> {
    reader: R,
    /// How many lines were read.
    read: u64,
}

impl<R: BufRead> Lines<R> {
    /// From the beginning of a file.
    pub fn new(reader: R) -> Self {
        Self { reader, read: 0 }
    }
}

/// Some lines.
#[derive(Debug)]
pub struct LinesChunk {
    text: Vec<u8>,
    /// Where each line ends in the text.
    ends: Vec<usize>,
    /// The number of the first line, from 1.
    first: u64,
}

impl LinesChunk {
    /// The lines that are not empty, with their numbers.
    fn lines(&self) -> impl Iterator<Item = (u64, Result<&str, Flaw>)> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let numbered = (self.first..).zip(starts.zip(self.ends.iter().copied()));
        numbered.filter_map(|(number, (start, end))| {
            let line = &self.text[start..end];
            // What Windows programs begin a file with.
            let line = if number == 1 { line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line) } else { line };
            match std::str::from_utf8(line) {
                Ok(line) if line.trim().is_empty() => None,
                // Where a line breaks off is its end, not the beginning of the next.
                Ok(line) => Some((number, Ok(line.trim_end()))),
                Err(error) => {
                    let column = Some(error.valid_up_to() + 1);
                    Some((number, Err(Flaw { column, message: "the text is not UTF-8".to_owned() })))
                }
            }
        })
    }
}

impl<R: BufRead + Send + 'static> Chunks for Lines<R> {
    type Chunk = LinesChunk;

    const UNIT: Unit = Unit::Line;

    fn next(&mut self) -> Result<Option<LinesChunk>, ReadError> {
        let first = self.read + 1;
        let mut chunk = LinesChunk { text: Vec::new(), ends: Vec::new(), first };
        while chunk.ends.len() < LINES && chunk.text.len() < BYTES {
            let before = chunk.text.len();
            let read = (&mut self.reader).take(LONGEST as u64).read_until(b'\n', &mut chunk.text)?;
            if read == 0 {
                break;
            }
            if read == LONGEST && chunk.text.last() != Some(&b'\n') {
                let message = format!("the next line is longer than {} MiB", LONGEST >> 20);
                return Err(ReadError::Broken { unit: Unit::Line, after: self.read, message });
            }
            chunk.ends.push(before + read);
            self.read += 1;
        }
        Ok((!chunk.ends.is_empty()).then_some(chunk))
    }

    fn open(chunk: LinesChunk, opener: &Opener) -> Vec<Opened> {
        let open = |(number, line): (u64, Result<&str, Flaw>)| Opened {
            number,
            entry: line.and_then(|line| entry(line, opener)),
        };
        chunk.lines().map(open).collect()
    }
}

fn entry(line: &str, opener: &Opener) -> Result<Entry, Flaw> {
    let mut fields = Fields::default();
    let found = members(line, |name| opener.shape.of(name)).map_err(|error| flaw(line, error))?;
    for (name, used, value) in found {
        fields.add(&name, &used, value)?;
    }
    opener.entry(fields)
}

/// What is wrong with a line.
fn flaw(line: &str, error: JsonError) -> Flaw {
    Flaw { column: Some(error.column), message: other_form(line).map_or(error.message, str::to_owned) }
}

/// What is said of a line that begins JSON of another form: an array around the records, or an object over several lines.
fn other_form(line: &str) -> Option<&'static str> {
    if line.starts_with('[') {
        Some(
            "a JSON array begins here: write one object a line (JSON Lines), with no brackets around them and no commas between",
        )
    } else if line == "{" {
        Some("an object over several lines begins here: write one object a line (JSON Lines)")
    } else {
        None
    }
}

/// The names of the fields that the first records have, those of the first chunk that holds any, and of those fields
/// that are `asked` for all that some record has: a field may be rare, so they are looked for to the end of the file.
/// Broken records are passed over. `None` where there are no records.
///
/// # Errors
/// Where the file cannot be read, where it is JSON of another form, and where no record can be read that could have what is asked for.
pub fn json_fields<'a>(
    reader: impl BufRead + Send + 'static,
    asked: impl IntoIterator<Item = &'a SmolStr>,
) -> Result<Option<BTreeSet<String>>, ReadError> {
    let mut missing: HashSet<&str> = asked.into_iter().map(SmolStr::as_str).collect();
    let mut lines = Lines::new(reader);
    let mut names = BTreeSet::new();
    let mut first = true;
    let mut other = None;
    let mut sound = false;
    let mut broken = None;
    while let Some(chunk) = lines.next()? {
        let mut any = false;
        for (number, line) in chunk.lines() {
            if first && !any {
                let told = |line: &&str| Some((number, other_form(line)?, (*line).to_owned()));
                other = line.as_ref().ok().and_then(told);
            }
            any = true;
            let name = |name: &str| -> Option<()> {
                if missing.remove(name) || first {
                    names.insert(name.to_owned());
                }
                None
            };
            // A broken line is told of by the run that comes to it.
            match line.and_then(|line| members(line, name).map_err(|error| flaw(line, error))) {
                Ok(_) => sound = true,
                Err(flaw) => {
                    broken.get_or_insert(BadRecord { unit: Unit::Line, number, flaw });
                }
            }
        }
        first &= !any;
        // A line that is whole may be a bad record among good ones.
        if let Some((number, message, line)) = other.take()
            && !(sound && from_json(&line).is_ok())
        {
            let flaw = Flaw { column: Some(1), message: message.to_owned() };
            return Err(ReadError::Bad(BadRecord { unit: Unit::Line, number, flaw }));
        }
        if !first && missing.is_empty() {
            break;
        }
    }
    match broken {
        Some(broken) if names.is_empty() && !missing.is_empty() => Err(ReadError::Bad(broken)),
        _ => Ok((!first).then_some(names)),
    }
}
