//! The thread that keeps Postgres running. It is a thread of its own, since the system counts the end of the thread that made a process as
//! the end of its parent.

use std::collections::VecDeque;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStderr, Command};
use tokio::sync::oneshot;
use tokio::time::sleep;

use super::account::{Account, Tie};
use super::binaries::Binaries;
use super::cluster::ClusterOptions;
use super::directory::{Directory, Sockets};
use super::error::ClusterError;
use super::initdb::initdb;
use super::vacate::vacate;

/// How long is waited before Postgres is started again; twice as long each time, at most the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How many lines are kept of what Postgres said last.
const LINES: usize = 20;

/// What the thread hears and tells.
#[derive(Debug)]
pub(super) struct Keeper {
    /// Postgres is to end; so it is where this is dropped.
    pub(super) stop: oneshot::Sender<()>,
    /// Where its socket is, once it has been started.
    pub(super) started: oneshot::Receiver<PathBuf>,
    /// Whether it has let somebody in. From then on it is started again whenever it ends.
    pub(super) ready: Arc<AtomicBool>,
    /// It has ended, as it was told, or because it could not be started.
    pub(super) ended: oneshot::Receiver<Result<(), ClusterError>>,
}

impl Keeper {
    pub(super) fn spawn(options: ClusterOptions) -> Result<Self, ClusterError> {
        let (stop, stopped) = oneshot::channel();
        let (tell_started, started) = oneshot::channel();
        let (tell_ended, ended) = oneshot::channel();
        let ready = Arc::new(AtomicBool::new(false));
        let (known, data) = (Arc::clone(&ready), options.data.clone());
        let run = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let end =
                runtime.map_err(ClusterError::io("start a runtime for", &options.data)).and_then(|runtime| {
                    runtime.block_on(run(&options, Signals { stopped, ready: known }, tell_started))
                });
            // Who started it may not wait for its end.
            let _ = tell_ended.send(end);
        };
        let thread = std::thread::Builder::new().name("postgres".to_owned()).spawn(run);
        thread.map_err(ClusterError::io("start a thread for", data))?;
        Ok(Self { stop, started, ready, ended })
    }
}

struct Signals {
    stopped: oneshot::Receiver<()>,
    ready: Arc<AtomicBool>,
}

async fn run(
    options: &ClusterOptions,
    mut signals: Signals,
    started: oneshot::Sender<PathBuf>,
) -> Result<(), ClusterError> {
    let launch = tokio::select! {
        launch = Launch::prepare(options) => launch?,
        _ = &mut signals.stopped => return Ok(()),
    };
    launch.keep(&mut signals, started).await
}

/// All that Postgres is started with.
struct Launch {
    directory: Directory,
    binaries: Binaries,
    account: Account,
    tie: Tie,
    sockets: Sockets,
}

impl Launch {
    async fn prepare(options: &ClusterOptions) -> Result<Self, ClusterError> {
        let directory = Directory::take(&options.data)?;
        let cluster = directory.cluster();
        let version = directory.version();
        let data = version.map(|version| (directory.path(), version));
        let binaries = Binaries::find(options.binaries.as_deref(), options.bundled.as_deref(), data)?;
        let account = Account::for_data(&cluster)?;
        directory.open_to(&account)?;
        let tie = Tie::possible();
        if version.is_none() {
            initdb(&binaries, &account, tie, &cluster).await?;
        }
        vacate(directory.path(), &cluster).await?;
        let sockets = directory.sockets(&account)?;
        Ok(Self { directory, binaries, account, tie, sockets })
    }

