//! Answers recorded once and played in tests.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::join_all;
use scouter_providers::chat::{ChatModel, ChatReply, ChatRequest, Message, Origin, Role};
use scouter_providers::layers::{Cassette, CassetteMode, Recorded};
use scouter_providers::{CallError, ErrorKind, ScriptedModel, Secret};

use crate::cache::Folder;
use crate::support::*;

fn open(path: &Path, mode: CassetteMode) -> Arc<Cassette> {
    Arc::new(Cassette::open(path, mode, vec![Secret::new("my-own-secret")]).unwrap())
}

fn around(cassette: &Arc<Cassette>) -> (Arc<ScriptedModel>, Recorded<ChatRequest>) {
    let model = Arc::new(ScriptedModel::function(|request| {
        Ok(ChatReply::of_text("m", format!("re: {}", request.messages[0].as_text().unwrap_or_default())))
    }));
    let inner: Arc<ChatModel> = Arc::<ScriptedModel>::clone(&model);
    (model, Recorded::new(inner, Arc::clone(cassette), None))
}

fn ask(text: &str) -> ChatRequest {
    ChatRequest { messages: vec![Message::text(Role::User, text)], ..question() }
}

async fn record(path: &Path, texts: &[&str]) {
    let cassette = open(path, CassetteMode::Record);
    let (_, recorded) = around(&cassette);
    for text in texts {
        recorded.call(&ask(text)).await.unwrap();
    }
    cassette.save().unwrap();
}

