//! Batches of one profile on the disk: what could not be sent, for this process or a later one.
//!
//! Every process writes into a file of its own, which it holds locked: the lock ends with the process, however that ends, and whoever finds a
//! file that nobody holds takes it over. A file is a mark and then pieces, one write each: the length of the batch, its checksum (XXH3, 64 bits) and the batch. What
//! a process was killed in the middle of is told by them. A piece is brought to the disk before its records leave the memory, so that they survive the machine's
//! crash too. Pieces are batches, and written by the queue's own thread, which has nothing else to do while the server is away: nobody who inserts waits for it.

use std::collections::{BTreeSet, VecDeque};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use scouter_wire::MAX_BYTES;
use twox_hash::XxHash3_64;
use uuid::Uuid;

use crate::options::SpoolOptions;

const MARK: &[u8; 8] = b"scspool1";
/// The length and the checksum.
const HEAD: usize = 4 + 8;
const SUFFIX: &str = "spool";
/// How many names are tried for a file of one's own.
const NAMES: u32 = 10_000;

/// The batches of one profile: those that were left by processes that are gone, and this one's own.
#[derive(Debug)]
pub(crate) struct Spool {
    options: SpoolOptions,
    profile: Uuid,
    /// Other uids that mean the same profile.
    further: Vec<Uuid>,
    /// Earlier ones first, and its own at the end, where there is one.
    logs: VecDeque<Log>,
}

/// A file that this process holds.
#[derive(Debug)]
struct Log {
    file: File,
    path: PathBuf,
    own: bool,
    /// How far it is settled, and where it ends.
    at: u64,
    end: u64,
}

/// A batch from the disk.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) body: Bytes,
    /// Whether this process put it there.
    pub(crate) own: bool,
}

/// A file that cannot be read any further, and is gone with what was left in it: where one piece ends nobody knows where the next begins.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Torn {
    /// Whether it was this process's.
    pub(crate) own: bool,
}

impl Spool {
    pub(crate) fn new(options: SpoolOptions, profile: Uuid) -> Self {
        Self { options, profile, further: Vec::new(), logs: VecDeque::new() }
    }

    /// Takes over what processes left that are gone.
    pub(crate) fn adopt(&mut self) -> io::Result<()> {
        for path in files(&self.options.folder)? {
            let ours = uid_of(&path).is_some_and(|uid| self.takes(uid));
            if !ours || self.logs.iter().any(|log| log.path == path) {
                continue;
            }
            // Somebody else may be faster.
            let Ok(file) = OpenOptions::new().read(true).write(true).open(&path) else { continue };
            if file.try_lock().is_err() {
                continue;
            }
            let end = file.metadata()?.len();
            self.logs.push_front(Log { file, path, own: false, at: MARK.len() as u64, end });
        }
        Ok(())
    }

    /// Whether it takes over what was kept under this uid.
    pub(crate) fn takes(&self, uid: Uuid) -> bool {
        uid == self.profile || self.further.contains(&uid)
    }

    /// Has this uid mean its profile too.
    pub(crate) fn join(&mut self, uid: Uuid) {
        self.further.push(uid);
    }

