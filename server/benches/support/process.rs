//! A server as a process of its own, and what Linux says that it takes.

use std::fs;
use std::iter::once;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::outcome::Outcome;

/// In what Linux tells programs of times, however it counts them itself.
const TICK: Duration = Duration::from_millis(10);

/// A server that runs. It is killed where it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    pid: i32,
    postgres: i32,
    /// Where it listens, as a URL.
    pub(crate) url: String,
}

/// CPU that was taken until a moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken {
    /// By the server itself.
    pub(crate) server: Duration,
    /// By all processes of its Postgres.
    pub(crate) postgres: Duration,
}

/// Memory, in MiB.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    /// What is resident.
    pub(crate) now: u64,
    /// The most that ever was.
    pub(crate) peak: u64,
}

impl Server {
    /// Starts one that keeps everything in a directory.
    pub(crate) async fn start(data: &Path) -> Outcome<Self> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_scouter-server"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(data)
            .env_remove("DATABASE_URL")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let said = child.stdout.take().ok_or("the server has no output")?;
        let mut line = String::new();
        BufReader::new(said).read_line(&mut line).await?;
        let url = line.trim().strip_prefix("listening on ");
        let url = url.ok_or_else(|| format!("the server does not listen: `{}`", line.trim()))?.to_owned();
        let pid = i32::try_from(child.id().ok_or("the server has ended")?)?;
        let postgres = fs::read_to_string(data.join("postgres/postmaster.pid"))?;
        let postgres = postgres.lines().next().unwrap_or_default().parse()?;
        Ok(Self { child, pid, postgres, url })
    }

    /// The CPU that was taken so far.
    pub(crate) fn taken(&self) -> Outcome<Taken> {
        let postgres = Stat::of(self.postgres)?;
        let children = Stat::all()?.filter(|stat| stat.parent == self.postgres).map(|stat| stat.own);
        let all = once(postgres.own + postgres.ended).chain(children);
        Ok(Taken { server: Stat::of(self.pid)?.own, postgres: all.sum() })
    }

    /// The memory of the server itself.
    pub(crate) fn memory(&self) -> Outcome<Memory> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid))?;
        let of = |name: &str| {
            let told = status.lines().find_map(|line| line.strip_prefix(name)?.split_whitespace().next());
            let kibibytes: u64 = told.ok_or_else(|| format!("Linux tells no `{name}`"))?.parse()?;
            Outcome::Ok(kibibytes / 1024)
        };
        Ok(Memory { now: of("VmRSS:")?, peak: of("VmHWM:")? })
    }

    /// Has it end in order.
    pub(crate) async fn stop(mut self) -> Outcome<()> {
        kill_process(Pid::from_raw(self.pid).ok_or("there is no process 0")?, Signal::TERM)?;
        let end = self.child.wait().await?;
        if end.success() { Ok(()) } else { Err(format!("the server ended with {end}").into()) }
    }
}

/// What Linux says of a process.
struct Stat {
    parent: i32,
    /// The CPU of all its threads.
    own: Duration,
    /// That of its children which have ended.
    ended: Duration,
}

impl Stat {
    fn of(pid: i32) -> Outcome<Self> {
        let text = fs::read_to_string(format!("/proc/{pid}/stat"))?;
        Self::read(&text).ok_or_else(|| format!("`{text}` does not tell of a process").into())
    }

    /// Those of all processes.
    fn all() -> Outcome<impl Iterator<Item = Self>> {
        // Of one that has ended meanwhile its parent knows.
        let of = |entry: fs::DirEntry| Self::of(entry.file_name().to_str()?.parse().ok()?).ok();
        Ok(fs::read_dir("/proc")?.flatten().filter_map(of))
    }

    /// Fields have the numbers that `proc(5)` gives them; the third is the first behind the name, in which anything may stand.
    fn read(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks = |number: usize| fields.get(number - 3)?.parse::<u32>().ok();
        let parent = fields.get(1)?.parse().ok()?;
        let (own, ended) = (ticks(14)? + ticks(15)?, ticks(16)? + ticks(17)?);
        Some(Self { parent, own: TICK * own, ended: TICK * ended })
    }
}
