//! A compiled path and what reading it comes to.

use std::fmt;

use smol_str::SmolStr;

use super::dotted;
use super::query::{self, Query};
use crate::value::{MAX_DEPTH, Value};

/// One step of a dotted path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The member of an object.
    Key(SmolStr),
    /// The item of an array; a negative position counts from the end.
    Index(i64),
    /// Every item of an array.
    All,
}

/// A path that does not parse.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid path `{path}`: {message} (column {column})")]
pub struct PathError {
    /// The path; the beginning of a long one.
    pub path: String,
    /// What is wrong with it.
    pub message: String,
    /// Where, in characters from 1.
    pub column: usize,
}

impl PathError {
    /// An error at a column of a path; a long path is shown by its beginning.
    pub(super) fn new(path: &str, message: impl Into<String>, column: usize) -> Self {
        /// The most characters of a path that an error shows.
        const SHOWN: usize = 80;
        let path = match path.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{}…", &path[..end]),
            None => path.to_owned(),
        };
        Self { path, message: message.into(), column }
    }

    /// An error for a path of too many steps, at the first that is one too many.
    pub(super) fn too_long(path: &str, column: usize) -> Self {
        Self::new(path, format!("more than {MAX_DEPTH} steps, deeper than any value goes"), column)
    }
}

/// What reading a path comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Read {
    /// The value.
    Found(Value),
    /// The path leads nowhere.
    Missing {
        /// How many of its steps could be taken.
        taken: usize,
    },
    /// There is something, but it has no form as a value: why.
    Unreadable(Box<str>),
}

/// A compiled path.
///
/// ```
/// use scouter_tasks::path::{Path, Read};
/// use scouter_tasks::value::{Value, from_json};
///
/// let context = from_json(r#"{"items": [{"foo-bar": 1}, {"foo-bar": 2}]}"#)?;
/// let read = |path: &str| Path::parse(path).map(|path| path.read(&context));
/// assert_eq!(read("items[-1].foo-bar")?, Read::Found(Value::Int(2)));
/// assert_eq!(read("items[*].foo-bar")?, Read::Found(Value::list([Value::Int(1), Value::Int(2)])));
/// assert_eq!(read("$.items[?@['foo-bar'] > 1]['foo-bar']")?, Read::Found(Value::list([Value::Int(2)])));
/// assert_eq!(read("items[5].foo-bar")?, Read::Missing { taken: 1 });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Path {
    text: Box<str>,
    /// Steps that a reader can take by itself, whatever holds the data.
    steps: Box<[Step]>,
    rest: Rest,
}

/// What is left to do after the steps.
#[derive(Clone, Debug)]
enum Rest {
    Nothing,
    /// Every item, and a path from each.
    Each(Box<[Step]>),
    Query(Box<jsonpath_rust::parser::model::JpQuery>),
}

impl Path {
    /// The path that reads everything.
    pub fn root() -> Self {
        Self { text: "$".into(), steps: Box::default(), rest: Rest::Nothing }
    }

