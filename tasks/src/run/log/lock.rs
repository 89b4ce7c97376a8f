//! One process at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use super::error::RunDirError;

/// The right to write to a run directory. The system takes it back from a process that ends, however it does.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Lock {
    pub(super) fn take(dir: &Path) -> Result<Self, RunDirError> {
        let path = dir.join("run.lock");
        let open = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path);
        let mut file = open.map_err(RunDirError::io("open", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                // Who has it only helps people; some systems don't let others read it.
                let _ = file.read_to_string(&mut pid);
                return Err(RunDirError::InUse { dir: dir.to_owned(), by: pid.trim().parse().ok() });
            }
            Err(TryLockError::Error(error)) => return Err(RunDirError::io("lock", &path)(error)),
        }
        let name = |file: &mut File| {
            file.set_len(0)?;
            file.rewind()?;
            writeln!(file, "{}", std::process::id())
        };
        // On a disk that is full the lock holds without a name on it.
        let _ = name(&mut file);
        Ok(Self(file))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A process that was forked meanwhile has the file too: for it, too, the lock is given back.
        let _ = self.0.unlock();
    }
}
