//! What an application sends: records of its predictions, of its own measurements and of what it wants evaluated.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use thiserror::Error;
use uuid::{Uuid, Variant};

use crate::receipt::{RefusalCode, Refused};

/// Records that are sent together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Batch {
    /// The records, by profile. A profile may have several groups.
    pub groups: Vec<Group>,
}

/// Records of one profile. Those of features have a number for each of its names.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    profile: Uuid,
    names: Vec<String>,
    records: Vec<Record>,
}

/// One thing that is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// What tells it from all others, and when it was made.
    pub uid: Uid,
    /// What it says.
    pub body: Body,
}

/// A UUID of version 7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Uuid", into = "Uuid")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Uid(Uuid);

/// A UUID of another version than 7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("`uid` is no UUID of version 7")]
pub struct NotVersion7;

/// What a record says.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// The features of one prediction.
    Features(Features),
    /// Rows of many predictions, counted by feature and bin.
    Bins(Vec<FeatureBins>),
    /// Numbers that the application measured itself.
    Metrics(Vec<Metric>),
    /// What is to be evaluated.
    Eval(Eval),
    /// Requests to the application, by route.
    Requests(Vec<Route>),
}

/// The features of one prediction. Missing values equal each other.
#[derive(Debug, Clone, Default)]
pub struct Features {
    /// A value for each name of the group, in their order; NaN where it is missing, or a text.
    pub numbers: Vec<f64>,
    /// Values that are texts. Whoever takes them looks whether a feature has two values.
    pub texts: Vec<Text>,
}

/// The value of a feature that is a text, or a moment: that as ISO 8601 has it, in UTC where it names no zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The feature.
    pub name: String,
    /// Its value.
    pub text: String,
}

/// How rows fall into the bins of a feature.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeatureBins {
    /// The feature.
    pub name: String,
    /// Rows in each bin of the profile, in its order.
    pub bins: Vec<u64>,
    /// Rows whose category was too rare in the baseline to have a bin.
    pub other: u64,
    /// Rows whose category the baseline does not know.
    pub unseen: u64,
    /// Rows without a value.
    pub missing: u64,
}

/// A number that the application measured itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    /// Which.
    pub name: String,
    /// The number.
    pub value: f64,
}

/// What is to be evaluated.
#[derive(Debug, Clone)]
pub struct Eval {
    /// A JSON object, as it was written; of [`MAX_CONTEXT`](crate::MAX_CONTEXT) bytes at most.
    pub context: Box<RawValue>,
    /// What the application calls it.
    pub id: Option<String>,
    /// The conversation that it belongs to.
    pub session: Option<String>,
    /// The trace that it came from: 32 hexadecimal digits.
    pub trace: Option<String>,
}

/// Requests to one route.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Route {
    /// The route, as the application declares it.
    pub route: String,
    /// How many requests there were.
    pub count: u64,
    /// How many of them ended in an error.
    pub errors: u64,
    /// Seconds that a request took.
    pub latency: Latency,
    /// Seconds that requests took which ended in an error, on average.
    pub error_latency: f64,
    /// How many there were of each status.
    pub statuses: Vec<StatusCount>,
}

/// Percentiles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Latency {
    /// The 5th.
    pub p5: f64,
    /// The 25th.
    pub p25: f64,
    /// The median.
    pub p50: f64,
    /// The 95th.
    pub p95: f64,
    /// The 99th.
    pub p99: f64,
}

/// How many requests were answered with a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusCount {
    /// The status of HTTP.
    pub status: u32,
    /// How many.
    pub count: u64,
}

/// What arrived: the records that can be read, and those that cannot.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Received {
    /// The records that can be read.
    pub batch: Batch,
    /// The others.
    pub refused: Vec<Refused>,
}

impl Batch {
    /// How many records there are.
    pub fn len(&self) -> usize {
        self.groups.iter().map(|group| group.records.len()).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.groups.iter().all(|group| group.records.is_empty())
    }
}

impl Group {
    /// A group without records.
    ///
    /// # Errors
    /// A name that stands there twice.
    pub fn new(profile: Uuid, names: Vec<String>) -> Result<Self, String> {
        let mut seen = HashSet::with_capacity(names.len());
        match names.iter().find(|name| !seen.insert(name.as_str())) {
            Some(twice) => Err(twice.clone()),
            None => Ok(Self { profile, names, records: Vec::new() }),
        }
    }

    /// A group without records, and without names: for records that name all they have themselves.
    pub fn without_names(profile: Uuid) -> Self {
        Self { profile, names: Vec::new(), records: Vec::new() }
    }

    /// Adds a record.
    ///
    /// # Errors
    /// It has another number of features than there are names.
    pub fn push(&mut self, record: Record) -> Result<(), Refused> {
        if let Body::Features(features) = &record.body
            && features.numbers.len() != self.names.len()
        {
            let (numbers, names) = (features.numbers.len(), self.names.len());
            let reason = format!("{numbers} numbers for {names} names of features");
            return Err(Refused::new(Some(record.uid.get()), RefusalCode::Shape, reason));
        }
        self.records.push(record);
        Ok(())
    }

    /// The same records, of another profile.
    #[must_use]
    pub fn of_profile(self, profile: Uuid) -> Self {
        Self { profile, ..self }
    }

    /// Makes room for more records.
    pub fn reserve(&mut self, more: usize) {
        self.records.reserve(more);
    }

    /// The profile.
    pub fn profile(&self) -> Uuid {
        self.profile
    }

    /// The features that numbers are the values of.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The records.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The profile, the names and the records.
    pub fn into_parts(self) -> (Uuid, Vec<String>, Vec<Record>) {
        (self.profile, self.names, self.records)
    }
}

impl Body {
    /// How many rows of the application it stands for: one, but where rows were counted.
    pub fn rows(&self) -> u64 {
        match self {
            // Every feature has each row.
            Self::Bins(features) => features.first().map_or(0, FeatureBins::rows),
            _ => 1,
        }
    }
}

impl FeatureBins {
    /// How many rows were counted.
    pub fn rows(&self) -> u64 {
        let beside = [self.other, self.unseen, self.missing];
        self.bins.iter().chain(&beside).fold(0, |sum: u64, count| sum.saturating_add(*count))
    }
}

impl PartialEq for Eval {
    fn eq(&self, other: &Self) -> bool {
        (self.context.get(), &self.id, &self.session, &self.trace)
            == (other.context.get(), &other.id, &other.session, &other.trace)
    }
}

impl PartialEq for Features {
    fn eq(&self, other: &Self) -> bool {
        let same = |(a, b): (&f64, &f64)| a == b || a.is_nan() && b.is_nan();
        self.numbers.len() == other.numbers.len()
            && self.numbers.iter().zip(&other.numbers).all(same)
            && self.texts == other.texts
    }
}

impl Uid {
    /// The UUID.
    pub fn get(self) -> Uuid {
        self.0
    }

    /// When it was made, in milliseconds since 1970.
    pub fn millis(self) -> u64 {
        let (high, _) = self.0.as_u64_pair();
        high >> 16
    }
}

impl TryFrom<Uuid> for Uid {
    type Error = NotVersion7;

    fn try_from(uuid: Uuid) -> Result<Self, NotVersion7> {
        let fits = uuid.get_version_num() == 7 && uuid.get_variant() == Variant::RFC4122;
        if fits { Ok(Self(uuid)) } else { Err(NotVersion7) }
    }
}

impl From<Uid> for Uuid {
    fn from(uid: Uid) -> Self {
        uid.0
    }
}
