//! Cost: a table of prices and what calls come to.

mod dollars;
mod layer;
mod prices;

pub use dollars::Dollars;
pub use layer::Priced;
pub use prices::{Long, Price, Prices};