    /// The uids that something is kept under in its folder, whoever holds it.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub(crate) fn uids(&self) -> io::Result<BTreeSet<Uuid>> {
        let files = files(&self.options.folder)?.into_iter();
        let kept = files.filter(|path| fs::metadata(path).is_ok_and(|about| about.len() > MARK.len() as u64));
        Ok(kept.filter_map(|path| uid_of(&path)).collect())
    }

    /// Lets go of its files as they are, for whoever holds them too: in the child of a fork, its parent.
    pub(crate) fn leave(&mut self) {
        self.logs.clear();
    }

    /// Whether there is something in it.
    pub(crate) fn has_some(&self) -> bool {
        self.logs.iter().any(|log| log.at < log.end)
    }

    /// Puts a batch into it.
    ///
    /// # Errors
    /// There is no room for it, or it cannot be written or brought to the disk; nothing of it is there then.
    pub(crate) fn keep(&mut self, body: &[u8]) -> io::Result<()> {
        let taken: u64 = files(&self.options.folder)?
            .iter()
            .filter_map(|path| fs::metadata(path).ok())
            .map(|about| about.len())
            .sum();
        if taken + (HEAD + body.len()) as u64 > self.options.most {
            let most = self.options.most;
            return Err(io::Error::other(format!("it is full: its files have {taken} of {most} bytes")));
        }
        if !self.logs.back().is_some_and(|log| log.own) {
            self.logs.push_back(self.create()?);
        }
        match self.logs.back_mut() {
            Some(own) => own.append(body),
            None => Ok(()),
        }
    }

    /// A file of one's own.
    fn create(&self) -> io::Result<Log> {
        for number in 0..NAMES {
            let name = format!("{}.{}-{number}.{SUFFIX}", self.profile, std::process::id());
            let path = self.options.folder.join(name);
            let mut open = OpenOptions::new();
            open.read(true).write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
            let file = match open.open(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(error),
            };
            // Whoever looks for files that nobody holds may have been faster.
            if file.try_lock().is_ok() {
                let end = MARK.len() as u64;
                let mut log = Log { file, path, own: true, at: end, end };
                // Its name is brought to the disk here, and the mark with the first piece.
                if let Err(error) = log.file.write_all(MARK).and_then(|()| sync_folder(&self.options.folder))
                {
                    log.remove();
                    return Err(error);
                }
                return Ok(log);
            }
        }
        Err(io::Error::other("there is no name left for a file"))
    }

    /// The first batch, or what should have it.
    pub(crate) fn first(&mut self) -> Option<Result<Piece, Torn>> {
        loop {
            let log = self.logs.front_mut()?;
            match log.read() {
                Ok(Some(body)) => return Some(Ok(Piece { body, own: log.own })),
                Ok(None) => {}
                Err(_) => return self.tear().map(Err),
            }
            if !self.let_go() {
                return None;
            }
        }
    }

    /// Gives up the first file.
    pub(crate) fn tear(&mut self) -> Option<Torn> {
        let log = self.logs.pop_front()?;
        let torn = Torn { own: log.own };
        log.remove();
        Some(torn)
    }

    /// The first batch is settled.
    pub(crate) fn settled(&mut self, body: &[u8]) {
        if let Some(log) = self.logs.front_mut() {
            log.at += (HEAD + body.len()) as u64;
            self.let_go();
        }
    }

    /// Puts two batches in the place of the first.
    pub(crate) fn divide(&mut self, body: &[u8], halves: [&[u8]; 2]) -> io::Result<()> {
        if let Some(log) = self.logs.front_mut() {
            let end = log.end;
            if let Err(error) = halves.into_iter().try_for_each(|half| log.append(half)) {
                // One half would be sent and counted beside the whole.
                log.end = end;
                let _ = log.file.set_len(end);
                return Err(error);
            }
            self.settled(body);
        }
        Ok(())
    }

    /// Empties the first file where all of it is settled, and lets it go where it was somebody else's; whether there is another one then.
    fn let_go(&mut self) -> bool {
        let Some(log) = self.logs.front_mut().filter(|log| log.at >= log.end) else { return false };
        if log.own {
            log.empty();
            return false;
        }
        if let Some(log) = self.logs.pop_front() {
            log.remove();
        }
        true
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        self.logs.drain(..).filter(|log| log.at >= log.end).for_each(Log::remove);
    }
}

impl Log {
    fn append(&mut self, body: &[u8]) -> io::Result<()> {
        let len = u32::try_from(body.len()).map_err(io::Error::other)?;
        let mut piece = Vec::with_capacity(HEAD + body.len());
        piece.extend(len.to_le_bytes());
        piece.extend(XxHash3_64::oneshot(body).to_le_bytes());
        piece.extend(body);
        self.file.seek(SeekFrom::Start(self.end))?;
        if let Err(error) = self.file.write_all(&piece).and_then(|()| self.file.sync_data()) {
            // What was written of it is written over by the next one, or torn for whoever comes later.
            let _ = self.file.set_len(self.end);
            return Err(error);
        }
        self.end += piece.len() as u64;
        Ok(())
    }

    /// The first piece that is not settled; none where there is none.
    fn read(&mut self) -> io::Result<Option<Bytes>> {
        if self.end == 0 {
            return Ok(None);
        }
        let torn = || io::Error::from(io::ErrorKind::InvalidData);
        if self.at == MARK.len() as u64 {
            let mut mark = [0; MARK.len()];
            self.file.seek(SeekFrom::Start(0))?;
            self.file.read_exact(&mut mark)?;
            if mark != *MARK {
                return Err(torn());
            }
        }
        if self.at >= self.end {
            return Ok(None);
        }
        self.file.seek(SeekFrom::Start(self.at))?;
        let mut head = [0; HEAD];
        self.file.read_exact(&mut head)?;
        let (len, sum) = head.split_at(4);
        let len = u32::from_le_bytes(len.try_into().map_err(io::Error::other)?) as usize;
        if len > 2 * MAX_BYTES {
            return Err(torn());
        }
        let mut body = vec![0; len];
        self.file.read_exact(&mut body)?;
        if XxHash3_64::oneshot(&body).to_le_bytes() != *sum {
            return Err(torn());
        }
        Ok(Some(body.into()))
    }

