//! Answers recorded once and played in tests.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use scouter_providers::chat::{ChatModel, ChatReply, ChatRequest, Message, Origin, Role};
use scouter_providers::layers::{Cassette, CassetteMode, Recorded};
use scouter_providers::{ErrorKind, ScriptedModel, Secret};

use crate::cache::Folder;
use crate::support::*;

fn open(path: &Path, mode: CassetteMode) -> Arc<Cassette> {
    Arc::new(Cassette::open(path, mode, vec![Secret::new("my-own-secret")]).unwrap())
}

fn around(cassette: &Arc<Cassette>) -> (Arc<ScriptedModel>, Recorded) {
    let model = Arc::new(ScriptedModel::function(|request| {
        Ok(ChatReply::of_text("m", format!("re: {}", request.messages[0].as_text().unwrap_or_default())))
    }));
    let inner: Arc<dyn ChatModel> = Arc::<ScriptedModel>::clone(&model);
    (model, Recorded::new(inner, Arc::clone(cassette)))
}

fn ask(text: &str) -> ChatRequest {
    ChatRequest { messages: vec![Message::text(Role::User, text)], ..question() }
}

async fn record(path: &Path, texts: &[&str]) {
    let cassette = open(path, CassetteMode::Record);
    let (_, recorded) = around(&cassette);
    for text in texts {
        recorded.chat(&ask(text)).await.unwrap();
    }
    cassette.save().unwrap();
}

#[tokio::test]
async fn what_is_recorded_is_played_without_a_call() {
    let folder = Folder::new("cassette-plays");
    let path = folder.path().join("c.jsonl");
    record(&path, &["a", "b"]).await;
    let (model, recorded) = around(&open(&path, CassetteMode::ReplayOrFail));
    let reply = recorded.chat(&ask("b")).await.unwrap();
    assert_eq!((reply.text.as_str(), reply.spent.origin), ("re: b", Origin::Cassette));
    assert_eq!(model.asked().len(), 0);
}

#[tokio::test]
async fn a_file_is_the_same_whatever_the_order_of_answers() {
    let folder = Folder::new("cassette-order");
    let (one, other) = (folder.path().join("1.jsonl"), folder.path().join("2.jsonl"));
    record(&one, &["a", "b", "c"]).await;
    record(&other, &["c", "a", "b", "a"]).await;
    let text = fs::read_to_string(&one).unwrap();
    assert_eq!(text, fs::read_to_string(&other).unwrap());
    assert_eq!(text.lines().count(), 3);
}

#[tokio::test]
async fn a_run_that_breaks_off_keeps_what_it_recorded() {
    let folder = Folder::new("cassette-breaks");
    let path = folder.path().join("deep/er/c.jsonl");
    around(&open(&path, CassetteMode::Record)).1.chat(&ask("a")).await.unwrap();
    assert_eq!(open(&path, CassetteMode::Replay).len(), 1);
}

#[tokio::test]
async fn a_line_that_was_torn_is_recorded_again() {
    let folder = Folder::new("cassette-torn");
    let path = folder.path().join("c.jsonl");
    record(&path, &["a", "b"]).await;
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, &text[..text.len() - 10]).unwrap();
    let (model, recorded) = around(&open(&path, CassetteMode::Replay));
    recorded.chat(&ask("a")).await.unwrap();
    recorded.chat(&ask("b")).await.unwrap();
    assert_eq!(model.asked().len(), 1);
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn replay_asks_and_records_what_is_missing() {
    let folder = Folder::new("cassette-adds");
    let path = folder.path().join("c.jsonl");
    record(&path, &["a"]).await;
    let (model, recorded) = around(&open(&path, CassetteMode::Replay));
    recorded.chat(&ask("a")).await.unwrap();
    recorded.chat(&ask("b")).await.unwrap();
    assert_eq!(model.asked().len(), 1);
    assert_eq!(open(&path, CassetteMode::ReplayOrFail).len(), 2);
}

#[tokio::test]
async fn recording_anew_drops_what_is_no_longer_asked() {
    let folder = Folder::new("cassette-anew");
    let path = folder.path().join("c.jsonl");
    record(&path, &["a", "b"]).await;
    record(&path, &["b"]).await;
    assert_eq!(open(&path, CassetteMode::ReplayOrFail).len(), 1);
}

#[tokio::test]
async fn a_miss_shows_where_the_nearest_recording_differs() {
    let folder = Folder::new("cassette-miss");
    let path = folder.path().join("c.jsonl");
    record(&path, &["how tall is the tower in Paris?", "who wrote this?"]).await;
    let (model, recorded) = around(&open(&path, CassetteMode::ReplayOrFail));
    let error = recorded.chat(&ask("how tall is the tower in Pisa?")).await.unwrap_err();
    assert_eq!((error.kind(), model.asked().len()), (ErrorKind::NotRecorded, 0));
    let told = error.to_string();
    assert!(
        told.contains(
            "`messages[0].content`: recorded `… the tower in Paris?`, asked `… the tower in Pisa?`"
        ),
        "{told}"
    );
}

#[tokio::test]
async fn another_trial_is_another_recording() {
    let folder = Folder::new("cassette-trial");
    let path = folder.path().join("c.jsonl");
    record(&path, &["a"]).await;
    let (_, recorded) = around(&open(&path, CassetteMode::ReplayOrFail));
    let error = recorded.chat(&ChatRequest { trial: 2, ..ask("a") }).await.unwrap_err();
    assert!(error.to_string().contains("as trial 0 only"), "{error}");
}

#[tokio::test]
async fn keys_are_not_recorded_and_do_not_change_the_question() {
    let folder = Folder::new("cassette-keys");
    let path = folder.path().join("c.jsonl");
    record(&path, &["use my-own-secret and sk-abcdefghijklmnopqrstu"]).await;
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains("my-own-secret") && !text.contains("sk-abc"), "{text}");
    let (model, recorded) = around(&open(&path, CassetteMode::ReplayOrFail));
    recorded.chat(&ask("use my-own-secret and sk-zzzzzzzzzzzzzzzzzzzzz")).await.unwrap();
    assert_eq!(model.asked().len(), 0);
}

#[test]
fn a_line_that_is_no_recording_is_named() {
    let folder = Folder::new("cassette-broken");
    let path = folder.path().join("c.jsonl");
    fs::write(&path, "\n{\"request\": 1}\n").unwrap();
    let error = Cassette::open(&path, CassetteMode::Replay, Vec::new()).unwrap_err();
    assert!(error.to_string().contains("line 2"), "{error}");
}
