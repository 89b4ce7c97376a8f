//! A server that answers as it is told, and what tests share.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use scouter_providers::chat::{ChatModel, ChatReply, ChatRequest, Message, OutputSchema, Role};
use scouter_providers::layers::{Backoff, LimitSettings, Limits, Prices, Stack};
use scouter_providers::{
    Account, CallError, Connection, Credential, Environment, ErrorKind, Http, Provider, Secret, connect,
};
pub(crate) use scouter_providers::{Answer, Model};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the server was asked.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Value,
}

/// What the server does.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Answers.
    Answer { status: u16, headers: Vec<(&'static str, String)>, body: String },
    /// Answers after a while.
    Late(Duration, Box<Act>),
    /// Never answers.
    Silent,
    /// Closes the connection in the middle of the body.
    Drop,
}

impl Act {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::text(status, body.to_string())
    }

    pub(crate) fn text(status: u16, body: impl Into<String>) -> Self {
        Self::Answer { status, headers: Vec::new(), body: body.into() }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name, value.to_owned()));
        }
        self
    }
}

type Script = dyn Fn(usize, &Seen) -> Act + Send + Sync;

pub(crate) struct Server {
    pub(crate) url: String,
    state: Arc<State>,
    task: tokio::task::JoinHandle<()>,
}

struct State {
    script: Box<Script>,
    connections: AtomicUsize,
    seen: Mutex<Vec<Seen>>,
}

impl Server {
    /// `script` gets the number of the request, from 0, and the request.
    pub(crate) async fn start(script: impl Fn(usize, &Seen) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(State {
            script: Box::new(script),
            connections: AtomicUsize::new(0),
            seen: Mutex::default(),
        });
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.connections.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Self { url, state, task }
    }

    /// Answers everything alike.
    pub(crate) async fn always(act: Act) -> Self {
        Self::start(move |_, _| act.clone()).await
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.state.seen.lock().unwrap().clone()
    }

    pub(crate) fn calls(&self) -> usize {
        self.state.seen.lock().unwrap().len()
    }

    pub(crate) fn connections(&self) -> usize {
        self.state.connections.load(Ordering::Relaxed)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, state: Arc<State>) {
    stream.set_nodelay(true).unwrap();
    let mut buffer = Vec::new();
    while let Some(seen) = read(&mut stream, &mut buffer).await {
        let number = {
            let mut all = state.seen.lock().unwrap();
            all.push(seen.clone());
            all.len() - 1
        };
        let mut act = (state.script)(number, &seen);
        while let Act::Late(wait, later) = act {
            tokio::time::sleep(wait).await;
            act = *later;
        }
        match act {
            Act::Answer { status, headers, body } => {
                let mut head = format!("HTTP/1.1 {status} x\r\ncontent-length: {}\r\n", body.len());
                head.extend(headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")));
                head += "\r\n";
                if stream.write_all(&[head.as_bytes(), body.as_bytes()].concat()).await.is_err() {
                    return;
                }
            }
            Act::Drop => {
                let _ =
                    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"choices\": [").await;
                return;
            }
            Act::Silent => std::future::pending().await,
            Act::Late(..) => unreachable!(),
        }
    }
}

async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Seen> {
    loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8(buffer[..end].to_vec()).unwrap();
            let mut lines = head.split("\r\n");
            let path = lines.next()?.split(' ').nth(1)?.to_owned();
            let headers: HashMap<_, _> = lines
                .filter_map(|line| line.split_once(':'))
                .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
                .collect();
            let length: usize = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
            if buffer.len() >= end + 4 + length {
                let rest = buffer.split_off(end + 4 + length);
                let body = serde_json::from_slice(&buffer[end + 4..]).unwrap_or_default();
                *buffer = rest;
                return Some(Seen { path, headers, body });
            }
        }
        let mut chunk = vec![0; 16 * 1024];
        let read = stream.read(&mut chunk).await.ok()?;
        if read == 0 {
            return None;
        }
        buffer.extend_from_slice(&chunk[..read]);
    }
}

pub(crate) const KEY: &str = "sk-test-0123456789abcdef";

/// A model at `url` with a key.
pub(crate) fn model(provider: Provider, url: &str) -> Arc<ChatModel> {
    let environment = Environment::default();
    let http = Http::new(&environment);
    let account = Account {
        http: &http,
        environment: &environment,
        credential: Some(Credential::Key(Secret::new(KEY))),
        connection: Connection { base_url: Some(url.to_owned()), ..Connection::default() },
        prompt: Connection::default(),
    };
    connect(provider, account).unwrap()
}

pub(crate) fn openai(server: &Server) -> Arc<ChatModel> {
    model(Provider::OpenAi, &server.url)
}

/// All layers, with retries that take next to no time.
pub(crate) fn stack() -> Stack {
    let limits = Arc::new(Limits::new(&LimitSettings::default()));
    let millisecond = Duration::from_millis(1);
    Stack {
        backoff: Backoff { first: millisecond, longest: millisecond, ..Backoff::default() },
        ..Stack::new(limits, Arc::new(Prices::builtin()))
    }
}

pub(crate) fn question() -> ChatRequest {
    ChatRequest {
        model: "gpt-4o-mini".into(),
        messages: vec![Message::text(Role::User, "Is it so?")],
        ..ChatRequest::default()
    }
}

/// A question that wants a score.
pub(crate) fn judged() -> ChatRequest {
    let schema = OutputSchema::new("Score", OutputSchema::score_json()).unwrap();
    ChatRequest { schema: Some(schema), ..question() }
}

/// A chat completion that says `content`.
pub(crate) fn completion(content: &str) -> Value {
    completion_that(content, "stop")
}

pub(crate) fn completion_that(content: &str, finish: &str) -> Value {
    json!({
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "gpt-4o-mini-2024-07-18",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": finish}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    })
}

pub(crate) fn kind(answer: Result<ChatReply, CallError>) -> ErrorKind {
    answer.unwrap_err().kind()
}