    async fn keep(
        self,
        signals: &mut Signals,
        started: oneshot::Sender<PathBuf>,
    ) -> Result<(), ClusterError> {
        let mut started = Some(started);
        let mut pause = FIRST_PAUSE;
        loop {
            let Err(error) = self.once(signals, &mut started).await else { return Ok(()) };
            if !signals.ready.load(Ordering::Relaxed) {
                return Err(error);
            }
            tracing::warn!(%error, "Postgres is started again");
            tokio::select! {
                () = async { sleep(pause).await; self.vacated().await } => {}
                _ = &mut signals.stopped => return Ok(()),
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Runs it until it is to stop. That it ends by itself is an error.
    async fn once(
        &self,
        signals: &mut Signals,
        started: &mut Option<oneshot::Sender<PathBuf>>,
    ) -> Result<(), ClusterError> {
        let (mut child, said) = self.spawn(&signals.ready)?;
        if let Some(started) = started.take() {
            // Whoever asked may be gone; then it is stopped below.
            let _ = started.send(self.sockets.path().to_owned());
        }
        let program = self.binaries.postgres();
        let status = tokio::select! {
            status = child.wait() => status.map_err(ClusterError::io("wait for", &program))?,
            _ = &mut signals.stopped => {
                // Sessions that are ended now are no matter to warn of.
                signals.ready.store(false, Ordering::Relaxed);
                return self.end(child).await;
            }
        };
        let said = said.await.unwrap_or_default().into();
        Err(ClusterError::Ended { program, status: status.to_string(), said })
    }

    /// Waits for what is left of a Postgres that was killed, however long that takes.
    async fn vacated(&self) {
        while let Err(error) = vacate(self.directory.path(), &self.directory.cluster()).await {
            tracing::warn!(%error, "Postgres cannot be started again yet");
        }
    }

    fn spawn(
        &self,
        ready: &Arc<AtomicBool>,
    ) -> Result<(Child, tokio::task::JoinHandle<VecDeque<String>>), ClusterError> {
        let program = self.binaries.postgres();
        let mut command = self.account.command(&program, self.tie);
        let sockets = self.sockets.path().display().to_string();
        command
            .arg("-D")
            .arg(self.directory.cluster())
            .args(["-c", "listen_addresses=", "-c", "unix_socket_permissions=0700", "-c", "port=5432"])
            .args(["-c", &format!("unix_socket_directories={}", quoted(&sockets))])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            // Ctrl-C in a terminal is for this process, which then stops Postgres in its own time.
            .process_group(0);
        let mut child = Command::from(command).spawn().map_err(ClusterError::io("run", &program))?;
        let said = tokio::spawn(last_lines(child.stderr.take(), Arc::clone(ready)));
        Ok((child, said))
    }

    /// Postgres ends its sessions, writes down what is in memory, and is gone.
    async fn end(&self, mut child: Child) -> Result<(), ClusterError> {
        // The number is this child's as long as it was not waited for.
        let pid = child.id().and_then(|id| Pid::from_raw(id.try_into().ok()?));
        let failed = ClusterError::io("stop", self.binaries.postgres());
        if let Some(pid) = pid
            && let Err(error) = kill_process(pid, Signal::INT)
        {
            return Err(failed(error.into()));
        }
        child.wait().await.map(|_| ()).map_err(failed)
    }
}

/// A name in a list of settings.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Hands on what Postgres says until it ends, and returns the end of it. Before it has let somebody in, it says of each time that it is asked whether it is
/// ready that this is fatal: where it is, the end of it tells. So it says of each session when it is stopped.
async fn last_lines(stderr: Option<ChildStderr>, ready: Arc<AtomicBool>) -> VecDeque<String> {
    let mut last = VecDeque::with_capacity(LINES);
    let Some(stderr) = stderr else { return last };
    let mut lines = BufReader::new(stderr).split(b'\n');
    while let Ok(Some(line)) = lines.next_segment().await {
        let line = String::from_utf8_lossy(&line).into_owned();
        let fatal = line.contains("FATAL:") && ready.load(Ordering::Relaxed);
        if fatal || line.contains("PANIC:") {
            tracing::warn!(target: "postgres", "{line}");
        } else {
            tracing::debug!(target: "postgres", "{line}");
        }
        if last.len() == LINES {
            last.pop_front();
        }
        last.push_back(line);
    }
    last
}
