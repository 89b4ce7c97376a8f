mod bad_input;
mod golden;
mod properties;
mod simulation;
