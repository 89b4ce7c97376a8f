//! Profiles of evaluations: what becomes of the records of an application, judged as a dataset is. The tasks stand in it as they stand in a
//! file, so that what is tested before a release is what is watched after it.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use thiserror::Error;

use super::{Document, GenAIAlertConfig, Identity};
use crate::suite::{Kinds, Suite, compile, entry, read_entries};
use crate::task::{ConfigError, Problem, Scope, Task};
use crate::value::Value;

/// What becomes of a profile.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GenAIConfig {
    /// Whose it is.
    #[serde(flatten)]
    pub identity: Identity,
    /// How many of the records are evaluated.
    pub sample_ratio: SampleRatio,
    /// When is looked, and who is told.
    pub alert_config: GenAIAlertConfig,
}

impl Document for GenAIConfig {
    const KIND: &'static str = "genai_eval_config";
}

/// Tasks that the records of an application go through.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GenAIProfile {
    /// The version of the package that made it.
    pub scouter_version: String,
    /// What becomes of it.
    pub config: GenAIConfig,
    /// What it is called where an application holds several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// The tasks.
    pub tasks: EvalTasks,
}

impl Document for GenAIProfile {
    const KIND: &'static str = "genai_eval_profile";
}

/// The share of records that are evaluated, from 0 to 1: with 0.1 about one in ten.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct SampleRatio(f64);

/// A share that is none.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[error("`sample_ratio` is `{0}`: it must be from 0 to 1, such as 0.1 for one record in ten")]
pub struct NotARatio(f64);

impl SampleRatio {
    /// Every record.
    pub const ALL: Self = Self(1.0);

    /// A share.
    ///
    /// # Errors
    /// It is not from 0 to 1.
    pub fn new(ratio: f64) -> Result<Self, NotARatio> {
        if (0.0..=1.0).contains(&ratio) { Ok(Self(ratio)) } else { Err(NotARatio(ratio)) }
    }

    /// The share as a number.
    pub fn get(self) -> f64 {
        self.0
    }
}

/// Every record.
impl Default for SampleRatio {
    fn default() -> Self {
        Self::ALL
    }
}

impl TryFrom<f64> for SampleRatio {
    type Error = NotARatio;

    fn try_from(ratio: f64) -> Result<Self, NotARatio> {
        Self::new(ratio)
    }
}

impl From<SampleRatio> for f64 {
    fn from(ratio: SampleRatio) -> Self {
        ratio.0
    }
}

/// Tasks that can be stored. They are a list of entries, each with its `task_type`, as in a task file.
#[derive(Debug, Clone)]
pub struct EvalTasks {
    specs: Arc<[Arc<dyn Task>]>,
    suite: Result<Suite, ConfigError>,
}

impl EvalTasks {
    /// Tasks that are sound and judge single records.
    ///
    /// # Errors
    /// With every problem of every task: those of [`compile`], tasks that live in code alone, and tasks that look at all records at once.
    pub fn new(tasks: &[Arc<dyn Task>]) -> Result<Self, ConfigError> {
        let tasks = Self::stored(tasks);
        match &tasks.suite {
            Ok(_) => Ok(tasks),
            Err(error) => Err(error.clone()),
        }
    }

    /// Tasks as they were stored, sound or not: an earlier version may have let through what this one refuses.
    fn stored(tasks: &[Arc<dyn Task>]) -> Self {
        let mut problems: Vec<Problem> = tasks.iter().filter_map(|task| refused(task.as_ref())).collect();
        let suite = match compile(tasks) {
            Ok(suite) if problems.is_empty() => Ok(suite),
            Ok(_) => Err(ConfigError { problems }),
            Err(error) => {
                problems.extend(error.problems);
                Err(ConfigError { problems })
            }
        };
        Self { specs: tasks.into(), suite }
    }

    /// The tasks as they run, the same as those of a dataset.
    ///
    /// # Errors
    /// They were stored by a version that refused less. It is as of [`Self::new`].
    pub fn suite(&self) -> Result<&Suite, &ConfigError> {
        self.suite.as_ref()
    }

    /// The tasks as they were written, in their order.
    pub fn specs(&self) -> &[Arc<dyn Task>] {
        &self.specs
    }

    /// The tasks as they stand in a file.
    fn entries(&self) -> impl Iterator<Item = Value> {
        self.specs.iter().filter_map(|task| entry(task.as_ref()))
    }
}

/// Why a task that is sound cannot stand in a profile.
fn refused(task: &dyn Task) -> Option<Problem> {
    let message = if task.scope() == Scope::Window {
        "it looks at all records at once, and a profile judges every record as it comes: leave it to datasets, or watch the columns by a \
         drift profile"
    } else if entry(task).is_none() || !Kinds::default().names().any(|kind| kind == task.kind()) {
        "it lives in code alone, and a profile is stored: say it by an assertion or a judge, or leave it to datasets"
    } else {
        return None;
    };
    Some(Problem { task: Some(task.head().id.to_lowercase()), field: None, message: message.to_owned() })
}

impl PartialEq for EvalTasks {
    fn eq(&self, other: &Self) -> bool {
        let (own, other): (Vec<_>, Vec<_>) = (self.entries().collect(), other.entries().collect());
        own.len() == other.len() && own.iter().zip(&other).all(|(own, other)| own.is_same(other))
    }
}

impl Serialize for EvalTasks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.entries())
    }
}

impl<'de> Deserialize<'de> for EvalTasks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = Vec::<Value>::deserialize(deserializer)?;
        let tasks = read_entries(&entries, &Kinds::default()).map_err(D::Error::custom)?;
        Ok(Self::stored(&tasks))
    }
}
