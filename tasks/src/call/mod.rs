//! What asking models came to.

mod json;
mod made;
mod spending;

pub use made::{Call, Origin};
pub use spending::Spending;

pub(crate) use made::KEPT_REPLY;
