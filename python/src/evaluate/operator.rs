//! The operators, the same in Python as in Rust.

use pyo3::exceptions::PyTypeError;
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::type_hint_union;
use pyo3::type_object::PyTypeInfo;
use scouter_tasks::operator::{Operator, UnknownOperator};

use super::enums::mirror;
use crate::convert::class;
use crate::errors;

mirror! {
    /// How a value is judged. What each operator means, what it expects and examples stand in
    /// `docs/reference/operators.md`.
    PyComparisonOperator as "ComparisonOperator" = Operator {
        /// Equal: numbers by what they are worth, objects whatever the order of their keys. NaN equals nothing.
        Equals,
        /// The opposite of `Equals`.
        NotEqual,
        /// Equal text when upper and lower case are taken for the same.
        EqualsIgnoreCase,
        /// A larger number, or text that sorts behind by code point.
        GreaterThan,
        /// A number at least as large, or text that does not sort before by code point.
        GreaterThanOrEqual,
        /// A smaller number, or text that sorts before by code point.
        LessThan,
        /// A number at most as large, or text that does not sort behind by code point.
        LessThanOrEqual,
        /// Equal to an item of the list.
        IsOneOf,
        /// Equal to no item of the list.
        NotOneOf,
        /// As `Equals`, on the array as a whole, for sequences; `true` is accepted where the measured value is a boolean.
        SequenceMatches,
        /// A number within the range, both ends included.
        InRange,
        /// A number outside the range. NaN is neither in a range nor outside one.
        NotInRange,
        /// A number near the expected one: relative difference up to 1e-9, as Python's `math.isclose`; with `[number, tolerance]`, absolute difference up to the tolerance.
        ApproximatelyEquals,
        /// A number above zero.
        IsPositive,
        /// A number below zero.
        IsNegative,
        /// The number zero.
        IsZero,
        /// A whole number; `3.0` is one.
        IsInteger,
        /// A number that is neither NaN nor infinite.
        IsFinite,
        /// The number NaN.
        IsNaN,
        /// Exactly so many characters of text, items of an array or entries of an object.
        HasLengthEqual,
        /// More characters, items or entries than that.
        HasLengthGreaterThan,
        /// At least so many characters, items or entries.
        HasLengthGreaterThanOrEqual,
        /// Fewer characters, items or entries than that.
        HasLengthLessThan,
        /// At most so many characters, items or entries.
        HasLengthLessThanOrEqual,
        /// Text of at most so many words, apart by white space.
        WordCountAtMost,
        /// Text of at least so many words, apart by white space.
        WordCountAtLeast,
        /// Text that begins so.
        StartsWith,
        /// Text that ends so.
        EndsWith,
        /// Text in which the regular expression is found anywhere; anchor it with `^` and `$` to match all of it.
        Matches,
        /// The same as `Matches`.
        MatchesRegex,
        /// Text in which the regular expression is found nowhere.
        NotMatches,
        /// Text in which the word stands alone, with no letter, digit or `_` next to it. Case counts.
        ContainsWord,
        /// Text of letters of any script, and nothing else.
        IsAlphabetic,
        /// Text of letters and digits of any script, and nothing else.
        IsAlphanumeric,
        /// Text with a lower-case letter and no upper-case one.
        IsLowerCase,
        /// Text with an upper-case letter and no lower-case one.
        IsUpperCase,
        /// Text with this text in it, an array with this item, or an object with this key.
        Contains,
        /// Text, an array or an object that lacks it.
        NotContains,
        /// Text, an array or an object that contains every one of the list.
        ContainsAll,
        /// Text, an array or an object that contains at least one of the list.
        ContainsAny,
        /// Text, an array or an object that contains not one of the list.
        ContainsNone,
        /// An object with this key, or with all of these.
        HasKeys,
        /// An array whose items are all in the list. An empty array is a subset of every list.
        IsSubsetOf,
        /// An array that has every item of the list.
        IsSupersetOf,
        /// Empty text, array or object, or null.
        IsEmpty,
        /// Text, an array or an object with something in it.
        IsNotEmpty,
        /// An array in which no two items are equal.
        HasUniqueItems,
        /// An array of numbers or of texts in ascending order; equal neighbours are in order.
        IsSorted,
        /// A number other than NaN, or text that is one in decimal digits, with nothing around it.
        IsNumeric,
        /// Text.
        IsString,
        /// `true` or `false`.
        IsBoolean,
        /// Null, which is there: a path that leads nowhere is not null.
        IsNull,
        /// An array.
        IsArray,
        /// An object.
        IsObject,
        /// A bare email address whose domain has a dot.
        IsEmail,
        /// An absolute URL with a host, of any scheme.
        IsUrl,
        /// A UUID of any version, with hyphens or without.
        IsUuid,
        /// An ISO 8601 date, or a date-time with `T`, in the extended form; the offset may be left out.
        IsIso8601,
        /// Text that is one JSON document by the letter of RFC 8259, nested at most some 200 levels deep.
        IsJson,
        /// An address of IPv4 or IPv6.
        IsIpAddress,
        /// Hexadecimal digits, with or without `0x` before them.
        IsHex,
        /// Base64 with padding, of the standard or the URL-safe alphabet (RFC 4648).
        IsBase64,
        /// A calendar date, `YYYY-MM-DD`, without a time.
        IsDate,
        /// A date or date-time before this one. A date is the start of its day; without an offset it is UTC.
        IsBefore,
        /// A date or date-time after this one. A date is the start of its day; without an offset it is UTC.
        IsAfter,
        /// A date or date-time from the first to the second, both included.
        IsBetween,
        /// Text that becomes the expected one by at most so many insertions, deletions and substitutions of characters.
        LevenshteinAtMost,
        /// Text at least so similar: 1 − edit distance / length of the longer text.
        SimilarityAtLeast,
        /// A value that the JSON Schema accepts, formats included; drafts 4 to 2020-12, references within the schema only.
        MatchesSchema,
        /// The path leads to a value, be it null.
        Exists,
        /// The path leads nowhere.
        NotExists,
    }
}

/// An operator as an argument: itself, or its name as in files.
pub(super) enum AnyOperator {
    Itself(PyComparisonOperator),
    Name(String),
}

impl<'a, 'py> FromPyObject<'a, 'py> for AnyOperator {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = type_hint_union!(PyComparisonOperator::TYPE_HINT, String::INPUT_TYPE);

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(operator) = object.extract() {
            return Ok(Self::Itself(operator));
        }
        object.extract().map(Self::Name).map_err(|_| {
            PyTypeError::new_err(format!(
                "an operator is a ComparisonOperator, such as `ComparisonOperator.Equals`, or its name, not a `{}`",
                class(&object)
            ))
        })
    }
}

impl AnyOperator {
    /// The operator of a task.
    pub(super) fn read(py: Python<'_>, task: &str, given: Option<Self>) -> PyResult<Operator> {
        match given {
            Some(Self::Itself(operator)) => Ok(operator.into()),
            Some(Self::Name(name)) => {
                name.parse().map_err(|error: UnknownOperator| errors::field(py, task, "operator", error))
            }
            None => Err(errors::field(py, task, "operator", "it is missing: how shall the value be judged?")),
        }
    }
}
