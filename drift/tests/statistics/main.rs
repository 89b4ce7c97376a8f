//! The statistics against values that other tools worked out, against what must always hold, and
//! against simulated runs.

#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod simulation;
