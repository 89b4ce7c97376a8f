//! Where the programs of Postgres are.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::ClusterError;

/// The oldest version that the statements of the store run on.
const OLDEST: u32 = 14;

/// The programs of one installation of Postgres.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    /// The folder that they are in.
    pub dir: PathBuf,
    /// Their version, without the minor one.
    pub version: u32,
}

impl Binaries {
    /// Those of a folder.
    ///
    /// # Errors
    /// They are not there, too old, or do not run; as a text for people.
    pub fn of(dir: &Path) -> Result<Self, String> {
        let wrong = |what: String| format!("`{}`: {what}", dir.display());
        if !dir.join("initdb").is_file() {
            return Err(wrong("there is no `initdb`".to_owned()));
        }
        let said = output(Command::new(dir.join("postgres")).arg("--version")).map_err(wrong)?;
        match version(&said) {
            Some(version) if version >= OLDEST => Ok(Self { dir: dir.to_owned(), version }),
            Some(version) => Err(wrong(format!("version {version} is too old, {OLDEST} is the least"))),
            None => Err(wrong(format!("`{}` is no version", said.trim()))),
        }
    }

    /// Those that are given; otherwise the first of those that came with Scouter, that `pg_config` names and that Debian has; where
    /// there are data already, the first that can read them.
    ///
    /// # Errors
    /// There are none.
    pub(super) fn find(
        given: Option<&Path>,
        bundled: Option<&Path>,
        data: Option<(&Path, u32)>,
    ) -> Result<Self, ClusterError> {
        let places = match given {
            Some(dir) => vec![dir.to_owned()],
            None => bundled.map(Path::to_owned).into_iter().chain(configured()).chain(debian()).collect(),
        };
        let (mut there, mut looked) = (Vec::new(), Vec::new());
        for place in &places {
            match Self::of(place) {
                Ok(binaries) => there.push(binaries),
                Err(wrong) => looked.push(wrong),
            }
        }
        let found = there.iter().map(|binaries| binaries.version).collect();
        match data {
            Some((dir, wanted)) if !there.is_empty() => there
                .into_iter()
                .find(|binaries| binaries.version == wanted)
                .ok_or_else(|| ClusterError::OtherVersion { dir: dir.to_owned(), wanted, found }),
            _ => there.into_iter().next().ok_or(ClusterError::NoBinaries { looked }),
        }
    }

    pub(super) fn postgres(&self) -> PathBuf {
        self.dir.join("postgres")
    }

    pub(super) fn initdb(&self) -> PathBuf {
        self.dir.join("initdb")
    }
}

fn configured() -> Option<PathBuf> {
    let said = output(Command::new("pg_config").arg("--bindir")).ok()?;
    Some(PathBuf::from(said.trim()))
}

/// Newest first.
fn debian() -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir("/usr/lib/postgresql") else { return Vec::new() };
    let version = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    let mut places: Vec<_> =
        entries.flatten().filter_map(|entry| Some((version(&entry.path())?, entry.path()))).collect();
    places.sort_unstable_by(|a, b| b.cmp(a));
    places.into_iter().map(|(_, path)| path.join("bin")).collect()
}

fn output(command: &mut Command) -> Result<String, String> {
    let name = PathBuf::from(command.get_program());
    let output = command.output().map_err(|error| format!("failed to run `{}`: {error}", name.display()))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!("`{}` ended with {}: {}", name.display(), output.status, said.trim()))
    }
}

/// The version in what `postgres --version` says: `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`, `… 18beta1`.
fn version(said: &str) -> Option<u32> {
    let number = said.split_once("(PostgreSQL)")?.1.trim_start();
    let digits = number.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn versions_are_read_without_their_minor() {
        for (said, expected) in [
            ("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n", Some(15)),
            ("postgres (PostgreSQL) 18beta1", Some(18)),
            ("postgres (PostgreSQL) 9.6.24", Some(9)),
            ("postgres (PostgreSQL)", None),
            ("something else 15.1", None),
        ] {
            assert_eq!(version(said), expected, "{said}");
        }
    }
}