    /// Compiles a path: JSONPath where it begins with `$`, dotted otherwise.
    ///
    /// # Errors
    /// Where it does not parse or has more than [`MAX_DEPTH`] steps, with the column.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let (steps, rest) = if text.starts_with('$') {
            match query::parse(text)? {
                Query::Single(steps) => (steps, Rest::Nothing),
                Query::Many(query) => (Vec::new(), Rest::Query(Box::new(query))),
            }
        } else {
            let mut steps = dotted::parse(text)?;
            match steps.iter().position(|step| *step == Step::All) {
                None => (steps, Rest::Nothing),
                Some(all) => {
                    let each = steps.split_off(all);
                    (steps, Rest::Each(each.into()))
                }
            }
        };
        Ok(Self { text: text.into(), steps: steps.into(), rest })
    }

    /// The steps to take before [`Path::finish`]: keys and positions only.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether the path reads everything.
    pub fn is_root(&self) -> bool {
        self.steps.is_empty() && matches!(self.rest, Rest::Nothing)
    }

    /// The key it begins with.
    pub fn first_key(&self) -> Option<&str> {
        match self.steps.first() {
            Some(Step::Key(key)) => Some(key),
            _ => None,
        }
    }

    /// The path without its first step, or `None` where nothing is left.
    pub fn after_first(&self) -> Option<Self> {
        let steps = self.steps.get(1..)?;
        if steps.is_empty() && matches!(self.rest, Rest::Nothing) {
            return None;
        }
        Some(Self { text: self.text.clone(), steps: steps.into(), rest: self.rest.clone() })
    }

    /// Reads the path.
    pub fn read(&self, value: &Value) -> Read {
        self.read_from(0, value)
    }

    /// Reads the path from a value that its first `taken` steps lead to.
    pub fn read_from(&self, taken: usize, value: &Value) -> Read {
        match walk(value, self.steps.get(taken..).unwrap_or_default()) {
            Ok(value) => self.finish(value),
            Err(more) => Read::Missing { taken: taken + more },
        }
    }

    /// Reads what is left of the path from the value that its [`Path::steps`] lead to.
    pub fn finish(&self, value: &Value) -> Read {
        match &self.rest {
            Rest::Nothing => Read::Found(value.clone()),
            Rest::Each(steps) => {
                let mut all = Vec::new();
                match collect(value, steps, &mut all) {
                    Ok(()) => Read::Found(Value::from(all)),
                    Err(taken) => Read::Missing { taken: self.steps.len() + taken },
                }
            }
            Rest::Query(query) => query::read(query, value),
        }
    }

    /// Whether its first `taken` steps are all that there is of it.
    pub(crate) fn ends_after(&self, taken: usize) -> bool {
        taken == self.steps.len() && matches!(self.rest, Rest::Nothing)
    }

    /// The part of the path that could not be found, for messages.
    pub fn missing_part(&self, taken: usize) -> String {
        self.all_steps().get(taken).map(show).unwrap_or_default()
    }

    /// The path as far as the first part that could not be found, for messages.
    pub(crate) fn up_to_missing(&self, taken: usize) -> String {
        self.all_steps().get(..=taken).map_or_else(|| self.to_string(), super::near::show)
    }

    /// Every step, those into all items of an array included; none of a JSONPath that is a query.
    pub(super) fn all_steps(&self) -> Vec<Step> {
        match &self.rest {
            Rest::Each(steps) => [&self.steps, &steps[..]].concat(),
            _ => self.steps.to_vec(),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn show(step: &Step) -> String {
    match step {
        Step::Key(key) => key.to_string(),
        Step::Index(index) => format!("[{index}]"),
        Step::All => "[*]".to_owned(),
    }
}

/// The value that the steps lead to, or how many of them could be taken.
fn walk<'a>(mut value: &'a Value, steps: &[Step]) -> Result<&'a Value, usize> {
    for (taken, step) in steps.iter().enumerate() {
        let next = match step {
            Step::Key(key) => value.get(key),
            Step::Index(index) => value.as_list().and_then(|items| items.get(position(*index, items.len())?)),
            Step::All => None,
        };
        value = next.ok_or(taken)?;
    }
    Ok(value)
}

/// Every value that the steps lead to. One item that does not have the rest of the path makes the
/// whole path missing: leaving it out would judge only the items that happen to have it.
fn collect(value: &Value, steps: &[Step], into: &mut Vec<Value>) -> Result<(), usize> {
    let Some(all) = steps.iter().position(|step| *step == Step::All) else {
        into.push(walk(value, steps)?.clone());
        return Ok(());
    };
    let items = walk(value, &steps[..all])?.as_list().ok_or(all)?;
    for item in items {
        collect(item, &steps[all + 1..], into).map_err(|taken| all + 1 + taken)?;
    }
    Ok(())
}

