//! What a profile says, whoever made it and whenever.

use chrono::DateTime;

use super::{CustomProfile, Document, GenAIProfile, PsiProfile, SpcProfile};

/// A document that has another uid, another date and perhaps another version of the package where the same is made again.
pub trait Content: Document {
    /// It without these: equal for two that say the same.
    #[must_use]
    fn content(self) -> Self;
}

impl Content for PsiProfile {
    fn content(mut self) -> Self {
        self.scouter_version.clear();
        self.config.identity.uid.clear();
        for feature in self.features.values_mut() {
            feature.timestamp = DateTime::UNIX_EPOCH;
        }
        self
    }
}

impl Content for SpcProfile {
    fn content(mut self) -> Self {
        self.scouter_version.clear();
        self.config.identity.uid.clear();
        for feature in self.features.values_mut() {
            feature.timestamp = DateTime::UNIX_EPOCH;
        }
        self
    }
}

impl Content for CustomProfile {
    fn content(mut self) -> Self {
        self.scouter_version.clear();
        self.config.identity.uid.clear();
        self
    }
}

impl Content for GenAIProfile {
    fn content(mut self) -> Self {
        self.scouter_version.clear();
        self.config.identity.uid.clear();
        self
    }
}
