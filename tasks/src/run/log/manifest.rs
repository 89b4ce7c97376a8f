//! Whose run it is: `run.json`.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::error::RunDirError;
use crate::fingerprint::{Fingerprint, Printer};
use crate::models::Addresses;
use crate::suite::Suite;
use crate::value::{Map, Value, from_saved_json, pretty, to_json};

/// The version of the files in a run directory. Rows of 3 hold all that they say, those of 4 name what their records say
/// too. Others are refused: 1 had other fingerprints, so that every record would seem to have changed, and kept arrays and
/// objects as text. There is no 2.
const FORMAT: i64 = 4;

/// The first version that this one reads.
const FIRST: i64 = 3;

/// How many differences are told.
const TOLD: usize = 10;

/// Which records a run is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Records {
    /// These.
    Listed {
        /// How many.
        count: u64,
        /// Their ids, in their order.
        ids: Fingerprint,
        /// How often each is run.
        trials: NonZeroU32,
    },
    /// Those of a file, which is not read before the run: each is compared when it is its turn.
    File {
        /// The name of the file.
        name: String,
        /// How often each is run.
        trials: NonZeroU32,
    },
}

impl Records {
    /// Of records with these ids, each of which is run so often. Every trial counts as a record.
    pub fn of(ids: impl Iterator<Item = Option<impl AsRef<str>>>, trials: NonZeroU32) -> Self {
        let mut printer = Printer::default();
        let mut count = 0;
        for id in ids {
            for _ in 0..trials.get() {
                printer.text(id.as_ref().map(AsRef::as_ref));
                count += 1;
            }
        }
        Self::Listed { count, ids: printer.done(), trials }
    }

    fn trials(&self) -> NonZeroU32 {
        match self {
            Self::Listed { trials, .. } | Self::File { trials, .. } => *trials,
        }
    }

    fn to_value(&self) -> Value {
        match self {
            Self::Listed { count, ids, .. } => {
                let count = Value::Int(i64::try_from(*count).unwrap_or(i64::MAX));
                Value::map([("count", count), ("ids", Value::from(ids.to_string()))])
            }
            Self::File { name, trials } => {
                let trials = Value::Int(trials.get().into());
                Value::map([("file", Value::from(name.as_str())), ("trials", trials)])
            }
        }
    }
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It goes on, or its process was killed.
    Running,
    /// It ended before its last record.
    Stopped,
    /// Every record has its row.
    Complete,
}

/// A manifest that is written and not yet in its place. It goes with this, unless it is put there.
#[derive(Debug)]
pub(super) struct Draft {
    file: File,
    path: PathBuf,
    place: PathBuf,
}

impl Draft {
    /// Brings it to the disk.
    pub(super) fn sync(&self) -> Result<(), RunDirError> {
        self.file.sync_all().map_err(RunDirError::io("write", &self.place))
    }

    /// Puts it in the place of the one that is there. What is not on the disk by then may be lost together with that one.
    pub(super) fn put(self) -> Result<(), RunDirError> {
        fs::rename(&self.path, &self.place).map_err(RunDirError::io("write", &self.place))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Where it was put, there is none.
        let _ = fs::remove_file(&self.path);
    }
}

/// Whose run it is.
#[derive(Clone, Debug)]
pub(super) struct Manifest {
    created_at: String,
    /// Which records, as it is written.
    records: Value,
    /// How often each record is run; `None` where that was not written down yet.
    trials: Option<Value>,
    /// What each task depends on beside the record.
    suite: Vec<Value>,
    /// By task, where each of its models is asked; `None` where that was not written down yet.
    asked: Option<Value>,
}

impl Manifest {
    pub(super) fn new(
        suite: &Suite,
        records: &Records,
        addresses: &Addresses,
        created_at: DateTime<Utc>,
    ) -> Self {
        let asked = addresses.iter().map(|(task, all)| {
            let all = all.iter().map(|address| Value::from(address.as_deref()));
            (task.as_str(), Value::list(all))
        });
        Self {
            created_at: created_at.to_rfc3339(),
            records: records.to_value(),
            trials: Some(Value::Int(records.trials().get().into())),
            suite: suite.all_specs().map(|task| task.identity()).collect(),
            asked: Some(Value::map(asked)),
        }
    }

    fn path(dir: &Path) -> PathBuf {
        dir.join("run.json")
    }

