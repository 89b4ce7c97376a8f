//! Judging a value by an operator: shared by every kind of task that measures one.

use std::borrow::Cow;
use std::fmt;

use schemars::JsonSchema;
use scouter_engine::{NodeError, NodeResult, Output, Verdict};
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::build::Build;
use crate::braces::{correction, in_value};
use crate::codec::Shape;
use crate::measured::Measured;
use crate::operator::{Check, ExpectedError, Expects, Operator, Scope, short};
use crate::path::{Path, Read};
use crate::source::Cx;
use crate::subject::Lookup;
use crate::template::Template;
use crate::value::{Kind, Value};

/// How many items of an array must pass a check of single values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, JsonSchema)]
#[schemars(untagged)]
pub enum Each {
    /// Every item.
    #[default]
    #[schemars(with = "AllName")]
    All,
    /// One at least.
    #[schemars(with = "AnyName")]
    Any,
    /// None of them.
    #[schemars(with = "NoneName")]
    None,
    /// This many at least; 1 or more.
    AtLeast(#[schemars(range(min = 1))] usize),
}

macro_rules! names {
    ($($name:ident = $text:literal),*) => {
        $(#[derive(JsonSchema)]
        #[expect(dead_code, reason = "a name for the published schema")]
        enum $name {
            #[schemars(rename = $text)]
            Name,
        })*
    };
}

names!(AllName = "all", AnyName = "any", NoneName = "none");

impl Each {
    fn holds(self, tally: Tally) -> bool {
        // Without an item there is nothing that could pass.
        tally.items > 0
            && match self {
                Self::All => tally.passed == tally.items,
                Self::Any => tally.passed > 0,
                // What cannot be judged has not been shown to fail.
                Self::None => tally.failed == tally.items,
                Self::AtLeast(least) => tally.passed >= least,
            }
    }

    /// Whether a value that passes may not be enough, were it the only item.
    fn tells_one_from_all(self) -> bool {
        match self {
            Self::All | Self::Any | Self::AtLeast(0 | 1) => false,
            Self::None | Self::AtLeast(_) => true,
        }
    }

    fn rule(self) -> String {
        match self {
            Self::All => "all must".to_owned(),
            Self::Any => "one must".to_owned(),
            Self::None => "none may".to_owned(),
            Self::AtLeast(least) => format!("{least} must"),
        }
    }
}

impl Serialize for Each {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::All => serializer.serialize_str("all"),
            Self::Any => serializer.serialize_str("any"),
            Self::None => serializer.serialize_str("none"),
            Self::AtLeast(least) => serializer.serialize_u64(*least as u64),
        }
    }
}

impl<'de> Deserialize<'de> for Each {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;

        impl Visitor<'_> for Read {
            type Value = Each;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`all`, `any`, `none` or a least number of items, 1 or more")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Each, E> {
                match text.to_ascii_lowercase().as_str() {
                    "all" => Ok(Each::All),
                    "any" => Ok(Each::Any),
                    "none" => Ok(Each::None),
                    _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
                }
            }

            fn visit_i64<E: de::Error>(self, least: i64) -> Result<Each, E> {
                let wrong = || E::invalid_value(de::Unexpected::Signed(least), &self);
                match usize::try_from(least) {
                    Ok(least) if least > 0 => Ok(Each::AtLeast(least)),
                    _ => Err(wrong()),
                }
            }

            fn visit_u64<E: de::Error>(self, least: u64) -> Result<Each, E> {
                self.visit_i64(i64::try_from(least).unwrap_or(i64::MAX))
            }
        }

        deserializer.deserialize_any(Read)
    }
}

/// Reads a value that may be left out, and is null only where that is written.
pub(super) fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// A compiled expectation: an operator with what it expects, and how items count.
#[derive(Debug)]
pub struct Expectation {
    operator: Operator,
    expected: Expected,
    each: Each,
    /// What to pick from each item.
    item: Option<Path>,
}

#[derive(Debug)]
enum Expected {
    /// Prepared once.
    Fixed(Box<Check>),
    /// Filled in and prepared for each record.
    Filled(Template),
}

