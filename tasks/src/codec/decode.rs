//! Bytes into values.

use std::sync::Arc;

use smol_str::SmolStr;

use super::encode::{LONG, tag};
use crate::measured::Actual;
use crate::value::{Decimal, MAX_DEPTH, Value};

/// Bytes that [`Encoder`](super::Encoder) did not write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are none that Scouter wrote")]
pub(crate) struct Broken;

/// Takes values off bytes.
#[derive(Debug)]
pub(crate) struct Decoder<'b> {
    bytes: &'b [u8],
    /// The long texts so far, so that what was shared in memory is shared again.
    long: Vec<Arc<str>>,
}

impl<'b> Decoder<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, long: Vec::new() }
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

    pub(crate) fn number(&mut self) -> Result<u64, Broken> {
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
                let text = self.text()?;
                Ok(Actual::Packed(self.learn(text).unwrap_or_else(|| text.into())))
            }
            tag::PACKED_AGAIN => self.again().map(Actual::Packed),
            tag => self.tagged(tag, 0).map(Actual::Whole),
        }
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
            tag::INT => {
                let number = self.number()?;
                Value::Int((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
            }
            tag::FLOAT => Value::Float(f64::from_bits(u64::from_le_bytes(self.array()?))),
            tag::DECIMAL => self.text()?.parse::<Decimal>().map_err(|_| Broken)?.into_value(),
            tag::TEXT => {
                let text = self.text()?;
                Value::Text(self.learn(text).map_or_else(|| SmolStr::new(text), SmolStr::from))
            }
            tag::TEXT_AGAIN => Value::Text(SmolStr::from(self.again()?)),
            tag::LIST => {
                let count = self.count()?;
                Value::list((0..count).map(|_| self.nested(depth)).collect::<Result<Vec<_>, _>>()?)
            }
            tag::MAP => {
                let count = self.count()?;
                let entry = |_| Ok((SmolStr::new(self.text()?), self.nested(depth)?));
                Value::map((0..count).map(entry).collect::<Result<Vec<_>, _>>()?)
            }
            _ => return Err(Broken),
        })
    }

    fn nested(&mut self, depth: usize) -> Result<Value, Broken> {
        let tag = self.byte()?;
        self.tagged(tag, depth + 1)
    }

    /// Remembers a text that may stand here again; `None` for one too short for that.
    fn learn(&mut self, text: &str) -> Option<Arc<str>> {
        if text.len() <= LONG {
            return None;
        }
        let shared: Arc<str> = text.into();
        self.long.push(shared.clone());
        Some(shared)
    }

    fn again(&mut self) -> Result<Arc<str>, Broken> {
        let back = usize::try_from(self.number()?).map_err(|_| Broken)?;
        let at = self.long.len().checked_sub(back).and_then(|at| at.checked_sub(1)).ok_or(Broken)?;
        Ok(self.long[at].clone())
    }
}
