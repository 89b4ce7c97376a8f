mod baseline;
mod counting;
mod golden;
mod simulation;
