mod chance;
mod charts;
mod form;
mod golden;
mod quiet;
mod run_lengths;
mod running;
mod singles;
