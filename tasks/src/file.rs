//! Files that are written whole or not at all.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, IntoInnerError, Write};
use std::path::Path;

use tempfile::Builder;

/// Writes a file, whole or not at all: a new one beside it, which is brought to the disk and then takes its place. A
/// full disk leaves what was there before. What is no file (`/dev/stdout`, a pipe) is written to as it is.
///
/// # Errors
/// Those of the file system and of what writes; where the folder is not there, the message says so.
pub fn write_whole(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let folder = folder_of(path)?;
    if path.exists() && !path.is_file() {
        let mut file = BufWriter::new(File::create(path)?);
        return write(&mut file).and_then(|()| file.flush());
    }
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".");
    // Open to whom files usually are, and gone where it does not take its place.
    let new = |path: &Path| OpenOptions::new().write(true).create_new(true).open(path);
    let mut file = BufWriter::new(Builder::new().prefix(&name).suffix(".part").make_in(folder, new)?);
    write(&mut file)?;
    let file = file.into_inner().map_err(IntoInnerError::into_error)?;
    // Some file systems tell only when it is synced that the disk is full.
    file.as_file().sync_all()?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// The folder that a file is to be written into.
///
/// # Errors
/// There is no such folder: the message says so.
pub fn folder_of(path: &Path) -> io::Result<&Path> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if folder.is_dir() {
        return Ok(folder);
    }
    let message = format!("there is no folder `{}` to write `{}` into", folder.display(), path.display());
    Err(io::Error::new(io::ErrorKind::NotFound, message))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::thread;

    use super::*;

    #[test]
    fn threads_that_write_one_path_leave_the_file_of_one_of_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("results.json");
        let write =
            |letter: u8| write_whole(&path, |out| (0..200).try_for_each(|_| out.write_all(&[letter; 4096])));
        thread::scope(|scope| {
            let threads: Vec<_> = (b'a'..=b'h').map(|letter| scope.spawn(move || write(letter))).collect();
            for thread in threads {
                thread.join().unwrap().unwrap();
            }
        });
        let text = fs::read(&path).unwrap();
        assert_eq!((text.len(), text.iter().all(|letter| *letter == text[0])), (200 * 4096, true));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_was_there_stays_where_writing_fails() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("results.json");
        fs::write(&path, "before").unwrap();
        let failed = write_whole(&path, |out| {
            out.write_all(b"half")?;
            Err(io::Error::other("no more"))
        });
        assert_eq!(failed.unwrap_err().to_string(), "no more");
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
