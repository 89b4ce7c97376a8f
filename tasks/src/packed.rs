//! What was read from records, as bytes.
//!
//! Whoever holds the records, such as the one thread that may look at Python objects, only copies what the plan reads;
//! the values are made of it on the threads that judge them.

use std::fmt;

pub use crate::codec::Encoder;
use crate::codec::{Broken, Decoder, kept_shape};
use crate::path::{Path, Read};
use crate::subject::{Lookup, Reads};
use crate::value::Value;

/// How many bytes a length takes that is filled in later.
const LENGTH: usize = size_of::<u64>();

/// What was read from records, one after another.
#[derive(Debug, Default)]
pub struct Packed(Vec<u8>);

mod tag {
    pub(super) const MISSING: u8 = 0;
    pub(super) const UNREADABLE: u8 = 1;
    pub(super) const VALUE: u8 = 2;
}

impl Packed {
    /// With room for so many bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first `taken` steps of these paths lead to the value that `write` writes, or to something that has no form
    /// as a value. Every path of a record is to be told of once, before those of the next.
    pub fn value<E: fmt::Display>(
        &mut self,
        paths: &[u32],
        taken: usize,
        write: impl FnOnce(&mut Encoder<'_, '_>) -> Result<(), E>,
    ) {
        let start = self.0.len();
        self.0.push(tag::VALUE);
        // How many bytes the value takes is known when it is written.
        self.0.extend_from_slice(&[0; LENGTH]);
        let value = self.0.len();
        match write(&mut Encoder::plain(&mut self.0)) {
            Ok(()) => {
                let length = ((self.0.len() - value) as u64).to_le_bytes();
                self.0[value - LENGTH..value].copy_from_slice(&length);
            }
            Err(why) => {
                self.0.truncate(start);
                self.0.push(tag::UNREADABLE);
                Encoder::plain(&mut self.0).text(&why.to_string());
            }
        }
        self.end(paths, taken);
    }

    /// No more than the first `taken` steps of these paths lead somewhere.
    pub fn missing(&mut self, paths: &[u32], taken: usize) {
        self.0.push(tag::MISSING);
        self.end(paths, taken);
    }

    fn end(&mut self, paths: &[u32], taken: usize) {
        let mut encoder = Encoder::plain(&mut self.0);
        encoder.count(taken);
        encoder.count(paths.len());
        for &path in paths {
            encoder.number(path.into());
        }
    }

    /// What was read, record by record, from the one whose bytes begin here: as many as there [were](Packed::len)
    /// before it.
    pub fn unpack(&self, at: usize) -> Unpack<'_> {
        Unpack(Decoder::plain(self.0.get(at..).unwrap_or_default()))
    }
}

/// The value that `write` writes.
///
/// # Errors
/// Those of `write`.
pub fn made<E>(write: impl FnOnce(&mut Encoder<'_, '_>) -> Result<(), E>) -> Result<Value, E> {
    let mut bytes = Vec::new();
    write(&mut Encoder::plain(&mut bytes))?;
    // As many items as were announced were written, or this is not what was meant to be.
    Ok(Decoder::plain(&bytes).value().unwrap_or_default())
}

/// Takes what was read off [`Packed`].
#[derive(Debug)]
pub struct Unpack<'p>(Decoder<'p>);

impl Unpack<'_> {
    /// What these paths lead to in the next record.
    pub fn reads(&mut self, paths: &Reads) -> Box<[Lookup]> {
        let paths = paths.paths();
        let mut reads = Vec::with_capacity(paths.len());
        if let Err(broken) = self.fill(paths, &mut reads) {
            // Bytes that nobody but us has had in his hands; if they ever are broken, nothing of them counts.
            reads.clear();
            reads.resize(paths.len(), Read::Unreadable(broken.to_string().into()).into());
        }
        reads.into()
    }

    fn fill(&mut self, paths: &[Path], reads: &mut Vec<Lookup>) -> Result<(), Broken> {
        let mut left = paths.len();
        while left > 0 {
            let found = match self.0.byte()? {
                tag::MISSING => Found::Nothing,
                tag::UNREADABLE => Found::Unreadable(self.0.text()?),
                tag::VALUE => {
                    let length = usize::try_from(u64::from_le_bytes(self.0.array()?)).map_err(|_| Broken)?;
                    Found::Bytes(self.0.bytes(length)?)
                }
                _ => return Err(Broken),
            };
            let taken = self.index()?;
            let count = self.index()?;
            left = left.checked_sub(count).filter(|_| count > 0).ok_or(Broken)?;
            if count == 1 {
                let at = self.index()?;
                let path = paths.get(at).ok_or(Broken)?;
                put(reads, at, found.alone(path, taken)?);
                continue;
            }
            let read = found.shared()?;
            for _ in 0..count {
                let at = self.index()?;
                let path = paths.get(at).ok_or(Broken)?;
                put(reads, at, read(path, taken).into());
            }
        }
        // Only where one was told of twice is another left out.
        reads.resize_with(paths.len(), nowhere);
        Ok(())
    }

    fn index(&mut self) -> Result<usize, Broken> {
        usize::try_from(self.0.number()?).map_err(|_| Broken)
    }
}

