//! Names in braces, as other tools write places to fill in: here they are plain text, which somebody may not have meant.

use std::sync::LazyLock;

use regex::Regex;

use crate::value::Value;

/// Names in braces, and whether a `$` stands before. Its letters are those of all scripts, which takes a millisecond or two to compile.
static IN_BRACES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(\$?)(\{\{?\s*([\p{Alphabetic}_][\w.]*)\s*\}\}?)")
        .expect("the pattern is constant and tested")
});

/// How many names are told.
const TOLD: usize = 3;

/// A name in braces: as it is written, and the name itself.
pub(crate) type Slip<'t> = (&'t str, &'t str);

/// The names that stand in braces in a text.
pub(crate) fn in_text(text: &str) -> impl Iterator<Item = Slip<'_>> {
    let found = opens(text).then(|| IN_BRACES.captures_iter(text));
    found.into_iter().flatten().filter_map(|found| {
        let [dollar, written, name] = found.extract().1;
        dollar.is_empty().then_some((written, name))
    })
}

/// Whether braces open anywhere without a `$` before them.
fn opens(text: &str) -> bool {
    text.match_indices('{').any(|(at, _)| !text[..at].ends_with('$'))
}

/// The names that stand in two braces in the texts of a value. One alone is too common, in patterns for instance.
pub(crate) fn in_value(value: &Value) -> Vec<Slip<'_>> {
    match value {
        Value::Text(text) if text.contains("{{") => {
            in_text(text).filter(|(written, _)| written.starts_with("{{")).collect()
        }
        Value::List(items) => items.iter().flat_map(in_value).collect(),
        Value::Map(entries) => entries.iter().flat_map(|(_, value)| in_value(value)).collect(),
        _ => Vec::new(),
    }
}

/// What to write instead; `None` where there is nothing.
pub(crate) fn correction<'t>(slips: impl IntoIterator<Item = Slip<'t>>) -> Option<String> {
    let mut told: Vec<Slip<'_>> = Vec::new();
    for slip in slips {
        if told.len() < TOLD && !told.contains(&slip) {
            told.push(slip);
        }
    }
    let listed = |texts: Vec<String>| texts.join(", ");
    let written = listed(told.iter().map(|(written, _)| format!("`{written}`")).collect());
    let meant = listed(told.iter().map(|(_, name)| format!("`${{{name}}}`")).collect());
    let are = if told.len() == 1 { "is" } else { "are" };
    (!told.is_empty()).then(|| format!("{written} {are} plain text: write {meant}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_braces_in_a_value_are_told_and_one_is_not() {
        let told = |text: &str| correction(in_value(&Value::from(text)));
        assert_eq!(told("{{ text }}").as_deref(), Some("`{{ text }}` is plain text: write `${text}`"));
        for fine in ["${text}", "{text}", "{{1}}", "a"] {
            assert_eq!(told(fine), None, "{fine}");
        }
    }

    #[test]
    fn names_behind_a_dollar_are_no_slips_and_those_beside_them_are() {
        assert_eq!(in_text("${text}").count(), 0);
        assert_eq!(in_text("${text} {Größe}").collect::<Vec<_>>(), [("{Größe}", "Größe")]);
    }
}
