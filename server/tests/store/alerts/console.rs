//! The log of a server, where a profile names nobody else.

use tempfile::TempDir;

use super::drifting::Drifting;
use crate::access::line::on;

#[tokio::test]
async fn the_log_has_a_line_where_drift_begins_and_one_where_it_ends_and_nothing_that_a_terminal_obeys() {
    let dir = TempDir::new().unwrap();
    let command = on(dir.path(), &["serve", "--listen", "127.0.0.1:0"]);
    let mut server = Drifting::start(command, "mae\u{1b}[31m").await;
    server.measure(3.0).await;
    let begins = server.says("drift in ").await;
    assert!(begins.contains(" WARN ") && !begins.contains("no more drift"), "{begins}");
    assert!(begins.contains(": drift in production/my_model 0.1.0 (custom): mae [31m "), "{begins}");
    assert!(begins.contains(r"details=mae\u{1b}[31m: 3 over 1 value, baseline 1; 1 row "), "{begins}");
    server.measure(0.5).await;
    let ends = server.says("drift in ").await;
    assert!(ends.contains(" INFO "), "{ends}");
    assert!(ends.contains(": no more drift in production/my_model 0.1.0 (custom): mae [31m "), "{ends}");
    let rest = server.end().await;
    assert!(!rest.iter().any(|line| line.contains("drift in ")), "{rest:?}");
    assert!(![begins, ends].concat().contains('\u{1b}'));
}
