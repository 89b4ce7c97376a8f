//! Values in messages.

use std::fmt::{self, Write};

use crate::value::{Value, quoted};

/// The most characters of one value in a message.
const SHOWN: usize = 80;

/// The value as compact JSON in backticks, cut to 80 characters.
pub(crate) fn short(value: &Value) -> String {
    let mut out = Bounded { text: String::from("`"), room: SHOWN };
    let whole = match value {
        // Text is cut before it is escaped: the cost must not grow with a text of a megabyte.
        Value::Text(text) => out.write_str(&quoted(&text[..text.floor_char_boundary(4 * (SHOWN + 1))])),
        other => write!(out, "{other}"),
    };
    if whole.is_err() {
        out.text.push('…');
    }
    out.text.push('`');
    out.text
}

/// The key in backticks, cut to 80 characters.
pub(crate) fn short_key(key: &str) -> String {
    let end = key.char_indices().nth(SHOWN).map(|(at, _)| at);
    format!("`{}{}`", &key[..end.unwrap_or(key.len())], if end.is_some() { "…" } else { "" })
}

/// The first of what was found, and how many more there are.
pub(crate) fn some_of<T>(values: impl IntoIterator<Item = T>, shown: impl FnMut(T) -> String) -> String {
    const LISTED: usize = 5;
    let mut values = values.into_iter();
    let mut text = values.by_ref().take(LISTED).map(shown).collect::<Vec<_>>().join(", ");
    let more = values.count();
    if more > 0 {
        let _ = write!(text, " and {more} more");
    }
    text
}

/// Takes so many characters and no more; writing beyond is an error, which stops the writer.
struct Bounded {
    text: String,
    room: usize,
}

impl Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = text.char_indices().nth(self.room).map(|(at, _)| at);
        let kept = &text[..end.unwrap_or(text.len())];
        self.room -= kept.chars().count();
        self.text.push_str(kept);
        if end.is_some() { Err(fmt::Error) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::from_json;

    #[test]
    fn long_values_are_cut_between_characters() {
        assert_eq!(short(&Value::from("é".repeat(1000))), format!("`\"{}…`", "é".repeat(SHOWN - 1)));
        let list = Value::list((0..1000).map(Value::Int));
        assert_eq!(short(&list).chars().count(), SHOWN + 3);
    }

    #[test]
    fn long_keys_are_cut() {
        assert_eq!(short_key("id"), "`id`");
        assert_eq!(short_key(&"é".repeat(1000)), format!("`{}…`", "é".repeat(SHOWN)));
    }

    #[test]
    fn short_values_are_shown_whole() {
        assert_eq!(short(&from_json(r#"{"a": [1, "x"]}"#).unwrap()), r#"`{"a":[1,"x"]}`"#);
        assert_eq!(short(&Value::from("x".repeat(SHOWN - 2))), format!("`\"{}\"`", "x".repeat(SHOWN - 2)));
    }

    #[test]
    fn a_long_list_says_how_many_are_left_out() {
        let values: Vec<Value> = (0..7).map(Value::Int).collect();
        assert_eq!(some_of(&values, short), "`0`, `1`, `2`, `3`, `4` and 2 more");
    }
}
