//! Who is asked in a run: the models of its tasks, with the layers that all of them share; and embedders, which are asked alike.

mod embedder;
mod ending;
mod lasting;
mod open;
mod options;
mod shared;
mod stand_in;

pub use embedder::Embedder;
pub use lasting::Lasting;
pub use open::{Addresses, Asked, Models, Unanswered, addresses};
pub use options::ModelOptions;
