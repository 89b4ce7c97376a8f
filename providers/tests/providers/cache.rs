//! Replies on disk.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

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

fn cached(folder: &Folder, most: u64, place: &str) -> (Arc<ScriptedModel>, Arc<DiskCache>, Cached) {
    let model = Arc::new(ScriptedModel::function(|request| {
        Ok(ChatReply::of_text("m", format!("{} {}", request.trial, request.messages.len())))
    }));
    let cache = Arc::new(DiskCache::open(folder.path(), most).unwrap());
    let inner: Arc<dyn ChatModel> = Arc::<ScriptedModel>::clone(&model);
    (model, Arc::clone(&cache), Cached::new(inner, cache, place))
}

#[tokio::test]
async fn a_question_is_asked_once_also_by_the_next_process() {
    let folder = Folder::new("cache-once");
    let first = cached(&folder, u64::MAX, "").2.chat(&question()).await.unwrap();
    let (model, _, cache) = cached(&folder, u64::MAX, "");
    let second = cache.chat(&question()).await.unwrap();
    assert_eq!((second.text, model.asked().len()), (first.text, 0));
    assert_eq!(
        (second.spent.origin, second.spent.attempts, second.spent.cost),
        (Origin::Cache, 0, Some(Dollars(0.0)))
    );
}

#[tokio::test]
async fn trials_settings_and_places_are_told_apart() {
    let folder = Folder::new("cache-apart");
    let (model, _, cache) = cached(&folder, u64::MAX, "");
    let mut warmer = question();
    warmer.settings.temperature = Some(1.0);
    for request in [question(), ChatRequest { trial: 1, ..question() }, warmer, judged()] {
        cache.chat(&request).await.unwrap();
    }
    assert_eq!(model.asked().len(), 4);
    let (model, _, elsewhere) = cached(&folder, u64::MAX, "http://localhost");
    elsewhere.chat(&question()).await.unwrap();
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
    assert!(cached.chat(&question()).await.is_err());
    assert_eq!(cached.chat(&question()).await.unwrap().text, "yes");
}

#[tokio::test]
async fn a_torn_file_is_asked_for_again_and_counted() {
    let folder = Folder::new("cache-torn");
    cached(&folder, u64::MAX, "").2.chat(&question()).await.unwrap();
    fs::write(&files(folder.path())[0], "{\"request\":").unwrap();
    let (model, disk, cache) = cached(&folder, u64::MAX, "");
    cache.chat(&question()).await.unwrap();
    assert_eq!((model.asked().len(), disk.faults()), (1, 1));
    cache.chat(&question()).await.unwrap();
    assert_eq!(model.asked().len(), 1);
}

#[tokio::test]
async fn the_oldest_go_when_there_is_no_room() {
    let folder = Folder::new("cache-bound");
    let (_, disk, cache) = cached(&folder, 1_000, "");
    for trial in 0..50 {
        cache.chat(&ChatRequest { trial, ..question() }).await.unwrap();
    }
    let bytes: u64 = files(folder.path()).iter().map(|file| fs::metadata(file).unwrap().len()).sum();
    assert!(bytes <= 1_000 && bytes == disk.bytes(), "{bytes}");
    assert_eq!(disk.evicted() + files(folder.path()).len() as u64, 50);
    // The newest is still there.
    let newest = cache.chat(&ChatRequest { trial: 49, ..question() }).await.unwrap();
    assert_eq!(newest.spent.origin, Origin::Cache);
}

#[tokio::test]
async fn a_disk_that_fails_does_not_fail_a_call() {
    let folder = Folder::new("cache-fails");
    let (_, disk, cache) = cached(&folder, u64::MAX, "");
    fs::remove_dir_all(folder.path()).unwrap();
    fs::write(folder.path(), "no folder").unwrap();
    assert!(cache.chat(&question()).await.is_ok());
    fs::remove_file(folder.path()).unwrap();
    assert!(disk.faults() > 0);
}
