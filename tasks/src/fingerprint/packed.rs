//! The print of a value that is still bytes: the one of the value that would be made of them.

use super::kind;
use super::mix::Mix;
use crate::codec::{Broken, Decoder, tag};

/// Takes in a value that a plain encoder wrote; `None` where it has a part that only a value tells.
pub(super) fn print(mix: Mix, bytes: &[u8]) -> Option<Mix> {
    part(mix, &mut Decoder::plain(bytes)).ok()
}

fn part(mix: Mix, bytes: &mut Decoder<'_>) -> Result<Mix, Broken> {
    Ok(match bytes.byte()? {
        tag::NULL => mix.words(kind::NULL, 0, 0),
        tag::FALSE => mix.words(kind::BOOL, 0, 0),
        tag::TRUE => mix.words(kind::BOOL, 1, 0),
        tag::INT => mix.words(kind::INT, bytes.int()?.cast_unsigned(), 0),
        // Every NaN is written as the same.
        tag::FLOAT => mix.words(kind::FLOAT, u64::from_le_bytes(bytes.array()?), 0),
        tag::TEXT => mix.bytes(kind::TEXT, text(bytes)?),
        tag::LIST => {
            let items = bytes.count()?;
            let list = mix.words(kind::LIST, items as u64, 0);
            (0..items).try_fold(list, |mix, _| part(mix, bytes))?
        }
        tag::MAP => {
            let entries = bytes.count()?;
            let object = mix.words(kind::MAP, entries as u64, 0);
            (0..entries).try_fold(object, |mix, _| part(mix.bytes(kind::KEY, text(bytes)?), bytes))?
        }
        _ => return Err(Broken),
    })
}

fn text<'b>(bytes: &mut Decoder<'b>) -> Result<&'b [u8], Broken> {
    let count = bytes.count()?;
    bytes.bytes(count)
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
        Encoder::plain(&mut bytes).whole(&from_json(r#"["text"]"#).unwrap());
        assert!(print(Mix::default(), &bytes[..bytes.len() - 1]).is_none());
    }
}
