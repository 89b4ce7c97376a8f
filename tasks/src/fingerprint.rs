//! What tells whether something has changed: 128 bits of what it is made of.

use std::fmt;
use std::num::NonZeroU32;

use twox_hash::XxHash3_128;

use crate::codec::Encoder;
use crate::path::Read;
use crate::result::Labels;
use crate::run::Entry;
use crate::subject::Spans;
use crate::value::{Value, to_value};

/// 128 bits (XXH3) of what something is made of: the same for the same, and for different things as
/// good as never. It is no protection against somebody who wants two things to have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(u128);

impl Fingerprint {
    /// Of a value.
    pub fn of(value: &Value) -> Self {
        let mut print = Printer::default();
        print.value(value);
        print.done()
    }

    pub(crate) fn to_bytes(self) -> [u8; 16] {
        self.0.to_le_bytes()
    }

    pub(crate) fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_le_bytes(bytes))
    }
}

/// 32 hexadecimal digits.
impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// What a record is to a suite: its id, what it belongs to, and all that the suite's nodes can see of it.
pub(crate) fn of_record(printer: &mut Printer, entry: &Entry) -> Fingerprint {
    let subject = &entry.subject;
    printer.text(entry.id.as_deref());
    if let Some(Labels { case, trial, cluster }) = entry.labels.as_deref() {
        printer.text(case.as_deref());
        printer.trial(*trial);
        printer.text(cluster.as_deref());
    }
    let mut encoder = Encoder::plain(&mut printer.0);
    for read in &subject.reads {
        match read {
            Read::Found(value) => {
                encoder.byte(0);
                encoder.value(value);
            }
            Read::Missing { taken } => {
                encoder.byte(1);
                encoder.count(*taken);
            }
            Read::Unreadable(why) => {
                encoder.byte(2);
                encoder.text(why);
            }
        }
    }
    match &subject.spans {
        Spans::Absent => encoder.byte(0),
        Spans::Unusable(why) => {
            encoder.byte(1);
            encoder.text(why);
        }
        Spans::Tree(trace) => {
            encoder.byte(2);
            // Spans are plain data, which always has a form.
            let spans = to_value(trace.spans()).unwrap_or_default();
            Encoder::plain(&mut printer.0).value(&spans);
        }
    }
    if let Some(origin) = subject.recall.as_ref().and_then(|recall| recall.origin) {
        printer.print(origin.print);
    }
    printer.done()
}

/// Puts a fingerprint together from parts.
#[derive(Debug, Default)]
pub struct Printer(Vec<u8>);

impl Printer {
    /// A value; `1` and `1.0` differ, and so do objects whose keys stand in another order.
    pub fn value(&mut self, value: &Value) {
        Encoder::plain(&mut self.0).value(value);
    }

    /// A text, or none.
    pub fn text(&mut self, text: Option<&str>) {
        Encoder::plain(&mut self.0).maybe_text(text);
    }

    /// Which of several trials, or that there is but one.
    pub fn trial(&mut self, trial: Option<NonZeroU32>) {
        Encoder::plain(&mut self.0).number(trial.map_or(0, NonZeroU32::get).into());
    }

    /// Another fingerprint.
    pub fn print(&mut self, print: Fingerprint) {
        self.0.extend(print.to_bytes());
    }

    /// The fingerprint of all parts in their order. Ready for the next one.
    pub fn done(&mut self) -> Fingerprint {
        let print = Fingerprint(XxHash3_128::oneshot(&self.0));
        self.0.clear();
        print
    }
}
