//! Control charts: limits from a baseline's subgroups, and rules that tell a process that has changed from its chance.

mod alert;
mod baseline;
mod chance;
mod constants;
mod cusum;
mod digits;
mod drift;
mod ewma;
mod form;
mod nelson;
mod points;
mod rules;
mod runs;
mod setting;
mod side_by_side;
mod subgroups;
mod trend;
mod western;
mod zone;

#[cfg(test)]
mod tests;

pub use alert::{Alert, AlertKind, Rule};
pub use baseline::{Limits, SpcBaseline};
pub use constants::c4;
pub use cusum::{Cusum, CusumChart};
pub use digits::{DigitRule, DigitRuleError, ZoneRule};
pub use drift::SpcDrift;
pub use ewma::{Ewma, EwmaChart};
pub use form::SpcFormError;
pub use nelson::nelson;
pub use points::ChartPoints;
pub use rules::Rules;
pub use setting::SettingError;
pub use side_by_side::{PartSums, PartWork, SideBySide};
pub use subgroups::{Subgroup, Subgroups, sample_size};
pub use trend::trend;
pub use western::western_electric;
pub use zone::{Side, Zone};
