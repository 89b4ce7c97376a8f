//! What a document of drift is about.

use scouter_drift::Absent;

use crate::profile::{
    CustomMap, CustomProfile, DataProfile, DistanceMap, Identity, PsiMap, PsiProfile, SpcMap, SpcProfile,
};

/// Something to tell of, feature by feature.
#[derive(Clone, Copy, Debug)]
pub enum About<'a> {
    /// How far features are from their baselines.
    Psi(&'a PsiMap),
    /// Later rows on control charts.
    Spc(&'a SpcMap),
    /// What windows of metrics say.
    Custom(&'a CustomMap),
    /// How far features of two samples are apart.
    Distance(&'a DistanceMap),
    /// How features were, in bins.
    PsiProfile(&'a PsiProfile),
    /// How features were, as control charts.
    SpcProfile(&'a SpcProfile),
    /// Metrics with their bounds.
    CustomProfile(&'a CustomProfile),
    /// What data look like.
    Data(&'a DataProfile),
}

impl<'a> About<'a> {
    fn identity(self) -> Option<&'a Identity> {
        match self {
            Self::Psi(map) => Some(&map.identity),
            Self::Spc(map) => Some(&map.identity),
            Self::Custom(map) => Some(&map.identity),
            Self::PsiProfile(profile) => Some(&profile.config.identity),
            Self::SpcProfile(profile) => Some(&profile.config.identity),
            Self::CustomProfile(profile) => Some(&profile.config.identity),
            Self::Distance(_) | Self::Data(_) => None,
        }
    }

    /// Whose it is, where that was said.
    pub(super) fn whose(self) -> Option<String> {
        let Identity { space, name, version, .. } = self.identity()?;
        let unnamed = Identity::default();
        (*name != unnamed.name || *space != unnamed.space).then(|| format!("{space} / {name} {version}"))
    }

    /// What it is, as a heading.
    pub(super) fn heading(self) -> &'static str {
        match self {
            Self::Psi(_) => "Drift by the population stability index",
            Self::Spc(_) => "Drift by control charts",
            Self::Custom(_) => "Drift of metrics",
            Self::Distance(_) => "Distances of two samples",
            Self::PsiProfile(_) => "Baseline in bins",
            Self::SpcProfile(_) => "Baseline as control charts",
            Self::CustomProfile(_) => "Metrics and their bounds",
            Self::Data(_) => "Profile of data",
        }
    }

    /// The features that drifted; `None` where nothing is compared.
    pub(super) fn drifted(self) -> Option<Vec<&'a str>> {
        match self {
            Self::Psi(map) => Some(map.drifted().collect()),
            Self::Spc(map) => Some(map.drifted().collect()),
            Self::Custom(map) => Some(map.alerts().collect()),
            Self::Distance(map) => Some(map.drifted().collect()),
            Self::PsiProfile(_) | Self::SpcProfile(_) | Self::CustomProfile(_) | Self::Data(_) => None,
        }
    }

    /// The features, in their order.
    pub(super) fn features(self) -> Vec<&'a str> {
        let names: Box<dyn Iterator<Item = &String>> = match self {
            Self::Psi(map) => Box::new(map.features.keys()),
            Self::Spc(map) => Box::new(map.features.keys()),
            Self::Custom(map) => Box::new(map.metrics.keys()),
            Self::Distance(map) => Box::new(map.features.keys()),
            Self::PsiProfile(profile) => Box::new(profile.features.keys()),
            Self::SpcProfile(profile) => Box::new(profile.features.keys()),
            Self::CustomProfile(profile) => {
                Box::new(profile.custom_metrics.iter().map(|metric| &metric.name))
            }
            Self::Data(profile) => Box::new(profile.features.keys()),
        };
        names.map(String::as_str).collect()
    }

    /// Features that were to be compared and could not be: while there is any, nothing is known to be well.
    pub fn lost(self) -> Vec<&'a str> {
        match self {
            Self::Psi(map) => map.lost.iter().map(String::as_str).collect(),
            Self::Spc(map) => map.lost.iter().map(String::as_str).collect(),
            Self::Custom(map) => map.absent.keys().map(String::as_str).collect(),
            // What a method does not read was not to be compared by it.
            Self::Distance(map) => {
                let lost = map.absent.iter().filter(|(_, why)| **why != Absent::WrongInput);
                lost.map(|(name, _)| name.as_str()).collect()
            }
            Self::PsiProfile(_) | Self::SpcProfile(_) | Self::CustomProfile(_) | Self::Data(_) => Vec::new(),
        }
    }

    /// What is to be kept in mind about what drifted: on charts that no share of false alarms is set for, the longer a window is, the surer a rule is broken
    /// though nothing has changed.
    pub(super) fn caution(self) -> Option<String> {
        /// So many points break a rule nearly every other time.
        const MANY: usize = 50;
        let Self::Spc(map) = self else { return None };
        let points =
            map.drifted().filter_map(|name| Some(map.features.get(name)?.drift.means.len())).max()?;
        (map.alpha.is_none() && points >= MANY).then(|| {
            format!(
                "drifted by any rule that is broken: of {points} points that is likely though nothing has changed; with \
                 `SpcAlertConfig(alpha=0.05)` a p-value decides, whatever their number"
            )
        })
    }

    /// Features of which nothing can be said, and why.
    pub(super) fn absent(self) -> Vec<(&'a str, String)> {
        let absent = match self {
            Self::Psi(map) => &map.absent,
            Self::Spc(map) => &map.absent,
            Self::Custom(map) => &map.absent,
            Self::Distance(map) => &map.absent,
            Self::PsiProfile(profile) => &profile.absent,
            Self::SpcProfile(profile) => &profile.absent,
            Self::CustomProfile(_) | Self::Data(_) => return Vec::new(),
        };
        absent.iter().map(|(name, why)| (name.as_str(), why.to_string())).collect()
    }

    /// Features with numbers of which nothing is said all the same, and why.
    pub(super) fn undecided(self) -> Vec<(&'a str, String)> {
        let Self::Psi(map) = self else { return Vec::new() };
        let few = map.features.iter().filter_map(|(name, drift)| Some((name.as_str(), drift.too_few?)));
        few.map(|(name, why)| (name, why.to_string())).collect()
    }
}
