//! What the window of any profile says.

use scouter_drift::Absent;
use scouter_tasks::profile::{Document, DocumentError, JudgedFeatures, write};
use uuid::Uuid;

use super::{custom, psi, spc};
use crate::registry::{Profile, ProfileError};
use crate::store::{DriftRow, Finding, Measures, Store, StoreError, Window};

/// Why a job did not come to an end.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The document of the profile.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// What was found has no form in JSON.
    #[error("failed to write down what was found: {0}")]
    Document(#[from] DocumentError),
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
pub(super) struct Found<D> {
    pub(super) rows: u64,
    pub(super) drifted: Vec<String>,
    pub(super) judged: JudgedFeatures,
    pub(super) measures: Measures,
    pub(super) map: D,
}

/// Looks for drift in a window of a profile.
///
/// # Errors
/// The database cannot be reached, or holds what does not fit the profile.
pub async fn find(store: &Store, uid: Uuid, profile: &Profile, window: Window) -> Result<Finding, JobError> {
    match profile {
        Profile::Psi(psi) => row(psi::find(store, uid, psi, profile, window).await?, window),
        Profile::Spc(spc) => row(spc::find(store, uid, spc, profile, window).await?, window),
        Profile::Custom(custom) => row(custom::find(store, uid, custom, profile, window).await?, window),
        Profile::GenAI(_) => Err(JobError::NoJob(profile.kind().as_str())),
    }
}

fn row<D: Document>(found: Found<D>, Window { began, ended }: Window) -> Result<Finding, JobError> {
    let rows = i64::try_from(found.rows).unwrap_or(i64::MAX);
    let document = write(&found.map)?.to_string();
    Ok(Finding {
        row: DriftRow { began, ended, rows, drifted: found.drifted, document },
        judged: found.judged,
        measures: found.measures,
    })
}