    /// Makes the file empty, so that nothing of it is sent once more.
    fn empty(&mut self) {
        let mark = MARK.len() as u64;
        if self.end > mark && self.file.set_len(mark).is_ok() {
            (self.at, self.end) = (mark, mark);
        }
    }

    /// Removes the file. It is emptied first: who waits for its lock finds nothing in it.
    fn remove(self) {
        let _ = self.file.set_len(0);
        let _ = fs::remove_file(&self.path);
    }
}

/// Brings the names of a folder's files to the disk, where the system knows how to: some file systems do not, and Windows opens no folders.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    match File::open(folder)?.sync_all() {
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(())
        }
        done => done,
    }
}

/// The files of all spools in a folder.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|suffix| suffix == SUFFIX) {
            files.push(path);
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// The uid that what is in a file came under.
fn uid_of(path: &Path) -> Option<Uuid> {
    let (uid, _) = path.file_name()?.to_str()?.split_once('.')?;
    uid.parse().ok()
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn spool_of(folder: &TempDir, most: u64, profile: u128) -> Spool {
        Spool::new(SpoolOptions { folder: folder.path().to_owned(), most }, Uuid::from_u128(profile))
    }

    fn spool(folder: &TempDir) -> Spool {
        spool_of(folder, 1 << 20, 7)
    }

    /// All that is in a spool, which is settled, and how much could not be read.
    fn all(spool: &mut Spool) -> (Vec<(String, bool)>, u64) {
        let (mut found, mut unreadable) = (Vec::new(), 0);
        while let Some(first) = spool.first() {
            match first {
                Ok(Piece { body, own }) => {
                    spool.settled(&body);
                    found.push((String::from_utf8(body.into()).unwrap(), own));
                }
                Err(_) => unreadable += 1,
            }
        }
        (found, unreadable)
    }

    fn of(texts: &[&str], own: bool) -> Vec<(String, bool)> {
        texts.iter().map(|text| ((*text).to_owned(), own)).collect()
    }

    /// What a process leaves that is killed: its files, which nobody holds.
    fn left(mut spool: Spool) {
        spool.leave();
    }

    #[test]
    fn batches_come_back_in_their_order_and_leave_no_file() {
        let folder = TempDir::new().unwrap();
        let mut spool = spool(&folder);
        for body in ["one", "two"] {
            spool.keep(body.as_bytes()).unwrap();
        }
        assert!(spool.has_some());
        assert_eq!(all(&mut spool), (of(&["one", "two"], true), 0));
        assert!(!spool.has_some());
        spool.keep(b"three").unwrap();
        assert_eq!(all(&mut spool), (of(&["three"], true), 0));
        drop(spool);
        assert_eq!(files(folder.path()).unwrap(), Vec::<PathBuf>::new());
    }

    #[test]
    fn a_file_is_taken_over_once_nobody_holds_it() {
        let folder = TempDir::new().unwrap();
        let (mut first, mut second) = (spool(&folder), spool(&folder));
        first.keep(b"one").unwrap();
        second.adopt().unwrap();
        assert_eq!(all(&mut second), (vec![], 0));
        left(first);
        second.keep(b"two").unwrap();
        second.adopt().unwrap();
        let found = [of(&["one"], false), of(&["two"], true)].concat();
        assert_eq!(all(&mut second), (found, 0));
        drop(second);
        assert_eq!(files(folder.path()).unwrap(), Vec::<PathBuf>::new());
    }

    #[test]
    fn files_of_other_profiles_are_left_alone() {
        let folder = TempDir::new().unwrap();
        let mut other = spool_of(&folder, 1 << 20, 8);
        other.keep(b"one").unwrap();
        left(other);
        let mut own = spool(&folder);
        own.adopt().unwrap();
        assert_eq!(all(&mut own), (vec![], 0));
        assert_eq!(files(folder.path()).unwrap().len(), 1);
    }

    #[test]
    fn files_under_another_uid_of_the_profile_are_taken_over_once_it_is_known() {
        let folder = TempDir::new().unwrap();
        let mut other = spool_of(&folder, 1 << 20, 8);
        other.keep(b"one").unwrap();
        left(other);
        let mut own = spool(&folder);
        own.join(Uuid::from_u128(8));
        own.adopt().unwrap();
        assert_eq!(all(&mut own), (of(&["one"], false), 0));
        assert_eq!(files(folder.path()).unwrap(), Vec::<PathBuf>::new());
    }

    #[test]
    fn the_uids_that_something_is_kept_under_are_told_whoever_holds_it() {
        let folder = TempDir::new().unwrap();
        let [mut first, mut second, mut emptied] = [7, 8, 9].map(|uid| spool_of(&folder, 1 << 20, uid));
        for spool in [&mut first, &mut second, &mut emptied] {
            spool.keep(b"one").unwrap();
        }
        assert_eq!(all(&mut emptied), (of(&["one"], true), 0));
        left(second);
        fs::write(folder.path().join("notes.spool"), [0; 100]).unwrap();
        assert_eq!(first.uids().unwrap(), BTreeSet::from([7, 8].map(Uuid::from_u128)));
    }

    #[test]
    fn what_was_torn_is_left_out_and_counted() {
        let folder = TempDir::new().unwrap();
        let mut first = spool(&folder);
        for body in ["one", "two", "three"] {
            first.keep(body.as_bytes()).unwrap();
        }
        left(first);
        let [path] = files(folder.path()).unwrap().try_into().unwrap();
        let whole = fs::read(&path).unwrap();
        let third = whole.len() - HEAD - "three".len();
        for cut in third..=whole.len() {
            fs::write(&path, &whole[..cut]).unwrap();
            let mut second = spool(&folder);
            second.adopt().unwrap();
            let (found, torn) = all(&mut second);
            let complete = if cut == whole.len() { 3 } else { 2 };
            assert_eq!(found, of(&["one", "two", "three"][..complete], false));
            assert_eq!(torn, u64::from(cut > third && cut < whole.len()), "{cut}");
        }
    }

    #[test]
    fn bytes_that_are_changed_are_not_sent() {
        let folder = TempDir::new().unwrap();
        let mut first = spool(&folder);
        first.keep(b"one").unwrap();
        left(first);
        let [path] = files(folder.path()).unwrap().try_into().unwrap();
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            fs::write(&path, changed).unwrap();
            let mut second = spool(&folder);
            second.adopt().unwrap();
            assert_eq!(all(&mut second), (vec![], 1), "{at}");
        }
    }

    #[test]
    fn what_of_its_own_was_torn_is_told_as_such_and_the_next_batch_is_kept_in_another_file() {
        for cut in [0, 1, MARK.len() + HEAD + 1] {
            let folder = TempDir::new().unwrap();
            let mut spool = spool(&folder);
            for body in ["one", "two"] {
                spool.keep(body.as_bytes()).unwrap();
            }
            let [path] = files(folder.path()).unwrap().try_into().unwrap();
            let file = OpenOptions::new().write(true).open(&path).unwrap();
            file.set_len(cut as u64).unwrap();
            assert_eq!(spool.first(), Some(Err(Torn { own: true })), "{cut}");
            assert_eq!((spool.first(), spool.has_some()), (None, false));
            spool.keep(b"three").unwrap();
            assert_eq!(all(&mut spool), (of(&["three"], true), 0));
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn what_cannot_be_brought_to_the_disk_is_not_kept() {
        let folder = TempDir::new().unwrap();
        let mut spool = spool(&folder);
        // It takes everything that is written, and there is no disk to bring it to.
        let file = OpenOptions::new().read(true).write(true).open("/dev/null").unwrap();
        let end = MARK.len() as u64;
        spool.logs.push_back(Log { file, path: folder.path().join("a"), own: true, at: end, end });
        assert_eq!(spool.keep(b"one").unwrap_err().kind(), io::ErrorKind::InvalidInput);
        assert!(!spool.has_some());
    }

    #[test]
    #[cfg(unix)]
    fn names_are_brought_to_the_disk_in_a_folder_that_is_there_and_in_no_other() {
        let folder = TempDir::new().unwrap();
        sync_folder(folder.path()).unwrap();
        assert_eq!(sync_folder(&folder.path().join("a")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn all_files_together_are_bounded() {
        let folder = TempDir::new().unwrap();
        let (mut first, mut second) = (spool_of(&folder, 100, 7), spool_of(&folder, 100, 8));
        first.keep(&[b'a'; 40]).unwrap();
        let error = second.keep(&[b'b'; 40]).unwrap_err();
        assert_eq!(error.to_string(), "it is full: its files have 60 of 100 bytes");
        assert_eq!(all(&mut second), (vec![], 0));
        first.settled(&[b'a'; 40]);
        second.keep(&[b'b'; 40]).unwrap();
    }

    #[test]
    fn a_batch_is_divided_in_its_place() {
        let folder = TempDir::new().unwrap();
        let mut spool = spool(&folder);
        spool.keep(b"onetwo").unwrap();
        spool.divide(b"onetwo", [b"one", b"two"]).unwrap();
        assert_eq!(all(&mut spool), (of(&["one", "two"], true), 0));
    }
}
