//! What a result keeps of a value that is too large to keep whole.

use super::data::Value;

/// The most that is kept of one value, in bytes of text and entries.
pub const KEPT_BYTES: usize = 4096;

/// What one item of an array or object is counted as, beside its text.
const ENTRY: usize = 24;

/// The value cut to [`KEPT_BYTES`], with what was left out marked in place, or `None` where it
/// is small enough to be kept whole.
///
/// ```
/// use scouter_tasks::value::{Value, cut};
///
/// let long = Value::from("x".repeat(10_000));
/// let kept = cut(&long).and_then(|kept| kept.as_text().map(str::to_owned));
/// assert!(kept.is_some_and(|text| text.ends_with("x… [cut: 10000 bytes in all]")));
/// assert_eq!(cut(&Value::from("short")), None);
/// ```
pub fn cut(value: &Value) -> Option<Value> {
    cut_to(value, KEPT_BYTES)
}

/// The same with another bound, in bytes. Of one text within a value at most half of it is kept.
pub fn cut_to(value: &Value, most: usize) -> Option<Value> {
    let room = Room::of(most);
    if fits(value, &mut room.clone()) { None } else { Some(shorten(value, &mut room.clone())) }
}

/// Whether there is nothing to do to keep the value: it is no array, no object, and not large.
pub(crate) fn is_kept_as_it_is(value: &Value) -> bool {
    match value {
        Value::Text(text) => Room::default().takes_text(text.len()),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => true,
        Value::Decimal(_) | Value::List(_) | Value::Map(_) => false,
    }
}

/// How much is kept.
#[derive(Clone)]
pub(crate) struct Room {
    /// In bytes of text and entries.
    left: usize,
    /// Of one text.
    text: usize,
}

impl Room {
    fn of(most: usize) -> Self {
        Self { left: most, text: most / 2 }
    }

    /// Takes what a text of so many bytes counts: whether that was there.
    pub(crate) fn takes_text(&mut self, bytes: usize) -> bool {
        bytes <= self.text && self.take(bytes)
    }

    /// Takes what an item counts, or an entry with a key of so many bytes, beside its value.
    pub(crate) fn takes_entry(&mut self, key: usize) -> bool {
        self.take(ENTRY + key)
    }

    fn take(&mut self, bytes: usize) -> bool {
        let enough = bytes <= self.left;
        self.left = self.left.saturating_sub(bytes);
        enough
    }
}

/// What is kept of one value.
impl Default for Room {
    fn default() -> Self {
        Self::of(KEPT_BYTES)
    }
}

/// Whether the value fits the room that is left, which is taken from it. Stops at the bound: the
/// cost does not grow with the value.
fn fits(value: &Value, room: &mut Room) -> bool {
    match value {
        Value::Text(text) => room.takes_text(text.len()),
        Value::List(items) => items.iter().all(|item| room.takes_entry(0) && fits(item, room)),
        Value::Map(map) => map.iter().all(|(key, item)| room.takes_entry(key.len()) && fits(item, room)),
        Value::Decimal(decimal) => room.takes_text(decimal.most_bytes()),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => true,
    }
}

fn shorten(value: &Value, room: &mut Room) -> Value {
    match value {
        Value::Text(text) => match shorten_text(text, room) {
            None => value.clone(),
            Some(kept) => kept,
        },
        // Digits that are left out make another number, so that what is kept is text.
        Value::Decimal(decimal) => match shorten_text(&decimal.to_string(), room) {
            None => value.clone(),
            Some(kept) => kept,
        },
        Value::List(items) => {
            let mut kept = Vec::new();
            for item in items.iter() {
                if !room.takes_entry(0) {
                    kept.push(Value::from(format!("… [cut: {} items in all]", items.len())));
                    break;
                }
                kept.push(shorten(item, room));
            }
            Value::from(kept)
        }
        Value::Map(map) => {
            let mut kept = Vec::new();
            for (key, item) in map.iter() {
                if !room.takes_entry(key.len()) {
                    kept.push(("…".into(), Value::from(format!("[cut: {} entries in all]", map.len()))));
                    break;
                }
                kept.push((key.clone(), shorten(item, room)));
            }
            Value::map::<smol_str::SmolStr>(kept)
        }
        other => other.clone(),
    }
}

/// The beginning of a text that is too long, with a mark.
fn shorten_text(text: &str, room: &mut Room) -> Option<Value> {
    let kept = text.floor_char_boundary(text.len().min(room.text).min(room.left));
    room.left = room.left.saturating_sub(kept);
    let mark = || Value::from(format!("{}… [cut: {} bytes in all]", &text[..kept], text.len()));
    (kept < text.len()).then(mark)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Decimal;

    #[test]
    fn a_long_array_keeps_its_beginning_and_says_how_long_it_was() {
        let kept = cut(&Value::list((0..100_000).map(Value::Int))).unwrap();
        let items = kept.as_list().unwrap();
        assert!(items.len() < 200);
        assert_eq!(items[0], Value::Int(0));
        assert_eq!(items.last().unwrap(), &Value::from("… [cut: 100000 items in all]"));
    }

    #[test]
    fn text_is_cut_between_characters() {
        let kept = cut(&Value::from("é".repeat(5_000))).unwrap();
        assert!(kept.as_text().unwrap().starts_with("éé"));
    }

    #[test]
    fn a_number_of_many_digits_is_kept_as_the_beginning_of_its_digits() {
        let long: Value = format!("1{}", "0".repeat(4_000)).parse::<Decimal>().unwrap().into();
        let kept = cut(&long).unwrap();
        assert!(kept.as_text().unwrap().ends_with("000… [cut: 4001 bytes in all]"), "{kept}");
        let short: Value = "9".repeat(100).parse::<Decimal>().unwrap().into();
        assert_eq!(cut(&short), None);
        assert!(cut(&Value::list((0..50).map(|_| short.clone()))).is_some());
        let kept = cut(&Value::list((0..150).map(|_| long.clone()))).unwrap();
        assert!(kept.to_string().len() < 3 * KEPT_BYTES);
    }

    #[test]
    fn a_number_with_a_large_exponent_counts_as_the_digits_it_is_written_with() {
        for text in ["1e4299", "1e-9999", "-1.5e-9000"] {
            let value: Value = text.parse::<Decimal>().unwrap().into();
            assert!(cut(&value).is_some(), "{text}");
        }
    }

    #[test]
    fn nothing_that_is_kept_is_larger_than_a_few_kilobytes() {
        let text = Value::from("x".repeat(1_000_000));
        let nested = Value::list((0..1_000).map(|_| Value::map([("key", text.clone())])));
        assert!(cut(&nested).unwrap().to_string().len() < 3 * KEPT_BYTES);
    }
}