/// How the items of an array were judged; those that could not be are in neither count.
#[derive(Clone, Copy, Default)]
struct Tally {
    passed: usize,
    failed: usize,
    items: usize,
}

/// What a failed check says about a value that it could not look at as it is.
enum Fault {
    Empty,
    NotAnArray,
}

impl Expectation {
    /// Compiles an expectation. `expected` is `None` where it was left out, which is not the same as null. Problems
    /// name the fields `expected_value`, `item_context_path` and `each`.
    pub fn build(
        cx: &mut Build<'_>,
        operator: Operator,
        expected: Option<&Value>,
        each: Each,
        item: Option<&str>,
    ) -> Option<Self> {
        if expected.is_none() && operator.row().expects != Expects::Nothing {
            cx.problem("expected_value", forgotten(operator));
            return None;
        }
        let expected = expected.unwrap_or(&Value::Null);
        if each != Each::default() && item.is_none() && looks_at_whole(operator, expected) {
            cx.problem(
                "each",
                format!(
                    "`{operator}` looks at the array itself, not at its items; `item_context_path` picks from each item"
                ),
            );
        }
        let item = item.map(|path| cx.path("item_context_path", path));
        let expected = match cx.template("expected_value", expected)? {
            Template::Constant(expected) => {
                let check = operator.prepare(&expected);
                let check = check.map_err(|error| cx.problem("expected_value", error.to_string())).ok()?;
                Expected::Fixed(Box::new(check))
            }
            template => Expected::Filled(template),
        };
        let item = match item {
            None => None,
            Some(path) => Some(path?),
        };
        Some(Self { operator, expected, each, item })
    }

    /// Judges what was read. `path` names it in messages.
    ///
    /// # Errors
    /// Where what was read, or what is expected, has no form as a value.
    pub fn judge(&self, read: &Read, path: &Path, cx: &Cx<'_, '_>) -> NodeResult<Measured> {
        self.ready(cx)?.judge(read, path)
    }

    /// The same for what a path leads to. An array or object that came as bytes is kept as such, and no value is made of
    /// it to find its size or a text in it.
    ///
    /// # Errors
    /// As for [`Expectation::judge`].
    pub fn judge_lookup(&self, lookup: &Lookup, path: &Path, cx: &Cx<'_, '_>) -> NodeResult<Measured> {
        let (Expected::Fixed(check), Some(packed)) = (&self.expected, lookup.as_packed()) else {
            return self.judge(lookup.read(), path, cx);
        };
        let passed = match self.judge_bytes(check, packed.shape, &packed.bytes) {
            Some(passed) => passed,
            None => match lookup.read() {
                Read::Found(value) => self.holds(check, value),
                read => return self.judge(read, path, cx),
            },
        };
        Ok(Output { value: Measured::of_packed(packed.bytes.clone()), verdict: Some(verdict(passed)) })
    }

