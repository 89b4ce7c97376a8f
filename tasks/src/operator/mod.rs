//! What an assertion can say about a value.
//!
//! Every [`Operator`] is one entry of one table ([`Operator::row`]): its name, what it looks at,
//! what it expects, what it means and an example. [`Operator::prepare`] finds everything that can
//! be wrong about the expected value and gives a [`Check`], which judges any number of values.
//! How values compare is written down in `docs/reference/values.md`, every operator in
//! `docs/reference/operators.md`.

mod check;
mod collection;
mod compare;
mod date;
mod expected;
mod format;
mod kind;
mod length;
mod members;
mod name;
mod number;
mod pattern;
mod reference;
mod row;
mod schema;
mod short;
mod similarity;
mod table;
mod text;

#[cfg(test)]
mod tests;

pub use check::{Check, WrongKind};
pub use date::instant;
pub use expected::{ExpectedError, Problem};
pub use name::UnknownOperator;
pub use reference::reference;
pub use row::{Example, Expects, Family, Row, Says, Scope};
pub(crate) use short::{short, short_key, some_of};
pub use table::Operator;
