//! A server as a process of its own, with a metric that drifts where a test says so, and its log.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Command, Stdio};

use scouter_server::registry::Profile;
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::receiver::soon;
use crate::access::line::Process;
use crate::ingest::running::{batch, call, post};
use crate::samples::custom;
use crate::support::uid_of;

/// A server that looks every second at a metric that should be 1 at most, and tells its log.
pub(super) struct Drifting {
    process: Process,
    address: SocketAddr,
    profile: Uuid,
    metric: &'static str,
    sent: u64,
    log: UnboundedReceiver<String>,
}

impl Drifting {
    pub(super) async fn start(mut command: Command, metric: &'static str) -> Self {
        command.stderr(Stdio::piped());
        let mut process = Process::start(command);
        let address = process.address();
        let said = BufReader::new(process.0.stderr.take().unwrap()).lines();
        let (line, log) = unbounded_channel();
        // It ends with the process.
        spawn_blocking(move || said.map_while(Result::ok).try_for_each(|said| line.send(said)));
        let mut profile = custom();
        metric.clone_into(&mut profile.custom_metrics[0].name);
        profile.config.alert_config.schedule = "* * * * * *".parse().unwrap();
        let document: Value = serde_json::from_str(&Profile::Custom(profile).write().unwrap()).unwrap();
        let body = json!({"profile": document, "activate": true}).to_string();
        let answer = call(address, "POST", "/v1/profiles", &[], body).await.unwrap();
        let profile = answer.json()["uid"].as_str().unwrap().parse().unwrap();
        Self { process, address, profile, metric, sent: 0, log }
    }

    /// Has the metric have this value.
    pub(super) async fn measure(&mut self, value: f64) {
        self.sent += 1;
        let metric = self.metric;
        let record = json!({"uid": uid_of(1_790_000_000_000 + self.sent), "metrics": {metric: value}});
        let answer = post(self.address, &batch(self.profile, &[record])).await;
        assert_eq!(answer.receipt().accepted, 1);
    }

    /// The next line of the log that has these words.
    pub(super) async fn says(&mut self, words: &str) -> String {
        let next = async {
            loop {
                let line = self.log.recv().await.unwrap();
                if line.contains(words) {
                    return line;
                }
            }
        };
        soon(next).await
    }

    /// Ends the server: what else was in the log.
    pub(super) async fn end(self) -> Vec<String> {
        let Self { process, mut log, .. } = self;
        drop(process);
        let mut rest = Vec::new();
        while let Some(line) = soon(log.recv()).await {
            rest.push(line);
        }
        rest
    }
}
