//! The print of a value that is still bytes: the one of the value that would be made of them.

use super::kind;
use super::mix::Mix;
use crate::codec::{Broken, Decoder, tag};

/// Takes in a value that a plain encoder wrote; `None` where it has a part that only a value tells.
pub(super) fn print(mix: Mix, bytes: &[u8]) -> Option<Mix> {
    let mut parts = Parts { bytes: Decoder::plain(bytes), broken: false };
    let mix = parts.take_value(mix);
    (!parts.broken).then_some(mix)
}

/// A value, or the head of an array or object, whose items or entries follow.
enum Part<'b> {
    Word { kind: u64, word: u64 },
    Text(&'b [u8]),
    List(usize),
    Map(usize),
}

/// The parts of a value, one after another. Whether they are broken is noted here and not told with what was taken in so far, which
/// is handed on by itself: a result of it would go through memory at every part, and each waits for the one before it.
struct Parts<'b> {
    bytes: Decoder<'b>,
    broken: bool,
}

impl<'b> Parts<'b> {
    fn take_value(&mut self, mix: Mix) -> Mix {
        match self.part() {
            Ok(Part::Word { kind, word }) => mix.words(kind, word, 0),
            Ok(Part::Text(text)) => mix.bytes(kind::TEXT, text),
            Ok(Part::List(items)) => self.take_items(mix.words(kind::LIST, items as u64, 0), items),
            Ok(Part::Map(entries)) => self.take_entries(mix.words(kind::MAP, entries as u64, 0), entries),
            Err(Broken) => self.break_off(mix),
        }
    }

    fn take_items(&mut self, mut mix: Mix, items: usize) -> Mix {
        for _ in 0..items {
            mix = self.take_value(mix);
            if self.broken {
                break;
            }
        }
        mix
    }

    fn take_entries(&mut self, mut mix: Mix, entries: usize) -> Mix {
        for _ in 0..entries {
            let Ok(key) = self.text() else { return self.break_off(mix) };
            mix = self.take_value(mix.bytes(kind::KEY, key));
            if self.broken {
                break;
            }
        }
        mix
    }

    fn break_off(&mut self, mix: Mix) -> Mix {
        self.broken = true;
        mix
    }

    fn part(&mut self) -> Result<Part<'b>, Broken> {
        let bytes = &mut self.bytes;
        let (kind, word) = match bytes.byte()? {
            tag::NULL => (kind::NULL, 0),
            tag::FALSE => (kind::BOOL, 0),
            tag::TRUE => (kind::BOOL, 1),
            tag::INT => (kind::INT, bytes.int()?.cast_unsigned()),
            // Every NaN is written as the same.
            tag::FLOAT => (kind::FLOAT, u64::from_le_bytes(bytes.array()?)),
            tag::TEXT => return self.text().map(Part::Text),
            tag::LIST => return bytes.count().map(Part::List),
            tag::MAP => return bytes.count().map(Part::Map),
            _ => return Err(Broken),
        };
        Ok(Part::Word { kind, word })
    }

    fn text(&mut self) -> Result<&'b [u8], Broken> {
        let count = self.bytes.count()?;
        self.bytes.bytes(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Encoder;
    use crate::fingerprint::Fingerprint;
    use crate::value::from_json;

    #[test]
    fn bytes_have_the_print_of_their_value() {
        for json in [
            r#"{"a": [null, true, false, -3, 9007199254740993, 1.0, -0.0, 1e300, NaN], "é": {"long": "a text of more bytes than two words"}}"#,
            "[]",
            "{}",
            r#"["", "x"]"#,
        ] {
            let value = from_json(json).unwrap();
            let mut bytes = Vec::new();
            Encoder::plain(&mut bytes).whole(&value);
            let print = print(Mix::default(), &bytes).map(|mix| Fingerprint(mix.done()));
            assert_eq!(print, Some(Fingerprint::of(&value)), "{json}");
        }
    }

    #[test]
    fn bytes_that_are_cut_off_have_none() {
        let mut bytes = Vec::new();
        Encoder::plain(&mut bytes).whole(&from_json(r#"{"a": ["text", 300], "b": {"c": 2.5}}"#).unwrap());
        for end in 0..bytes.len() {
            assert!(print(Mix::default(), &bytes[..end]).is_none(), "{end}");
        }
    }
}