    /// The expectation with what is expected filled in for the record, to judge by it later.
    ///
    /// # Errors
    /// Where what is expected is not there, or is nothing that the operator can work with.
    #[inline]
    pub fn ready(&self, cx: &Cx<'_, '_>) -> Result<Ready<'_>, NodeError> {
        let filled = match &self.expected {
            Expected::Fixed(_) => None,
            Expected::Filled(template) => {
                let value = template.fill(cx).map_err(|error| NodeError::new(error.to_string()))?;
                let check = self.operator.prepare(&value).map_err(|error| {
                    NodeError::new(format!("use the expected value {}: {error}", short(&value)))
                })?;
                Some((Box::new(check), value))
            }
        };
        Ok(Ready { expectation: self, filled })
    }

    /// What is expected, where that is the same for every record.
    pub(super) fn fixed(&self) -> Option<&Value> {
        match &self.expected {
            Expected::Fixed(check) => Some(check.expected()),
            Expected::Filled(_) => None,
        }
    }

    /// Whether a value passes; `None` where what is expected stands in the records.
    pub(super) fn passes(&self, value: &Value) -> Option<bool> {
        match &self.expected {
            Expected::Fixed(check) => Some(self.holds(check, value)),
            Expected::Filled(_) => None,
        }
    }

    /// Whether its operator can judge such a value at all; `None` where what is expected stands in the records.
    pub(super) fn takes(&self, value: &Value) -> Option<bool> {
        match &self.expected {
            Expected::Fixed(check) => Some(check.judge(value).is_ok()),
            Expected::Filled(_) => None,
        }
    }

    /// Why a value passes or fails.
    pub fn explain(&self, measured: &Measured) -> String {
        let told = self.explanation(measured);
        // What is filled in is what the record says, braces and all.
        let Expected::Fixed(check) = &self.expected else { return told };
        match correction(in_value(check.expected())) {
            Some(slip) if !self.holds(check, &measured.actual()) => format!("{told}; {slip}"),
            _ => told,
        }
    }

    fn explanation(&self, measured: &Measured) -> String {
        let check = match self.check(measured) {
            Some(Ok(check)) => check,
            Some(Err(error)) => return error.to_string(),
            None => return String::new(),
        };
        let (check, value) = (&*check, &*measured.actual());
        let items = match self.items(check, value) {
            None => return check.explain(value),
            Some(Err(Fault::Empty)) => {
                return "the array is empty, and an empty array passes no check of its items".to_owned();
            }
            Some(Err(Fault::NotAnArray)) => {
                return format!(
                    "`item_context_path` picks from the items of an array, and this is {}",
                    value.kind()
                );
            }
            Some(Ok(items)) => items,
        };
        let tally = self.tally(check, items);
        let counts = format!("{} of {} items pass, {}", tally.passed, tally.items, self.each.rule());
        if self.each.holds(tally) {
            return counts;
        }
        let telling = self.unlike(check, items).next();
        match telling.and_then(|at| Some((at, items.get(at)?))) {
            None => counts,
            Some((at, item)) => {
                let judged = if self.item_passes(check, item).is_none() { " cannot be judged" } else { "" };
                format!("{counts}; item {at}{judged}: {}", self.explain_item(check, item))
            }
        }
    }

    /// The places of the items that are not as they have to be; `None` where the value is judged as a whole.
    pub fn at_fault(&self, measured: &Measured) -> Option<Vec<usize>> {
        let check = self.check(measured)?.ok()?;
        let value = measured.actual();
        let items = self.items(&check, &value)?.ok()?;
        Some(self.unlike(&check, items).collect())
    }

    /// The operator with what was expected; `None` where that is not known any more.
    fn check(&self, measured: &Measured) -> Option<Result<Cow<'_, Check>, ExpectedError>> {
        match &self.expected {
            Expected::Fixed(check) => Some(Ok(Cow::Borrowed(&**check))),
            Expected::Filled(_) => Some(self.operator.prepare(measured.expected()?).map(Cow::Owned)),
        }
    }

    /// The places of the items that are not as they have to be.
    fn unlike<'a>(&'a self, check: &'a Check, items: &'a [Value]) -> impl Iterator<Item = usize> + 'a {
        let wanted = Some(!matches!(self.each, Each::None));
        (0..items.len()).filter(move |&at| self.item_passes(check, &items[at]) != wanted)
    }

    fn holds(&self, check: &Check, value: &Value) -> bool {
        match self.items(check, value) {
            None => check.judge(value).unwrap_or(false),
            Some(Err(_)) => false,
            Some(Ok(items)) => self.each.holds(self.tally(check, items)),
        }
    }

    /// Whether an array or object of this shape passes, where that can be told of its bytes.
    fn judge_bytes(&self, check: &Check, shape: Shape, bytes: &[u8]) -> Option<bool> {
        let counted = shape.kind == Kind::Map && self.each.tells_one_from_all();
        let whole = self.item.is_none() && !check.each_item_of(shape.kind) && !counted;
        whole.then(|| check.judge_bytes(shape, bytes)).flatten()
    }

    fn tally(&self, check: &Check, items: &[Value]) -> Tally {
        let mut tally = Tally { items: items.len(), ..Tally::default() };
        for item in items {
            match self.item_passes(check, item) {
                Some(true) => tally.passed += 1,
                Some(false) => tally.failed += 1,
                None => {}
            }
        }
        tally
    }

    /// The items to judge one by one; `None` where the value is judged as a whole. A value that is no array
    /// is one item where its number matters.
    fn items<'v>(&self, check: &Check, value: &'v Value) -> Option<Result<&'v [Value], Fault>> {
        if self.item.is_none() && !check.each_item(value) {
            let counted = self.each.tells_one_from_all() && value.as_list().is_none();
            return counted.then(|| Ok(std::slice::from_ref(value)));
        }
        Some(match value.as_list() {
            None => Err(Fault::NotAnArray),
            Some([]) => Err(Fault::Empty),
            Some(items) => Ok(items),
        })
    }

    /// Whether an item passes; `None` where it cannot be judged.
    fn item_passes(&self, check: &Check, item: &Value) -> Option<bool> {
        match &self.item {
            None => check.judge(item).ok(),
            Some(path) => match path.read(item) {
                Read::Found(value) => check.judge(&value).ok(),
                Read::Missing { .. } => check.judge_missing(),
                Read::Unreadable(_) => None,
            },
        }
    }

    fn explain_item(&self, check: &Check, item: &Value) -> String {
        match &self.item {
            None => check.explain(item),
            Some(path) => match path.read(item) {
                Read::Found(value) => check.explain(&value),
                Read::Missing { .. } => match path.near(item) {
                    Some(near) => format!("`{path}` is missing; did you mean `{near}`?"),
                    None => format!("`{path}` is missing"),
                },
                Read::Unreadable(why) => why.into(),
            },
        }
    }
}

