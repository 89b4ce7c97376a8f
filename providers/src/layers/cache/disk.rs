//! Replies on disk.

use std::collections::{HashMap, VecDeque};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Reply;
use crate::chat::sha256;
use crate::layers::turns::{Turn, Turns};

/// Replies in a folder, no more than so many bytes of them. Where there is no room, the oldest go.
///
/// What goes wrong with the disk never fails a call: the provider is asked instead, and the fault is
/// counted. Several processes may share a folder; each counts what it has seen.
#[derive(Debug)]
pub struct DiskCache {
    folder: PathBuf,
    most_bytes: u64,
    files: Mutex<Files>,
    counted: Counted,
    turns: Turns<Key>,
}

/// Files, the oldest first, and how large they are.
#[derive(Debug, Default)]
struct Files {
    queue: VecDeque<PathBuf>,
    sizes: HashMap<PathBuf, u64>,
    bytes: u64,
}

impl Files {
    /// The newest file, which may take the place of another of its name.
    fn push(&mut self, path: PathBuf, bytes: u64) {
        if let Some(before) = self.sizes.insert(path.clone(), bytes) {
            self.bytes -= before;
            self.queue.retain(|other| *other != path);
        }
        self.bytes += bytes;
        self.queue.push_back(path);
    }

    fn pop(&mut self) -> Option<PathBuf> {
        let oldest = self.queue.pop_front()?;
        self.bytes -= self.sizes.remove(&oldest).unwrap_or(0);
        Some(oldest)
    }
}

#[derive(Debug, Default)]
struct Counted {
    names: AtomicU64,
    evicted: AtomicU64,
    faults: AtomicU64,
}

/// One file: the question stands in it for people who look.
#[derive(Serialize, Deserialize)]
#[serde(bound(serialize = "R: Reply", deserialize = "R: Reply"))]
struct Entry<R> {
    request: Value,
    #[serde(default)]
    trial: u32,
    reply: R,
}

/// What a reply is kept under.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key(String);

impl Key {
    /// `place` tells answers apart that have the same question, such as the provider's address.
    pub(super) fn of(canonical: &Value, trial: u32, place: &str) -> Self {
        Self(sha256(format!("{canonical}\n{trial}\n{place}").as_bytes()))
    }

    fn path(&self, folder: &Path) -> PathBuf {
        let (start, rest) = self.0.split_at(2);
        folder.join(start).join(format!("{rest}.json"))
    }
}

impl DiskCache {
    /// The most bytes of a cache, unless said otherwise: one gigabyte.
    pub const MOST_BYTES: u64 = 1 << 30;

    /// The cache in `folder`, which is made where it is missing.
    ///
    /// # Errors
    /// Where the folder cannot be made or read.
    pub fn open(folder: impl Into<PathBuf>, most_bytes: u64) -> io::Result<Self> {
        let folder = folder.into();
        fs::create_dir_all(&folder)?;
        let mut found = Vec::new();
        for shelf in fs::read_dir(&folder)? {
            let shelf = shelf?.path();
            if shelf.is_dir() {
                list(&shelf, &mut found)?;
            }
        }
        found.sort();
        let mut files = Files::default();
        for (_, path, bytes) in found {
            files.push(path, bytes);
        }
        let (files, counted, turns) = (Mutex::new(files), Counted::default(), Turns::default());
        Ok(Self { folder, most_bytes, files, counted, turns })
    }

    /// Bytes in it, as far as this process knows.
    pub fn bytes(&self) -> u64 {
        self.files.lock().unwrap_or_else(PoisonError::into_inner).bytes
    }

    /// Replies that went to make room.
    pub fn evicted(&self) -> u64 {
        self.counted.evicted.load(Ordering::Relaxed)
    }

    /// Reads and writes that failed.
    pub fn faults(&self) -> u64 {
        self.counted.faults.load(Ordering::Relaxed)
    }

    /// Waits until nobody else asks the same.
    pub(super) async fn turn(&self, key: &Key) -> Turn<'_, Key> {
        self.turns.take(key).await
    }

    pub(super) fn get<R: Reply>(&self, key: &Key) -> Option<R> {
        let text = match fs::read(key.path(&self.folder)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(_) => return self.fault(),
        };
        // A file that was torn is asked for again and then replaced.
        serde_json::from_slice::<Entry<R>>(&text).map_or_else(|_| self.fault(), |entry| Some(entry.reply))
    }

    pub(super) fn put(&self, key: &Key, request: Value, trial: u32, reply: impl Reply) {
        let path = key.path(&self.folder);
        match self.write(&path, &Entry { request, trial, reply }) {
            Ok(bytes) => self.make_room(path, bytes),
            Err(_) => {
                self.fault::<()>();
            }
        }
    }

    /// Under another name first, so that nobody sees half a file.
    fn write(&self, path: &Path, entry: &Entry<impl Reply>) -> io::Result<u64> {
        let text = serde_json::to_vec(entry)?;
        let beside = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(beside)?;
        let number = self.counted.names.fetch_add(1, Ordering::Relaxed);
        let draft = beside.join(format!(".{}-{number}.tmp", std::process::id()));
        let written = fs::write(&draft, &text).and_then(|()| fs::rename(&draft, path));
        if let Err(error) = written {
            // The fault that counts is the first.
            let _ = fs::remove_file(&draft);
            return Err(error);
        }
        Ok(text.len() as u64)
    }

    fn make_room(&self, path: PathBuf, bytes: u64) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.push(path, bytes);
        while files.bytes > self.most_bytes {
            let Some(oldest) = files.pop() else { break };
            match fs::remove_file(&oldest) {
                Ok(()) => {
                    self.counted.evicted.fetch_add(1, Ordering::Relaxed);
                }
                // Another process was quicker.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(_) => {
                    self.fault::<()>();
                }
            }
        }
    }

    fn fault<T>(&self) -> Option<T> {
        self.counted.faults.fetch_add(1, Ordering::Relaxed);
        None
    }
}

fn list(shelf: &Path, found: &mut Vec<(SystemTime, PathBuf, u64)>) -> io::Result<()> {
    for file in fs::read_dir(shelf)? {
        let file = file?;
        // A file may go while we look.
        if let Ok(data) = file.metadata() {
            found.push((data.modified()?, file.path(), data.len()));
        }
    }
    Ok(())
}
