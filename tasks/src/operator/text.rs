//! Text.

use smol_str::SmolStr;

use super::check::{Test, WrongKind};
use super::expected::{self, Problem};
use crate::value::Value;

#[derive(Clone, Debug)]
pub(super) enum TextTest {
    StartsWith(SmolStr),
    EndsWith(SmolStr),
    ContainsWord(SmolStr),
    Alphabetic,
    Alphanumeric,
    LowerCase,
    UpperCase,
}

pub(super) fn with(make: fn(SmolStr) -> TextTest, expected: &Value) -> Result<Test, Problem> {
    expected::text(expected).map(|text| Test::Text(make(text)))
}

impl TextTest {
    #[inline]
    pub(super) fn holds(&self, actual: &Value) -> Result<bool, WrongKind> {
        let text = actual.as_text().ok_or(WrongKind { wanted: "text" })?;
        Ok(match self {
            Self::StartsWith(start) => text.starts_with(start.as_str()),
            Self::EndsWith(end) => text.ends_with(end.as_str()),
            Self::ContainsWord(word) => contains_word(text, word),
            Self::Alphabetic => !text.is_empty() && text.chars().all(char::is_alphabetic),
            Self::Alphanumeric => !text.is_empty() && text.chars().all(char::is_alphanumeric),
            Self::LowerCase => is_all(text, char::is_lowercase, char::is_uppercase),
            Self::UpperCase => is_all(text, char::is_uppercase, char::is_lowercase),
        })
    }
}

/// As Python's `str.islower` and `str.isupper`: characters without case do not count, but one
/// with case there must be.
fn is_all(text: &str, of_case: fn(char) -> bool, of_other_case: fn(char) -> bool) -> bool {
    text.chars().any(of_case) && !text.chars().any(of_other_case)
}

/// Whether `word` stands in `text` with no character of a word next to it.
fn contains_word(text: &str, word: &str) -> bool {
    let opens = word.chars().next().is_some_and(in_word);
    let closes = word.chars().next_back().is_some_and(in_word);
    let mut from = 0;
    while let Some(found) = text[from..].find(word) {
        let (start, end) = (from + found, from + found + word.len());
        // A word that begins with a sign, as `#1`, may follow a letter.
        let before = !opens || !text[..start].chars().next_back().is_some_and(in_word);
        let after = !closes || !text[end..].chars().next().is_some_and(in_word);
        if before && after {
            return true;
        }
        from = start + text[start..].chars().next().map_or(1, char::len_utf8);
    }
    false
}

/// Letters, digits, `_`, and the accents that combine with the letter before them.
fn in_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || ('\u{300}'..='\u{36f}').contains(&character)
}

#[cfg(test)]
mod tests {
    use crate::operator::Operator;
    use crate::operator::tests::{fails, json, passes};

    #[test]
    fn a_word_is_found_only_where_it_stands_alone() {
        passes(Operator::ContainsWord, r#""the cat sat""#, r#""cat""#);
        passes(Operator::ContainsWord, r#""concat, cat.""#, r#""cat""#);
        fails(Operator::ContainsWord, r#""the category""#, r#""cat""#);
        fails(Operator::ContainsWord, r#""the Cat""#, r#""cat""#);
        fails(Operator::ContainsWord, r#""élan café""#, r#""caf""#);
        fails(Operator::ContainsWord, r#""cafe\u0301""#, r#""cafe""#);
        passes(Operator::ContainsWord, r#""I write C++.""#, r#""C++""#);
        passes(Operator::ContainsWord, r#""xa a a""#, r#""a a""#);
    }

    #[test]
    fn empty_text_is_of_no_alphabet_and_no_case() {
        for operator in
            [Operator::IsAlphabetic, Operator::IsAlphanumeric, Operator::IsLowerCase, Operator::IsUpperCase]
        {
            fails(operator, r#""""#, "true");
        }
    }

    #[test]
    fn characters_without_case_do_not_count() {
        passes(Operator::IsLowerCase, r#""abc 123!""#, "null");
        fails(Operator::IsLowerCase, r#""123""#, "null");
        fails(Operator::IsUpperCase, r#""ABc""#, "null");
    }

    #[test]
    fn empty_text_is_refused_since_every_text_begins_with_it() {
        for operator in [Operator::StartsWith, Operator::EndsWith, Operator::ContainsWord] {
            assert!(operator.prepare(&json(r#""""#)).is_err(), "{operator}");
        }
    }
}
