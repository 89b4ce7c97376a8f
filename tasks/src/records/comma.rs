//! CSV: a header, then a record a row. Every cell is text. <https://www.rfc-editor.org/rfc/rfc4180>

use std::io::{self, Read};
use std::sync::Arc;

use csv::{ByteRecord, ErrorKind, Reader, ReaderBuilder};

use super::bad::{Flaw, ReadError, Unit};
use super::chunks::{Chunks, Opened};
use super::entry::{Fields, Opener};
use super::limited::{Limited, Room, TooLong};
use crate::run::Entry;
use crate::value::Value;

/// How many rows, and how many bytes, are handed over at once.
const ROWS: usize = 256;
const BYTES: usize = 1 << 20;

/// The rows of a reader.
pub struct Csv<R> {
    reader: Reader<Remembering<Limited<R>>>,
    room: Room,
    columns: Arc<[String]>,
    /// The last line that was read.
    line: u64,
}

impl<R> std::fmt::Debug for Csv<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Csv").field("columns", &self.columns).finish_non_exhaustive()
    }
}

/// A reader that knows the bytes that it gave last. It ends with a line break of its own, which ends the last row and otherwise is an empty line: what the
/// end of the file itself ends is within a quote.
struct Remembering<R> {
    reader: R,
    last: Vec<u8>,
    /// How many bytes it gave in all.
    given: u64,
    at: At,
}

/// How far a reader is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    File,
    /// It gave the line break behind the file.
    Break,
    End,
}

impl<R> Remembering<R> {
    fn new(reader: R) -> Self {
        Self { reader, last: Vec::new(), given: 0, at: At::File }
    }

    /// The byte before this place, where it is among the last.
    fn before(&self, place: u64) -> Option<u8> {
        let after = usize::try_from(self.given.checked_sub(place)?).ok()?;
        self.last.get(self.last.len().checked_sub(after + 1)?).copied()
    }
}

impl<R: Read> Read for Remembering<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut read = if self.at == At::File { self.reader.read(buffer)? } else { 0 };
        if read == 0 {
            match buffer.first_mut() {
                Some(first) if self.at == At::File => {
                    *first = b'\n';
                    read = 1;
                    self.at = At::Break;
                }
                // The last bytes are still those before the end.
                _ => {
                    self.at = At::End;
                    return Ok(0);
                }
            }
        }
        self.last.clear();
        self.last.extend_from_slice(&buffer[..read]);
        self.given += read as u64;
        Ok(read)
    }
}

/// Some rows.
#[derive(Debug)]
pub struct CsvChunk {
    columns: Arc<[String]>,
    rows: Vec<(u64, Result<ByteRecord, Flaw>)>,
}

impl<R: Read> Csv<R> {
    /// From the beginning of a file.
    ///
    /// # Errors
    /// Where its header cannot be read.
    pub fn new(reader: R) -> Result<Self, ReadError> {
        let (limited, room) = Limited::new(reader);
        let mut reader = ReaderBuilder::new().has_headers(false).from_reader(Remembering::new(limited));
        let mut header = ByteRecord::new();
        if reader.read_byte_record(&mut header).map_err(|error| broken(error, 0))? && is_open(&reader) {
            return Err(ReadError::Broken { unit: Unit::Line, after: 0, message: OPEN_HEADER.to_owned() });
        }
        let text = |(at, name): (usize, &[u8])| {
            // What Windows programs begin a file with.
            let name = if at == 0 { name.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(name) } else { name };
            String::from_utf8(name.to_vec()).map_err(|_| ReadError::Broken {
                unit: Unit::Line,
                after: 0,
                message: "the header is not UTF-8".to_owned(),
            })
        };
        let columns = header.iter().enumerate().map(text).collect::<Result<_, _>>()?;
        let line = first_line(&reader, &header);
        Ok(Self { reader, room, columns, line })
    }
}

/// What is wrong with a row whose quote nobody closes.
const OPEN: &str = "a quote is never closed, so that the rest of the file is in this row";
const OPEN_HEADER: &str = "a quote of the header is never closed, so that the whole file is in it";

