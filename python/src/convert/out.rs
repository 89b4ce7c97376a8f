//! What the value of an object is written to.

use scouter_tasks::packed::Encoder;
use scouter_tasks::value::Value;

use super::wrong::Wrong;

/// Whether all of an object was written.
pub(crate) type Written = Result<(), Wrong>;

/// What the value of an object is written to, piece by piece. What begins an array or an object is followed by as many items, or keys and values,
/// as it says.
pub(crate) trait Out {
    fn null(&mut self) -> Written;
    fn bool(&mut self, value: bool) -> Written;
    fn int(&mut self, int: i64) -> Written;
    fn float(&mut self, float: f64) -> Written;
    fn string(&mut self, text: &str) -> Written;
    fn list(&mut self, items: usize) -> Written;
    fn map(&mut self, entries: usize) -> Written;
    fn key(&mut self, key: &str) -> Written;
    fn whole(&mut self, value: &Value) -> Written;
}

/// Bytes that values are made of later take everything.
macro_rules! takes_everything {
    ($($method:ident($what:ty),)+) => {
        impl Out for Encoder<'_, '_> {
            fn null(&mut self) -> Written {
                Encoder::null(self);
                Ok(())
            }

            $(fn $method(&mut self, what: $what) -> Written {
                Encoder::$method(self, what);
                Ok(())
            })+
        }
    };
}

takes_everything! {
    bool(bool),
    int(i64),
    float(f64),
    string(&str),
    list(usize),
    map(usize),
    key(&str),
    whole(&Value),
}
