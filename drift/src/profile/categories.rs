//! The categories of a column by their codes.

use std::borrow::Cow;

use indexmap::IndexSet;
use serde::{Deserialize, Serialize};

use super::Contingency;
use crate::mix::mix_text;

/// Bytes of a category that are kept.
const LONGEST: usize = 128;

/// Bytes of what stands for the rest of a longer one.
const REST: usize = "…".len() + 16;

/// The categories of a column in the order in which they were seen first, which is that of their codes; none where there are too many: what
/// stands once in every row hangs together with everything. Of a category of more than 128 bytes its beginning is kept, and 64 bits of a hash of
/// all of it, by which it is told from others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Option<IndexSet<String>>")]
pub struct Categories(Option<IndexSet<String>>);

impl Default for Categories {
    fn default() -> Self {
        Self(Some(IndexSet::new()))
    }
}

impl Categories {
    /// So many categories are told apart.
    pub const MOST: usize = 1000;

    /// The code of a category; [`Contingency::MISSING`] where there are too many.
    pub fn code(&mut self, category: &str) -> u16 {
        let Some(known) = &mut self.0 else { return Contingency::MISSING };
        let category = short(category);
        let at = match known.get_index_of(&*category) {
            Some(at) => at,
            None if known.len() < Self::MOST => known.insert_full(category.into_owned()).0,
            None => {
                self.0 = None;
                return Contingency::MISSING;
            }
        };
        u16::try_from(at).unwrap_or(Contingency::MISSING)
    }

    /// Whether there are more than are told apart.
    pub fn too_many(&self) -> bool {
        self.0.is_none()
    }

    /// How many are told apart.
    pub(super) fn count(&self) -> usize {
        self.0.as_ref().map_or(0, IndexSet::len)
    }

    /// Takes in those of another part, and tells the code here of each; none where there are too many.
    pub(super) fn merge(&mut self, other: &Self) -> Option<Vec<u16>> {
        let Some(theirs) = &other.0 else {
            self.0 = None;
            return None;
        };
        let codes = theirs.iter().map(|category| self.code(category)).collect();
        (!self.too_many()).then_some(codes)
    }
}

/// A category as it is kept. What is kept already stays as it is.
fn short(category: &str) -> Cow<'_, str> {
    if category.len() <= LONGEST {
        return Cow::Borrowed(category);
    }
    let end = category.floor_char_boundary(LONGEST - REST);
    Cow::Owned(format!("{}…{:016x}", &category[..end], mix_text(category)))
}

/// Those that were kept before they were bounded are made as short as all others.
impl From<Option<IndexSet<String>>> for Categories {
    fn from(kept: Option<IndexSet<String>>) -> Self {
        Self(kept.map(|all| all.into_iter().map(|category| short(&category).into_owned()).collect()))
    }
}
