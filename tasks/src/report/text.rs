//! Text of users, made safe to show. Each form escapes it after that.

use std::borrow::Cow;
use std::fmt::Write;

use crate::counted::count;

/// The same text with every character written out, as `\u0000`, that XML cannot hold or that would
/// make a reader see something else than what is there: control characters, and those that turn
/// the direction of writing.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if is_hidden(letter) {
            // Writing into a `String` cannot fail.
            let _ = write!(out, "\\u{:04x}", u32::from(letter));
        } else {
            out.push(letter);
        }
    }
    Cow::Owned(out)
}

fn is_hidden(letter: char) -> bool {
    let turns = matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let control = letter.is_control() && !matches!(letter, '\n' | '\t');
    turns || control || matches!(letter, '\u{fffe}' | '\u{ffff}')
}

/// The first `most` characters; what is left out is told.
pub(super) fn clip(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some((end, _)) => {
            let all = text.chars().count();
            Cow::Owned(format!("{}… [{} characters in all]", &text[..end], count(all)))
        }
    }
}

/// Text on one line: line breaks and tabs are written out.
pub(super) fn one_line(text: &str) -> String {
    text.replace('\n', "\\n").replace('\t', "\\t")
}

/// The name of a column as the head of it.
pub(super) fn head(name: &str) -> String {
    match name {
        "psi" => "PSI".to_owned(),
        "p_value" => "p value".to_owned(),
        _ => {
            let words = name.replace('_', " ");
            let mut letters = words.chars();
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
        }
    }
}

/// A sentence of ours in parts: plain, then what stands in backticks, and so on in turn. Where a
/// name in it brings backticks along, all of it is plain.
pub(super) fn marked(text: &str) -> Vec<String> {
    let parts: Vec<String> = text.split('`').map(str::to_owned).collect();
    if parts.len().is_multiple_of(2) { vec![text.to_owned()] } else { parts }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_hide_or_reorder_are_written_out() {
        assert_eq!(visible("a\u{0}b\u{202e}c\r\n\u{ffff}é"), "a\\u0000b\\u202ec\\u000d\n\\uffffé");
        assert!(matches!(visible("plain\ttext\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn names_in_sentences_are_told_apart() {
        assert_eq!(marked("`a`, `b` got worse"), ["", "a", ", ", "b", " got worse"]);
        assert_eq!(marked("`a`b` got worse"), ["`a`b` got worse"]);
    }

    #[test]
    fn heads_are_written_as_people_write_them() {
        assert_eq!(
            ["psi", "p_value", "adjusted_p_value", "rows", ""].map(head),
            ["PSI", "p value", "Adjusted p value", "Rows", ""]
        );
    }

    #[test]
    fn what_is_cut_says_how_long_it_was() {
        assert_eq!(clip("ééééé", 3), "ééé… [5 characters in all]");
        assert_eq!(clip("ééé", 3), "ééé");
    }
}