/// What to do where the operator was given nothing to compare with.
fn forgotten(operator: Operator) -> String {
    let expects = operator.row().expects;
    let null = match expects {
        Expects::Anything => "; where null is meant, write it: `null` in a file, `None` in Python",
        _ => "",
    };
    format!("`{operator}` expects {expects}, and none is given{null}")
}

/// Whether the operator looks at arrays themselves, as far as that is known before they are.
fn looks_at_whole(operator: Operator, expected: &Value) -> bool {
    match operator.row().scope {
        Scope::Whole => true,
        Scope::ItemsUnlessArrayExpected => expected.as_list().is_some(),
        Scope::Items => false,
    }
}

/// An expectation that is filled in for one record.
#[derive(Debug)]
pub struct Ready<'e> {
    expectation: &'e Expectation,
    filled: Option<(Box<Check>, Value)>,
}

impl Ready<'_> {
    /// Judges what was read. `path` names it in messages.
    ///
    /// # Errors
    /// Where what was read has no form as a value.
    #[inline]
    pub fn judge(self, read: &Read, path: &Path) -> NodeResult<Measured> {
        let passed = self.passes(read, path)?;
        let measured = match read {
            Read::Found(value) => Measured::of(value.clone()),
            Read::Missing { taken } => {
                let missing = path.missing_part(*taken);
                let note = if *taken == 0 && missing == path.to_string() {
                    format!("`{path}` is missing")
                } else {
                    format!("`{path}` is missing: there is no `{missing}`")
                };
                Measured::default().with_note(note)
            }
            Read::Unreadable(_) => Measured::default(),
        };
        Ok(self.output(measured, passed))
    }

    /// Whether what was read passes. `path` names it in messages.
    ///
    /// # Errors
    /// As for [`Ready::judge`].
    #[inline]
    pub fn passes(&self, read: &Read, path: &Path) -> Result<bool, NodeError> {
        let check = match (&self.filled, &self.expectation.expected) {
            (Some((check, _)), _) | (None, Expected::Fixed(check)) => check.as_ref(),
            (None, Expected::Filled(_)) => return Err(NodeError::new("fill in the expected value")),
        };
        match read {
            Read::Found(value) => Ok(self.expectation.holds(check, value)),
            Read::Missing { .. } => Ok(check.passes_on_missing()),
            Read::Unreadable(why) => Err(NodeError::new(format!("read `{path}`: {why}"))),
        }
    }

    /// An output that was judged by it.
    #[inline]
    pub fn output(self, measured: Measured, passed: bool) -> Output<Measured> {
        let measured = match self.filled {
            Some((_, expected)) => measured.with_expected(expected),
            None => measured,
        };
        Output { value: measured, verdict: Some(verdict(passed)) }
    }
}

fn verdict(passed: bool) -> Verdict {
    if passed { Verdict::Passed } else { Verdict::Failed }
}
