//! What a node of ours makes: the value it looked at, and whatever cannot be derived from it.

use std::borrow::Cow;
use std::sync::Arc;

use crate::call::Call;
use crate::codec::{Decoder, Encoder};
use crate::value::{Number, Value, cut, is_kept_as_it_is, write_json};

/// The output of a node.
///
/// Millions of these are kept, so messages are not: they are worked out again from the value and
/// the task when somebody reads them, unless they can't be.
#[derive(Clone, Debug)]
pub struct Measured(Form);

#[derive(Clone, Debug)]
enum Form {
    /// The value says it all.
    Plain(Actual),
    More(Box<More>),
}

/// The value that was judged, in the form in which it is held.
#[derive(Clone, Debug)]
pub(crate) enum Actual {
    /// As it is.
    Whole(Value),
    /// An array or object as bytes.
    Packed(Arc<[u8]>),
}

#[derive(Clone, Debug)]
struct More {
    actual: Actual,
    /// What was expected, where it came from the record.
    expected: Option<Value>,
    /// What there is to say, where the value alone does not tell.
    note: Option<String>,
    /// What asking a model came to, where one was asked.
    call: Option<Box<Call>>,
    /// What was measured over all records, of which the value is a part.
    found: Option<Value>,
}

impl Actual {
    pub(crate) fn value(&self) -> Cow<'_, Value> {
        match self {
            Self::Whole(value) => Cow::Borrowed(value),
            // What we wrote reads back.
            Self::Packed(bytes) => Cow::Owned(Decoder::plain(bytes).value().unwrap_or_default()),
        }
    }

    /// How many bytes of text, or of what is packed, it holds.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Whole(value) => value.as_text().map_or(0, str::len),
            Self::Packed(bytes) => bytes.len(),
        }
    }
}

impl Default for Actual {
    fn default() -> Self {
        Self::Whole(Value::Null)
    }
}

impl Default for Measured {
    fn default() -> Self {
        Self::of(Value::Null)
    }
}

impl PartialEq for Measured {
    /// By what is said, however it is kept.
    fn eq(&self, other: &Self) -> bool {
        let same = |own: Option<&Value>, other: Option<&Value>| match (own, other) {
            (Some(own), Some(other)) => own.is_same(other),
            (own, other) => own.is_none() && other.is_none(),
        };
        same(Some(&self.actual()), Some(&other.actual()))
            && same(self.expected(), other.expected())
            && self.note() == other.note()
            && self.call() == other.call()
            && same(self.found(), other.found())
    }
}

impl Measured {
    /// A value and nothing else.
    pub fn of(actual: Value) -> Self {
        Self(Form::Plain(Actual::Whole(actual)))
    }

    /// An array or object as bytes, small enough to be kept, and nothing else.
    pub(crate) fn of_packed(bytes: Arc<[u8]>) -> Self {
        Self(Form::Plain(Actual::Packed(bytes)))
    }

