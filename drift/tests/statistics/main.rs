//! The statistics against values that other tools worked out, against what must always hold, and
//! against simulated runs.

mod golden;
mod properties;
mod simulation;
