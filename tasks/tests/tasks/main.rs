//! The crate as its users see it: suites from code and files, and what their results come to.

#[cfg(test)]
mod check;
#[cfg(test)]
mod compare;
#[cfg(test)]
mod compile;
#[cfg(test)]
mod files;
mod hints;
#[cfg(test)]
mod json;
#[cfg(test)]
mod judges;
#[cfg(test)]
mod operators;
#[cfg(test)]
mod origins;
#[cfg(test)]
mod part;
#[cfg(test)]
mod profiles;
#[cfg(test)]
mod records;
#[cfg(test)]
mod report_parts;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod results_schema;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod support;
#[cfg(test)]
mod synthetic;
#[cfg(test)]
mod tables;
#[cfg(test)]
mod trials;
#[cfg(test)]
mod trim;
#[cfg(test)]
mod verdicts;
#[cfg(test)]
mod watch;
#[cfg(test)]
mod windows;
