//! What a window hands over to the next: features that had too few values for anything to be said, where it ended all the same, since others
//! had enough or it was cut off.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use scouter_tasks::value::{from_json, from_value, to_value};
use scouter_tasks::window::{State, Window};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::JobError;

/// States of features from windows before.
#[derive(Debug, Default)]
pub(super) struct Carried(BTreeMap<String, Part>);

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Part {
    /// What it is made of arrived after this.
    since: DateTime<Utc>,
    state: State,
}

impl Carried {
    /// What was handed over to a job, but for what arrived before a time. What cannot be read is left out, and told: it is a few values.
    pub(super) fn read(profile: Uuid, json: Option<&str>, oldest: DateTime<Utc>) -> Self {
        let Some(json) = json else { return Self::default() };
        let read = from_json(json).map_err(|error| error.to_string());
        let read = read.and_then(|value| from_value(&value).map_err(|error| error.to_string()));
        let mut parts: BTreeMap<String, Part> = read.unwrap_or_else(|error| {
            tracing::warn!(%profile, error, "what earlier windows handed over cannot be read, and is left out");
            BTreeMap::new()
        });
        parts.retain(|_, part| part.since >= oldest);
        Self(parts)
    }

    /// What a feature begins with.
    pub(super) fn state(&self, feature: &str) -> Option<&State> {
        self.0.get(feature).map(|part| &part.state)
    }

    /// What is handed over of these features by a window that began then; `None` where there is nothing.
    ///
    /// # Errors
    /// It has no form in JSON.
    pub(super) fn next(
        &self,
        few: &[String],
        window: &Window,
        began: DateTime<Utc>,
    ) -> Result<Option<String>, JobError> {
        let part = |name: &String| {
            let state = match window.state(name)? {
                // All features of an index have the same rows, so that none waits while others have enough.
                State::Counts(_) => return None,
                state => state.clone(),
            };
            let since = self.0.get(name).map_or(began, |part| part.since);
            Some((name.clone(), Part { since, state }))
        };
        let parts: BTreeMap<String, Part> = few.iter().filter_map(part).collect();
        if parts.is_empty() {
            return Ok(None);
        }
        let written = to_value(&parts)
            .map_err(|error| JobError::Run(format!("write down what the next window begins with: {error}")));
        Ok(Some(written?.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;
    use scouter_drift::custom::{Aggregation, Window as Values};

    use super::*;

    #[test]
    fn what_is_handed_over_goes_on_until_it_is_too_old() {
        let mut values = Values::default();
        values.add(&[0.1, f64::NAN, 1e300]);
        let states = IndexMap::from([("x".to_owned(), State::Metric(Box::new(values)))]);
        let window = Window::of_states(states, 3);
        let (first, second) = (DateTime::UNIX_EPOCH, DateTime::from_timestamp(60, 0).unwrap());
        let read = |json: &str, oldest| Carried::read(Uuid::nil(), Some(json), oldest);

        let json = Carried::default().next(&["x".to_owned()], &window, first).unwrap().unwrap();
        let Some(State::Metric(values)) = read(&json, first).state("x").cloned() else { panic!("{json}") };
        assert_eq!((values.count(), values.value(Aggregation::Min)), (2, Ok(0.1)));
        // It is as old as what it began with.
        let json = read(&json, first).next(&["x".to_owned()], &window, second).unwrap().unwrap();
        assert!(read(&json, first).state("x").is_some() && read(&json, second).state("x").is_none());
        assert_eq!(read(&json, first).next(&[], &window, second).unwrap(), None);
    }

    #[test]
    fn what_cannot_be_read_is_nothing() {
        for broken in ["", "[]", r#"{"x": {"since": "1970-01-01T00:00:00Z", "state": {"other": 1}}}"#] {
            assert!(Carried::read(Uuid::nil(), Some(broken), DateTime::UNIX_EPOCH).state("x").is_none());
        }
    }
}
