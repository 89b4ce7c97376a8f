//! Traces of the server itself, by OTLP.

use std::path::Path;
use std::process::Command;

use scouter_server::registry::Profile;
use scouter_tasks::profile::Dispatch;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use uuid::Uuid;

use super::Logged;
use super::collector::{Collector, text};
use crate::access::line::on;
use crate::alerts::receiver::{Receiver, nobody, soon};
use crate::ingest::running::{batch, call, post, records, registered};
use crate::samples::custom;
use crate::support::uid_of;

fn traced(data: &Path, collector: std::net::SocketAddr) -> Command {
    let mut command = on(data, &["serve", "--listen", "127.0.0.1:0"]);
    command.arg("--otlp-endpoint").arg(format!("http://{collector}"));
    command
}

#[tokio::test]
async fn what_a_server_does_arrives_at_a_collector() {
    let (dir, kept) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (mut collector, mut slack) = (Collector::start().await, Receiver::start().await);
    let settings = kept.path().join("settings.toml");
    let said = format!("slack_webhook = \"{}\"\nalert_networks = [\"127.0.0.0/8\"]\n", slack.url());
    std::fs::write(&settings, said).unwrap();
    let mut command = traced(dir.path(), collector.address);
    command.arg("--config").arg(&settings);
    let (server, address) = Logged::start(command);
    let mut profile = custom();
    profile.config.alert_config.schedule = "* * * * * *".parse().unwrap();
    profile.config.alert_config.dispatch_config = Dispatch::Slack { channel: "#drift".to_owned() };
    let document: Value = serde_json::from_str(&Profile::Custom(profile).write().unwrap()).unwrap();
    let body = json!({"profile": document, "activate": true}).to_string();
    let answer = call(address, "POST", "/v1/profiles", &[], body).await.unwrap();
    let uid: Uuid = answer.json()["uid"].as_str().unwrap().parse().unwrap();
    let record = json!({"uid": uid_of(1_790_000_000_000), "metrics": {"mae": 3.0}});
    assert_eq!(post(address, &batch(uid, &[record])).await.receipt().accepted, 1);
    soon(slack.next()).await;
    assert_eq!(call(address, "GET", "/v1/profiles/none", &[], "").await.unwrap().status, 422);
    let (ended, log) = server.end().await;
    assert!(ended, "{log}");

    // What was under way last is sent before the process is gone.
    let spans = collector.all();
    assert!(spans.iter().all(|(service, _)| service == "scouter-server"));
    let of = |name: &str| spans.iter().map(|(_, span)| span).find(|span| span.name == name).unwrap();
    let request = of("POST /v1/records");
    assert_eq!(text(&request.attributes, "http.route"), "/v1/records");
    assert_eq!(text(&request.attributes, "http.response.status_code"), "200");
    assert_eq!(request.kind, 2, "a server");
    assert!(request.end_time_unix_nano > request.start_time_unix_nano);
    // The path may name what is nobody's business: the route does not.
    assert_eq!(text(&of("GET /v1/profiles/{uid}").attributes, "http.response.status_code"), "422");
    let commit = of("commit");
    assert_eq!(text(&commit.attributes, "table"), "records");
    assert_eq!(text(&commit.attributes, "rows"), "1");
    assert_eq!(text(&of("job").attributes, "profile"), uid.to_string());
    assert_ne!(text(&of("delivery").attributes, "delivery"), "");
}

#[tokio::test]
async fn a_request_belongs_to_the_trace_of_its_client() {
    let dir = TempDir::new().unwrap();
    let mut collector = Collector::start().await;
    let (server, address) = Logged::start(traced(dir.path(), collector.address));
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    for (path, parent) in [("/v1/profiles", parent), ("/v1/keys", "00-no-trace-01")] {
        let answer = call(address, "GET", path, &[("traceparent", parent)], "").await.unwrap();
        assert_eq!(answer.status, 200);
    }
    let (ended, log) = server.end().await;
    assert!(ended, "{log}");
    let spans = collector.all();
    let of = |name: &str| spans.iter().map(|(_, span)| span).find(|span| span.name == name).unwrap();
    let (one, other) = (of("GET /v1/profiles"), of("GET /v1/keys"));
    assert_eq!(one.trace_id, 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736_u128.to_be_bytes());
    assert_eq!(one.parent_span_id, 0x00f0_67aa_0ba9_02b7_u64.to_be_bytes());
    assert!(other.parent_span_id.iter().all(|byte| *byte == 0) && other.trace_id != one.trace_id);
}

#[tokio::test]
async fn a_collector_that_is_away_costs_one_warning() {
    let dir = TempDir::new().unwrap();
    let (server, address) = Logged::start(traced(dir.path(), nobody().await));
    let uid = registered(address, "m", true).await;
    assert_eq!(post(address, &batch(uid, &records(0, 3))).await.receipt().accepted, 3);
    let (ended, log) = server.end().await;
    assert!(ended, "{log}");
    assert_eq!(log.matches("traces do not arrive at the collector").count(), 1, "{log}");
}

#[tokio::test]
async fn a_collector_that_does_not_answer_holds_nobody_up() {
    let dir = TempDir::new().unwrap();
    // It takes connections, as the system does for whoever listens, and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (server, address) = Logged::start(traced(dir.path(), silent.local_addr().unwrap()));
    assert_eq!(call(address, "GET", "/healthz", &[], "").await.unwrap().status, 200);
    let (ended, log) = server.end().await;
    assert!(ended && log.contains("what was traced last did not arrive"), "{log}");
}

#[test]
fn an_address_that_is_none_of_the_web_is_told() {
    let dir = TempDir::new().unwrap();
    let told = on(dir.path(), &["serve", "--otlp-endpoint", "grpc://127.0.0.1:4317"]).output().unwrap();
    let told = crate::access::line::refused(&told);
    assert!(told.contains("`OTEL_EXPORTER_OTLP_ENDPOINT` is no address of the web"), "{told}");
}
