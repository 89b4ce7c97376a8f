//! Rows as `COPY … (FORMAT binary)` takes them.
//!
//! Source: <https://www.postgresql.org/docs/current/sql-copy.html>, "Binary Format", and the `send` functions of the types.

use uuid::Uuid;

const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0";
// Numbers of the types of elements, `pg_type.oid`.
const INT8: u32 = 20;
const TEXT: u32 = 25;
const FLOAT8: u32 = 701;
/// The length of what is NULL.
const NULL: i32 = -1;

/// Why rows cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a value of a row is longer than 2 GB")]
pub(super) struct TooLong;

/// Rows of one statement.
#[derive(Debug)]
pub(super) struct Rows {
    bytes: Vec<u8>,
    fields: i16,
}

impl Rows {
    /// No rows yet, of so many fields.
    pub(super) fn of_fields(fields: i16) -> Self {
        let mut bytes = SIGNATURE.to_vec();
        bytes.extend([0; 8]); // no flags, no extension
        Self { bytes, fields }
    }

    pub(super) fn row(&mut self) -> Row<'_> {
        self.bytes.extend(self.fields.to_be_bytes());
        Row(&mut self.bytes)
    }

    /// All of it.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.bytes.extend(NULL.to_be_bytes()[..2].iter());
        self.bytes
    }
}

/// The fields of a row, in the order of its columns.
pub(super) struct Row<'a>(&'a mut Vec<u8>);

impl Row<'_> {
    pub(super) fn uuid(&mut self, uuid: Uuid) {
        self.0.extend(16_i32.to_be_bytes());
        self.0.extend(uuid.as_bytes());
    }

    pub(super) fn flag(&mut self, flag: Option<bool>) -> Result<(), TooLong> {
        self.bytes(flag.map(|flag| [u8::from(flag)]).as_ref().map(<[u8; 1]>::as_slice))
    }

    pub(super) fn bytes(&mut self, bytes: Option<&[u8]>) -> Result<(), TooLong> {
        match bytes {
            None => self.0.extend(NULL.to_be_bytes()),
            Some(bytes) => {
                self.0.extend(length(bytes.len())?.to_be_bytes());
                self.0.extend(bytes);
            }
        }
        Ok(())
    }

    pub(super) fn text(&mut self, text: Option<&str>) -> Result<(), TooLong> {
        self.bytes(text.map(str::as_bytes))
    }

    pub(super) fn numbers(&mut self, numbers: &[f64]) -> Result<(), TooLong> {
        self.array(FLOAT8, numbers.len(), |row| {
            for number in numbers {
                row.0.extend(8_i32.to_be_bytes());
                row.0.extend(number.to_be_bytes());
            }
            Ok(())
        })
    }

    pub(super) fn counts(&mut self, counts: &[i64]) -> Result<(), TooLong> {
        self.array(INT8, counts.len(), |row| {
            for count in counts {
                row.0.extend(8_i32.to_be_bytes());
                row.0.extend(count.to_be_bytes());
            }
            Ok(())
        })
    }

    pub(super) fn texts(&mut self, texts: Option<&[Option<String>]>) -> Result<(), TooLong> {
        let Some(texts) = texts else { return self.bytes(None) };
        self.array(TEXT, texts.len(), |row| texts.iter().try_for_each(|text| row.text(text.as_deref())))
    }

    /// An array of one dimension that begins at 1, as arrays of SQL do.
    fn array(
        &mut self,
        kind: u32,
        len: usize,
        elements: impl FnOnce(&mut Self) -> Result<(), TooLong>,
    ) -> Result<(), TooLong> {
        let start = self.0.len();
        self.0.extend([0; 4]);
        let dimensions = i32::from(len > 0);
        self.0.extend(dimensions.to_be_bytes());
        self.0.extend(1_i32.to_be_bytes()); // there may be NULLs
        self.0.extend(kind.to_be_bytes());
        if len > 0 {
            self.0.extend(length(len)?.to_be_bytes());
            self.0.extend(1_i32.to_be_bytes());
            elements(self)?;
        }
        let written = length(self.0.len() - start - 4)?;
        self.0[start..start + 4].copy_from_slice(&written.to_be_bytes());
        Ok(())
    }
}

fn length(bytes: usize) -> Result<i32, TooLong> {
    i32::try_from(bytes).map_err(|_| TooLong)
}
