//! As whom Postgres runs, and what ties it to this process. Postgres refuses to run as root; and a program is told by the system that its
//! parent died only where it asked for that before it became Postgres. Two programs of util-linux do both without code of ours between
//! `fork` and `exec`, and become Postgres themselves, which stays a direct child.

use std::fs;
use std::os::unix::fs::{MetadataExt, lchown};
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::process::geteuid;

use super::error::ClusterError;

/// As whom Postgres runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Account {
    /// As this process.
    Own,
    /// As a user of a user namespace of its own, where root's files are that user's. Works below `/root`. The system must know a user of that
    /// number, since `initdb` asks for the name of who runs it.
    Namespace,
    /// As another user of the system, to whom the data then belong: where user namespaces are forbidden or there is no such user, as in containers.
    Other {
        /// The user.
        user: u32,
        /// Its group.
        group: u32,
    },
}

impl Account {
    /// The one for a data directory: that to which the data belong that are there.
    pub(super) fn for_data(cluster: &Path) -> Result<Self, ClusterError> {
        if !geteuid().is_root() {
            return Ok(Self::Own);
        }
        match fs::metadata(cluster) {
            Ok(data) if data.uid() != 0 => Ok(Self::Other { user: data.uid(), group: data.gid() }),
            // Fails where that user has no name, too.
            _ if runs(Self::Namespace.command(Path::new("id"), Tie::No).arg("-un")) => Ok(Self::Namespace),
            _ => Self::of_system(),
        }
    }

    /// The first of `postgres` and `nobody` that the system has.
    pub(super) fn of_system() -> Result<Self, ClusterError> {
        let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let other = |name| passwd_entry(&passwd, name).map(|(user, group)| Self::Other { user, group });
        other("postgres").or_else(|| other("nobody")).ok_or(ClusterError::NoAccount)
    }

    /// Gives it what is to be its own, with all that is in it.
    pub(super) fn give(&self, path: &Path) -> Result<(), ClusterError> {
        if !matches!(self, Self::Other { .. }) {
            return Ok(());
        }
        let failed = || ClusterError::io("give to the user that Postgres runs as", path);
        if fs::symlink_metadata(path).map_err(failed())?.is_dir() {
            for entry in fs::read_dir(path).map_err(failed())? {
                self.give(&entry.map_err(failed())?.path())?;
            }
        }
        self.give_alone(path)
    }

    /// Gives it one file or folder. A link is given itself, and never what it leads to: that may be anything by now.
    pub(super) fn give_alone(&self, path: &Path) -> Result<(), ClusterError> {
        let Self::Other { user, group } = *self else { return Ok(()) };
        let failed = || ClusterError::io("give to the user that Postgres runs as", path);
        let data = fs::symlink_metadata(path).map_err(failed())?;
        if (data.uid(), data.gid()) == (user, group) {
            return Ok(());
        }
        lchown(path, Some(user), Some(group)).map_err(failed())
    }

    /// Whether it can enter a folder, through all that are above it.
    pub(super) fn reaches(&self, folder: &Path) -> bool {
        let Self::Other { .. } = self else { return true };
        runs(self.command(Path::new("test"), Tie::No).arg("-x").arg(folder))
    }

    /// A command that runs as it.
    pub(super) fn command(&self, program: &Path, tie: Tie) -> Command {
        let mut words: Vec<String> = Vec::new();
        if *self == Self::Namespace {
            words.extend(
                ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"].map(str::to_owned),
            );
        }
        let mut setpriv = Vec::new();
        if let Self::Other { user, group } = self {
            setpriv.extend([
                format!("--reuid={user}"),
                format!("--regid={group}"),
                "--clear-groups".to_owned(),
            ]);
        }
        if tie == Tie::ToParent {
            setpriv.push("--pdeathsig=INT".to_owned());
        }
        if !setpriv.is_empty() {
            words.push("setpriv".to_owned());
            words.append(&mut setpriv);
            words.push("--".to_owned());
        }
        let mut command = match words.split_first() {
            None => Command::new(program),
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(program);
                command
            }
        };
        // What it says is read here; and messages in English are understood by whoever helps.
        command.env("LC_ALL", "C").stdin(Stdio::null());
        command
    }
}

/// Whether a program ends when this one does, however it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tie {
    /// It is told to stop, as by Ctrl-C.
    ToParent,
    /// It goes on.
    No,
}

impl Tie {
    /// What the system can do.
    pub(super) fn possible() -> Self {
        let tied = runs(&mut Account::Own.command(Path::new("true"), Self::ToParent));
        if tied { Self::ToParent } else { Self::No }
    }
}

fn runs(command: &mut Command) -> bool {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// The numbers of a user and its group in the text of `/etc/passwd`.
fn passwd_entry(passwd: &str, name: &str) -> Option<(u32, u32)> {
    let line = passwd.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    let mut fields = line.split(':').skip(1);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_found_by_their_whole_name() {
        let passwd =
            "root:x:0:0:root:/root:/bin/bash\nnobody2:x:7:8::/:/bin/sh\nnobody:x:65534:65533::/:/bin/sh\n";
        assert_eq!(passwd_entry(passwd, "nobody"), Some((65534, 65533)));
        assert_eq!(passwd_entry(passwd, "postgres"), None);
    }

    #[test]
    fn programs_are_wrapped_in_what_their_account_needs() {
        let words = |account: Account, tie| {
            let command = account.command(Path::new("/bin/postgres"), tie);
            let words = std::iter::once(command.get_program()).chain(command.get_args());
            words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(words(Account::Own, Tie::No), "/bin/postgres");
        assert_eq!(words(Account::Own, Tie::ToParent), "setpriv --pdeathsig=INT -- /bin/postgres");
        assert_eq!(
            words(Account::Namespace, Tie::ToParent),
            "unshare --user --map-user=1000 --map-group=1000 -- setpriv --pdeathsig=INT -- /bin/postgres"
        );
        assert_eq!(
            words(Account::Other { user: 5, group: 6 }, Tie::ToParent),
            "setpriv --reuid=5 --regid=6 --clear-groups --pdeathsig=INT -- /bin/postgres"
        );
    }
}
