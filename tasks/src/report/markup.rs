//! Text of users, and ours, as Markdown shows it.

use super::text::{clip, marked, one_line, visible};
use crate::counted::count;

/// How many characters of a value or message are shown.
pub(super) const MOST_LETTERS: usize = 160;
/// How many records, tasks or cases are named in a line.
const MOST_NAMES: usize = 5;

/// The name of a record or task.
pub(super) fn name(text: &str) -> String {
    code(&clip(&visible(text), MOST_LETTERS))
}

/// The first of these names, and how many more there are.
pub(super) fn named(names: &[String]) -> String {
    let more = names.len().saturating_sub(MOST_NAMES);
    let first: Vec<String> = names.iter().take(MOST_NAMES).map(|text| name(text)).collect();
    let more = if more > 0 { format!(" and {} more", count(more)) } else { String::new() };
    first.join(", ") + &more
}

/// A sentence of ours, with the names in it as code.
pub(super) fn sentence(text: &str) -> String {
    let parts = marked(text).into_iter().enumerate();
    parts
        .map(|(at, part)| if at % 2 == 0 { escape(&one_line(&visible(&part))) } else { code(&part) })
        .collect()
}

/// A description, as it stands in a cell.
pub(super) fn about(text: &str) -> String {
    escape(&clip(&one_line(&visible(text)), MOST_LETTERS))
}

/// Text of users as code, which nothing in it can leave: no markup, no mention of people, no new
/// cell or line.
pub(super) fn code(text: &str) -> String {
    let text = one_line(&visible(text)).replace('|', "\\|");
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    // A space is taken off both ends where both have one; blanks alone would stay as they are.
    let pad = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Text that is none of Markdown's, and calls nobody: what follows an `@` is joined to it unseen.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter == '@' {
            out.push_str("@\u{2060}");
            continue;
        }
        if matches!(letter, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '!') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_cannot_be_left() {
        assert_eq!(code("a|b"), "`a\\|b`");
        assert_eq!(code("x\ny"), "`x\\ny`");
        assert_eq!(code("``a`"), "``` ``a` ```");
        assert_eq!(code("@someone <script>"), "`@someone <script>`");
        assert_eq!(code(""), "`  `");
    }

    #[test]
    fn a_title_is_text() {
        assert_eq!(escape("a*b <i> [x](y)"), "a\\*b \\<i\\> \\[x\\](y)");
        assert_eq!(escape("ask @someone"), "ask @\u{2060}someone");
    }
}
