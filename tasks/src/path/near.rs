//! The path that somebody probably meant.

use std::collections::VecDeque;

use scouter_engine::nearest;
use smol_str::SmolStr;

use super::read::{Path, Step};
use crate::value::{Map, Value};

/// How many places of a context are looked at for a key that is not where it was looked for.
const PLACES: usize = 2_000;

impl Path {
    /// A path that exists in `context` and is near to this one, which does not: with a key as it is
    /// written there, with positions in brackets and keys apart by points, with the items of an array gone
    /// through, or with the way to the key that it ends with.
    ///
    /// ```
    /// use scouter_tasks::path::Path;
    /// use scouter_tasks::value::from_json;
    ///
    /// let context = from_json(r#"{"response": {"text": "hi"}, "items": [{"id": 1}]}"#)?;
    /// let near = |path: &str| Path::parse(path).map(|path| path.near(&context));
    /// assert_eq!(near("respnse.text")?.as_deref(), Some("response.text"));
    /// assert_eq!(near("text")?.as_deref(), Some("response.text"));
    /// assert_eq!(near("items.id")?.as_deref(), Some("items[*].id"));
    /// assert_eq!(near("cost")?, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn near(&self, context: &Value) -> Option<String> {
        let steps = self.all_steps();
        if let Some(steps) = otherwise_written(&steps).filter(|steps| leads(context, steps)) {
            return Some(show(&steps));
        }
        let (at, taken) = reach(context, &steps);
        let (before, missing) = steps.split_at_checked(taken)?;
        let (Some(Step::Key(key)), rest) = (missing.first(), missing.get(1..).unwrap_or_default()) else {
            return None;
        };
        let corrected = match at {
            Value::Map(map) => {
                let whole = dotted(missing);
                let joined = whole.filter(|whole| map.get(whole).is_some());
                let keys = || map.iter().map(|(key, _)| key.as_str());
                let key = joined.clone().or_else(|| nearest(key, keys()).map(str::to_owned));
                key.and_then(|key| {
                    let inside = map.get(&key)?;
                    let rest = if joined.is_some() { &[] } else { rest };
                    // A key that is near but leads nowhere is offered by itself.
                    let rest = if leads(inside, rest) { rest } else { &[] };
                    Some([before, &[Step::Key(key.into())], rest].concat())
                })
            }
            Value::List(items) => {
                let inside = items.first().is_some_and(|item| leads(item, missing));
                inside.then(|| [before, &[Step::All], missing].concat())
            }
            _ => None,
        };
        let elsewhere = || match steps.last() {
            Some(Step::Key(last)) => find(context, last),
            _ => None,
        };
        corrected.or_else(elsewhere).map(|steps| show(&steps))
    }
}

impl Path {
    /// Where the path goes on into text, which has nothing inside: the way to the text, and the text.
    pub(crate) fn ends_in_text<'v>(&self, context: &'v Value) -> Option<(String, &'v str)> {
        let steps = self.all_steps();
        let (at, taken) = reach(context, &steps);
        let before = steps.get(..taken).filter(|before| before.len() < steps.len())?;
        Some((show(before), at.as_text()?))
    }

    /// The paths that there are where this one ends before it leads anywhere: one for each key of the object at which it ends,
    /// which is `context` itself where its first key is not there.
    pub(crate) fn instead(&self, context: &Value) -> Vec<String> {
        let steps = self.all_steps();
        let (at, taken) = reach(context, &steps);
        let before = steps.get(..taken).unwrap_or_default();
        let keys = at.as_map().into_iter().flat_map(Map::iter);
        keys.map(|(key, _)| show(&[before, &[Step::Key(key.clone())]].concat())).collect()
    }
}

/// Where the steps lead as far as they can be taken, and how many that are. Of the items of an array
/// the first stands for all.
fn reach<'v>(mut value: &'v Value, steps: &[Step]) -> (&'v Value, usize) {
    for (taken, step) in steps.iter().enumerate() {
        let next = match (step, value) {
            (Step::Key(key), value) => value.get(key),
            (Step::Index(index), Value::List(items)) => {
                let from_start = usize::try_from(*index).ok();
                let at = from_start.or_else(|| items.len().checked_add_signed(isize::try_from(*index).ok()?));
                at.and_then(|at| items.get(at))
            }
            (Step::All, Value::List(items)) => items.first(),
            _ => None,
        };
        match next {
            Some(next) => value = next,
            None => return (value, taken),
        }
    }
    (value, steps.len())
}

/// Whether there is something where the steps lead.
fn leads(value: &Value, steps: &[Step]) -> bool {
    reach(value, steps).1 == steps.len()
}