    /// The manifest of a directory; `None` where it has none.
    pub(super) fn read(dir: &Path) -> Result<Option<Self>, RunDirError> {
        let path = Self::path(dir);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(RunDirError::io("read", &path)(error)),
        };
        let not = |why: &str| RunDirError::NotARun { dir: dir.to_owned(), why: format!("`run.json` {why}") };
        let value = from_saved_json(&text).map_err(|error| not(&format!("is not JSON: {error}")))?;
        match value.get("format") {
            Some(Value::Int(FIRST..=FORMAT)) => {}
            Some(Value::Int(later)) if *later > FORMAT => {
                return Err(not(&format!(
                    "has format {later}, of a later version of Scouter: this one knows {FIRST} to {FORMAT}"
                )));
            }
            Some(other) => {
                return Err(not(&format!("has format {other}, and this version knows {FIRST} to {FORMAT}")));
            }
            None => return Err(not("has no `format`")),
        }
        let text = |value: Option<&Value>| value.and_then(Value::as_text).map(str::to_owned);
        Ok(Some(Self {
            created_at: text(value.get("created_at")).ok_or_else(|| not("has no `created_at`"))?,
            records: value.get("records").cloned().ok_or_else(|| not("has no `records`"))?,
            trials: value.get("trials").cloned(),
            suite: value.get("suite").and_then(Value::as_list).ok_or_else(|| not("has no `suite`"))?.to_vec(),
            asked: value.get("asked").cloned(),
        }))
    }

    /// Writes it down beside the one that is there.
    pub(super) fn draft(&self, dir: &Path, state: State) -> Result<Draft, RunDirError> {
        let (path, place) = (dir.join("run.json.new"), Self::path(dir));
        let file = File::create(&path).map_err(RunDirError::io("write", &place))?;
        let mut draft = Draft { file, path, place };
        let text = pretty(&self.to_value(state));
        draft.file.write_all(text.as_bytes()).map_err(RunDirError::io("write", &draft.place))?;
        Ok(draft)
    }

    fn to_value(&self, state: State) -> Value {
        let state = match state {
            State::Running => "running",
            State::Stopped => "stopped",
            State::Complete => "complete",
        };
        let trials = self.trials.clone().map(|trials| ("trials", trials));
        let asked = self.asked.clone().map(|asked| ("asked", asked));
        let entries = [
            ("format", Value::Int(FORMAT)),
            ("scouter", Value::from(env!("CARGO_PKG_VERSION"))),
            ("created_at", Value::from(self.created_at.as_str())),
            ("state", Value::from(state)),
            ("records", self.records.clone()),
            ("suite", Value::list(self.suite.iter().cloned())),
        ];
        Value::map(entries.into_iter().chain(trials).chain(asked))
    }

    /// Whether it is the run that `other` would be.
    pub(super) fn check(&self, other: &Self, dir: &Path) -> Result<(), RunDirError> {
        let mut differences = differences(&self.suite, &other.suite);
        differences.extend(self.asked.iter().zip(&other.asked).flat_map(|(there, here)| moved(there, here)));
        if !differences.is_empty() {
            return Err(RunDirError::OtherSuite { dir: dir.to_owned(), differences });
        }
        // Records without ids may be as many as the trials of fewer.
        if let (Some(there), Some(here)) = (self.trials.clone(), other.trials.clone())
            && there != here
        {
            return Err(RunDirError::OtherTrials { dir: dir.to_owned(), there, here });
        }
        if self.records == other.records {
            return Ok(());
        }
        let field = |of: &Self, name: &str| of.records.get(name).map(Value::to_string);
        let differs = |name: &&&str| field(self, name) != field(other, name);
        let difference = match ["file", "trials", "count"].iter().find(differs) {
            Some(&name) => {
                let told = |of| field(of, name).map_or_else(|| "none".to_owned(), |value| value.clone());
                format!("`{name}` is {} there, {} here", told(self), told(other))
            }
            None => "they have other ids, or stand in another order".to_owned(),
        };
        Err(RunDirError::OtherRecords { dir: dir.to_owned(), difference })
    }
}

/// The tasks of both whose models were asked elsewhere, in words.
fn moved(there: &Value, here: &Value) -> Vec<String> {
    let tasks = here.as_map().into_iter().flat_map(Map::iter);
    let both = tasks.filter_map(|(task, here)| Some((task, there.get(task)?, here)));
    let differ = both.filter(|(_, there, here)| to_json(there) != to_json(here));
    differ
        .map(|(task, there, here)| format!("`{task}` asked {}, and asks {}", told(there), told(here)))
        .collect()
}

/// Addresses in words.
fn told(addresses: &Value) -> String {
    let own = |address: &Value| match address.as_text() {
        Some(address) => format!("`{address}`"),
        None => "its provider's own address".to_owned(),
    };
    addresses.as_list().unwrap_or_default().iter().map(own).collect::<Vec<_>>().join(", ")
}

/// What differs between the tasks of two runs, in words.
fn differences(there: &[Value], here: &[Value]) -> Vec<String> {
    let id = |task: &Value| task.get("id").and_then(Value::as_text).unwrap_or_default().to_owned();
    let mut told = Vec::new();
    for task in here {
        match there.iter().find(|other| id(other) == id(task)) {
            None => told.push(format!("`{}` is new", id(task))),
            Some(other) => {
                let mut fields = BTreeSet::new();
                changed("", other, task, &mut fields);
                if !fields.is_empty() {
                    let fields: Vec<String> = fields.iter().map(|field| format!("`{field}`")).collect();
                    told.push(format!("`{}` has another {}", id(task), fields.join(" and ")));
                }
            }
        }
    }
    let gone = there.iter().filter(|task| here.iter().all(|other| id(other) != id(task)));
    told.extend(gone.map(|task| format!("`{}` is gone", id(task))));
    if told.is_empty() && there.iter().map(id).ne(here.iter().map(id)) {
        told.push("they stand in another order".to_owned());
    }
    if told.len() > TOLD {
        let more = told.len() - TOLD;
        told.truncate(TOLD);
        told.push(format!("and {more} more"));
    }
    told
}

/// The fields that are not the same in both, by what they are as JSON: `1` is not `1.0`.
fn changed(above: &str, there: &Value, here: &Value, fields: &mut BTreeSet<String>) {
    let (Some(before), Some(after)) = (there.as_map(), here.as_map()) else {
        if to_json(there) != to_json(here) {
            fields.insert(above.to_owned());
        }
        return;
    };
    let keys: BTreeSet<&str> = before.iter().chain(after.iter()).map(|(key, _)| key.as_str()).collect();
    for key in keys {
        let path = if above.is_empty() { key.to_owned() } else { format!("{above}.{key}") };
        match (before.get(key), after.get(key)) {
            // What a task expects is the user's own, and told by its field.
            (Some(before), Some(after)) if key == "expected_value" => {
                if to_json(before) != to_json(after) {
                    fields.insert(path);
                }
            }
            (Some(before), Some(after)) => changed(&path, before, after, fields),
            _ => {
                fields.insert(path);
            }
        }
    }
}