/// Puts what a path leads to in its place. Mostly that is the next one.
fn put(reads: &mut Vec<Lookup>, at: usize, lookup: Lookup) {
    if at >= reads.len() {
        reads.resize_with(at, nowhere);
        reads.push(lookup);
    } else {
        reads[at] = lookup;
    }
}

/// What stands in the place of what is still to come.
fn nowhere() -> Lookup {
    Read::Missing { taken: 0 }.into()
}

/// What the steps of some paths lead to.
enum Found<'p> {
    Nothing,
    Unreadable(&'p str),
    /// A value.
    Bytes(&'p [u8]),
}

impl<'p> Found<'p> {
    /// What the one path comes to whose first `taken` steps lead here.
    fn alone(self, path: &Path, taken: usize) -> Result<Lookup, Broken> {
        if let Self::Bytes(bytes) = self
            && path.ends_after(taken)
        {
            return Ok(match kept_shape(bytes) {
                Some(shape) => Lookup::packed(bytes.into(), shape),
                None => Read::Found(whole(bytes)?).into(),
            });
        }
        Ok(self.shared()?(path, taken).into())
    }

    /// What each of several paths comes to.
    fn shared(self) -> Result<impl Fn(&Path, usize) -> Read + use<'p>, Broken> {
        let value = match self {
            Self::Bytes(bytes) => Some(whole(bytes)?),
            _ => None,
        };
        Ok(move |path: &Path, taken| match (&self, &value) {
            (Self::Unreadable(why), _) => Read::Unreadable((*why).into()),
            (_, Some(value)) => path.read_from(taken, value),
            _ => Read::Missing { taken },
        })
    }
}

fn whole(bytes: &[u8]) -> Result<Value, Broken> {
    Decoder::plain(bytes).value()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::from_json;

    fn paths(texts: &[&str]) -> Reads {
        let mut reads = Reads::default();
        for text in texts {
            reads.add(Path::parse(text).unwrap());
        }
        reads
    }

    #[test]
    fn what_was_packed_is_read_record_by_record() {
        let reads = paths(&["a", "a[*].b", "a[0].b", "c.d"]);
        let value = from_json(r#"[{"b": 1}, {"b": 2.0}]"#).unwrap();
        let mut packed = Packed::default();
        for taken in [1, 0] {
            packed.value(&[1, 0, 2], 1, |out| {
                out.whole(&value);
                Ok::<_, String>(())
            });
            packed.missing(&[3], taken);
        }
        let mut unpack = packed.unpack(0);
        for taken in [1, 0] {
            let found = reads.read(&Value::map([("a", value.clone())]));
            let read = unpack.reads(&reads);
            for place in 0..3 {
                assert_eq!(read[place].read(), found[place].read());
            }
            assert_eq!(*read[3].read(), Read::Missing { taken });
        }
    }

    #[test]
    fn what_has_no_form_leaves_nothing_but_the_reason() {
        let reads = paths(&["a", "b"]);
        let mut packed = Packed::default();
        packed.value(&[1], 1, |out| {
            out.list(3);
            out.int(1);
            Err("it has none")
        });
        packed.value(&[0], 1, |out| {
            out.null();
            Ok::<_, String>(())
        });
        let read = packed.unpack(0).reads(&reads);
        assert_eq!(*read[0].read(), Read::Found(Value::Null));
        assert_eq!(*read[1].read(), Read::Unreadable("it has none".into()));
    }

    #[test]
    fn bytes_that_are_cut_off_read_as_an_error() {
        let mut packed = Packed::default();
        packed.value(&[0], 1, |out| {
            out.string("some text");
            Ok::<_, String>(())
        });
        packed.0.truncate(6);
        let read = packed.unpack(0).reads(&paths(&["a"]));
        assert!(matches!(read[0].read(), Read::Unreadable(_)), "{read:?}");
    }
}