fn position(index: i64, len: usize) -> Option<usize> {
    let from_end = index < 0;
    let index = usize::try_from(index.unsigned_abs()).ok()?;
    if from_end { len.checked_sub(index) } else { Some(index) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::query::NESTING;
    use crate::value::from_json;
    use proptest::prelude::*;

    fn read(path: &str, context: &str) -> Read {
        Path::parse(path).unwrap().read(&from_json(context).unwrap())
    }

    fn found(json: &str) -> Read {
        Read::Found(from_json(json).unwrap())
    }

    #[test]
    fn keys_of_every_kind_are_reached() {
        for (path, context) in [
            ("foo-bar", r#"{"foo-bar": 1, "foo": {"bar": 2}}"#),
            ("2fa.code", r#"{"2fa": {"code": 1}}"#),
            ("größe", r#"{"größe": 1}"#),
            (r#"["a.b"].c"#, r#"{"a.b": {"c": 1}}"#),
            (r#"x['it\'s "so"']"#, r#"{"x": {"it's \"so\"": 1}}"#),
            ("two words", r#"{"two words": 1}"#),
            ("a[0][-1]", r#"{"a": [[2, 1]]}"#),
            ("$.a[0]['b c']", r#"{"a": [{"b c": 1}]}"#),
        ] {
            assert_eq!(read(path, context), found("1"), "{path}");
        }
    }

    #[test]
    fn missing_says_how_far_it_came() {
        assert_eq!(read("a.b.c", r#"{"a": {}}"#), Read::Missing { taken: 1 });
        assert_eq!(read("a[3]", r#"{"a": [1]}"#), Read::Missing { taken: 1 });
        assert_eq!(read("a[-2]", r#"{"a": [1]}"#), Read::Missing { taken: 1 });
        assert_eq!(read("a.b", r#"{"a": 1}"#), Read::Missing { taken: 1 });
        assert_eq!(Path::parse("a.b.c").unwrap().missing_part(1), "b");
        assert_eq!(Path::parse("a.b.c").unwrap().up_to_missing(1), "a.b");
        assert_eq!(Path::parse("a[0][\"b.c\"].d").unwrap().up_to_missing(2), "a[0][\"b.c\"]");
    }

    #[test]
    fn a_star_reads_every_item_and_is_missing_where_one_item_lacks_the_rest() {
        assert_eq!(read("d[*].t", r#"{"d": [{"t": 1}, {"t": 2}]}"#), found("[1, 2]"));
        assert_eq!(read("d[*].t[*]", r#"{"d": [{"t": [1, 2]}, {"t": [3]}]}"#), found("[1, 2, 3]"));
        assert_eq!(read("d[*].t", r#"{"d": []}"#), found("[]"));
        assert_eq!(read("d[*].t", r#"{"d": [{"t": 1}, {}]}"#), Read::Missing { taken: 2 });
        assert_eq!(read("d[*]", r#"{"d": {"x": 1}}"#), Read::Missing { taken: 1 });
    }

    #[test]
    fn broken_paths_name_the_column() {
        for (path, column) in
            [("", 1), (".a", 1), ("a..b", 3), ("a.", 3), ("a[x]", 3), ("a[0", 4), ("a[0]b", 5), ("é[\"b", 5)]
        {
            assert_eq!(Path::parse(path).unwrap_err().column, column, "{path}");
        }
        assert!(Path::parse("$.a[").is_err());
    }

    #[test]
    fn a_broken_json_path_says_where_and_what_is_wrong_in_our_words() {
        for (path, column, words) in [
            (
                "$.a[",
                5,
                "expected a key in quotes, a position, `*` or `?` with a condition, found the end; `[` is never closed",
            ),
            (
                "$.foo-bar",
                6,
                "found `-`; a key that is not only letters, digits and `_` stands in brackets: ['foo-bar']",
            ),
            (
                "$.a.2fa",
                5,
                "found `2`; a key that is not only letters, digits and `_` stands in brackets: ['2fa']",
            ),
            ("$a", 2, "expected `.` or `[`"),
            ("$.a[?@.x = 3]", 10, "found `=`"),
            ("$.a[?(@.x > 3]", 14, "`]`; `(` is never closed"),
            ("$.a[?(@.x > 3", 14, "the end; `(` is never closed"),
            ("$['a", 3, "`'` is never closed"),
            ("${a}", 1, "a path stands by itself"),
        ] {
            let error = Path::parse(path).unwrap_err();
            assert!(
                error.message.starts_with("not a JSONPath: ") && error.message.contains(words),
                "{path}: {error}"
            );
            assert_eq!(error.column, column, "{path}: {error}");
            for word in ["Failed to parse", "-->", "_", "EOI"] {
                assert!(!error.message.replace("`_`", "").contains(word), "{path}: {error}");
            }
        }
    }

    #[test]
    fn a_path_deeper_than_any_value_is_refused() {
        let most = ".a".repeat(MAX_DEPTH);
        assert!(Path::parse(&most[1..]).is_ok());
        assert!(Path::parse(&format!("${most}")).is_ok());
        for step in [".a", "[0]", "['a']", "[*]"] {
            for start in ["a", "$"] {
                let error = Path::parse(&format!("{start}{}", step.repeat(200_000))).unwrap_err();
                assert!(error.message.contains("more than 256 steps"), "{error}");
                assert!(error.to_string().len() < 200, "{error}");
            }
        }
        assert_eq!(Path::parse(&format!("a{most}")).unwrap_err().column, 2 * MAX_DEPTH);
    }

    #[test]
    fn a_json_path_nested_deeper_than_the_stack_is_an_error_not_a_crash() {
        for nested in ["[?(", "[?@", "[?!("] {
            let error = Path::parse(&format!("${}", nested.repeat(100_000))).unwrap_err();
            assert!(error.message.contains("nested deeper than"), "{error}");
        }
        let deep = format!("$[?{}@.a{}]", "(".repeat(NESTING - 1), ")".repeat(NESTING - 1));
        assert!(Path::parse(&deep).is_ok());
        assert!(Path::parse("$['((((((((((((((((((((((((((((((((((((((((((((((((']").is_ok());
    }

    proptest! {
        #[test]
        fn parsing_never_panics(text in ".{0,24}") {
            let _ = Path::parse(&text);
        }

        #[test]
        fn any_key_is_reached_in_quotes(key in ".{0,12}") {
            let path = format!("[\"{}\"]", key.replace('\\', "\\\\").replace('"', "\\\""));
            let context = Value::map([(key.as_str(), Value::Int(1))]);
            prop_assert_eq!(Path::parse(&path).unwrap().read(&context), Read::Found(Value::Int(1)));
        }
    }
}
