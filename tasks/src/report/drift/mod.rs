//! Drift as documents: a table, a page, and drawings for notebooks.
//!
//! | file | what it holds |
//! |---|---|
//! | `about` | what there is to tell: a map, a profile, what data look like |
//! | `table`, `cell` | a line for every feature |
//! | `drawn` | a drawing for every feature |
//! | `page` | the page, and what notebooks show |

mod about;
mod cell;
mod drawn;
mod page;
mod table;

pub use about::About;
pub use cell::Cell;
pub use page::{fragment, page};
pub use table::{Table, table, text};
