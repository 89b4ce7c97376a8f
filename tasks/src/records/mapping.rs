//! Which columns of a file become what of a record.

use std::collections::HashSet;

use scouter_engine::nearest;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::path::Step;
use crate::subject::Reads;

/// Which columns (of a table) or fields (of an object) become what of a record, as a user says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// The one that is the record's id; records have none where it is not given.
    pub id: Option<SmolStr>,
    /// Those that become the context, each with the key it stands under; all, under their own names,
    /// where it is not given.
    pub columns: Option<Vec<(SmolStr, SmolStr)>>,
    /// Those whose text is JSON.
    pub json: Vec<SmolStr>,
    /// The one that holds the spans of the record's trace.
    pub trace: Option<SmolStr>,
}

/// A mapping that does not fit itself or the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// A column that is not there.
    #[error("there is no column `{name}`{hint}; there are {there}", hint = did_you_mean(.near.as_deref()))]
    Unknown {
        /// The column.
        name: SmolStr,
        /// The nearest that is there.
        near: Option<String>,
        /// Those that are there.
        there: String,
    },
    /// A column that is there more than once.
    #[error("there is more than one column `{0}`")]
    Twice(String),
    /// Two columns under one key.
    #[error("two columns become the key `{0}` of the context")]
    OneKey(SmolStr),
}

fn did_you_mean(near: Option<&str>) -> String {
    near.map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default()
}

/// How many columns an error lists.
const LISTED: usize = 20;

impl Mapping {
    /// The columns that it names.
    pub fn asked(&self) -> impl Iterator<Item = &SmolStr> {
        let columns = self.columns.iter().flatten().map(|(name, _)| name);
        self.id.iter().chain(columns).chain(&self.json).chain(&self.trace)
    }

    /// The column that becomes this key of the context.
    pub fn column_of(&self, key: &str) -> Option<SmolStr> {
        match &self.columns {
            None => Some(key.into()),
            Some(columns) => columns.iter().find(|(_, own)| own == key).map(|(name, _)| name.clone()),
        }
    }

    /// Whether a column becomes nothing, since others are named.
    pub fn leaves_out(&self, name: &str) -> bool {
        let named = |columns: &Vec<(SmolStr, SmolStr)>| columns.iter().any(|(column, _)| column == name);
        self.columns.as_ref().is_some_and(|columns| !named(columns))
    }

    /// Checks the mapping against the columns that there are.
    ///
    /// # Errors
    /// Where it names one that is not there, or one is there twice.
    pub fn check<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Result<(), MappingError> {
        let names: Vec<&str> = names.into_iter().collect();
        let mut known = HashSet::new();
        if let Some(twice) = names.iter().find(|name| !known.insert(**name)) {
            return Err(MappingError::Twice((*twice).to_owned()));
        }
        let mut keys = HashSet::new();
        for (_, key) in self.columns.iter().flatten() {
            if !keys.insert(key) {
                return Err(MappingError::OneKey(key.clone()));
            }
        }
        match self.asked().find(|name| !known.contains(name.as_str())) {
            None => Ok(()),
            Some(name) => {
                let mut there: Vec<String> =
                    names.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
                if names.len() > LISTED {
                    there.push(format!("{} more", names.len() - LISTED));
                }
                if there.is_empty() {
                    there.push("none".to_owned());
                }
                let near = nearest(name, names.iter().copied()).map(str::to_owned);
                Err(MappingError::Unknown { name: name.clone(), near, there: there.join(", ") })
            }
        }
    }
}

/// What one column is used for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Use {
    /// The key of the context that it becomes.
    pub key: Option<SmolStr>,
    /// Whether it is the record's id.
    pub id: bool,
    /// Whether it is the record's trace.
    pub trace: bool,
    /// Whether its text is JSON.
    pub json: bool,
}

/// A mapping together with what a suite reads: columns that no task looks at are not even converted.
#[derive(Clone, Debug)]
pub struct Shape {
    mapping: Mapping,
    /// The keys of the context that are read; `None` where all of it is.
    wanted: Option<HashSet<SmolStr>>,
    /// The columns that are known to be used, by name; where all are wanted, others are too.
    known: Vec<(SmolStr, Use)>,
}

impl Shape {
    /// For what reads this, and whole contexts where a task asks for the record itself.
    pub fn new(mapping: Mapping, reads: &[&Reads], whole: bool) -> Self {
        let firsts: Option<HashSet<SmolStr>> = reads
            .iter()
            .flat_map(|reads| reads.paths())
            .map(|path| match path.steps().first() {
                Some(Step::Key(key)) => Some(key.clone()),
                _ => None,
            })
            .collect();
        let mut shape = Self { wanted: firsts.filter(|_| !whole), mapping, known: Vec::new() };
        let columns = shape.mapping.columns.iter().flatten().map(|(name, _)| name);
        let names: HashSet<&SmolStr> = columns
            .chain(&shape.mapping.id)
            .chain(&shape.mapping.trace)
            .chain(&shape.mapping.json)
            .chain(shape.wanted.iter().flatten())
            .collect();
        let mut known: Vec<_> =
            names.into_iter().filter_map(|name| Some((name.clone(), shape.work_out(name)?))).collect();
        known.sort_by(|(a, _), (b, _)| a.cmp(b));
        shape.known = known;
        shape
    }

