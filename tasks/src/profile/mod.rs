//! Profiles: what is watched, how it was, when it is looked at again and who hears of it. Plain data, the same on a laptop and on
//! a server; the mathematics stands in [`scouter_drift`].
//!
//! | module | what it holds |
//! |---|---|
//! | `document` | the frame of everything that is written to a file: format version, kind |
//! | `content` | what a profile says, whoever made it and whenever |
//! | `identity`, `schedule`, `alert` | whose profile, when, and who is told of what |
//! | `psi`, `spc`, `custom` | a profile of each method, and what later data come to on it |
//! | `genai` | tasks that records go through, with how many of them and who is told |
//! | `judged` | what is said of it to those who are told |
//! | `distance` | two samples of the same features, by one of many methods |
//! | `data`, `merge` | what data look like, column by column, and what is kept to put parts together |
//! | `psi_parts`, `spc_parts` | the same of baselines: what is kept, and the profile of the whole |
//! | `state` | of what is kept: its version, and how much is counted |
//! | `written` | values as people read them: moments as days and times |

mod alert;
mod content;
mod custom;
mod data;
mod distance;
mod document;
mod genai;
mod identity;
mod judged;
mod merge;
mod psi;
mod psi_parts;
mod schedule;
mod spc;
mod spc_parts;
mod state;
mod written;

#[cfg(test)]
mod tests;

pub use alert::{
    CustomAlertConfig, Dispatch, GenAIAlertConfig, NotOfARate, PsiAlertConfig, RateCondition, SpcAlertConfig,
};
pub use content::Content;
pub use custom::{CustomConfig, CustomMap, CustomProfile};
pub use data::{DataProfile, FeatureProfile, TimeStats};
pub use distance::{Distance, DistanceMap, Distances, Sample};
pub use document::{Document, DocumentError, FORMAT, read, read_state, write, write_with};
pub use genai::{EvalTasks, GenAIConfig, GenAIProfile, NotARatio, SampleRatio};
pub(crate) use identity::is_watched;
pub use identity::{
    FeatureMap, Identity, IdentityError, TextLengths, UnknownFeature, check_features, check_name,
    check_version, meant,
};
pub use judged::{Judged, JudgedFeatures};
pub use merge::{ColumnState, ColumnStats, DataState, MergeError, alone};
pub use psi::{PsiConfig, PsiFeature, PsiFeatureDrift, PsiMap, PsiProfile, bin_label};
pub use psi_parts::{PsiColumn, PsiState, RecountError};
pub use schedule::{CommonCron, Schedule, ScheduleError};
pub use spc::{SpcConfig, SpcFeature, SpcFeatureDrift, SpcMap, SpcProfile};
pub use spc_parts::{SpcColumn, SpcState};
pub use state::{StateFormat, UnknownStateFormat};
pub(crate) use written::{short_moment, value_among};
