//! What can be told of an array or object without making a value of its bytes.

use super::decode::{Broken, Decoder};
use super::encode::tag;
use crate::value::{Kind, MAX_DEPTH, Room};

/// An array or an object, and of how many items or entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) kind: Kind,
    pub(crate) entries: usize,
}

/// The shape of an array or object in bytes that a plain encoder wrote, where it is small enough to be
/// [kept whole](crate::value::cut); `None` for anything else.
pub(crate) fn kept_shape(bytes: &[u8]) -> Option<Shape> {
    let kind = match *bytes.first()? {
        tag::LIST => Kind::List,
        tag::MAP => Kind::Map,
        _ => return None,
    };
    let entries = Decoder::plain(bytes.get(1..)?).count().ok()?;
    let mut decoder = Decoder::plain(bytes);
    let fits = decoder.fits(&mut Room::default(), 0).ok()?;
    (fits && decoder.is_empty()).then_some(Shape { kind, entries })
}

/// Whether one item of an array is this text, in bytes that [have a shape](kept_shape).
pub(crate) fn has_text(array: &[u8], wanted: &str) -> Result<bool, Broken> {
    let mut items = Decoder::plain(array);
    // What it is.
    items.byte()?;
    for _ in 0..items.count()? {
        let tag = items.byte()?;
        if tag == tag::TEXT {
            let text = items.count()?;
            if items.bytes(text)? == wanted.as_bytes() {
                return Ok(true);
            }
        } else if !items.fits_tagged(tag, &mut Room::default(), 1)? {
            // The array fits, and what is in it does.
            return Err(Broken);
        }
    }
    Ok(false)
}

impl Decoder<'_> {
    /// Passes over a value: whether it fits the room that is left, as it is told of values. Stops at the bound.
    fn fits(&mut self, room: &mut Room, depth: usize) -> Result<bool, Broken> {
        let tag = self.byte()?;
        self.fits_tagged(tag, room, depth)
    }

    /// The same of one of which the tag is known.
    fn fits_tagged(&mut self, tag: u8, room: &mut Room, depth: usize) -> Result<bool, Broken> {
        if depth > MAX_DEPTH {
            return Err(Broken);
        }
        match tag {
            tag::NULL | tag::FALSE | tag::TRUE => {}
            tag::INT => {
                self.number()?;
            }
            tag::FLOAT => {
                self.array::<8>()?;
            }
            tag::TEXT => {
                let text = self.count()?;
                self.bytes(text)?;
                return Ok(room.takes_text(text));
            }
            tag::LIST => {
                for _ in 0..self.count()? {
                    if !(room.takes_entry(0) && self.fits(room, depth + 1)?) {
                        return Ok(false);
                    }
                }
            }
            tag::MAP => {
                for _ in 0..self.count()? {
                    let key = self.count()?;
                    self.bytes(key)?;
                    if !(room.takes_entry(key) && self.fits(room, depth + 1)?) {
                        return Ok(false);
                    }
                }
            }
            // The digits of decimals are counted as they would be written out, which bytes do not tell.
            _ => return Ok(false),
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::codec::Encoder;
    use crate::value::{Value, cut};

    fn bytes(value: &Value) -> Vec<u8> {
        let mut bytes = Vec::new();
        Encoder::plain(&mut bytes).whole(value);
        bytes
    }

    fn list(items: usize) -> Value {
        Value::list((0..items).map(|_| Value::from("twelve bytes")))
    }

    #[test]
    fn what_is_kept_whole_is_told_from_what_is_cut() {
        let counted = 4096 / (24 + "twelve bytes".len());
        let kept = list(counted);
        assert_eq!(cut(&kept), None);
        assert_eq!(kept_shape(&bytes(&kept)), Some(Shape { kind: Kind::List, entries: counted }));
        let large = list(counted + 1);
        assert!(cut(&large).is_some());
        assert_eq!(kept_shape(&bytes(&large)), None);
    }

    #[test]
    fn a_long_text_within_is_cut() {
        let value = Value::map([("text", Value::from("x".repeat(3_000)))]);
        assert_eq!(kept_shape(&bytes(&value)), None);
    }

    #[test]
    fn bytes_that_are_cut_off_have_no_shape() {
        let whole = bytes(&list(3));
        for end in 0..whole.len() {
            assert_eq!(kept_shape(&whole[..end]), None, "{end}");
        }
    }

    #[test]
    fn a_text_is_found_among_the_items_of_an_array_and_not_within_them() {
        let nested = Value::list([Value::from("c"), Value::map([("d", Value::from("e"))])]);
        let array = bytes(&Value::list([Value::Int(7), nested, Value::from("a"), Value::from("bc")]));
        let found = ["a", "bc", "b", "c", "d", "e", ""].map(|text| has_text(&array, text).unwrap());
        assert_eq!(found, [true, true, false, false, false, false, false]);
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![any::<i64>().prop_map(Value::Int), ".{0,40}".prop_map(Value::from)];
        leaf.prop_recursive(3, 200, 60, |inner| {
            let map = prop::collection::vec(("[a-z]{1,9}", inner.clone()), 0..20);
            let list = prop::collection::vec(inner, 0..60);
            prop_oneof![list.prop_map(Value::from), map.prop_map(Value::map::<String>)]
        })
    }

    proptest! {
        #[test]
        fn an_array_or_object_has_a_shape_exactly_where_it_is_not_cut(value in values()) {
            let list = value.as_list().map(|items| Shape { kind: Kind::List, entries: items.len() });
            let map = value.as_map().map(|map| Shape { kind: Kind::Map, entries: map.len() });
            let kept = list.or(map).filter(|_| cut(&value).is_none());
            prop_assert_eq!(kept_shape(&bytes(&value)), kept);
        }
    }
}
