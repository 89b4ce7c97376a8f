//! A profile of any kind, read from its document.

use scouter_engine::nearest;
use scouter_tasks::profile::{
    CustomProfile, Dispatch, Document, DocumentError, FORMAT, GenAIProfile, Identity, PsiProfile, Schedule,
    SpcProfile, read, write,
};
use scouter_tasks::value::{JsonError, Value, from_saved_json, to_json};

use crate::store::Key;

/// How something is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// By the population stability index.
    Psi,
    /// By control charts.
    Spc,
    /// By metrics that the application measures itself.
    Custom,
    /// By evaluations.
    GenAI,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Psi, Self::Spc, Self::Custom, Self::GenAI];

    /// That of a word; none where a later version wrote it.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether jobs look at what is kept of it.
    pub fn has_jobs(self) -> bool {
        self != Self::GenAI
    }

    /// What this version does not do with what is kept of it, for people.
    pub fn remark(self) -> Option<&'static str> {
        let kept = "its records are kept, and not evaluated yet: this server has no evaluation";
        (self == Self::GenAI).then_some(kept)
    }

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Psi => "psi",
            Self::Spc => "spc",
            Self::Custom => "custom",
            Self::GenAI => "genai",
        }
    }

    /// What its documents call themselves.
    fn document(self) -> &'static str {
        match self {
            Self::Psi => PsiProfile::KIND,
            Self::Spc => SpcProfile::KIND,
            Self::Custom => CustomProfile::KIND,
            Self::GenAI => GenAIProfile::KIND,
        }
    }
}

/// A profile of any kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Profile {
    /// Of the population stability index.
    Psi(PsiProfile),
    /// Of control charts.
    Spc(SpcProfile),
    /// Of metrics that the application measures itself.
    Custom(CustomProfile),
    /// Of evaluations.
    GenAI(GenAIProfile),
}

/// Why a text is no profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// It is no JSON.
    #[error("failed to read the profile: {0}")]
    Json(#[from] JsonError),
    /// It is another document, or none.
    #[error("failed to read the profile: `{found}` is no kind of profile{}", hint(found))]
    Kind {
        /// What it says it is.
        found: String,
    },
    /// Its document is not what it should be.
    #[error("failed to read the profile: {0}")]
    Document(#[from] DocumentError),
}

fn hint(found: &str) -> String {
    let near = nearest(found, Kind::ALL.into_iter().map(Kind::document));
    near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

impl Profile {
    /// Reads the JSON of a document.
    ///
    /// # Errors
    /// It is no JSON, no document of a profile, of a later format, or damaged.
    pub fn read(json: &str) -> Result<Self, ProfileError> {
        // Tasks expect exact numbers, which are marked as such.
        let document = from_saved_json(json)?;
        let said = match document.get("kind") {
            Some(Value::Text(said)) => said.as_str(),
            _ => return Err(DocumentError::NoFormat("profile").into()),
        };
        // What a later version wrote may be of a kind that is not known here, which says less than that it is later.
        if let Some(Value::Int(format)) = document.get("format")
            && *format > FORMAT
        {
            return Err(DocumentError::Newer(*format).into());
        }
        match Kind::ALL.into_iter().find(|kind| kind.document() == said) {
            Some(Kind::Psi) => Ok(Self::Psi(read(&document)?)),
            Some(Kind::Spc) => Ok(Self::Spc(read(&document)?)),
            Some(Kind::Custom) => Ok(Self::Custom(read(&document)?)),
            Some(Kind::GenAI) => Ok(Self::GenAI(read(&document)?)),
            None => Err(ProfileError::Kind { found: said.to_owned() }),
        }
    }

    /// Its document as JSON.
    ///
    /// # Errors
    /// It has no form in JSON.
    pub fn write(&self) -> Result<String, DocumentError> {
        let document = match self {
            Self::Psi(profile) => write(profile),
            Self::Spc(profile) => write(profile),
            Self::Custom(profile) => write(profile),
            Self::GenAI(profile) => write(profile),
        };
        Ok(to_json(&document?))
    }

    /// How it is watched.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Psi(_) => Kind::Psi,
            Self::Spc(_) => Kind::Spc,
            Self::Custom(_) => Kind::Custom,
            Self::GenAI(_) => Kind::GenAI,
        }
    }

    /// Whose it is.
    pub fn identity(&self) -> &Identity {
        match self {
            Self::Psi(profile) => &profile.config.identity,
            Self::Spc(profile) => &profile.config.identity,
            Self::Custom(profile) => &profile.config.identity,
            Self::GenAI(profile) => &profile.config.identity,
        }
    }

    /// Whose it is, to be set.
    pub(super) fn identity_mut(&mut self) -> &mut Identity {
        match self {
            Self::Psi(profile) => &mut profile.config.identity,
            Self::Spc(profile) => &mut profile.config.identity,
            Self::Custom(profile) => &mut profile.config.identity,
            Self::GenAI(profile) => &mut profile.config.identity,
        }
    }

    /// What it is found by.
    pub fn key(&self) -> Key {
        let Identity { space, name, version, .. } = self.identity().clone();
        Key { space, name, version, kind: self.kind().as_str().to_owned() }
    }

    /// When it is looked at.
    pub fn schedule(&self) -> &Schedule {
        match self {
            Self::Psi(profile) => &profile.config.alert_config.schedule,
            Self::Spc(profile) => &profile.config.alert_config.schedule,
            Self::Custom(profile) => &profile.config.alert_config.schedule,
            Self::GenAI(profile) => &profile.config.alert_config.schedule,
        }
    }

    /// What no job will ever say of it, for people: of features whose baseline has too few rows.
    pub fn remark(&self) -> Option<String> {
        const NAMED: usize = 3;
        let Self::Psi(profile) = self else { return None };
        let few: Vec<_> = profile.unjudged().map(|name| format!("`{name}`")).collect();
        let rest = few.len().saturating_sub(NAMED);
        let names = few.get(..NAMED).unwrap_or(&few).join(", ");
        let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
        let fewest = profile.fewest_before();
        (!few.is_empty()).then(|| {
            format!("of the drift of {names}{more} nothing is ever said, for the baseline has fewer than {fewest} rows")
        })
    }

    /// Who is told of its alerts.
    pub fn dispatch(&self) -> &Dispatch {
        match self {
            Self::Psi(profile) => &profile.config.alert_config.dispatch_config,
            Self::Spc(profile) => &profile.config.alert_config.dispatch_config,
            Self::Custom(profile) => &profile.config.alert_config.dispatch_config,
            Self::GenAI(profile) => &profile.config.alert_config.dispatch_config,
        }
    }
}
