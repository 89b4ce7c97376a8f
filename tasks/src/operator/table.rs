//! Every operator, its meaning and its examples: the one list they are made from.

use super::collection::{self, Collection};
use super::compare::{self, Relation};
use super::date::{self, Period};
use super::format::Format;
use super::kind::KindOf;
use super::number::{self, NumberTest};
use super::row::{Example, Expects, Family, Row, Says, Scope, Sense, operators};
use super::text::{self, TextTest};
use super::{length, pattern, schema, similarity};
use crate::operator::check::Test;
use crate::value::Kind;

const fn on(actual: &'static str, expected: &'static str) -> Example {
    Example { actual: Some(actual), expected: Some(expected) }
}

const fn of(actual: &'static str) -> Example {
    Example { actual: Some(actual), expected: None }
}

const NOWHERE: Example = Example { actual: None, expected: None };

operators! {
    /// Equal: numbers by what they are worth, objects whatever the order of their keys. NaN equals nothing.
    Equals: Comparison, ItemsUnlessArrayExpected, Anything, Plain,
        says "equals" | "does not equal",
        passes on(r#"{"a": 1, "b": 2}"#, r#"{"b": 2, "a": 1.0}"#),
        fails on(r#""1""#, "1"),
        by compare::equal;
    /// The opposite of `Equals`.
    NotEqual: Comparison, ItemsUnlessArrayExpected, Anything, Opposite,
        says "does not equal" | "equals",
        passes on("2", "1"),
        fails on("1.0", "1"),
        by compare::equal;
    /// Equal text when upper and lower case are taken for the same.
    EqualsIgnoreCase: Comparison, Items, AnyText, Plain,
        says "equals, but for case," | "does not equal, even but for case,",
        passes on(r#""YES""#, r#""yes""#),
        fails on(r#""no""#, r#""yes""#),
        by compare::equal_ignoring_case;
    /// A larger number, or text that sorts behind by code point.
    GreaterThan: Comparison, Items, NumberOrText, Plain,
        says "is greater than" | "is not greater than",
        passes on("9007199254740993", "9007199254740992"),
        fails on("5", "5"),
        by |expected| compare::order(Relation::Greater, expected);
    /// A number at least as large, or text that does not sort before by code point.
    GreaterThanOrEqual: Comparison, Items, NumberOrText, Plain,
        says "is at least" | "is not at least",
        passes on("5.0", "5"),
        fails on("4.9", "5"),
        by |expected| compare::order(Relation::GreaterOrEqual, expected);
    /// A smaller number, or text that sorts before by code point.
    LessThan: Comparison, Items, NumberOrText, Plain,
        says "is less than" | "is not less than",
        passes on(r#""apple""#, r#""banana""#),
        fails on("5", "5"),
        by |expected| compare::order(Relation::Less, expected);
    /// A number at most as large, or text that does not sort behind by code point.
    LessThanOrEqual: Comparison, Items, NumberOrText, Plain,
        says "is at most" | "is not at most",
        passes on("5", "5"),
        fails on("5.1", "5"),
        by |expected| compare::order(Relation::LessOrEqual, expected);
    /// Equal to an item of the list.
    IsOneOf: Comparison, Items, List, Plain,
        says "is one of" | "is not one of",
        passes on(r#""low""#, r#"["low", "high"]"#),
        fails on(r#""mid""#, r#"["low", "high"]"#),
        by |expected| collection::members(Collection::OneOf, expected);
    /// Equal to no item of the list.
    NotOneOf: Comparison, Items, List, Opposite,
        says "is not one of" | "is one of",
        passes on(r#""mid""#, r#"["low", "high"]"#),
        fails on(r#""low""#, r#"["low", "high"]"#),
        by |expected| collection::members(Collection::OneOf, expected);
    /// As `Equals`, on the array as a whole, for sequences; `true` is accepted where the measured value is a boolean.
    SequenceMatches: Comparison, Whole, Anything, Plain,
        says "matches" | "does not match",
        passes on(r#"["plan", "call"]"#, r#"["plan", "call"]"#),
        fails on(r#"["call", "plan"]"#, r#"["plan", "call"]"#),
        by compare::equal;

    /// A number within the range, both ends included.
    InRange: Number, Items, Range, Plain,
        says "is in the range" | "is not in the range",
        passes on("1", "[0, 1]"),
        fails on("1.5", "[0, 1]"),
        by number::range;
    /// A number outside the range. NaN is neither in a range nor outside one.
    NotInRange: Number, Items, Range, Opposite,
        says "is outside the range" | "is not outside the range",
        passes on("1.5", "[0, 1]"),
        fails on("1", "[0, 1]"),
        by number::range;
    /// A number near the expected one: relative difference up to 1e-9, as Python's `math.isclose`; with `[number, tolerance]`, absolute difference up to the tolerance.
    ApproximatelyEquals: Number, Items, Tolerance, Plain,
        says "is approximately" | "is not approximately",
        passes on("3.14", "[3.14159, 0.01]"),
        fails on("3.14", "3.14159"),
        by number::near;
    /// A number above zero.
    IsPositive: Number, Items, Nothing, Plain,
        says "is positive" | "is not positive",
        passes of("0.1"), fails of("0"),
        by |_| Ok(Test::Number(NumberTest::Positive));
    /// A number below zero.
    IsNegative: Number, Items, Nothing, Plain,
        says "is negative" | "is not negative",
        passes of("-1"), fails of("0"),
        by |_| Ok(Test::Number(NumberTest::Negative));
    /// The number zero.
    IsZero: Number, Items, Nothing, Plain,
        says "is zero" | "is not zero",
        passes of("0.0"), fails of("1e-300"),
        by |_| Ok(Test::Number(NumberTest::Zero));
    /// A whole number; `3.0` is one.
    IsInteger: Number, Items, Nothing, Plain,
        says "is a whole number" | "is not a whole number",
        passes of("3.0"), fails of("3.5"),
        by |_| Ok(Test::Number(NumberTest::Integer));
    /// A number that is neither NaN nor infinite.
    IsFinite: Number, Items, Nothing, Plain,
        says "is finite" | "is not finite",
        passes of("1e300"), fails of("Infinity"),
        by |_| Ok(Test::Number(NumberTest::Finite));
    /// The number NaN.
    IsNaN: Number, Items, Nothing, Plain,
        says "is NaN" | "is not NaN",
        passes of("NaN"), fails of("1"),
        by |_| Ok(Test::Number(NumberTest::NaN));

    /// Exactly so many characters of text, items of an array or entries of an object.
    HasLengthEqual: Length, Whole, Count, Plain,
        says "is" | "is not",
        passes on(r#""héllo""#, "5"), fails on("[1, 2]", "3"),
        by |expected| length::length(Relation::Equal, expected);
    /// More characters, items or entries than that.
    HasLengthGreaterThan: Length, Whole, Count, Plain,
        says "is greater than" | "is not greater than",
        passes on("[1, 2, 3]", "2"), fails on("[1, 2]", "2"),
        by |expected| length::length(Relation::Greater, expected);
    /// At least so many characters, items or entries.
    HasLengthGreaterThanOrEqual: Length, Whole, Count, Plain,
        says "is at least" | "is not at least",
        passes on("[1, 2]", "2"), fails on(r#""a""#, "2"),
        by |expected| length::length(Relation::GreaterOrEqual, expected);
    /// Fewer characters, items or entries than that.
    HasLengthLessThan: Length, Whole, Count, Plain,
        says "is less than" | "is not less than",
        passes on(r#""ab""#, "3"), fails on(r#""abc""#, "3"),
        by |expected| length::length(Relation::Less, expected);
    /// At most so many characters, items or entries.
    HasLengthLessThanOrEqual: Length, Whole, Count, Plain,
        says "is at most" | "is not at most",
        passes on(r#"{"a": 1}"#, "1"), fails on("[1, 2]", "1"),
        by |expected| length::length(Relation::LessOrEqual, expected);
    /// Text of at most so many words, apart by white space.
    WordCountAtMost: Length, Items, Count, Plain,
        says "is at most" | "is not at most",
        passes on(r#""short and sweet""#, "3"), fails on(r#""one two""#, "1"),
        by |expected| length::words(Relation::LessOrEqual, expected);
    /// Text of at least so many words, apart by white space.
    WordCountAtLeast: Length, Items, Count, Plain,
        says "is at least" | "is not at least",
        passes on(r#""one two""#, "2"), fails on(r#""one""#, "2"),
        by |expected| length::words(Relation::GreaterOrEqual, expected);

    /// Text that begins so.
    StartsWith: Text, Items, Text, Plain,
        says "starts with" | "does not start with",
        passes on(r#""Dear Ann""#, r#""Dear""#), fails on(r#""dear Ann""#, r#""Dear""#),
        by |expected| text::with(TextTest::StartsWith, expected);
    /// Text that ends so.
    EndsWith: Text, Items, Text, Plain,
        says "ends with" | "does not end with",
        passes on(r#""done.""#, r#"".""#), fails on(r#""done""#, r#"".""#),
        by |expected| text::with(TextTest::EndsWith, expected);
    /// Text in which the regular expression is found anywhere; anchor it with `^` and `$` to match all of it.
    Matches: Text, Items, Pattern, Plain,
        says "matches" | "does not match",
        passes on(r#""order 66""#, r#""\\d+""#), fails on(r#""order""#, r#""\\d+""#),
        by pattern::pattern;
    /// The same as `Matches`.
    MatchesRegex: Text, Items, Pattern, Plain,
        says "matches" | "does not match",
        passes on(r#""A-17""#, r#""^[A-Z]-\\d+$""#), fails on(r#""see A-17""#, r#""^[A-Z]-\\d+$""#),
        by pattern::pattern;
    /// Text in which the regular expression is found nowhere.
    NotMatches: Text, Items, Pattern, Opposite,
        says "does not match" | "matches",
        passes on(r#""all fine""#, r#""(?i)error|sorry""#), fails on(r#""Sorry, no""#, r#""(?i)error|sorry""#),
        by pattern::pattern;
    /// Text in which the word stands alone, with no letter, digit or `_` next to it. Case counts.
    ContainsWord: Text, Items, Text, Plain,
        says "contains the word" | "does not contain the word",
        passes on(r#""the cat sat""#, r#""cat""#), fails on(r#""the category""#, r#""cat""#),
        by |expected| text::with(TextTest::ContainsWord, expected);
    /// Text of letters of any script, and nothing else.
    IsAlphabetic: Text, Items, Nothing, Plain,
        says "is alphabetic" | "is not alphabetic",
        passes of(r#""naïve""#), fails of(r#""a b""#),
        by |_| Ok(Test::Text(TextTest::Alphabetic));
    /// Text of letters and digits of any script, and nothing else.
    IsAlphanumeric: Text, Items, Nothing, Plain,
        says "is alphanumeric" | "is not alphanumeric",
        passes of(r#""abc123""#), fails of(r#""abc-123""#),
        by |_| Ok(Test::Text(TextTest::Alphanumeric));
    /// Text with a lower-case letter and no upper-case one.
    IsLowerCase: Text, Items, Nothing, Plain,
        says "is lower case" | "is not lower case",
        passes of(r#""abc 1""#), fails of(r#""Abc""#),
        by |_| Ok(Test::Text(TextTest::LowerCase));
    /// Text with an upper-case letter and no lower-case one.
    IsUpperCase: Text, Items, Nothing, Plain,
        says "is upper case" | "is not upper case",
        passes of(r#""ABC 1""#), fails of(r#""ABc""#),
        by |_| Ok(Test::Text(TextTest::UpperCase));

    /// Text with this text in it, an array with this item, or an object with this key.
    Contains: Collection, Whole, Anything, Plain,
        says "contains" | "does not contain",
        passes on("[1, 2]", "1.0"), fails on(r#""hello""#, r#""Hell""#),
        by collection::holds;
    /// Text, an array or an object that lacks it.
    NotContains: Collection, Whole, Anything, Opposite,
        says "does not contain" | "contains",
        passes on(r#""all fine""#, r#""error""#), fails on(r#"{"error": null}"#, r#""error""#),
        by collection::holds;
    /// Text, an array or an object that contains every one of the list.
    ContainsAll: Collection, Whole, List, Plain,
        says "contains all of" | "does not contain all of",
        passes on(r#""red and blue""#, r#"["red", "blue"]"#), fails on("[1]", "[1, 2]"),
        by |expected| collection::members(Collection::HoldsAll, expected);
    /// Text, an array or an object that contains at least one of the list.
    ContainsAny: Collection, Whole, List, Plain,
        says "contains one of" | "does not contain any of",
        passes on("[1, 5]", "[1, 2]"), fails on(r#""green""#, r#"["red", "blue"]"#),
        by |expected| collection::members(Collection::HoldsAny, expected);
    /// Text, an array or an object that contains not one of the list.
    ContainsNone: Collection, Whole, List, Opposite,
        says "contains none of" | "contains one of",
        passes on(r#""green""#, r#"["red", "blue"]"#), fails on("[1, 5]", "[1, 2]"),
        by |expected| collection::members(Collection::HoldsAny, expected);
    /// An object with this key, or with all of these.
    HasKeys: Collection, Items, Keys, Plain,
        says "has the keys" | "lacks keys of",
        passes on(r#"{"id": 1, "name": null}"#, r#"["id", "name"]"#), fails on(r#"{"id": 1}"#, r#"["id", "name"]"#),
        by collection::keys;
    /// An array whose items are all in the list. An empty array is a subset of every list.
    IsSubsetOf: Collection, Whole, List, Plain,
        says "is a subset of" | "is not a subset of",
        passes on("[1, 1]", "[1, 2]"), fails on("[1, 3]", "[1, 2]"),
        by |expected| collection::members(Collection::Subset, expected);
    /// An array that has every item of the list.
    IsSupersetOf: Collection, Whole, List, Plain,
        says "is a superset of" | "is not a superset of",
        passes on("[1, 2, 3]", "[1, 2]"), fails on("[1]", "[1, 2]"),
        by |expected| collection::members(Collection::Superset, expected);
    /// Empty text, array or object, or null.
    IsEmpty: Collection, Whole, Nothing, Plain,
        says "is empty" | "is not empty",
        passes of("[]"), fails of(r#"" ""#),
        by |_| Ok(Test::Collection(Collection::Empty));
    /// Text, an array or an object with something in it.
    IsNotEmpty: Collection, Whole, Nothing, Opposite,
        says "is not empty" | "is empty",
        passes of(r#""x""#), fails of("null"),
        by |_| Ok(Test::Collection(Collection::Empty));
    /// An array in which no two items are equal.
    HasUniqueItems: Collection, Whole, Nothing, Plain,
        says "has unique items" | "has equal items",
        passes of(r#"[1, "1"]"#), fails of("[1, 1.0]"),
        by |_| Ok(Test::Collection(Collection::Unique));
    /// An array of numbers or of texts in ascending order; equal neighbours are in order.
    IsSorted: Collection, Whole, Nothing, Plain,
        says "is sorted" | "is not sorted",
        passes of("[1, 1, 2.5]"), fails of(r#"["b", "a"]"#),
        by |_| Ok(Test::Collection(Collection::Sorted));

    /// A number other than NaN, or text that is one in decimal digits, with nothing around it.
    IsNumeric: Kind, Items, Nothing, Plain,
        says "is numeric" | "is not numeric",
        passes of(r#""-1.5e3""#), fails of(r#""5 %""#),
        by |_| Ok(Test::Kind(KindOf::Numeric));
    /// Text.
    IsString: Kind, Items, Nothing, Plain,
        says "is text" | "is not text",
        passes of(r#""""#), fails of("1"),
        by |_| Ok(Test::Kind(KindOf::Exactly(Kind::Text)));
    /// `true` or `false`.
    IsBoolean: Kind, Items, Nothing, Plain,
        says "is a boolean" | "is not a boolean",
        passes of("false"), fails of("0"),
        by |_| Ok(Test::Kind(KindOf::Exactly(Kind::Bool)));
    /// Null, which is there: a path that leads nowhere is not null.
    IsNull: Kind, Whole, Nothing, Plain,
        says "is null" | "is not null",
        passes of("null"), fails of("0"),
        by |_| Ok(Test::Kind(KindOf::Exactly(Kind::Null)));
    /// An array.
    IsArray: Kind, Whole, Nothing, Plain,
        says "is an array" | "is not an array",
        passes of("[]"), fails of("{}"),
        by |_| Ok(Test::Kind(KindOf::Exactly(Kind::List)));
    /// An object.
    IsObject: Kind, Whole, Nothing, Plain,
        says "is an object" | "is not an object",
        passes of("{}"), fails of("[]"),
        by |_| Ok(Test::Kind(KindOf::Exactly(Kind::Map)));

    /// A bare email address whose domain has a dot.
    IsEmail: Format, Items, Nothing, Plain,
        says "is an email address" | "is not an email address",
        passes of(r#""ann@example.org""#), fails of(r#""ann@localhost""#),
        by |_| Ok(Test::Format(Format::Email));
    /// An absolute URL with a host, of any scheme.
    IsUrl: Format, Items, Nothing, Plain,
        says "is a URL" | "is not a URL",
        passes of(r#""https://example.org/a?b=c""#), fails of(r#""example.org""#),
        by |_| Ok(Test::Format(Format::Url));
    /// A UUID of any version, with hyphens or without.
    IsUuid: Format, Items, Nothing, Plain,
        says "is a UUID" | "is not a UUID",
        passes of(r#""0192f0c1-2345-7abc-8def-0123456789ab""#), fails of(r#""0192f0c1""#),
        by |_| Ok(Test::Format(Format::Uuid));
    /// An ISO 8601 date, or a date-time with `T`, in the extended form; the offset may be left out.
    IsIso8601: Format, Items, Nothing, Plain,
        says "is an ISO 8601 date" | "is not an ISO 8601 date",
        passes of(r#""2026-01-31T12:00:00+01:00""#), fails of(r#""31.01.2026""#),
        by |_| Ok(Test::Format(Format::Iso8601));
    /// Text that is one JSON document by the letter of RFC 8259, nested at most some 200 levels deep.
    IsJson: Format, Items, Nothing, Plain,
        says "is JSON" | "is not JSON",
        passes of(r#""{\"a\": [1]}""#), fails of(r#""{'a': NaN}""#),
        by |_| Ok(Test::Format(Format::Json));
    /// An address of IPv4 or IPv6.
    IsIpAddress: Format, Items, Nothing, Plain,
        says "is an IP address" | "is not an IP address",
        passes of(r#""2001:db8::1""#), fails of(r#""256.0.0.1""#),
        by |_| Ok(Test::Format(Format::IpAddress));
    /// Hexadecimal digits, with or without `0x` before them.
    IsHex: Format, Items, Nothing, Plain,
        says "is hexadecimal" | "is not hexadecimal",
        passes of(r#""0xdeadBEEF""#), fails of(r#""xyz""#),
        by |_| Ok(Test::Format(Format::Hex));
    /// Base64 with padding, of the standard or the URL-safe alphabet (RFC 4648).
    IsBase64: Format, Items, Nothing, Plain,
        says "is base64" | "is not base64",
        passes of(r#""aGVsbG8=""#), fails of(r#""aGVsbG8""#),
        by |_| Ok(Test::Format(Format::Base64));

    /// A calendar date, `YYYY-MM-DD`, without a time.
    IsDate: Date, Items, Nothing, Plain,
        says "is a date" | "is not a date",
        passes of(r#""2026-01-31""#), fails of(r#""2026-02-30""#),
        by |_| Ok(Test::Format(Format::Date));
    /// A date or date-time before this one. A date is the start of its day; without an offset it is UTC.
    IsBefore: Date, Items, Date, Plain,
        says "is before" | "is not before",
        passes on(r#""2026-01-31T00:30:00+01:00""#, r#""2026-01-31""#), fails on(r#""2026-01-31""#, r#""2026-01-31""#),
        by |expected| date::bound(Period::Before, expected);
    /// A date or date-time after this one. A date is the start of its day; without an offset it is UTC.
    IsAfter: Date, Items, Date, Plain,
        says "is after" | "is not after",
        passes on(r#""2026-01-31T00:00:01""#, r#""2026-01-31""#), fails on(r#""2025-12-31""#, r#""2026-01-31""#),
        by |expected| date::bound(Period::After, expected);
    /// A date or date-time from the first to the second, both included.
    IsBetween: Date, Items, Dates, Plain,
        says "is between" | "is not between",
        passes on(r#""2026-01-31""#, r#"["2026-01-01", "2026-01-31"]"#),
        fails on(r#""2026-02-01""#, r#"["2026-01-01", "2026-01-31"]"#),
        by date::between;

    /// Text that becomes the expected one by at most so many insertions, deletions and substitutions of characters.
    LevenshteinAtMost: Similarity, Items, Distance, Plain,
        says "is at most" | "is more than",
        passes on(r#""sitting""#, r#"["kitten", 3]"#),
        fails on(r#""sitting""#, r#"{"text": "kitten", "distance": 2}"#),
        by similarity::distance;
    /// Text at least so similar: 1 − edit distance / length of the longer text.
    SimilarityAtLeast: Similarity, Items, Similarity, Plain,
        says "is at least" | "is less than",
        passes on(r#""colour""#, r#"["color", 0.8]"#),
        fails on(r#""red""#, r#"{"text": "blue", "ratio": 0.5}"#),
        by similarity::ratio;

    /// A value that the JSON Schema accepts, formats included; drafts 4 to 2020-12, references within the schema only.
    MatchesSchema: Structure, Whole, Schema, Plain,
        says "matches the schema" | "does not match the schema",
        passes on(r#"{"n": 1}"#, r#"{"type": "object", "required": ["n"]}"#),
        fails on("{}", r#"{"type": "object", "required": ["n"]}"#),
        by schema::schema;

    /// The path leads to a value, be it null.
    Exists: Presence, Whole, Nothing, Plain,
        says "exists" | "does not exist",
        passes of("null"), fails NOWHERE,
        by |_| Ok(Test::Present);
    /// The path leads nowhere.
    NotExists: Presence, Whole, Nothing, Opposite,
        says "does not exist" | "exists",
        passes NOWHERE, fails of("null"),
        by |_| Ok(Test::Present);
}