    /// The column that is the record's id.
    pub fn id(&self) -> Option<&str> {
        self.mapping.id.as_deref()
    }

    /// The column that holds the spans of the record's trace.
    pub fn trace(&self) -> Option<&str> {
        self.mapping.trace.as_deref()
    }

    /// What a column is used for; `None` where it is not needed.
    pub fn of(&self, name: &str) -> Option<Use> {
        match self.known.binary_search_by(|(known, _)| known.as_str().cmp(name)) {
            Ok(at) => Some(self.known[at].1.clone()),
            Err(_) if self.wanted.is_none() => self.work_out(name),
            Err(_) => None,
        }
    }

    fn work_out(&self, name: &str) -> Option<Use> {
        let Mapping { id, columns, json, trace } = &self.mapping;
        let is = |of: &Option<SmolStr>| of.as_ref().is_some_and(|of| of == name);
        let key = match columns {
            // Spans are much, and a trace has tasks of its own.
            None => (!is(trace)).then(|| SmolStr::new(name)),
            Some(columns) => columns.iter().find(|(column, _)| column == name).map(|(_, key)| key.clone()),
        };
        let key = key.filter(|key| self.wanted.as_ref().is_none_or(|wanted| wanted.contains(key)));
        let found = Use { key, id: is(id), trace: is(trace), json: json.iter().any(|json| json == name) };
        (found.key.is_some() || found.id || found.trace).then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Path;

    fn shape(mapping: Mapping, paths: &[&str]) -> Shape {
        let mut reads = Reads::default();
        for path in paths {
            reads.add(Path::parse(path).unwrap());
        }
        Shape::new(mapping, &[&reads], false)
    }

    fn key(shape: &Shape, name: &str) -> Option<String> {
        shape.of(name)?.key.map(|key| key.to_string())
    }

    #[test]
    fn a_column_that_no_task_reads_is_not_used() {
        let shape = shape(Mapping::default(), &["answer.text", "n"]);
        assert_eq!(key(&shape, "answer"), Some("answer".to_owned()));
        assert_eq!(shape.of("picture"), None);
    }

    #[test]
    fn all_columns_are_used_where_a_task_reads_the_whole_context() {
        assert!(shape(Mapping::default(), &["a", "$"]).of("picture").is_some());
        assert!(shape(Mapping::default(), &["$..b"]).of("picture").is_some());
    }

    #[test]
    fn a_column_stands_under_the_key_it_is_given() {
        let columns = Some(vec![("question".into(), "query".into())]);
        let shape = shape(Mapping { columns, ..Mapping::default() }, &["query", "answer"]);
        assert_eq!(key(&shape, "question"), Some("query".to_owned()));
        assert_eq!((shape.of("query"), shape.of("answer")), (None, None));
    }

    #[test]
    fn the_column_of_a_key_is_the_one_that_was_named_for_it() {
        let columns = Some(vec![("question".into(), "query".into())]);
        let mapping = Mapping { columns, ..Mapping::default() };
        assert_eq!(mapping.column_of("query").as_deref(), Some("question"));
        assert_eq!((mapping.column_of("question"), mapping.column_of("answer")), (None, None));
        assert_eq!(Mapping::default().column_of("answer").as_deref(), Some("answer"));
    }

    #[test]
    fn what_is_not_named_is_left_out_where_others_are() {
        let mapping = Mapping { columns: Some(vec![("a".into(), "k".into())]), ..Mapping::default() };
        assert_eq!((mapping.leaves_out("a"), mapping.leaves_out("b")), (false, true));
        assert!(!Mapping::default().leaves_out("b"));
    }

    #[test]
    fn an_id_is_used_also_where_no_task_reads_it() {
        let shape = shape(Mapping { id: Some("key".into()), ..Mapping::default() }, &["a"]);
        assert_eq!(shape.of("key"), Some(Use { id: true, ..Use::default() }));
    }

    #[test]
    fn a_column_that_is_not_there_is_an_error_that_names_the_nearest() {
        let mapping = Mapping { id: Some("anwser".into()), ..Mapping::default() };
        let error = mapping.check(["question", "answer"]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is no column `anwser` (did you mean `answer`?); there are `question`, `answer`"
        );
    }

    #[test]
    fn a_column_is_told_not_to_be_there_where_there_are_none() {
        let mapping = Mapping { id: Some("key".into()), ..Mapping::default() };
        assert_eq!(mapping.check([]).unwrap_err().to_string(), "there is no column `key`; there are none");
    }

    #[test]
    fn columns_of_one_name_and_keys_of_two_columns_are_errors() {
        assert_eq!(Mapping::default().check(["a", "a"]), Err(MappingError::Twice("a".into())));
        let columns = Some(vec![("a".into(), "k".into()), ("b".into(), "k".into())]);
        let mapping = Mapping { columns, ..Mapping::default() };
        assert_eq!(mapping.check(["a", "b"]), Err(MappingError::OneKey("k".into())));
    }
}
