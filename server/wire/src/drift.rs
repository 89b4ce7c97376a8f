//! Bodies of the API for drift over time.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::words::words;

words! {
    /// How long a stretch of time is.
    TimeInterval {
        /// A quarter of an hour.
        FifteenMinutes = "fifteen_minutes",
        /// Half an hour.
        ThirtyMinutes = "thirty_minutes",
        /// An hour.
        OneHour = "one_hour",
        /// Four hours.
        FourHours = "four_hours",
        /// Six hours.
        SixHours = "six_hours",
        /// Half a day.
        TwelveHours = "twelve_hours",
        /// A day.
        TwentyFourHours = "twenty_four_hours",
        /// A week.
        SevenDays = "seven_days",
        /// From one moment to another.
        Custom = "custom",
    }
}

impl TimeInterval {
    /// How long it is; none where it goes from one moment to another, or is not known.
    pub fn length(&self) -> Option<TimeDelta> {
        match self {
            Self::FifteenMinutes => Some(TimeDelta::minutes(15)),
            Self::ThirtyMinutes => Some(TimeDelta::minutes(30)),
            Self::OneHour => Some(TimeDelta::hours(1)),
            Self::FourHours => Some(TimeDelta::hours(4)),
            Self::SixHours => Some(TimeDelta::hours(6)),
            Self::TwelveHours => Some(TimeDelta::hours(12)),
            Self::TwentyFourHours => Some(TimeDelta::days(1)),
            Self::SevenDays => Some(TimeDelta::days(7)),
            Self::Custom | Self::Other(_) => None,
        }
    }
}

/// What stretch of time, in how many points: the query of `GET /v1/profiles/{uid}/drift`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct DriftQuery {
    /// How long it is.
    #[cfg_attr(feature = "openapi", param(inline))]
    pub time_interval: TimeInterval,
    /// In how many points it is cut, at most: 1 to 10,000, and fewer for profiles of very many features or bins.
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 10_000))]
    pub max_data_points: u32,
    /// When it begins, where it is `custom`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_datetime: Option<DateTime<Utc>>,
    /// When it ends. Where nothing is said, now: a stretch of a length is cut into parts that begin at multiples of theirs, of which the last
    /// goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_datetime: Option<DateTime<Utc>>,
    /// The space that the profile is taken to be in, where the caller says one: another is an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub space: Option<String>,
}

/// A profile whose drift is looked for at once: the answer to `POST /v1/profiles/{uid}/run`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobDue {
    /// Which.
    pub profile: Uuid,
    /// When it was asked for, by the database's clock: a window that ends then or later has in it all that had arrived. An older server does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<DateTime<Utc>>,
}

/// How things stand with the job of a profile: the answer to `GET /v1/profiles/{uid}/job`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobState {
    /// Which.
    pub profile: Uuid,
    /// Whether it is at work, or due and not begun yet.
    pub under_way: bool,
    /// When it is due; none where it was never planned, as that of a profile that was never active.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
    /// Why it failed, where it did the last time. It is tried again then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// What the newest window came to that has ended. It has no rows where nothing had come since the one before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<JobFound>,
    /// Rows that came since, where a job looked at them and they are too few for anything to be said. An older server does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<JobWaiting>,
    /// The alert of the profile that is open, whatever the newest window came to. An older server does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert: Option<i64>,
}

/// Rows that are too few for anything to be said. They are looked at again with those that come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobWaiting {
    /// How many there were when a job looked last; of charts and metrics, those with a value of whichever is nearest to enough.
    pub rows: u64,
    /// How many are enough.
    pub needed: u64,
}

/// What the window of a job came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobFound {
    /// What arrived after this
    pub began: DateTime<Utc>,
    /// and up to this is in it.
    pub ended: DateTime<Utc>,
    /// How many rows that are.
    pub rows: u64,
    /// Features or metrics that drifted.
    pub drifted: Vec<String>,
    /// Those that are watched and of which it says nothing, neither that they drifted nor that they did not: too few rows, in the baseline or now. An older
    /// server does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<Vec<String>>,
}

/// Drift over time, by feature or metric. A point is what all jobs found whose windows lie in its part of the time, put together; its time is
/// when that part begins. Parts in which there is no window have no point. What no job has looked at yet is in the last point, which `open` tells of.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum BinnedDrift {
    /// By the stability index.
    Psi {
        /// The features.
        features: BTreeMap<String, BinnedPsi>,
        /// What no job has looked at yet, where something of it is told.
        #[serde(skip_serializing_if = "Option::is_none")]
        open: Option<OpenWindow>,
    },
    /// On control charts.
    Spc {
        /// The features.
        features: BTreeMap<String, BinnedSpc>,
        /// What no job has looked at yet, where something of it is told.
        #[serde(skip_serializing_if = "Option::is_none")]
        open: Option<OpenWindow>,
    },
    /// Of metrics that an application measured itself.
    Custom {
        /// The metrics.
        metrics: BTreeMap<String, BinnedMetric>,
        /// What no job has looked at yet, where something of it is told.
        #[serde(skip_serializing_if = "Option::is_none")]
        open: Option<OpenWindow>,
    },
}

/// What came since the last window of a job ended. The point that has it is provisional: it changes with what comes, and no alert follows from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenWindow {
    /// The time of the point that has it: the last one.
    pub created_at: DateTime<Utc>,
    /// What arrived after this
    pub began: DateTime<Utc>,
    /// and up to this is in it.
    pub until: DateTime<Utc>,
    /// How many rows that are, however few.
    pub rows: u64,
}

/// The stability index of a feature over time.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BinnedPsi {
    /// The times of the points.
    pub created_at: Vec<DateTime<Utc>>,
    /// The index of each point, from its counts taken together.
    pub psi: Vec<f64>,
    /// That of the whole time; none where there were no rows.
    pub overall_psi: Option<f64>,
    /// Which share of the rows of the whole time is in each bin.
    pub bins: Vec<f64>,
}

/// A feature on its control chart over time.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BinnedSpc {
    /// The times of the points.
    pub created_at: Vec<DateTime<Utc>>,
    /// The mean of the feature, of the points of the chart in this time.
    pub values: Vec<f64>,
}

/// A metric over time.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BinnedMetric {
    /// Its name.
    pub metric: String,
    /// The times of the points.
    pub created_at: Vec<DateTime<Utc>>,
    /// What its values come to.
    pub stats: Vec<BinnedMetricStats>,
}

/// What values of a metric come to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BinnedMetricStats {
    /// Their mean.
    pub avg: f64,
    /// A standard deviation of the values below it.
    pub lower_bound: f64,
    /// A standard deviation above it.
    pub upper_bound: f64,
}
