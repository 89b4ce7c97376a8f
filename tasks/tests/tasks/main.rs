//! The crate as its users see it: suites from code and files, and what their results come to.

#[cfg(test)]
mod check;
#[cfg(test)]
mod compare;
#[cfg(test)]
mod compile;
#[cfg(test)]
mod files;
#[cfg(test)]
mod json;
#[cfg(test)]
mod operators;
#[cfg(test)]
mod records;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tables;
#[cfg(test)]
mod trim;
