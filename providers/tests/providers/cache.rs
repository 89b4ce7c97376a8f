//! Replies on disk.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use scouter_providers::chat::{ChatModel, ChatReply, ChatRequest, Origin};
use scouter_providers::layers::{Cached, DiskCache};
use scouter_providers::{CallError, Dollars, ErrorKind, ScriptedModel};

use crate::support::*;

/// A folder of the test, gone when it ends.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let shelves = fs::read_dir(folder).unwrap().map(|shelf| shelf.unwrap().path());
    shelves.flat_map(|shelf| fs::read_dir(shelf).unwrap().map(|file| file.unwrap().path())).collect()
}

fn cached(
    folder: &Folder,
    most: u64,
    place: &str,
) -> (Arc<ScriptedModel>, Arc<DiskCache>, Cached<ChatRequest>) {
    let model = Arc::new(ScriptedModel::function(|request| {
        Ok(ChatReply::of_text("m", format!("{} {}", request.trial, request.messages.len())))
    }));
    let cache = Arc::new(DiskCache::open(folder.path(), most).unwrap());
    let inner: Arc<ChatModel> = Arc::<ScriptedModel>::clone(&model);
    (model, Arc::clone(&cache), Cached::new(inner, cache, place))
}

#[tokio::test]
async fn a_question_is_asked_once_also_by_the_next_process() {
    let folder = Folder::new("cache-once");
    let first = cached(&folder, u64::MAX, "").2.call(&question()).await.unwrap();
    let (model, _, cache) = cached(&folder, u64::MAX, "");
    let second = cache.call(&question()).await.unwrap();
    assert_eq!((second.text, model.asked().len()), (first.text, 0));
    assert_eq!(
        (second.spent.origin, second.spent.attempts, second.spent.cost),
        (Origin::Cache, 0, Some(Dollars(0.0)))
    );
}

#[tokio::test]
async fn a_question_that_is_being_asked_is_not_asked_again() {
    let folder = Folder::new("cache-at-once");
    let server =
        Server::always(Act::Late(Duration::from_millis(20), Box::new(Act::json(200, &completion("yes")))))
            .await;
    let mut stack = stack();
    stack.cache = Some((Arc::new(DiskCache::open(folder.path(), u64::MAX).unwrap()), String::new()));
    let question = question();
    // Tasks that ask the same have models of their own.
    let models: Vec<_> = (0..8).map(|_| stack.around(openai(&server))).collect();
    let answers = futures_util::future::join_all(models.iter().map(|model| model.call(&question))).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(server.calls(), 1);
}

#[tokio::test]
async fn where_a_question_that_is_being_asked_brings_nothing_the_next_one_asks() {
    let folder = Folder::new("cache-next");
    let server = Server::start(|number, _| match number {
        0 => Act::text(400, "{}"),
        _ => Act::json(200, &completion("yes")),
    })
    .await;
    let mut stack = stack();
    stack.cache = Some((Arc::new(DiskCache::open(folder.path(), u64::MAX).unwrap()), String::new()));
    let (model, question) = (stack.around(openai(&server)), question());
    let answers = futures_util::future::join_all((0..4).map(|_| model.call(&question))).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 3);
    assert_eq!(server.calls(), 2);
}

#[tokio::test]
async fn a_refusal_is_not_kept() {
    let folder = Folder::new("cache-refusal");
    let server = Server::always(Act::json(200, &completion_that("no", "content_filter"))).await;
    let mut stack = stack();
    stack.cache = Some((Arc::new(DiskCache::open(folder.path(), u64::MAX).unwrap()), String::new()));
    for _ in 0..2 {
        assert_eq!(kind(stack.around(openai(&server)).call(&question()).await), ErrorKind::Refused);
    }
    assert_eq!(server.calls(), 2);
}

#[tokio::test]
async fn a_reply_that_is_written_again_counts_once() {
    let folder = Folder::new("cache-again");
    let (_, disk, cache) = cached(&folder, u64::MAX, "");
    cache.call(&question()).await.unwrap();
    let bytes = disk.bytes();
    fs::write(&files(folder.path())[0], "{").unwrap();
    cache.call(&question()).await.unwrap();
    assert_eq!(disk.bytes(), bytes);
}

#[tokio::test]
async fn trials_settings_and_places_are_told_apart() {
    let folder = Folder::new("cache-apart");
    let (model, _, cache) = cached(&folder, u64::MAX, "");
    let mut warmer = question();
    warmer.settings.temperature = Some(1.0);
    for request in [question(), ChatRequest { trial: 1, ..question() }, warmer, judged()] {
        cache.call(&request).await.unwrap();
    }
    assert_eq!(model.asked().len(), 4);
    let (model, _, elsewhere) = cached(&folder, u64::MAX, "http://localhost");
    elsewhere.call(&question()).await.unwrap();
    assert_eq!(model.asked().len(), 1);
}

#[tokio::test]
async fn errors_are_not_kept() {
    let folder = Folder::new("cache-errors");
    let model = Arc::new(ScriptedModel::replies([
        Err(CallError::new(ErrorKind::Unavailable, "scripted", "")),
        Ok(ChatReply::of_text("m", "yes")),
    ]));
    let cache = Arc::new(DiskCache::open(folder.path(), u64::MAX).unwrap());
    let cached = Cached::new(model, cache, "");
    assert!(cached.call(&question()).await.is_err());
    assert_eq!(cached.call(&question()).await.unwrap().text, "yes");
}

#[tokio::test]
async fn a_torn_file_is_asked_for_again_and_counted() {
    let folder = Folder::new("cache-torn");
    cached(&folder, u64::MAX, "").2.call(&question()).await.unwrap();
    fs::write(&files(folder.path())[0], "{\"request\":").unwrap();
    let (model, disk, cache) = cached(&folder, u64::MAX, "");
    cache.call(&question()).await.unwrap();
    assert_eq!((model.asked().len(), disk.faults()), (1, 1));
    cache.call(&question()).await.unwrap();
    assert_eq!(model.asked().len(), 1);
}

#[tokio::test]
async fn the_oldest_go_when_there_is_no_room() {
    let folder = Folder::new("cache-bound");
    let (_, disk, cache) = cached(&folder, 1_000, "");
    for trial in 0..50 {
        cache.call(&ChatRequest { trial, ..question() }).await.unwrap();
    }
    let bytes: u64 = files(folder.path()).iter().map(|file| fs::metadata(file).unwrap().len()).sum();
    assert!(bytes <= 1_000 && bytes == disk.bytes(), "{bytes}");
    assert_eq!(disk.evicted() + files(folder.path()).len() as u64, 50);
    // The newest is still there.
    let newest = cache.call(&ChatRequest { trial: 49, ..question() }).await.unwrap();
    assert_eq!(newest.spent.origin, Origin::Cache);
}

#[tokio::test]
async fn a_disk_that_fails_does_not_fail_a_call() {
    let folder = Folder::new("cache-fails");
    let (_, disk, cache) = cached(&folder, u64::MAX, "");
    fs::remove_dir_all(folder.path()).unwrap();
    fs::write(folder.path(), "no folder").unwrap();
    assert!(cache.call(&question()).await.is_ok());
    fs::remove_file(folder.path()).unwrap();
    assert!(disk.faults() > 0);
}
