//! Values into bytes.

use crate::subject::Lookup;
use crate::value::Value;

/// What begins a value.
pub(crate) mod tag {
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
    /// An array or object as the bytes that it is kept in, with their length before them.
    pub(crate) const PACKED: u8 = 10;
    pub(crate) const PACKED_AGAIN: u8 = 11;
    /// What was read of the record, by its place among all that was: a long text, or what is packed.
    pub(crate) const OF_RECORD: u8 = 12;
}

/// Texts of more bytes than this are shared in memory, and may stand in a row more than once.
pub(super) const LONG: usize = 23;

/// How many long texts back one is looked for.
const LOOK_BACK: usize = 8;

/// Appends values to bytes.
///
/// What begins an array or an object is to be followed by as many items, or keys and values, as it says.
#[derive(Debug)]
pub struct Encoder<'o, 'v> {
    pub(super) out: &'o mut Vec<u8>,
    /// The last long texts; `None` where each is written out, whether it is shared or not.
    long: Option<Long<'v>>,
    record: OfRecord<'v>,
}

/// What was read of the record: whoever reads this has it, so it is told by its place.
#[derive(Debug, Default)]
struct OfRecord<'v> {
    reads: &'v [Lookup],
    /// Where something was found last.
    last: usize,
}

impl OfRecord<'_> {
    /// The place of what lies here in memory. It is looked for from the last one on: tasks mostly look at what is read in the
    /// order in which that was first named, and of many paths each would be looked for among all before it.
    fn find(&mut self, text: &[u8]) -> Option<usize> {
        let mut places = (self.last..self.reads.len()).chain(0..self.last);
        self.last = places.find(|at| self.reads[*at].is_held_at(text))?;
        Some(self.last)
    }
}

/// The long texts that were written last, packed values among them, one after another in a ring.
#[derive(Debug, Default)]
struct Long<'v> {
    texts: [&'v [u8]; LOOK_BACK],
    next: usize,
}

impl<'v> Long<'v> {
    /// How many long texts ago this one was written, the last being 0. The same place in memory is the same text:
    /// all of them live as long as this does.
    fn find(&self, text: &[u8]) -> Option<usize> {
        let at = self.texts.iter().position(|known| std::ptr::eq(*known, text))?;
        Some((self.next + LOOK_BACK - 1 - at) % LOOK_BACK)
    }

    fn push(&mut self, text: &'v [u8]) {
        self.texts[self.next] = text;
        self.next = (self.next + 1) % LOOK_BACK;
    }
}

impl<'o, 'v> Encoder<'o, 'v> {
    /// Writes what is shared in memory once, and nothing that was read of the record.
    pub(crate) fn sharing(out: &'o mut Vec<u8>, record: &'v [Lookup]) -> Self {
        Self { out, long: Some(Long::default()), record: OfRecord { reads: record, last: 0 } }
    }

    /// Writes everything out, so that each value can be read by itself: what is packed, what results keep, answers.
    pub fn plain(out: &'o mut Vec<u8>) -> Self {
        Self { out, long: None, record: OfRecord::default() }
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

    /// `null`
    pub fn null(&mut self) {
        self.byte(tag::NULL);
    }

    /// `true` or `false`
    pub fn bool(&mut self, value: bool) {
        self.byte(if value { tag::TRUE } else { tag::FALSE });
    }

    /// A whole number that fits 64 bits.
    pub fn int(&mut self, int: i64) {
        self.byte(tag::INT);
        // Small numbers of either sign take few bytes.
        self.number((int.cast_unsigned() << 1) ^ (int >> 63).cast_unsigned());
    }

    /// A floating-point number.
    pub fn float(&mut self, float: f64) {
        self.byte(tag::FLOAT);
        let float = if float.is_nan() { f64::NAN } else { float };
        self.bytes(&float.to_bits().to_le_bytes());
    }

    /// Text.
    pub fn string(&mut self, text: &str) {
        self.byte(tag::TEXT);
        self.text(text);
    }

    /// An array of so many items.
    pub fn list(&mut self, items: usize) {
        self.byte(tag::LIST);
        self.count(items);
    }

    /// An object of so many entries, no two of which have one key.
    pub fn map(&mut self, entries: usize) {
        self.byte(tag::MAP);
        self.count(entries);
    }

    /// The key of an entry; its value follows.
    pub fn key(&mut self, key: &str) {
        self.text(key);
    }

    /// A value with all that is in it.
    pub fn whole(&mut self, value: &Value) {
        Encoder::plain(self.out).value(value);
    }

    pub(crate) fn value(&mut self, value: &'v Value) {
        match value {
            Value::Null => self.null(),
            Value::Bool(value) => self.bool(*value),
            Value::Int(int) => self.int(*int),
            Value::Float(float) => self.float(*float),
            Value::Decimal(decimal) => {
                self.byte(tag::DECIMAL);
                self.text(&decimal.to_string());
            }
            Value::Text(text) => self.shared(text.as_bytes(), tag::TEXT, tag::TEXT_AGAIN),
            Value::List(items) => {
                self.list(items.len());
                items.iter().for_each(|item| self.value(item));
            }
            Value::Map(map) => {
                self.map(map.len());
                for (key, item) in map.iter() {
                    self.key(key);
                    self.value(item);
                }
            }
        }
    }

    /// An array or object that was made into bytes already.
    pub(crate) fn packed(&mut self, bytes: &'v [u8]) {
        self.shared(bytes, tag::PACKED, tag::PACKED_AGAIN);
    }

    fn shared(&mut self, text: &'v [u8], first: u8, again: u8) {
        if let Some(long) = self.long.as_mut().filter(|_| text.len() > LONG) {
            if let Some(at) = self.record.find(text) {
                self.byte(tag::OF_RECORD);
                self.count(at);
                return;
            }
            if let Some(back) = long.find(text) {
                self.byte(again);
                self.count(back);
                return;
            }
            long.push(text);
        }
        self.byte(first);
        self.count(text.len());
        self.bytes(text);
    }
}
