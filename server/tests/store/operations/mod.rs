//! What whoever runs a server has: settings, `check`, `migrate`, `health`, the log, traces.

mod check;
mod collector;
mod logs;
mod migrate;
mod requests;
mod traces;

use std::io::Read;
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::access::line::Process;
use crate::support::Server;

/// Where a database is, as `DATABASE_URL` says it.
fn url(server: &Server) -> String {
    format!("postgres://scouter@localhost/scouter?host={}", server.dir.path().join("run").display())
}

/// A server whose log is read once it has ended.
struct Logged(Process);

impl Logged {
    fn start(mut command: Command) -> (Self, SocketAddr) {
        command.stderr(Stdio::piped());
        let mut process = Process::start(command);
        let address = process.address();
        (Self(process), address)
    }

    /// Tells it to end: how it did, and its log.
    async fn end(mut self) -> (bool, String) {
        kill_process(Pid::from_child(&self.0.0), Signal::TERM).unwrap();
        let ended = spawn_blocking(move || {
            let mut log = String::new();
            self.0.0.stderr.take().unwrap().read_to_string(&mut log).unwrap();
            (self.0.0.wait().unwrap().success(), log)
        });
        timeout(Duration::from_secs(30), ended).await.unwrap().unwrap()
    }
}