#[tokio::test]
async fn what_is_recorded_is_played_without_a_call() {
    let folder = Folder::new("cassette-plays");
    let path = folder.path().join("c.jsonl");
    record(&path, &["a", "b"]).await;
    let (model, recorded) = around(&open(&path, CassetteMode::ReplayOrFail));
    let reply = recorded.call(&ask("b")).await.unwrap();
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
    around(&open(&path, CassetteMode::Record)).1.call(&ask("a")).await.unwrap();
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
    recorded.call(&ask("a")).await.unwrap();
    recorded.call(&ask("b")).await.unwrap();
    assert_eq!(model.asked().len(), 1);
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn replay_asks_and_records_what_is_missing() {
    let folder = Folder::new("cassette-adds");
    let path = folder.path().join("c.jsonl");
    record(&path, &["a"]).await;
    let (model, recorded) = around(&open(&path, CassetteMode::Replay));
    recorded.call(&ask("a")).await.unwrap();
    recorded.call(&ask("b")).await.unwrap();
    assert_eq!(model.asked().len(), 1);
    assert_eq!(open(&path, CassetteMode::ReplayOrFail).len(), 2);
}

#[tokio::test]
async fn recording_anew_replaces_what_is_asked_again_and_nothing_else() {
    let folder = Folder::new("cassette-anew");
    let path = folder.path().join("c.jsonl");
    record(&path, &["a", "b"]).await;
    let cassette = open(&path, CassetteMode::Record);
    let model: Arc<ChatModel> = Arc::new(ScriptedModel::replies([Ok(ChatReply::of_text("m", "anew"))]));
    Recorded::new(model, Arc::clone(&cassette), None).call(&ask("b")).await.unwrap();
    cassette.save().unwrap();
    let (_, played) = around(&open(&path, CassetteMode::ReplayOrFail));
    assert_eq!(played.call(&ask("a")).await.unwrap().text, "re: a");
    assert_eq!(played.call(&ask("b")).await.unwrap().text, "anew");
}

#[tokio::test]
async fn recording_where_nobody_answers_changes_nothing() {
    let folder = Folder::new("cassette-outage");
    let path = folder.path().join("c.jsonl");
    record(&path, &["a", "b"]).await;
    let text = fs::read_to_string(&path).unwrap();
    let cassette = open(&path, CassetteMode::Record);
    let model: Arc<ChatModel> = Arc::new(ScriptedModel::replies([]));
    Recorded::new(model, Arc::clone(&cassette), None).call(&ask("a")).await.unwrap_err();
    cassette.save().unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn what_a_model_refuses_is_recorded_and_played_as_an_error() {
    let folder = Folder::new("cassette-refusal");
    let path = folder.path().join("c.jsonl");
    let cassette = open(&path, CassetteMode::Record);
    let refusal =
        CallError::new(ErrorKind::Refused, "scripted", "I will not say my-own-secret.").with(|details| {
            details.attempts = 2;
        });
    let model: Arc<ChatModel> = Arc::new(ScriptedModel::replies([Err(refusal)]));
    let recorded = Recorded::new(model, Arc::clone(&cassette), None);
    assert_eq!(recorded.call(&ask("a")).await.unwrap_err().details().attempts, 2);
    cassette.save().unwrap();
    for mode in [CassetteMode::Replay, CassetteMode::ReplayOrFail] {
        let (model, played) = around(&open(&path, mode));
        let error = played.call(&ask("a")).await.unwrap_err();
        let details = error.details();
        assert_eq!((error.kind(), details.message.as_str()), (ErrorKind::Refused, "I will not say ***."));
        assert_eq!((details.attempts, model.asked().len()), (0, 0));
    }
}

#[test]
fn a_line_without_an_answer_and_an_error_is_named() {
    let folder = Folder::new("cassette-neither");
    let path = folder.path().join("c.jsonl");
    fs::write(&path, "{\"request\": {}}\n").unwrap();
    let error = Cassette::open(&path, CassetteMode::Replay, Vec::new()).unwrap_err();
    assert!(error.to_string().contains("line 1: it has neither `reply` nor `error`"), "{error}");
}

#[tokio::test]
async fn a_cassette_with_nothing_missing_is_not_written() {
    let folder = Folder::new("cassette-untouched");
    let path = folder.path().join("c.jsonl");
    record(&path, &["a"]).await;
    let cassette = open(&path, CassetteMode::Replay);
    around(&cassette).1.call(&ask("a")).await.unwrap();
    // What is not there cannot be put in order: it would be made anew.
    fs::remove_file(&path).unwrap();
    cassette.save().unwrap();
    assert!(!path.exists());
}

#[tokio::test]
async fn a_cassette_that_cannot_be_written_gives_the_replies_all_the_same() {
    let folder = Folder::new("cassette-unwritable");
    let path = folder.path().join("c.jsonl");
    let cassette = open(&path, CassetteMode::Replay);
    fs::create_dir(&path).unwrap();
    let (model, recorded) = around(&cassette);
    assert_eq!(recorded.call(&ask("a")).await.unwrap().text, "re: a");
    assert_eq!(recorded.call(&ask("a")).await.unwrap().text, "re: a");
    assert_eq!(model.asked().len(), 1);
    let error = cassette.save().unwrap_err();
    assert!(error.to_string().contains("c.jsonl"), "{error}");
    // Once it can be written, nothing is missing.
    fs::remove_dir(&path).unwrap();
    cassette.save().unwrap();
    assert_eq!(open(&path, CassetteMode::ReplayOrFail).len(), 1);
}

#[tokio::test]
async fn a_file_that_somebody_holds_holds_up_no_worker_and_no_end_for_long() {
    let folder = Folder::new("cassette-held");
    let path = folder.path().join("c.jsonl");
    record(&path, &["b"]).await;
    let held = fs::File::open(&path).unwrap();
    held.lock().unwrap();
    let cassette = open(&path, CassetteMode::Record);
    let (_, recorded) = around(&cassette);
    // There is but one worker: it goes on while the answer waits for the file, which it gives up in the end.
    let (question, mut ticks) = (ask("a"), 0);
    let answer = recorded.call(&question);
    let ticking = async {
        loop {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            ticks += 1;
        }
    };
    let reply = tokio::select! {
        reply = answer => reply.unwrap(),
        () = ticking => unreachable!(),
    };
    assert_eq!(reply.text, "re: a");
    assert!(ticks > 2, "{ticks}");
    let error = cassette.leave().unwrap_err();
    assert!(error.to_string().contains("another process holds its lock"), "{error}");
    drop(held);
    cassette.leave().unwrap();
    // At the end, where the next run that records sorts it.
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.lines().count() == 2 && text.lines().last().unwrap().contains("re: a"), "{text}");
    assert_eq!(open(&path, CassetteMode::ReplayOrFail).len(), 2);
}

#[tokio::test]
async fn a_cassette_that_nobody_waits_for_has_everything_and_is_sorted_later() {
    let folder = Folder::new("cassette-stopped");
    let path = folder.path().join("c.jsonl");
    let cassette = open(&path, CassetteMode::Record);
    let (_, recorded) = around(&cassette);
    for text in ["b", "a"] {
        recorded.call(&ask(text)).await.unwrap();
    }
    assert!(cassette.has_recorded());
    cassette.save_unless(&AtomicBool::new(true)).unwrap();
    let lines = || fs::read_to_string(&path).unwrap().lines().map(str::to_owned).collect::<Vec<_>>();
    let left = lines();
    assert!(left.len() == 2 && left[0].contains("re: b"), "{left:?}");
    cassette.save_unless(&AtomicBool::new(false)).unwrap();
    assert_eq!(lines(), [left[1].clone(), left[0].clone()]);
}

#[tokio::test]
async fn who_waits_for_a_cassette_that_is_held_can_be_told_to_stop() {
    let folder = Folder::new("cassette-held-stopped");
    let path = folder.path().join("c.jsonl");
    let cassette = open(&path, CassetteMode::Record);
    around(&cassette).1.call(&ask("a")).await.unwrap();
    let held = fs::File::open(&path).unwrap();
    held.lock().unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let saving = tokio::task::spawn_blocking({
        let (cassette, stop) = (Arc::clone(&cassette), Arc::clone(&stop));
        move || cassette.save_unless(&stop)
    });
    stop.store(true, Ordering::Relaxed);
    // It would have waited for ten seconds, and then failed. All that was recorded is in the file, so nothing is lost.
    saving.await.unwrap().unwrap();
    drop(held);
    assert_eq!(open(&path, CassetteMode::ReplayOrFail).len(), 1);
}

#[tokio::test]
async fn two_that_record_into_one_file_keep_each_others_answers() {
    let folder = Folder::new("cassette-two");
    let path = folder.path().join("c.jsonl");
    let (one, other) = (open(&path, CassetteMode::Replay), open(&path, CassetteMode::Record));
    for number in 0..20 {
        around(&one).1.call(&ask(&format!("one {number}"))).await.unwrap();
        around(&other).1.call(&ask(&format!("other {number}"))).await.unwrap();
        if number % 7 == 0 {
            other.save().unwrap();
        }
    }
    one.save().unwrap();
    other.save().unwrap();
    assert_eq!(open(&path, CassetteMode::ReplayOrFail).len(), 40);
    let files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files, ["c.jsonl"]);
}

