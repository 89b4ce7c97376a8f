//! A thousand calls of 50 ms, a hundred in flight: how near to the ideal of half a second, and how
//! much of the client's processor.
//!
//! The server is a process of its own, so that only the client is measured:
//! `cargo bench --package scouter-providers --bench calls`
#![expect(clippy::print_stdout, reason = "a benchmark is read on the terminal")]

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use scouter_providers::chat::{ChatModel, ChatRequest, Message, Role};
use scouter_providers::layers::{LimitSettings, Limits, Prices, Stack};
use scouter_providers::{Account, Environment, Http, Provider, connect};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const LATENCY: Duration = Duration::from_millis(50);
const CALLS: usize = 1_000;
const REPLY: &str = r#"{"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"{\"reason\":\"so it is\",\"score\":4}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120}}"#;

fn main() -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    if std::env::args().any(|argument| argument == "serve") {
        return runtime.block_on(serve());
    }
    let mut server = Command::new(std::env::current_exe()?).arg("serve").stdout(Stdio::piped()).spawn()?;
    let mut address = String::new();
    BufReader::new(server.stdout.take().ok_or("the server says no address")?).read_line(&mut address)?;
    let measured = runtime.block_on(measure(address.trim()));
    server.kill()?;
    server.wait()?;
    measured
}

async fn measure(address: &str) -> Result<()> {
    for in_flight in [100, 500] {
        // The first round opens the connections.
        let model = model(address, in_flight)?;
        for round in ["cold", "warm"] {
            let (start, busy) = (Instant::now(), processor()?);
            let request = request();
            let replies = join_all((0..CALLS).map(|_| model.call(&request))).await;
            let (took, busy) = (start.elapsed(), processor()?.saturating_sub(busy));
            for reply in replies {
                reply?;
            }
            let ideal = LATENCY.as_secs_f64() * (CALLS / in_flight) as f64;
            println!(
                "{in_flight:>4} in flight, {round}: {:.3} s, {:+.1} % of the ideal; {:.2} ms of processor a call",
                took.as_secs_f64(),
                (took.as_secs_f64() / ideal - 1.0) * 100.0,
                busy.as_secs_f64() * 1e3 / CALLS as f64,
            );
        }
    }
    Ok(())
}

fn model(address: &str, in_flight: usize) -> Result<Arc<ChatModel>> {
    let environment = Environment::from_iter([("OPENAI_BASE_URL", format!("http://{address}"))]);
    let http = Http::new(&environment);
    let provider = connect(Provider::OpenAi, Account::of(&http, &environment))?;
    let settings = LimitSettings { start: in_flight, most: in_flight, ..LimitSettings::default() };
    Ok(Stack::new(Arc::new(Limits::new(&settings)), Arc::new(Prices::builtin())).around(provider))
}

fn request() -> ChatRequest {
    ChatRequest {
        model: "m".into(),
        messages: vec![Message::text(Role::User, "Rate the quality of this response. ".repeat(20))],
        ..ChatRequest::default()
    }
}

/// On Linux: time that this process has used of the processor, in steps of 10 ms.
fn processor() -> Result<Duration> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').ok_or("the process's times have another form")?;
    let ticks = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(str::parse::<u64>)
        .sum::<std::result::Result<u64, _>>()?;
    Ok(Duration::from_millis(ticks * 10))
}

async fn serve() -> Result<()> {
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
    // A request of this benchmark comes in one piece.
    while stream.read(&mut request).await? > 0 {
        sleep(LATENCY).await;
        stream.write_all(head.as_bytes()).await?;
    }
    Ok(())
}
