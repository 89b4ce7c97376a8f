//! What the rows of a window are brought together to: a state of each feature, which is all that its method has to know of them.

use indexmap::IndexMap;
use scouter_tasks::window::State;

use super::carried::Carried;
use super::find::JobError;
use super::{custom, psi, spc};
use crate::registry::{Layout, Profile};
use crate::store::{Awaited, Measures, Store};

/// The rows of a window.
pub(super) struct Gathered {
    /// How many there are.
    pub(super) rows: u64,
    /// What was made of each feature.
    pub(super) states: IndexMap<String, State>,
    /// The same in numbers, for drift over time.
    pub(super) measures: Measures,
}

/// Brings rows of a profile together that its job has yet to look at, with what windows before handed over.
///
/// # Errors
/// They cannot be read, are too many, or no job looks at them.
pub(super) async fn gather(
    store: &Store,
    awaited: Awaited,
    profile: &Profile,
    layout: &Layout,
    carried: &Carried,
) -> Result<Gathered, JobError> {
    match profile {
        Profile::Psi(psi) => psi::gather(store, awaited, psi, layout).await,
        Profile::Spc(spc) => spc::gather(store, awaited, spc, layout, carried).await,
        Profile::Custom(_) => custom::gather(store, awaited, layout, carried).await,
        Profile::GenAI(_) => Err(JobError::NoJob(profile.kind().as_str())),
    }
}