#[test]
fn many_that_save_at_the_same_time_lose_nothing() {
    let folder = Folder::new("cassette-many");
    let path = folder.path().join("c.jsonl");
    std::thread::scope(|scope| {
        for number in 0..4 {
            let path = &path;
            scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                runtime.block_on(async {
                    for round in 0..10 {
                        let cassette = open(path, CassetteMode::Record);
                        around(&cassette).1.call(&ask(&format!("{number} {round}"))).await.unwrap();
                        cassette.save().unwrap();
                    }
                });
            });
        }
    });
    assert_eq!(open(&path, CassetteMode::ReplayOrFail).len(), 40);
}

#[tokio::test]
async fn a_question_that_is_asked_twice_is_recorded_as_it_is_played() {
    let folder = Folder::new("cassette-twice");
    let path = folder.path().join("c.jsonl");
    for mode in [CassetteMode::Record, CassetteMode::Replay] {
        let _ = fs::remove_file(&path);
        let cassette = open(&path, mode);
        let replies = ["first", "second"].map(|text| Ok(ChatReply::of_text("m", text)));
        let model: Arc<ChatModel> = Arc::new(ScriptedModel::replies(replies));
        let recorded = Recorded::new(model, Arc::clone(&cassette), None);
        let question = ask("a");
        let answers = join_all((0..3).map(|_| recorded.call(&question))).await;
        let texts: Vec<_> = answers.into_iter().map(|reply| reply.unwrap().text).collect();
        assert_eq!(texts, ["first"; 3], "{mode:?}");
        cassette.save().unwrap();
        let (_, played) = around(&open(&path, CassetteMode::ReplayOrFail));
        assert_eq!(played.call(&question).await.unwrap().text, "first");
    }
}

#[tokio::test]
async fn the_nearest_recording_is_looked_for_a_few_times_only() {
    let folder = Folder::new("cassette-misses");
    let path = folder.path().join("c.jsonl");
    record(&path, &["a"]).await;
    let (_, recorded) = around(&open(&path, CassetteMode::ReplayOrFail));
    let mut told = Vec::new();
    for number in 0..20 {
        told.push(recorded.call(&ask(&format!("b {number}"))).await.unwrap_err().to_string());
    }
    assert_eq!(told.iter().filter(|told| told.contains("the nearest recording differs")).count(), 5);
    assert!(told.iter().all(|told| told.contains("has no such question")));
}

#[tokio::test]
async fn a_miss_shows_where_the_nearest_recording_differs() {
    let folder = Folder::new("cassette-miss");
    let path = folder.path().join("c.jsonl");
    record(&path, &["how tall is the tower in Paris?", "who wrote this?"]).await;
    let (model, recorded) = around(&open(&path, CassetteMode::ReplayOrFail));
    let error = recorded.call(&ask("how tall is the tower in Pisa?")).await.unwrap_err();
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
async fn the_same_name_at_another_address_is_another_recording() {
    let folder = Folder::new("cassette-place");
    let cassette = open(&folder.path().join("c.jsonl"), CassetteMode::Replay);
    for place in ["http://a/v1", "http://b/v1", "http://a/v1"] {
        let model: Arc<ChatModel> = Arc::new(ScriptedModel::replies([Ok(ChatReply::of_text("m", place))]));
        let recorded = Recorded::new(model, Arc::clone(&cassette), Some(place.to_owned()));
        assert_eq!(recorded.call(&ask("a")).await.unwrap().text, place);
    }
    assert_eq!(cassette.len(), 2);
}

#[tokio::test]
async fn another_trial_is_another_recording() {
    let folder = Folder::new("cassette-trial");
    let path = folder.path().join("c.jsonl");
    record(&path, &["a"]).await;
    let (_, recorded) = around(&open(&path, CassetteMode::ReplayOrFail));
    let error = recorded.call(&ChatRequest { trial: 2, ..ask("a") }).await.unwrap_err();
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
    recorded.call(&ask("use my-own-secret and sk-zzzzzzzzzzzzzzzzzzzzz")).await.unwrap();
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
