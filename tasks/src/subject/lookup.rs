//! What a path leads to, looked into no sooner than somebody does.

use std::sync::{Arc, OnceLock};

use crate::codec::{Decoder, Shape};
use crate::path::Read;
use crate::value::Value;

/// What a path leads to. A small array or object may still be the bytes that it was copied as: the value is made of
/// them when a node looks into it, once. A node that wants no more than its size, or looks for a text in it, does
/// not, and results keep it as the bytes that it is.
#[derive(Clone, Debug)]
pub struct Lookup(Form);

#[derive(Clone, Debug)]
enum Form {
    Read(Read),
    Packed(PackedValue),
}

/// An array or object as bytes, small enough to be kept whole.
#[derive(Clone, Debug)]
pub(crate) struct PackedValue {
    pub(crate) bytes: Arc<[u8]>,
    pub(crate) shape: Shape,
    read: OnceLock<Read>,
}

impl From<Read> for Lookup {
    fn from(read: Read) -> Self {
        Self(Form::Read(read))
    }
}

impl Lookup {
    /// An array or object of this shape as bytes that a plain encoder wrote.
    pub(crate) fn packed(bytes: Arc<[u8]>, shape: Shape) -> Self {
        Self(Form::Packed(PackedValue { bytes, shape, read: OnceLock::new() }))
    }

    /// What it is.
    pub fn read(&self) -> &Read {
        match &self.0 {
            Form::Read(read) => read,
            Form::Packed(packed) => packed.read.get_or_init(|| match Decoder::plain(&packed.bytes).value() {
                Ok(value) => Read::Found(value),
                // Bytes that nobody but us has had in his hands.
                Err(broken) => Read::Unreadable(broken.to_string().into()),
            }),
        }
    }

    /// Whether what it leads to is a text, or is packed, and lies at this very place in memory.
    pub(crate) fn is_held_at(&self, bytes: &[u8]) -> bool {
        match &self.0 {
            Form::Read(Read::Found(Value::Text(text))) => std::ptr::eq(text.as_bytes(), bytes),
            Form::Read(_) => false,
            Form::Packed(packed) => std::ptr::eq(packed.bytes.as_ref(), bytes),
        }
    }

    /// The bytes, where it came as such.
    pub(crate) fn as_packed(&self) -> Option<&PackedValue> {
        match &self.0 {
            Form::Read(_) => None,
            Form::Packed(packed) => Some(packed),
        }
    }
}

#[cfg(test)]
mod tests;
