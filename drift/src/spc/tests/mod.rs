mod chance;
mod charts;
mod form;
mod golden;
mod run_lengths;
mod running;
mod runs;
mod singles;