    /// The value that was judged. Owned where it was packed to be kept.
    pub fn actual(&self) -> Cow<'_, Value> {
        self.held().value()
    }

    /// What dependents see under the task's id: the whole reply of a model, where one was asked, all that was measured of columns,
    /// where that was done, and the value that was judged otherwise.
    pub fn output(&self) -> Cow<'_, Value> {
        let found = || self.found().map_or_else(|| self.actual(), Cow::Borrowed);
        self.call().map_or_else(found, Call::reply)
    }

    /// What was measured over all records, of which the value that was judged is a part.
    pub fn found(&self) -> Option<&Value> {
        self.more()?.found.as_ref()
    }

    /// What asking a model came to, where one was asked.
    pub fn call(&self) -> Option<&Call> {
        self.more()?.call.as_deref()
    }

    /// The number that was judged, where it is one.
    pub(crate) fn number(&self) -> Option<f64> {
        match self.held() {
            Actual::Whole(value) => value.as_number().map(Number::to_f64),
            // Only arrays and objects are packed.
            Actual::Packed(_) => None,
        }
    }

    /// How many bytes of text, or of what is packed, it holds.
    pub(crate) fn bytes(&self) -> usize {
        let note = self.note().map_or(0, str::len);
        self.held().bytes() + note + self.call().map_or(0, Call::bytes)
    }

    /// Appends the value that was judged as JSON.
    pub fn write_actual(&self, out: &mut String) {
        write_json(out, &self.actual());
    }

    /// What was expected, where it came from the record.
    pub fn expected(&self) -> Option<&Value> {
        self.more()?.expected.as_ref()
    }

    /// The note, where there is one.
    pub fn note(&self) -> Option<&str> {
        self.more()?.note.as_deref()
    }

    /// The same with a note.
    #[must_use]
    pub fn with_note(self, note: impl Into<String>) -> Self {
        let mut more = self.into_more();
        more.note = Some(note.into());
        Self(Form::More(Box::new(more)))
    }

    /// The same with what was expected of this record.
    #[must_use]
    pub fn with_expected(self, expected: Value) -> Self {
        let mut more = self.into_more();
        more.expected = Some(expected);
        Self(Form::More(Box::new(more)))
    }

    /// The same with what asking a model came to.
    #[must_use]
    pub fn with_call(self, call: Call) -> Self {
        let mut more = self.into_more();
        more.call = Some(Box::new(call));
        Self(Form::More(Box::new(more)))
    }

    /// The same with what was measured over all records.
    #[must_use]
    pub fn with_found(self, found: Value) -> Self {
        let mut more = self.into_more();
        more.found = Some(found);
        Self(Form::More(Box::new(more)))
    }

    /// Makes it small enough to keep: cuts what is too large and packs arrays and objects.
    /// `message` is asked for the message first, where cutting would change it.
    pub(crate) fn trim(&mut self, packer: &mut Packer, message: impl FnOnce(&Self) -> String) {
        let Actual::Whole(value) = self.held() else { return };
        if matches!(self.0, Form::Plain(_)) && is_kept_as_it_is(value) {
            return;
        }
        let actual = cut(value);
        let expected = self.expected().and_then(cut);
        if (actual.is_some() || expected.is_some()) && self.note().is_none() {
            let message = message(self);
            *self = std::mem::take(self).with_note(message);
        }
        if let Some(actual) = actual {
            *self.held_mut() = Actual::Whole(actual);
        }
        if let Some(expected) = expected {
            *self = std::mem::take(self).with_expected(expected);
        }
        packer.pack(self.held_mut());
        if let Form::More(more) = &mut self.0
            && let Some(call) = &mut more.call
        {
            call.trim(packer);
        }
    }

    /// A value that is held in this form already.
    pub(crate) fn held_as(actual: Actual) -> Self {
        Self(Form::Plain(actual))
    }

    /// The value that was judged, as it is held.
    pub(crate) fn held(&self) -> &Actual {
        match &self.0 {
            Form::Plain(actual) => actual,
            Form::More(more) => &more.actual,
        }
    }

    fn held_mut(&mut self) -> &mut Actual {
        match &mut self.0 {
            Form::Plain(actual) => actual,
            Form::More(more) => &mut more.actual,
        }
    }

    fn more(&self) -> Option<&More> {
        match &self.0 {
            Form::Plain(_) => None,
            Form::More(more) => Some(more),
        }
    }

    fn into_more(self) -> More {
        match self.0 {
            Form::Plain(actual) => More { actual, expected: None, note: None, call: None, found: None },
            Form::More(more) => *more,
        }
    }
}

/// Packs the arrays and objects of one report as bytes, which take a fraction of the memory that they do. What
/// several tasks looked at is packed once, and shared.
#[derive(Debug, Default)]
pub(crate) struct Packer {
    bytes: Vec<u8>,
    /// What was packed last.
    packed: [Option<(Value, Arc<[u8]>)>; LOOK_BACK],
    next: usize,
}

/// How many bytes an array or object usually takes at most: room for them is made at once.
const USUAL: usize = 512;

/// How many of the values that were packed last are looked at again.
const LOOK_BACK: usize = 4;

