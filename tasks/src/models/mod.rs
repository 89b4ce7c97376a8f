//! Who is asked in a run: the models of its tasks, with the layers that all of them share.

mod ending;
mod open;
mod options;
mod stand_in;

pub use open::{Addresses, Asked, Models, Unanswered, addresses};
pub use options::ModelOptions;
