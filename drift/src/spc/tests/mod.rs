mod charts;
mod golden;
mod run_lengths;