impl Packer {
    pub(crate) fn pack(&mut self, actual: &mut Actual) {
        let Actual::Whole(value) = actual else { return };
        if !matches!(value, Value::List(_) | Value::Map(_)) {
            return;
        }
        let mut last = self.packed.iter().flatten();
        if let Some((_, bytes)) = last.find(|(packed, _)| is_shared(packed, value)) {
            *actual = Actual::Packed(bytes.clone());
            return;
        }
        self.bytes.clear();
        self.bytes.reserve(USUAL);
        Encoder::plain(&mut self.bytes).value(value);
        let bytes: Arc<[u8]> = self.bytes.as_slice().into();
        let packed = std::mem::replace(actual, Actual::Packed(bytes.clone()));
        if let Actual::Whole(value) = packed {
            self.packed[self.next % LOOK_BACK] = Some((value, bytes));
            self.next += 1;
        }
    }
}

/// Whether both are the same array or object in memory.
fn is_shared(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::List(a), Value::List(b)) => Arc::ptr_eq(a, b),
        (Value::Map(a), Value::Map(b)) => Arc::ptr_eq(a, b),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::from_json;

    fn trimmed(value: &Value) -> Measured {
        let mut measured = Measured::of(value.clone());
        measured.trim(&mut Packer::default(), |_| "the message".to_owned());
        measured
    }

    #[test]
    fn an_outcome_takes_32_bytes() {
        // Millions of them are kept.
        assert_eq!(size_of::<scouter_engine::Outcome<Measured>>(), 32);
    }

    #[test]
    fn a_packed_value_is_read_as_it_was() {
        let json =
            r#"{"z": [1, 1.0, -0.0, 1e300, NaN, true, null, 36893488147419103232], "a": "\u0000 \" é"}"#;
        let value = from_json(json).unwrap();
        let kept = trimmed(&value);
        assert!(matches!(kept.held(), Actual::Packed(_)));
        // Debug tells `1` from `1.0`, and `-0.0` from `0.0`, which are equal otherwise.
        assert_eq!(format!("{:?}", kept.actual()), format!("{value:?}"));
        assert_eq!(kept.note(), None);
    }

    #[test]
    fn a_packed_value_is_written_as_it_would_be_unpacked() {
        let value =
            from_json(r#"{"z": [1, 1.0, -0.0, 1e300, NaN, true, null], "a": "\u0000 \" é"}"#).unwrap();
        let mut json = String::new();
        trimmed(&value).write_actual(&mut json);
        assert_eq!(json, value.to_string());
    }

    #[test]
    fn a_packed_decimal_fraction_stays_exact() {
        let fraction = Value::from("0.1".parse::<crate::value::Decimal>().unwrap());
        let value = Value::map([("amounts", Value::list([fraction]))]);
        assert_eq!(format!("{:?}", trimmed(&value).actual()), format!("{value:?}"));
    }

    #[test]
    fn a_value_that_two_tasks_looked_at_is_packed_once() {
        let value = Value::list([Value::Int(1)]);
        let mut packer = Packer::default();
        let [first, second] = [0, 1].map(|_| {
            let mut measured = Measured::of(value.clone());
            measured.trim(&mut packer, |_| String::new());
            measured
        });
        let (Actual::Packed(first), Actual::Packed(second)) = (first.held(), second.held()) else {
            panic!("they are packed");
        };
        assert!(Arc::ptr_eq(first, second));
    }

    #[test]
    fn what_was_cut_says_what_it_would_have_explained() {
        let long = Value::list((0..10_000).map(Value::Int));
        let kept = trimmed(&long);
        assert_eq!(kept.note(), Some("the message"));
        assert!(kept.actual().as_list().is_some_and(|items| items.len() < 200));
    }

    #[test]
    fn trimming_again_changes_nothing() {
        let mut kept = trimmed(&Value::list([Value::Int(1)])).with_expected(Value::Int(2)).with_note("n");
        let before = kept.clone();
        kept.trim(&mut Packer::default(), |_| String::new());
        assert_eq!(kept, before);
    }
}