/// Whether the row that was read last ends with the file, within a quote: what should be rows of their own is in its last cell.
fn is_open<R: Read>(reader: &Reader<Remembering<R>>) -> bool {
    reader.get_ref().at == At::End
}

/// The line that the row begins on which was read last. Where the reader says that a row begins is where the row before it
/// ended: the second half of a line break, or lines that are empty, may come between.
fn first_line<R: Read>(reader: &Reader<Remembering<R>>, row: &ByteRecord) -> u64 {
    let end = reader.position();
    let broken = reader.get_ref().before(end.byte()) == Some(b'\n');
    let within = row.as_slice().split(|byte| *byte == b'\n').skip(1).count() as u64;
    end.line().saturating_sub(u64::from(broken) + within)
}

impl<R: Read + Send + 'static> Chunks for Csv<R> {
    type Chunk = CsvChunk;

    const UNIT: Unit = Unit::Line;

    fn next(&mut self) -> Result<Option<CsvChunk>, ReadError> {
        let mut rows = Vec::with_capacity(ROWS);
        let mut bytes = 0;
        while rows.len() < ROWS && bytes < BYTES {
            self.room.begin();
            let mut row = ByteRecord::new();
            let read = self.reader.read_byte_record(&mut row);
            if !matches!(read, Ok(false)) && is_open(&self.reader) {
                // What else may be wrong with it follows from that. The last line break is in it, and not behind it.
                self.line = first_line(&self.reader, &row) + 1;
                rows.push((self.line, Err(OPEN.to_owned().into())));
                break;
            }
            match read {
                Ok(false) => break,
                Ok(true) => {
                    bytes += row.as_slice().len();
                    self.line = first_line(&self.reader, &row);
                    rows.push((self.line, Ok(row)));
                }
                Err(error) => match error.kind() {
                    ErrorKind::UnequalLengths { expected_len, len, .. } => {
                        self.line = first_line(&self.reader, &row);
                        let message = format!("{len} cells in a table of {expected_len} columns");
                        rows.push((self.line, Err(message.into())));
                    }
                    _ => return Err(broken(error, self.line)),
                },
            }
        }
        Ok((!rows.is_empty()).then(|| CsvChunk { columns: self.columns.clone(), rows }))
    }

    fn open(chunk: CsvChunk, opener: &Opener) -> Vec<Opened> {
        let CsvChunk { columns, rows } = chunk;
        let shapes: Vec<_> = columns.iter().map(|name| opener.shape.of(name)).collect();
        let entry = |row: &ByteRecord| -> Result<Entry, Flaw> {
            let mut fields = Fields::default();
            for ((name, used), cell) in columns.iter().zip(&shapes).zip(row) {
                let Some(used) = used else { continue };
                let text = std::str::from_utf8(cell)
                    .map_err(|_| Flaw::from(format!("the text of `{name}` is not UTF-8")))?;
                fields.add(name, used, Value::text(text))?;
            }
            opener.entry(fields)
        };
        rows.into_iter()
            .map(|(number, row)| Opened { number, entry: row.and_then(|row| entry(&row)) })
            .collect()
    }
}

fn broken(error: csv::Error, after: u64) -> ReadError {
    match error.into_kind() {
        ErrorKind::Io(error) if TooLong::caused(&error) => {
            let message = TooLong.to_string();
            ReadError::Broken { unit: Unit::Line, after, message }
        }
        ErrorKind::Io(error) => ReadError::Io(error),
        other => ReadError::Broken { unit: Unit::Line, after, message: format!("not CSV: {other:?}") },
    }
}

/// The names of the columns, and whether there is a row.
///
/// # Errors
/// Where the file cannot be read.
pub fn csv_columns(reader: impl Read + Send + 'static) -> Result<(Vec<String>, bool), ReadError> {
    let mut csv = Csv::new(reader)?;
    let any = csv.next()?.is_some();
    Ok((csv.columns.to_vec(), any))
}
