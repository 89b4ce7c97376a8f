//! A server that answers every call after a while, in a process of its own, so that only the client is measured: the benchmark
//! itself, started with `serve`.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// How long an answer takes.
pub(crate) const LATENCY: Duration = Duration::from_millis(50);

const REPLY: &str = r#"{"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"{\"reason\":\"so it is\",\"score\":4}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120}}"#;

/// The server, until it is dropped.
pub(crate) struct Server {
    process: Child,
    /// Its address, such as `http://127.0.0.1:1`.
    pub(crate) url: String,
}

impl Server {
    pub(crate) fn start() -> Result<Self> {
        let program = std::env::current_exe()?;
        let mut process = Command::new(program).arg("serve").stdout(Stdio::piped()).spawn()?;
        let mut address = String::new();
        let said = process.stdout.take().ok_or("the server says no address")?;
        BufReader::new(said).read_line(&mut address)?;
        Ok(Self { process, url: format!("http://{}", address.trim()) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Whether this process is to be the server.
pub(crate) fn is_asked_for() -> bool {
    std::env::args().any(|argument| argument == "serve")
}

/// Serves until it is killed.
pub(crate) async fn serve() -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(answer(stream));
    }
}

async fn answer(mut stream: TcpStream) -> Result<()> {
    stream.set_nodelay(true)?;
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{REPLY}", REPLY.len());
    let mut request = vec![0; 64 * 1024];
    // A request of these benchmarks comes in one piece.
    while stream.read(&mut request).await? > 0 {
        sleep(LATENCY).await;
        stream.write_all(head.as_bytes()).await?;
    }
    Ok(())
}

/// On Linux: time that this process has used of the processor, in steps of 10 ms.
pub(crate) fn processor() -> Result<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').ok_or("the process's times have another form")?;
    let ticks = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(str::parse::<u64>)
        .sum::<std::result::Result<u64, _>>()?;
    Ok(Duration::from_millis(ticks * 10))
}
