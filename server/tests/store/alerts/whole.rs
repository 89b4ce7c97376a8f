//! From a record that comes in to a message that arrives, through the real server.

use scouter_server::registry::Profile;
use scouter_tasks::profile::Dispatch;
use serde_json::json;
use tempfile::TempDir;

use super::receiver::{Receiver, soon};
use crate::ingest::faults::spawn;
use crate::ingest::running::{batch, call, post};
use crate::jobs::{a_day_later, active, row, worker};
use crate::samples::{custom, psi, spc};
use crate::support::{fresh, uid_of};

#[tokio::test]
async fn drift_in_what_comes_in_is_told_in_slack() {
    let dir = TempDir::new().unwrap();
    let mut receiver = Receiver::start().await;
    let webhook = receiver.url();
    let kept = TempDir::new().unwrap();
    let settings = kept.path().join("settings.toml");
    let said = format!("slack_webhook = \"{webhook}\"\nalert_networks = [\"127.0.0.0/8\"]\n");
    std::fs::write(&settings, said).unwrap();
    let (mut server, address) = spawn(dir.path(), &["--config", settings.to_str().unwrap()]);
    let mut profile = custom();
    profile.config.alert_config.schedule = "* * * * * *".parse().unwrap();
    profile.config.alert_config.dispatch_config = Dispatch::Slack { channel: "#drift".to_owned() };
    let document: serde_json::Value =
        serde_json::from_str(&Profile::Custom(profile).write().unwrap()).unwrap();
    let body = json!({"profile": document, "activate": true}).to_string();
    let answer = call(address, "POST", "/v1/profiles", &[], body).await.unwrap();
    let uid = answer.json()["uid"].as_str().unwrap().parse().unwrap();
    let record = json!({"uid": uid_of(1_790_000_000_000), "metrics": {"mae": 3.0}});
    assert_eq!(post(address, &batch(uid, &[record])).await.receipt().accepted, 1);
    let text = soon(receiver.next()).await.json()["text"].as_str().unwrap().to_owned();
    assert!(text.contains("mae: 3 over 1 value, baseline 1"), "{text}");
    server.kill().unwrap();
    server.wait().unwrap();
}

#[tokio::test]
async fn every_kind_of_job_says_what_drifted_and_whom_the_profile_names() {
    let (_server, store, pool) = fresh().await;
    let values: Vec<f64> = (0..100).map(|i| f64::from(i % 7)).collect();
    let mut by_psi = psi("1.0.0", &values);
    by_psi.config.alert_config.dispatch_config = Dispatch::OpsGenie { team: "ml".to_owned() };
    let by_psi = active(&store, Profile::Psi(by_psi)).await;
    let by_spc = active(&store, Profile::Spc(spc(&values))).await;
    for uid in [by_psi, by_spc] {
        let rows: Vec<_> = (0..200).map(|i| row(uid, i, &[6.0 + i as f64], Some(&[Some("AA")]))).collect();
        store.add_records(&rows).await.unwrap();
    }
    a_day_later(&store, &pool).await;
    worker(&store).run_due().await.unwrap();
    let said = async |profile: uuid::Uuid| -> (String, String) {
        let said = sqlx::query_as(
            "SELECT drifted->>'x', target FROM alerts JOIN deliveries ON alert = alerts.id WHERE profile = $1",
        );
        said.bind(profile).fetch_one(&pool).await.unwrap()
    };
    let (psi, target) = said(by_psi).await;
    assert!(psi.starts_with("PSI ") && psi.contains(", p "), "{psi}");
    assert_eq!(target, r#"{"ops_genie":{"team":"ml"}}"#);
    let (spc, target) = said(by_spc).await;
    assert!(
        spc.starts_with("rules broken ") && spc.contains(" over 40 points; newest 203, centre 2.95"),
        "{spc}"
    );
    assert_eq!(target, r#""console""#);
}
