//! Where a node reads from: its record, or the outputs of its dependencies.

use std::borrow::Cow;

use scouter_engine::NodeCx;

use crate::measured::Measured;
use crate::path::{Path, Read};
use crate::subject::{Lookup, ReadIndex, Reads, Subject};
use crate::value::Value;

/// What a node of ours is shown.
pub type Cx<'a, 'r> = NodeCx<'a, 'r, Subject, Measured>;

/// A compiled place to read from. A task's context is its record's context and the outputs of its
/// direct dependencies under their ids; a key that the record has itself wins.
#[derive(Clone, Debug)]
pub enum Source {
    /// The record alone.
    Record(ReadIndex),
    /// A dependency, unless the record has a key of that name.
    Upstream {
        /// The path as the record would answer it.
        record: ReadIndex,
        /// Which dependency.
        dependency: usize,
        /// What to read from its output; `None` for all of it.
        rest: Option<Path>,
    },
    /// The record's whole context with the outputs of all dependencies.
    Merged {
        /// The record's whole context.
        record: ReadIndex,
        /// The ids of the dependencies.
        ids: Box<[String]>,
        /// What to read from both together.
        path: Path,
    },
}

impl Source {
    /// Compiles where `path` is read by a task with these dependencies.
    pub fn new(path: Path, depends_on: &[String], reads: &mut Reads) -> Self {
        if path.steps().is_empty() && !depends_on.is_empty() {
            let ids = depends_on.into();
            return Self::Merged { record: reads.add(Path::root()), ids, path };
        }
        let first = path.first_key().map(str::to_lowercase);
        let dependency = depends_on.iter().position(|id| Some(id) == first.as_ref());
        let rest = path.after_first();
        let record = reads.add(path);
        match dependency {
            None => Self::Record(record),
            Some(dependency) => Self::Upstream { record, dependency, rest },
        }
    }

    /// What it leads to, where the record alone says it.
    pub fn lookup<'c>(&self, cx: &'c Cx<'_, '_>) -> Option<&'c Lookup> {
        match self {
            Self::Record(record) => Some(cx.input.lookup(*record)),
            Self::Upstream { .. } | Self::Merged { .. } => None,
        }
    }

    /// Reads it.
    pub fn read<'c>(&self, cx: &'c Cx<'_, '_>) -> Cow<'c, Read> {
        match self {
            Self::Record(record) => Cow::Borrowed(cx.input.read(*record)),
            Self::Upstream { record, dependency, rest } => {
                let own = cx.input.read(*record);
                if !matches!(own, Read::Missing { taken: 0 }) {
                    return Cow::Borrowed(own);
                }
                let output = cx.upstream(*dependency).map(|output| output.value.output());
                Cow::Owned(match (output, rest) {
                    (None, _) => Read::Missing { taken: 0 },
                    (Some(value), None) => Read::Found(value.into_owned()),
                    (Some(value), Some(rest)) => match rest.read(&value) {
                        Read::Missing { taken } => Read::Missing { taken: taken + 1 },
                        read => read,
                    },
                })
            }
            Self::Merged { record, ids, path } => Cow::Owned(match cx.input.read(*record) {
                Read::Found(context) => path.finish(&merged(context, ids, cx)),
                other => other.clone(),
            }),
        }
    }

    /// A path that leads somewhere in what a dependency made and is near to this one, which leads nowhere in it.
    pub fn near(&self, path: &Path, cx: &Cx<'_, '_>) -> Option<String> {
        let Self::Upstream { dependency, .. } = self else { return None };
        let output = cx.upstream(*dependency)?.value.output().into_owned();
        path.near(&Value::map([(path.first_key()?, output)]))
    }

    /// The path as it was written, for messages.
    pub fn path<'r>(&'r self, reads: &'r Reads) -> &'r Path {
        match self {
            Self::Record(record) | Self::Upstream { record, .. } => reads.path(*record),
            Self::Merged { path, .. } => path,
        }
    }
}

fn merged(context: &Value, ids: &[String], cx: &Cx<'_, '_>) -> Value {
    let upstream = ids.iter().enumerate().filter_map(|(at, id)| {
        let output = cx.upstream(at)?;
        Some((id.as_str().into(), output.value.output().into_owned()))
    });
    let own = context.as_map().into_iter().flat_map(crate::value::Map::iter);
    // Of two entries with one key the later counts: the record's own.
    Value::map::<smol_str::SmolStr>(upstream.chain(own.map(|(key, value)| (key.clone(), value.clone()))))
}
