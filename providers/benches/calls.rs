//! A thousand calls of 50 ms, a hundred in flight: how near to the ideal of half a second, and how
//! much of the client's processor.
//!
//! The server is a process of its own, so that only the client is measured:
//! `cargo bench --package scouter-providers --bench calls`
#![expect(clippy::print_stdout, reason = "a benchmark is read on the terminal")]

use std::sync::Arc;

use futures_util::future::join_all;
use scouter_providers::chat::{ChatModel, ChatRequest, Message, Role};
use scouter_providers::layers::{LimitSettings, Limits, Prices, Stack};
use scouter_providers::{Account, Environment, Http, Provider, connect};
use tokio::time::Instant;

mod server;
use server::{LATENCY, Result, Server, processor, serve};

const CALLS: usize = 1_000;

fn main() -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    if server::is_asked_for() {
        return runtime.block_on(serve());
    }
    let server = Server::start()?;
    runtime.block_on(measure(&server.url))
}

async fn measure(url: &str) -> Result<()> {
    for in_flight in [100, 500] {
        // The first round opens the connections.
        let model = model(url, in_flight)?;
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

fn model(url: &str, in_flight: usize) -> Result<Arc<ChatModel>> {
    let environment = Environment::from_iter([("OPENAI_BASE_URL", url)]);
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
