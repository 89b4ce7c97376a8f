//! Whether something can be written in a folder that may not be there yet.

use std::io;
use std::path::Path;

/// Tries to write in a folder, or where it is to be made. What is written has no name, or none for long, and nothing of it stays.
///
/// Rights alone do not tell: root has all of them on disks that are read only and in places that are made up by the system.
///
/// # Errors
/// Nothing can be written there: why not.
pub(crate) fn try_writing(folder: &Path) -> io::Result<()> {
    let nearest = folder.ancestors().find(|path| path.exists()).unwrap_or(Path::new("."));
    tempfile::tempfile_in(nearest).map(drop)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_folder_that_can_be_made_can_be_written_in_and_nothing_is_made() {
        let dir = tempfile::TempDir::new().unwrap();
        try_writing(&dir.path().join("a/b")).unwrap();
        try_writing(dir.path()).unwrap();
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_is_no_folder_or_is_made_up_by_the_system_cannot() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for path in [file.path().join("data").as_path(), Path::new("/proc/x"), Path::new("/proc/x/y")] {
            assert!(try_writing(path).is_err(), "{}", path.display());
        }
    }
}
