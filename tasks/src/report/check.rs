//! One outcome in words.

use scouter_engine::Outcome;

use super::text::{clip, visible};
use crate::call::Call;
use crate::measured::Measured;
use crate::result::{Results, Status, message};
use crate::value::pretty;

/// How many characters of an error's detail are shown, such as a traceback.
const MOST_DETAIL: usize = 2_000;

/// What there is to tell of one task of one record, as it can be shown.
#[derive(Debug)]
pub(super) struct Check {
    pub(super) status: Status,
    pub(super) path: Option<String>,
    pub(super) operator: Option<String>,
    pub(super) expected: Option<String>,
    pub(super) actual: Option<String>,
    pub(super) message: String,
    /// More about an error, or about the reply of a model.
    pub(super) detail: Option<String>,
}

impl Check {
    /// The outcome of a task; texts are cut to `most` characters.
    pub(super) fn of(results: &Results, row: usize, task: usize, most: usize) -> Self {
        let info = &results.tasks()[task];
        let outcome = &results.rows()[row].outcomes[task];
        let show = |text: &str| clip(&visible(text), most).into_owned();
        let output = outcome.output().map(|output| &output.value);
        let expected =
            info.operator.and(output).map(|measured| measured.expected().unwrap_or(&info.expected));
        Self {
            status: Status::of(outcome),
            path: info.context_path.as_deref().map(show),
            operator: info.operator.map(|operator| operator.to_string()),
            expected: expected.map(|value| show(&value.to_string())),
            actual: actual(outcome).map(|value| show(&value)),
            message: show(&message(results.tasks(), outcome, info)),
            detail: match outcome {
                Outcome::Errored(error) if error.detail().is_some() => error.detail().map(detail),
                _ => Call::of(outcome).map(|call| detail(&pretty(&call.to_value()))),
            },
        }
    }
}

fn detail(text: &str) -> String {
    clip(&visible(text), MOST_DETAIL).into_owned()
}

/// The value that was judged, as JSON.
pub(super) fn actual(outcome: &Outcome<Measured>) -> Option<String> {
    outcome.output().map(|output| output.value.actual().to_string())
}
