//! When a profile is looked at again: cron expressions of five fields, or six with seconds before them, in UTC, or in the time zone that stands
//! before them as `CRON_TZ=Europe/Rome`.
//!
//! Where clocks are put forward, a time of day that is left out comes at the end of the gap; where they are put back, a time of day that comes
//! twice counts the first time.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use croner::Cron;
use scouter_engine::nearest;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A cron expression that is known to be one, and to come about.
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use scouter_tasks::profile::Schedule;
///
/// let schedule: Schedule = "0 */6 * * *".parse()?;
/// let noon = Utc.with_ymd_and_hms(2025, 1, 1, 12, 0, 0).single();
/// let six = Utc.with_ymd_and_hms(2025, 1, 1, 18, 0, 0).single();
/// assert_eq!(noon.and_then(|noon| schedule.next(noon)), six);
///
/// let in_rome: Schedule = "CRON_TZ=Europe/Rome 0 19 * * *".parse()?;
/// assert_eq!(noon.and_then(|noon| in_rome.next(noon)), six);
/// # Ok::<(), scouter_tasks::profile::ScheduleError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Schedule(String);

/// What there is to say to whoever has another notation in mind.
const FIELDS: &str = "its fields are minute (0-59), hour (0-23), day of the month (1-31), month (1-12) and day of the week (0-7), as in `30 6 * * 1-5`; \
                      where there are six, the second comes first";

/// A text that is no schedule.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("read `{text}` as a cron expression: {why}")]
pub struct ScheduleError {
    /// The text.
    pub text: String,
    /// What is wrong with it.
    pub why: String,
}

impl Schedule {
    /// The cron expression.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first time after another.
    pub fn next(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let (zone, cron) = read(&self.0).ok()?;
        let next = cron.find_next_occurrence(&after.with_timezone(&zone), false).ok()?;
        Some(next.with_timezone(&Utc))
    }
}

impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let wrong = |why: String| ScheduleError { text: text.to_owned(), why };
        let (_, cron) = read(text).map_err(wrong)?;
        // February 30 has the form of a schedule, and never comes.
        cron.find_next_occurrence(&DateTime::UNIX_EPOCH, false)
            .map_err(|_| wrong("no day is like that".to_owned()))?;
        Ok(Self(text.to_owned()))
    }
}

fn read(text: &str) -> Result<(Tz, Cron), String> {
    let (zone, cron) = match text.trim_start().strip_prefix("CRON_TZ=") {
        None => (Tz::UTC, text),
        Some(rest) => {
            let (zone, cron) = rest.split_once(char::is_whitespace).ok_or("nothing follows the time zone")?;
            (zone.parse().map_err(|_| no_zone(zone))?, cron)
        }
    };
    let cron = cron.parse().map_err(|error: croner::errors::CronError| {
        let why = error.to_string();
        format!("{}; {FIELDS}", why.trim_end_matches('.'))
    })?;
    Ok((zone, cron))
}

fn no_zone(zone: &str) -> String {
    let near = nearest(zone, chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()));
    let near = near.map(|near| format!(", did you mean `{near}`?")).unwrap_or_default();
    format!("there is no time zone `{zone}`{near}")
}

impl TryFrom<String> for Schedule {
    type Error = ScheduleError;

    fn try_from(text: String) -> Result<Self, ScheduleError> {
        text.parse()
    }
}

impl From<Schedule> for String {
    fn from(schedule: Schedule) -> Self {
        schedule.0
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Every day at midnight.
impl Default for Schedule {
    fn default() -> Self {
        CommonCron::EveryDay.schedule()
    }
}

/// Schedules that many want.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CommonCron {
    /// Every minute.
    Every1Minute,
    /// Every five minutes.
    Every5Minutes,
    /// Every quarter of an hour.
    Every15Minutes,
    /// Every half hour.
    Every30Minutes,
    /// Every hour.
    EveryHour,
    /// Every six hours.
    Every6Hours,
    /// Every twelve hours.
    Every12Hours,
    /// Every day at midnight.
    EveryDay,
    /// Every Sunday at midnight.
    EveryWeek,
}

impl CommonCron {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Every1Minute,
        Self::Every5Minutes,
        Self::Every15Minutes,
        Self::Every30Minutes,
        Self::EveryHour,
        Self::Every6Hours,
        Self::Every12Hours,
        Self::EveryDay,
        Self::EveryWeek,
    ];

    /// The cron expression, with seconds.
    pub fn cron(self) -> &'static str {
        match self {
            Self::Every1Minute => "0 * * * * *",
            Self::Every5Minutes => "0 */5 * * * *",
            Self::Every15Minutes => "0 */15 * * * *",
            Self::Every30Minutes => "0 */30 * * * *",
            Self::EveryHour => "0 0 * * * *",
            Self::Every6Hours => "0 0 */6 * * *",
            Self::Every12Hours => "0 0 */12 * * *",
            Self::EveryDay => "0 0 0 * * *",
            Self::EveryWeek => "0 0 0 * * SUN",
        }
    }

    /// The schedule.
    pub fn schedule(self) -> Schedule {
        Schedule(self.cron().to_owned())
    }
}
