//! What the window of any profile says: a plan of one node, run by the engine over what was made of the window's rows.

use std::sync::Arc;

use chrono::TimeDelta;
use scouter_drift::Absent;
use scouter_engine::Outcome;
use scouter_tasks::profile::{DocumentError, Judged, JudgedFeatures};
use scouter_tasks::suite::compile;
use scouter_tasks::task::{Baseline, ConfigError, Few, Seen, Task, WatchSpec};
use scouter_tasks::window::{Window as Collected, report};
use uuid::Uuid;

use super::carried::Carried;
use super::gathered::{Gathered, gather};
use crate::registry::{Layout, Profile, ProfileError};
use crate::store::{Awaited, DriftRow, Finding, Reader, Store, StoreError, Window};

/// How long too few values are waited with for more at most.
pub(super) const LONGEST_WINDOW: TimeDelta = TimeDelta::days(30);

/// Why a job did not come to an end.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The document of the profile.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// No plan can be made of the profile.
    #[error("failed to plan the job: {0}")]
    Plan(#[from] ConfigError),
    /// The plan came to nothing.
    #[error("failed to {0}")]
    Run(String),
    /// Who is to be told has no form in JSON.
    #[error("failed to write down who is to be told: {0}")]
    Target(#[from] serde_json::Error),
    /// Counts do not fit their profile.
    #[error("failed to count records of the profile: {0}")]
    Counts(#[from] Absent),
    /// It is of a kind that no job looks at.
    #[error("no job looks at what came for a profile of `{0}`")]
    NoJob(&'static str),
    /// It ran longer than it may.
    #[error("it took longer than {0} s, and was given up")]
    TooLong(u64),
    /// There is more in it than can be looked at together.
    #[error("there is too much in its window for one look")]
    TooMuch,
}

impl JobError {
    /// Whether a shorter window may be what can be looked at.
    pub fn is_too_much(&self) -> bool {
        match self {
            Self::TooLong(_) | Self::TooMuch => true,
            Self::Store(error) => error.is_too_much(),
            _ => false,
        }
    }

    /// Whether a later version wrote the profile, and will do the job.
    pub fn is_newer(&self) -> bool {
        matches!(self, Self::Profile(ProfileError::Document(DocumentError::Newer(_))))
    }
}

/// What a window of a profile says.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What is written down where the window ends.
    pub finding: Finding,
    /// Where there are rows, and too few for anything to be said: how many, and how many are enough.
    pub too_few: Option<Few>,
}

/// Looks for drift in a window of a profile, with what windows before handed over.
///
/// # Errors
/// The database cannot be reached, or what it holds makes no plan.
pub async fn find(
    store: &Store,
    uid: Uuid,
    profile: &Profile,
    window: Window,
    carried: Option<&str>,
) -> Result<Found, JobError> {
    let baseline = baseline(profile)?;
    let layout = Layout::of(profile);
    let carried = Carried::read(uid, carried, window.ended - LONGEST_WINDOW);
    let awaited = Awaited { profile: uid, ended: window.ended, reader: Reader::Job };
    let Gathered { rows, states, measures } = gather(store, awaited, profile, &layout, &carried).await?;
    let states = Arc::new(Collected::of_states(states, rows));
    let Seen { drifted, mut judged, few, lost, too_few, document } = seen(baseline, states.clone())?;
    // Of use where the window ends here: one that goes on is looked at again as it is.
    let carried = carried.next(&few, &states, window.began)?;
    let rows = i64::try_from(rows).unwrap_or(i64::MAX);
    // A window without rows says nothing of anything.
    let lost = if rows > 0 { lost } else { Vec::new() };
    if rows > 0 {
        judged.extend(unjudged(profile));
    }
    let Window { began, ended } = window;
    let row = DriftRow { began, ended, rows, drifted, document: document.to_string() };
    Ok(Found { finding: Finding { row, judged, lost, measures, carried }, too_few })
}

/// What a window of a profile is held against.
fn baseline(profile: &Profile) -> Result<Baseline, JobError> {
    Ok(match profile {
        Profile::Psi(psi) => Baseline::Psi(Box::new(psi.clone())),
        Profile::Spc(spc) => Baseline::Spc(Box::new(spc.clone())),
        Profile::Custom(custom) => Baseline::Custom(Box::new(custom.clone())),
        Profile::GenAI(_) => return Err(JobError::NoJob(profile.kind().as_str())),
    })
}

/// What is said of watched features that no job judges, since their baselines have too few rows. Versions before did, and an alert that one of them opened
/// would never end.
fn unjudged(profile: &Profile) -> JudgedFeatures {
    let Profile::Psi(profile) = profile else { return JudgedFeatures::new() };
    let fewest = profile.fewest_before();
    let said = format!("nothing is said of it any more, for the baseline has fewer than {fewest} rows");
    let gone = |name: &str| (name.to_owned(), Judged { drifted: false, said: said.clone() });
    profile.unjudged().map(gone).collect()
}

/// Runs the plan of a profile over a window.
fn seen(baseline: Baseline, window: Arc<Collected>) -> Result<Seen, JobError> {
    let watch: Arc<dyn Task> = Arc::new(WatchSpec::new("drift", baseline));
    let nothing = || JobError::Run("come to an end".to_owned());
    let plan = compile(&[watch])?.window.ok_or_else(nothing)?;
    match report(&plan, window).and_then(|mut report| report.outcomes.pop()).ok_or_else(nothing)? {
        Outcome::Done(output) => output.value.found().and_then(Seen::read).ok_or_else(nothing),
        Outcome::Errored(error) => Err(JobError::Run(error.to_string())),
        Outcome::Skipped(_) | Outcome::Cancelled => Err(nothing()),
    }
}