/// The steps of a path that is written as other tools write them: `items.0.name`, `items/0/name`. `None`
/// where it is not.
fn otherwise_written(steps: &[Step]) -> Option<Vec<Step>> {
    let keys = steps.iter().flat_map(|step| match step {
        Step::Key(key) => key.split('/').filter(|key| !key.is_empty()).map(key_or_position).collect(),
        other => vec![other.clone()],
    });
    let read: Vec<Step> = keys.collect();
    (read != steps).then_some(read)
}

fn key_or_position(key: &str) -> Step {
    key.parse().map_or_else(|_| Step::Key(key.into()), Step::Index)
}

/// The keys as one text, as they would stand if the dots were part of a key.
fn dotted(steps: &[Step]) -> Option<String> {
    let keys: Option<Vec<&str>> =
        steps.iter().map(|step| if let Step::Key(key) = step { Some(key.as_str()) } else { None }).collect();
    keys.filter(|keys| keys.len() > 1).map(|keys| keys.join("."))
}

/// The shortest way to a key of this name, case aside.
fn find(context: &Value, name: &str) -> Option<Vec<Step>> {
    let mut queue: VecDeque<(Vec<Step>, &Value)> = [(Vec::new(), context)].into();
    let mut left = PLACES;
    while let Some((steps, value)) = queue.pop_front() {
        let below = |step: Step| steps.iter().cloned().chain([step]).collect::<Vec<_>>();
        match value {
            Value::Map(map) => {
                for (key, inside) in map.iter() {
                    let here = below(Step::Key(key.clone()));
                    if key.to_lowercase() == name.to_lowercase() {
                        return Some(here);
                    }
                    left = left.checked_sub(1)?;
                    queue.push_back((here, inside));
                }
            }
            Value::List(items) => queue.extend(items.first().map(|item| (below(Step::All), item))),
            _ => {}
        }
    }
    None
}

/// The steps as a path is written.
pub(super) fn show(steps: &[Step]) -> String {
    let mut text = String::new();
    for step in steps {
        match step {
            Step::Key(key) if is_plain(key, text.is_empty()) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(key);
            }
            Step::Key(key) => {
                let escaped = key.replace('\\', r"\\").replace('"', "\\\"");
                text.extend(["[\"", &escaped, "\"]"]);
            }
            Step::Index(index) => text.extend(["[", &index.to_string(), "]"]),
            Step::All => text.push_str("[*]"),
        }
    }
    text
}

/// Whether a key can stand in a path without quotes.
fn is_plain(key: &SmolStr, first: bool) -> bool {
    let bare = !key.is_empty() && !key.contains(['.', '[', ']', '"', '\'']);
    // A path that begins with `$` is a JSONPath.
    bare && (!first || !key.starts_with('$'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Read;
    use crate::value::from_json;

    fn near(path: &str, context: &str) -> Option<String> {
        let context = from_json(context).unwrap();
        let near = Path::parse(path).unwrap().near(&context)?;
        let read = Path::parse(&near).unwrap().read(&context);
        assert!(matches!(read, Read::Found(_)), "`{near}` does not lead anywhere itself");
        Some(near)
    }

    #[test]
    fn a_key_that_is_nearly_right_is_corrected() {
        assert_eq!(near("a.scroe.x", r#"{"a": {"score": {"x": 1}}}"#).unwrap(), "a.score.x");
        assert_eq!(near("Response", r#"{"response": 1}"#).unwrap(), "response");
        assert_eq!(near("items[0].nmae", r#"{"items": [{"name": 1}]}"#).unwrap(), "items[0].name");
    }

    #[test]
    fn a_corrected_key_that_leads_nowhere_is_offered_alone() {
        assert_eq!(near("respnse.text", r#"{"response": "hi"}"#).unwrap(), "response");
    }

    #[test]
    fn a_key_with_dots_is_offered_in_quotes() {
        assert_eq!(near("llm.model", r#"{"llm.model": 1}"#).unwrap(), r#"["llm.model"]"#);
        assert_eq!(near("a.b.c", r#"{"a": {"b.c": 1}}"#).unwrap(), r#"a["b.c"]"#);
    }

    #[test]
    fn a_key_within_the_items_of_an_array_is_found() {
        assert_eq!(near("name", r#"{"deep": {"items": [{"name": 1}]}}"#).unwrap(), "deep.items[*].name");
    }

    #[test]
    fn a_path_as_other_tools_write_it_is_offered_as_it_is_written_here() {
        let context = r#"{"items": [{"name": 1}], "a": {"b": 1}}"#;
        for path in ["items.0.name", "items/0/name", "/items/0/name"] {
            assert_eq!(near(path, context).unwrap(), "items[0].name");
        }
        assert_eq!(near("a/b", context).unwrap(), "a.b");
        assert_eq!(near("context.a.b", context).unwrap(), "a.b");
    }

    #[test]
    fn a_position_beyond_the_end_has_no_near_path() {
        assert_eq!(near("items[7]", r#"{"items": [1]}"#), None);
    }
}
