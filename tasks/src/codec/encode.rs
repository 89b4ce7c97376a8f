//! Values into bytes.

use crate::value::Value;

/// What begins a value.
pub(super) mod tag {
    pub(crate) const NULL: u8 = 0;
    pub(crate) const FALSE: u8 = 1;
    pub(crate) const TRUE: u8 = 2;
    pub(crate) const INT: u8 = 3;
    pub(crate) const FLOAT: u8 = 4;
    pub(crate) const DECIMAL: u8 = 5;
    pub(crate) const TEXT: u8 = 6;
    /// A long text that stands further up.
    pub(crate) const TEXT_AGAIN: u8 = 7;
    pub(crate) const LIST: u8 = 8;
    pub(crate) const MAP: u8 = 9;
    /// An array or object as JSON.
    pub(crate) const PACKED: u8 = 10;
    pub(crate) const PACKED_AGAIN: u8 = 11;
}

/// Texts of more bytes than this are shared in memory, and may stand in a row more than once.
pub(super) const LONG: usize = 23;

/// How many long texts back one is looked for.
const LOOK_BACK: usize = 8;

/// Appends values to bytes.
#[derive(Debug)]
pub(crate) struct Encoder<'o, 'v> {
    pub(super) out: &'o mut Vec<u8>,
    /// The last long texts; `None` where each is written out, whether it is shared or not.
    long: Option<Long<'v>>,
}

/// The long texts that were written last, one after another in a ring.
#[derive(Debug, Default)]
struct Long<'v> {
    texts: [&'v str; LOOK_BACK],
    next: usize,
}

impl<'v> Long<'v> {
    /// How many long texts ago this one was written, the last being 0. The same place in memory is the same text:
    /// all of them live as long as this does.
    fn find(&self, text: &str) -> Option<usize> {
        let at = self.texts.iter().position(|known| std::ptr::eq(*known, text))?;
        Some((self.next + LOOK_BACK - 1 - at) % LOOK_BACK)
    }

    fn push(&mut self, text: &'v str) {
        self.texts[self.next] = text;
        self.next = (self.next + 1) % LOOK_BACK;
    }
}

impl<'o, 'v> Encoder<'o, 'v> {
    /// Writes what is shared in memory once.
    pub(crate) fn sharing(out: &'o mut Vec<u8>) -> Self {
        Self { out, long: Some(Long::default()) }
    }

    /// Writes everything out: the same bytes for equal values.
    pub(crate) fn plain(out: &'o mut Vec<u8>) -> Self {
        Self { out, long: None }
    }

    pub(crate) fn byte(&mut self, byte: u8) {
        self.out.push(byte);
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// Seven bits a byte, the lowest first.
    pub(crate) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            #[expect(clippy::cast_possible_truncation, reason = "seven bits of it")]
            self.out.push(number as u8 | 0x80);
            number >>= 7;
        }
        #[expect(clippy::cast_possible_truncation, reason = "seven bits are left")]
        self.out.push(number as u8);
    }

    pub(crate) fn count(&mut self, count: usize) {
        self.number(count as u64);
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.count(text.len());
        self.bytes(text.as_bytes());
    }

    pub(crate) fn maybe_text(&mut self, text: Option<&str>) {
        match text {
            None => self.byte(0),
            Some(text) => {
                self.byte(1);
                self.text(text);
            }
        }
    }

    pub(crate) fn value(&mut self, value: &'v Value) {
        match value {
            Value::Null => self.byte(tag::NULL),
            Value::Bool(false) => self.byte(tag::FALSE),
            Value::Bool(true) => self.byte(tag::TRUE),
            Value::Int(int) => {
                self.byte(tag::INT);
                // Small numbers of either sign take few bytes.
                self.number((int.cast_unsigned() << 1) ^ (int >> 63).cast_unsigned());
            }
            Value::Float(float) => {
                self.byte(tag::FLOAT);
                let float = if float.is_nan() { f64::NAN } else { *float };
                self.bytes(&float.to_bits().to_le_bytes());
            }
            Value::Decimal(decimal) => {
                self.byte(tag::DECIMAL);
                self.text(&decimal.to_string());
            }
            Value::Text(text) => self.shared(text, tag::TEXT, tag::TEXT_AGAIN),
            Value::List(items) => {
                self.byte(tag::LIST);
                self.count(items.len());
                items.iter().for_each(|item| self.value(item));
            }
            Value::Map(map) => {
                self.byte(tag::MAP);
                self.count(map.len());
                for (key, item) in map.iter() {
                    self.text(key);
                    self.value(item);
                }
            }
        }
    }

    /// An array or object that is JSON already.
    pub(crate) fn packed(&mut self, json: &'v str) {
        self.shared(json, tag::PACKED, tag::PACKED_AGAIN);
    }

    fn shared(&mut self, text: &'v str, first: u8, again: u8) {
        if let Some(long) = self.long.as_mut().filter(|_| text.len() > LONG) {
            if let Some(back) = long.find(text) {
                self.byte(again);
                self.count(back);
                return;
            }
            long.push(text);
        }
        self.byte(first);
        self.text(text);
    }
}
