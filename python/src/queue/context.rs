//! The context of a record as JSON.
//!
//! It is written by the thread that inserts, in one walk over the objects: later they may have changed, so something must be copied at once, and JSON
//! costs hardly more than any other bytes would. So nothing is left to be done to it, what has no form in JSON is told at once, and a context that is too
//! large is given up as soon as it is.

use pyo3::prelude::*;
use scouter_tasks::value::{Value, to_json};
use scouter_wire::MAX_CONTEXT;
use scouter_wire::receipt::RefusalCode;
use serde_json::value::RawValue;

use super::row::Misfit;
use crate::convert::{Converter, Out, Written};

/// The JSON of a context.
///
/// # Errors
/// It has none, or one that is too large.
pub(super) fn json(context: &Bound<'_, PyAny>) -> Result<Box<RawValue>, Misfit> {
    let mut out = Text::default();
    let written = Converter::default().write(context, &mut out);
    let no_form = |why: &dyn std::fmt::Display| format!("its context has no form in JSON: {why}");
    if out.unfit == Some(Unfit::TooLarge) || out.bytes.len() > MAX_CONTEXT {
        let reason =
            format!("its context takes more than {MAX_CONTEXT} bytes as JSON: leave out what no task reads");
        return Err(Misfit::new(RefusalCode::TooLarge, reason));
    }
    if let Err(wrong) = written {
        let code = if out.unfit.is_some() { RefusalCode::NotFinite } else { RefusalCode::Type };
        return Err(Misfit::new(code, no_form(&wrong)));
    }
    let text =
        String::from_utf8(out.bytes).map_err(|error| Misfit::new(RefusalCode::Type, no_form(&error)))?;
    // What is in sets is written by others, who write NaN as Python does.
    RawValue::from_string(text).map_err(|error| Misfit::new(RefusalCode::Type, no_form(&error)))
}

/// JSON text that grows up to a bound.
#[derive(Debug, Default)]
struct Text {
    bytes: Vec<u8>,
    /// The arrays and objects that are open.
    open: Vec<Open>,
    unfit: Option<Unfit>,
}

/// An array or an object that is open.
#[derive(Debug)]
struct Open {
    /// How many items or entries are still to come.
    left: usize,
    empty: bool,
    is_list: bool,
}

/// Why it does not grow on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unfit {
    TooLarge,
    NotFinite,
}

impl Text {
    /// Looks whether so many bytes more are not too many.
    fn room(&mut self, more: usize) -> Written {
        if self.bytes.len() + more > MAX_CONTEXT {
            self.unfit = Some(Unfit::TooLarge);
            return Err("it is too large".into());
        }
        Ok(())
    }

    /// What stands before an item, or the key of an entry.
    fn comma(&mut self) {
        if let Some(open) = self.open.last_mut()
            && !std::mem::take(&mut open.empty)
        {
            self.bytes.push(b',');
        }
    }

    /// What stands before a value: those of entries have it before their key.
    fn begin(&mut self) {
        if self.open.last().is_some_and(|open| open.is_list) {
            self.comma();
        }
    }

    /// A value has ended, and with it all that it was the last of.
    fn end(&mut self) {
        while let Some(open) = self.open.last_mut() {
            open.left = open.left.saturating_sub(1);
            if open.left > 0 {
                return;
            }
            self.bytes.push(if open.is_list { b']' } else { b'}' });
            self.open.pop();
        }
    }

    fn scalar(&mut self, text: &[u8]) -> Written {
        self.room(text.len() + 1)?;
        self.begin();
        self.bytes.extend_from_slice(text);
        self.end();
        Ok(())
    }

    fn quoted(&mut self, text: &str) -> Written {
        // With its quotes. Escapes may take more, and be found a little late.
        self.room(text.len() + 2)?;
        serde_json::to_writer(&mut self.bytes, text).map_err(|error| error.to_string())?;
        Ok(())
    }

    fn nested(&mut self, len: usize, is_list: bool) -> Written {
        let [open, close] = if is_list { *b"[]" } else { *b"{}" };
        // Each takes two bytes at least.
        self.room(len.saturating_mul(2) + 2)?;
        self.begin();
        self.bytes.push(open);
        if len > 0 {
            self.open.push(Open { left: len, empty: true, is_list });
        } else {
            self.bytes.push(close);
            self.end();
        }
        Ok(())
    }
}

impl Out for Text {
    fn null(&mut self) -> Written {
        self.scalar(b"null")
    }

    fn bool(&mut self, value: bool) -> Written {
        self.scalar(if value { b"true" } else { b"false" })
    }

    fn int(&mut self, int: i64) -> Written {
        self.scalar(int.to_string().as_bytes())
    }

    fn float(&mut self, float: f64) -> Written {
        if !float.is_finite() {
            self.unfit = Some(Unfit::NotFinite);
            return Err(format!("JSON has no word for {float}: give None or a text").into());
        }
        // The shortest digits that are read back as the same float, with `.0` where it is whole.
        self.scalar(format!("{float:?}").as_bytes())
    }

    fn string(&mut self, text: &str) -> Written {
        self.begin();
        self.quoted(text)?;
        self.end();
        Ok(())
    }

    fn list(&mut self, items: usize) -> Written {
        self.nested(items, true)
    }

    fn map(&mut self, entries: usize) -> Written {
        self.nested(entries, false)
    }

    fn key(&mut self, key: &str) -> Written {
        self.comma();
        self.quoted(key)?;
        self.bytes.push(b':');
        Ok(())
    }

    fn whole(&mut self, value: &Value) -> Written {
        self.scalar(to_json(value).as_bytes())
    }
}
