//! The log, as JSON.

use serde_json::Value;
use tempfile::TempDir;

use super::Logged;
use crate::access::line::{on, refused};
use crate::ingest::running::call;

const SERVE: [&str; 3] = ["serve", "--listen", "127.0.0.1:0"];

#[tokio::test]
async fn a_request_is_a_line_of_json_with_its_number_and_without_what_is_secret() {
    let dir = TempDir::new().unwrap();
    let mut command = on(dir.path(), &SERVE);
    command.args(["--log-format", "json", "--log", "info,scouter_server::http=debug"]);
    let (server, address) = Logged::start(command);
    let headers = [("x-request-id", "front-17"), ("authorization", "Bearer scouter_s3cret")];
    let path = "/v1/profiles?name=s3cret";
    assert_eq!(call(address, "GET", path, &headers, "").await.unwrap().status, 401);
    let (ended, log) = server.end().await;
    assert!(ended, "{log}");
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let answered: Vec<_> = lines.iter().filter(|line| line["message"] == "answered").collect();
    let [line] = answered[..] else { panic!("{log}") };
    assert_eq!((&line["status"], &line["level"]), (&401.into(), &"DEBUG".into()));
    assert_eq!(line["span"]["request_id"], "front-17");
    assert_eq!(line["span"]["otel.name"], "GET /v1/profiles");
    assert!(line["milliseconds"].is_number());
    assert!(!log.contains("s3cret"), "{log}");
}

#[tokio::test]
async fn requests_are_in_no_log_that_was_not_asked_for_them() {
    let dir = TempDir::new().unwrap();
    let (server, address) = Logged::start(on(dir.path(), &SERVE));
    assert_eq!(call(address, "GET", "/healthz", &[], "").await.unwrap().status, 200);
    let (ended, log) = server.end().await;
    assert!(ended && !log.contains("answered"), "{log}");
}

#[test]
fn a_word_that_is_no_level_is_told_with_those_that_are() {
    let dir = TempDir::new().unwrap();
    for word in ["warning", "info,debugg"] {
        let mut command = on(dir.path(), &SERVE);
        let told = command.args(["--log", word]).output().unwrap();
        let told = refused(&told);
        assert!(told.contains("is no level: levels are `off`, `error`, `warn`"), "{told}");
        assert!(told.contains("did you mean `"), "{told}");
    }
}
