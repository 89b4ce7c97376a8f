//! What was read from records, as bytes.
//!
//! Whoever holds the records, such as the one thread that may look at Python objects, only copies what the plan reads;
//! the values are made of it on the threads that judge them.

use std::fmt;

pub use crate::codec::Encoder;
use crate::codec::{Broken, Decoder};
use crate::path::{Path, Read};
use crate::subject::Reads;
use crate::value::Value;

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
        if let Err(why) = write(&mut Encoder::plain(&mut self.0)) {
            self.0.truncate(start);
            self.0.push(tag::UNREADABLE);
            Encoder::plain(&mut self.0).text(&why.to_string());
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
    pub fn reads(&mut self, paths: &Reads) -> Box<[Read]> {
        let mut reads: Box<[Read]> = paths.paths().iter().map(|_| Read::Missing { taken: 0 }).collect();
        if let Err(broken) = self.fill(paths.paths(), &mut reads) {
            // Bytes that nobody but us has had in his hands; if they ever are broken, nothing of them counts.
            reads.fill(Read::Unreadable(broken.to_string().into()));
        }
        reads
    }

    fn fill(&mut self, paths: &[Path], reads: &mut [Read]) -> Result<(), Broken> {
        let mut left = reads.len();
        while left > 0 {
            let found: Option<Result<Value, &str>> = match self.0.byte()? {
                tag::MISSING => None,
                tag::UNREADABLE => Some(Err(self.0.text()?)),
                tag::VALUE => Some(Ok(self.0.value()?)),
                _ => return Err(Broken),
            };
            let taken = self.index()?;
            let count = self.index()?;
            left = left.checked_sub(count).filter(|_| count > 0).ok_or(Broken)?;
            for _ in 1..count {
                let (path, read) = self.place(paths, reads)?;
                *read = match &found {
                    None => Read::Missing { taken },
                    Some(Err(why)) => Read::Unreadable((*why).into()),
                    Some(Ok(value)) => path.read_from(taken, value),
                };
            }
            // The last of them may keep the value itself.
            let (path, read) = self.place(paths, reads)?;
            *read = match found {
                None => Read::Missing { taken },
                Some(Err(why)) => Read::Unreadable(why.into()),
                Some(Ok(value)) => path.read_owned_from(taken, value),
            };
        }
        Ok(())
    }

    fn place<'a>(
        &mut self,
        paths: &'a [Path],
        reads: &'a mut [Read],
    ) -> Result<(&'a Path, &'a mut Read), Broken> {
        let at = self.index()?;
        paths.get(at).zip(reads.get_mut(at)).ok_or(Broken)
    }

    fn index(&mut self) -> Result<usize, Broken> {
        usize::try_from(self.0.number()?).map_err(|_| Broken)
    }
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
            assert_eq!(read[..3], found[..3]);
            assert_eq!(read[3], Read::Missing { taken });
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
        assert_eq!(*read, [Read::Found(Value::Null), Read::Unreadable("it has none".into())]);
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
        assert!(matches!(&read[0], Read::Unreadable(_)), "{read:?}");
    }
}
