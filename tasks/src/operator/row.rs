//! What one entry of the table of operators holds.

use std::fmt;

use super::check::Test;
use super::expected::Problem;
use super::table::Operator;
use crate::value::Value;

/// One operator: what it is called, what it looks at, what it expects and what it means.
#[derive(Debug)]
pub struct Row {
    /// The operator of this row.
    pub operator: Operator,
    /// Its name, as specs write it.
    pub name: &'static str,
    /// The family it belongs to.
    pub family: Family,
    /// What it looks at where the actual value is an array.
    pub scope: Scope,
    /// What its expected value has to be.
    pub expects: Expects,
    /// What it means, in one line of Markdown.
    pub doc: &'static str,
    /// How messages put it.
    pub says: Says,
    /// An example that passes.
    pub passes: Example,
    /// An example that fails.
    pub fails: Example,
    pub(super) sense: Sense,
    pub(super) build: fn(&Value) -> Result<Test, Problem>,
}

/// Operators of one kind, together in the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Equality and order.
    Comparison,
    /// Numbers.
    Number,
    /// Lengths and counts.
    Length,
    /// Text.
    Text,
    /// Arrays and objects, and what they contain.
    Collection,
    /// Kinds of values.
    Kind,
    /// Formats of text.
    Format,
    /// Dates and times.
    Date,
    /// How alike two texts are.
    Similarity,
    /// The structure of a value.
    Structure,
    /// Whether there is a value at all.
    Presence,
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Comparison => "Equality and order",
            Self::Number => "Numbers",
            Self::Length => "Lengths and counts",
            Self::Text => "Text",
            Self::Collection => "Arrays, objects and what they contain",
            Self::Kind => "Kinds of values",
            Self::Format => "Formats of text",
            Self::Date => "Dates and times",
            Self::Similarity => "Similarity of texts",
            Self::Structure => "Structure",
            Self::Presence => "Presence",
        })
    }
}

/// What an operator looks at where the actual value is an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every item of the array, one by one.
    Items,
    /// Every item of the array; the array itself where the expected value is an array too.
    ItemsUnlessArrayExpected,
    /// The array itself.
    Whole,
}

/// What the expected value of an operator has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expects {
    /// Nothing; `true` says the same and `false` turns the operator round.
    Nothing,
    /// Any value.
    Anything,
    /// A number, or text to compare with text.
    NumberOrText,
    /// Two numbers.
    Range,
    /// A number, or a number and how far from it is still near.
    Tolerance,
    /// Text that is not empty.
    Text,
    /// Text, the empty one included.
    AnyText,
    /// A regular expression.
    Pattern,
    /// A whole number, not negative.
    Count,
    /// An array with at least one item.
    List,
    /// Keys of an object.
    Keys,
    /// A date or a date and time.
    Date,
    /// Two dates.
    Dates,
    /// Text, and the largest edit distance to it.
    Distance,
    /// Text, and the least similarity to it.
    Similarity,
    /// A JSON Schema.
    Schema,
}

impl fmt::Display for Expects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "nothing (or `true`; `false` for the opposite)",
            Self::Anything => "any value",
            Self::NumberOrText => "a number or text",
            Self::Range => "two numbers `[min, max]`",
            Self::Tolerance => "a number, or `[number, tolerance]`",
            Self::Text => "text that is not empty",
            Self::AnyText => "text",
            Self::Pattern => "a regular expression as text",
            Self::Count => "a whole number from 0",
            Self::List => "an array with at least one item",
            Self::Keys => "a key, or an array of keys",
            Self::Date => "an ISO 8601 date or date-time as text",
            Self::Dates => "two ISO 8601 dates or date-times `[from, to]`",
            Self::Distance => "`[text, most edits]` or `{\"text\": …, \"distance\": …}`",
            Self::Similarity => "`[text, ratio from 0 to 1]` or `{\"text\": …, \"ratio\": …}`",
            Self::Schema => "a JSON Schema (an object)",
        })
    }
}

/// How a message puts what an operator found.
#[derive(Clone, Copy, Debug)]
pub struct Says {
    /// Where it holds, as in `3` *is greater than* `2`.
    pub yes: &'static str,
    /// Where it does not.
    pub no: &'static str,
}

/// An example of an operator, as JSON text.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The actual value; `None` where the path leads nowhere.
    pub actual: Option<&'static str>,
    /// The expected value; `None` where the operator expects nothing.
    pub expected: Option<&'static str>,
}

/// Whether an operator says what its test finds, or the opposite.
///
/// The opposite of a test that cannot judge a value is no judgement either: `NotContains` on a
/// number is as wrong as `Contains` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    Plain,
    Opposite,
}

/// Makes the operators and their rows from one list, so that neither can lack the other.
macro_rules! operators {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident: $family:ident, $scope:ident, $expects:ident, $sense:ident,
            says $yes:literal | $no:literal,
            passes $passes:expr,
            fails $fails:expr,
            by $build:expr;
    )+) => {
        /// What an assertion says about a value.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, schemars::JsonSchema)]
        pub enum Operator {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Operator {
            /// Every operator, in the order of the reference.
            pub const ALL: &[Operator] = &[$(Operator::$name),+];

            /// The operator's entry in the table.
            pub fn row(self) -> &'static Row {
                &ROWS[self as usize]
            }
        }

        static ROWS: [Row; Operator::ALL.len()] = [$(Row {
            operator: Operator::$name,
            name: stringify!($name),
            family: Family::$family,
            scope: Scope::$scope,
            expects: Expects::$expects,
            doc: concat!($($doc),+).trim_ascii(),
            says: Says { yes: $yes, no: $no },
            passes: $passes,
            fails: $fails,
            sense: Sense::$sense,
            build: $build,
        }),+];
    };
}
pub(super) use operators;
