//! Roles in spaces.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use scouter_tasks::profile::check_name;
use serde::{Deserialize, Serialize};

/// What stands for every space.
const EVERY_SPACE: &str = "*";

/// What somebody may do in a space. Each role may do what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// See profiles, drift, alerts and records.
    Read,
    /// Send records, register and switch profiles, acknowledge alerts.
    Write,
    /// Everything: in every space, what belongs to none too.
    Admin,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Admin];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }
}

/// A role in one space, or in every one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The space.
    pub space: String,
    /// The role.
    pub role: Role,
}

/// What is no grant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no grant: it has the form `shop=write` or `*=admin`, with a space as profiles have it and one of \
     the roles `read`, `write` and `admin`"
)]
pub struct NoGrant(String);

impl FromStr for Grant {
    type Err = NoGrant;

    fn from_str(text: &str) -> Result<Self, NoGrant> {
        let (space, word) = text.rsplit_once('=').ok_or_else(|| NoGrant(text.to_owned()))?;
        Self::of(space.to_owned(), word)
    }
}

impl Grant {
    /// The role of this word in a space.
    ///
    /// # Errors
    /// There is no such role, or nothing is called so.
    pub fn of(space: String, word: &str) -> Result<Self, NoGrant> {
        // What no profile can be in is a slip.
        let fits = space == EVERY_SPACE || check_name("space", &space).is_ok();
        match Role::ALL.into_iter().find(|role| role.as_str() == word) {
            Some(role) if fits => Ok(Self { space, role }),
            _ => Err(NoGrant(format!("{space}={word}"))),
        }
    }
}

/// A role for each space in which somebody has one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Grants(BTreeMap<String, Role>);

impl Grants {
    /// Everything, in every space.
    pub fn everything() -> Self {
        Self(BTreeMap::from([(EVERY_SPACE.to_owned(), Role::Admin)]))
    }

    /// Whether this may be done in a space.
    pub fn may(&self, space: &str, role: Role) -> bool {
        self.everywhere(role) || self.0.get(space).is_some_and(|given| *given >= role)
    }

    /// Whether this may be done in some space.
    pub fn anywhere(&self, role: Role) -> bool {
        self.0.values().any(|given| *given >= role)
    }

    /// Whether this may be done in every space, and with what belongs to none.
    pub fn everywhere(&self, role: Role) -> bool {
        self.0.get(EVERY_SPACE).is_some_and(|given| *given >= role)
    }

    /// Each space with its role.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Role)> {
        self.0.iter().map(|(space, role)| (space.as_str(), *role))
    }

    /// The spaces in which this may be done; none where it may be in all.
    pub fn spaces(&self, role: Role) -> Option<Vec<String>> {
        let spaces = || self.0.iter().filter(|(_, given)| **given >= role);
        (!self.everywhere(role)).then(|| spaces().map(|(space, _)| space.clone()).collect())
    }
}

impl FromIterator<Grant> for Grants {
    /// Of two grants for one space the larger holds.
    fn from_iter<I: IntoIterator<Item = Grant>>(grants: I) -> Self {
        let mut all = BTreeMap::new();
        for Grant { space, role } in grants {
            let given = all.entry(space).or_insert(role);
            *given = role.max(*given);
        }
        Self(all)
    }
}

impl fmt::Display for Grants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<_> = self.iter().map(|(space, role)| format!("{space}={}", role.as_str())).collect();
        f.write_str(&all.join(","))
    }
}
