//! What became of a batch.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::words::words;

/// What became of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// Records that are kept, those that were there before included.
    pub accepted: u64,
    /// The others.
    #[serde(default)]
    pub refused: Vec<Refused>,
}

/// A record that is not kept. Sending it again does not help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Refused {
    /// Which; none where it has none that can be read: the reason then says where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<Uuid>,
    /// What is wrong, for programs.
    pub code: RefusalCode,
    /// What is wrong, for people.
    pub reason: String,
}

impl Refused {
    /// The longest reason, in bytes: reasons quote what was sent, which may be long.
    const LONGEST: usize = 500;

    /// Refuses a record. A long reason is cut.
    pub fn new(uid: Option<Uuid>, code: RefusalCode, mut reason: String) -> Self {
        if reason.len() > Self::LONGEST {
            reason.truncate(reason.floor_char_boundary(Self::LONGEST));
            reason.push('…');
        }
        Self { uid, code, reason }
    }
}

words! {
    /// Why a record is refused.
    RefusalCode {
        /// It has not the form of a record, or it is of a kind that the reader does not know.
        Unreadable = "unreadable",
        /// Its uid is no UUID of version 7.
        Uid = "uid",
        /// There is no such profile.
        UnknownProfile = "unknown_profile",
        /// Who sends it may not write where its profile belongs.
        Forbidden = "forbidden",
        /// The profile is not active.
        InactiveProfile = "inactive_profile",
        /// Its profile takes records of another kind.
        Kind = "kind",
        /// The profile has no feature or metric of that name.
        UnknownName = "unknown_name",
        /// Values do not fit the names, or a name has two of them.
        Shape = "shape",
        /// A text where a number is due.
        Type = "type",
        /// A number that is none, or without end, where that has no meaning.
        NotFinite = "not_finite",
        /// Something in it is larger than is taken.
        TooLarge = "too_large",
        /// The database does not take it.
        NotStorable = "not_storable",
    }
}
