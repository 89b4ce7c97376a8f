mod bad_input;
mod golden;
mod simulation;
