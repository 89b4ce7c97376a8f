//! Bytes into values.

use std::sync::Arc;

use smol_str::SmolStr;

use super::encode::{LONG, tag};
use crate::measured::{Actual, Packer};
use crate::path::Read;
use crate::subject::Lookup;
use crate::value::{Decimal, MAX_DEPTH, Map, Value};

/// Bytes that [`Encoder`](super::Encoder) did not write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are none that Scouter wrote")]
pub(crate) struct Broken;

/// The most items that room is made for before they are seen: bytes that are broken may claim any number.
const ROOM: usize = 1024;

/// Takes values off bytes.
#[derive(Debug)]
pub(crate) struct Decoder<'b> {
    bytes: &'b [u8],
    /// The long texts so far, so that what was shared in memory is shared again; `None` where every text was written
    /// out.
    long: Option<Vec<Long>>,
    /// What was read of the record, for what is told by its place there.
    record: &'b [Lookup],
}

#[derive(Clone, Debug)]
enum Long {
    Text(Arc<str>),
    Packed(Arc<[u8]>),
}

impl<'b> Decoder<'b> {
    /// Of bytes that a plain [`Encoder`](super::Encoder) wrote.
    pub(crate) fn plain(bytes: &'b [u8]) -> Self {
        Self { bytes, long: None, record: &[] }
    }

    /// Of bytes that a sharing one wrote about this record.
    pub(crate) fn sharing(bytes: &'b [u8], record: &'b [Lookup]) -> Self {
        Self { bytes, long: Some(Vec::new()), record }
    }

    /// How many bytes are left.
    pub(crate) fn left(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Broken> {
        let (&byte, rest) = self.bytes.split_first().ok_or(Broken)?;
        self.bytes = rest;
        Ok(byte)
    }

    pub(crate) fn bytes(&mut self, count: usize) -> Result<&'b [u8], Broken> {
        let (taken, rest) = self.bytes.split_at_checked(count).ok_or(Broken)?;
        self.bytes = rest;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Broken> {
        let (taken, rest) = self.bytes.split_first_chunk().ok_or(Broken)?;
        self.bytes = rest;
        Ok(*taken)
    }

    #[inline]
    pub(crate) fn number(&mut self) -> Result<u64, Broken> {
        // Most are lengths, counts and places, and small.
        if let Some((&byte, rest)) = self.bytes.split_first()
            && byte < 0x80
        {
            self.bytes = rest;
            return Ok(byte.into());
        }
        self.large_number()
    }

    fn large_number(&mut self) -> Result<u64, Broken> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Broken)
    }

    /// A whole number of either sign.
    pub(crate) fn int(&mut self) -> Result<i64, Broken> {
        let number = self.number()?;
        Ok((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    /// A number of things that take a byte at least.
    pub(crate) fn count(&mut self) -> Result<usize, Broken> {
        let count = usize::try_from(self.number()?).map_err(|_| Broken)?;
        if count > self.bytes.len() { Err(Broken) } else { Ok(count) }
    }

    pub(crate) fn text(&mut self) -> Result<&'b str, Broken> {
        let count = self.count()?;
        std::str::from_utf8(self.bytes(count)?).map_err(|_| Broken)
    }

    pub(crate) fn maybe_text(&mut self) -> Result<Option<&'b str>, Broken> {
        match self.byte()? {
            0 => Ok(None),
            1 => self.text().map(Some),
            _ => Err(Broken),
        }
    }

    pub(crate) fn value(&mut self) -> Result<Value, Broken> {
        let tag = self.byte()?;
        self.tagged(tag, 0)
    }

    /// A value, or an array or object that was packed.
    pub(crate) fn actual(&mut self) -> Result<Actual, Broken> {
        match self.byte()? {
            tag::PACKED => {
                let count = self.count()?;
                let packed: Arc<[u8]> = self.bytes(count)?.into();
                self.learn(packed.len(), || Long::Packed(packed.clone()));
                Ok(Actual::Packed(packed))
            }
            tag::PACKED_AGAIN => match self.again()? {
                Long::Packed(packed) => Ok(Actual::Packed(packed)),
                Long::Text(_) => Err(Broken),
            },
            tag::OF_RECORD => {
                let read = self.of_record()?;
                if let Some(packed) = read.as_packed() {
                    return Ok(Actual::Packed(packed.bytes.clone()));
                }
                let mut actual = Actual::Whole(found(read)?.clone());
                // It may have come as bytes when this was written, and as a value this time.
                Packer::default().pack(&mut actual);
                Ok(actual)
            }
            tag => self.tagged(tag, 0).map(Actual::Whole),
        }
    }

    /// What was read of the record, as its place says.
    fn of_record(&mut self) -> Result<&'b Lookup, Broken> {
        let at = usize::try_from(self.number()?).map_err(|_| Broken)?;
        self.record.get(at).ok_or(Broken)
    }

    fn tagged(&mut self, tag: u8, depth: usize) -> Result<Value, Broken> {
        // What is deeper was never a value: it must not be followed until the stack ends.
        if depth > MAX_DEPTH {
            return Err(Broken);
        }
        Ok(match tag {
            tag::NULL => Value::Null,
            tag::FALSE => Value::Bool(false),
            tag::TRUE => Value::Bool(true),
            tag::INT => Value::Int(self.int()?),
            tag::FLOAT => Value::Float(f64::from_bits(u64::from_le_bytes(self.array()?))),
            tag::DECIMAL => self.text()?.parse::<Decimal>().map_err(|_| Broken)?.into_value(),
            tag::TEXT => {
                let text = self.text()?;
                if self.long.is_none() || text.len() <= LONG {
                    return Ok(Value::Text(SmolStr::new(text)));
                }
                let text: Arc<str> = text.into();
                self.learn(text.len(), || Long::Text(text.clone()));
                Value::Text(SmolStr::from(text))
            }
            tag::TEXT_AGAIN => match self.again()? {
                Long::Text(text) => Value::Text(SmolStr::from(text)),
                Long::Packed(_) => return Err(Broken),
            },
            tag::OF_RECORD => found(self.of_record()?)?.clone(),
            tag::LIST => {
                let count = self.count()?;
                let mut items = Vec::with_capacity(count.min(ROOM));
                for _ in 0..count {
                    items.push(self.nested(depth)?);
                }
                Value::from(items)
            }
            tag::MAP => {
                let count = self.count()?;
                let mut entries = Vec::with_capacity(count.min(ROOM));
                for _ in 0..count {
                    entries.push((SmolStr::new(self.text()?), self.nested(depth)?));
                }
                Value::Map(Arc::new(Map::of_unique(entries)))
            }
            _ => return Err(Broken),
        })
    }

    fn nested(&mut self, depth: usize) -> Result<Value, Broken> {
        let tag = self.byte()?;
        self.tagged(tag, depth + 1)
    }

    /// Remembers what may stand here again.
    fn learn(&mut self, len: usize, what: impl FnOnce() -> Long) {
        if let Some(long) = self.long.as_mut().filter(|_| len > LONG) {
            long.push(what());
        }
    }

    fn again(&mut self) -> Result<Long, Broken> {
        let back = usize::try_from(self.number()?).map_err(|_| Broken)?;
        let long = self.long.as_ref().ok_or(Broken)?;
        let at = long.len().checked_sub(back).and_then(|at| at.checked_sub(1)).ok_or(Broken)?;
        Ok(long[at].clone())
    }
}

fn found(lookup: &Lookup) -> Result<&Value, Broken> {
    match lookup.read() {
        Read::Found(value) => Ok(value),
        Read::Missing { .. } | Read::Unreadable(_) => Err(Broken),
    }
}
