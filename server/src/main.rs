//! `scouter-server`: the server as a program of its own.

use std::env;
use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(scouter_server::line::main(env::args_os(), None))
}
