//! Everything that nobody should send, to one real server: it goes on as the same process, takes no memory for it, and keeps nothing of it.

use std::fs;
use std::io::{self, Read};
use std::net::SocketAddr;
use std::time::UNIX_EPOCH;

use bytes::Bytes;
use futures_util::future::join_all;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use scouter_engine::{Clock, SystemClock};
use scouter_wire::receipt::RefusalCode;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::form_urlencoded::byte_serialize;
use uuid::Uuid;

use super::line::{Process, data, on, said};
use super::support::registration;
use crate::ingest::running::{Answer, batch, call, records};
use crate::samples::GENAI;
use crate::support::uid_of;

const JSON: (&str, &str) = ("content-type", "application/json");
const PROTOBUF: (&str, &str) = ("content-type", "application/protobuf");
const ZSTD: (&str, &str) = ("content-encoding", "zstd");
const SQL: &str = "x'); DROP TABLE records; -- \" \\ $1 %s";
const MB: u64 = 1 << 20;
/// All times there are.
const ALL: &str = "start_datetime=2000-01-01T00:00:00Z&end_datetime=2100-01-01T00:00:00Z";

/// A server that asks everybody, and keys of it.
struct Server {
    process: Process,
    address: SocketAddr,
    dir: TempDir,
    admin: String,
    writer: String,
    reader: String,
}

impl Server {
    async fn start() -> Self {
        let dir = data().await;
        let mut process = Process::start(on(dir.path(), &["serve", "--listen", "127.0.0.1:0", "--auth"]));
        let address = process.address();
        let [admin, writer, reader] = ["*=admin", "shop=write", "shop=read"]
            .map(|grant| said(dir.path(), &["keys", "create", "test", "--grant", grant]));
        Self { process, address, dir, admin, writer, reader }
    }

    /// The most memory that it held so far, in bytes, as Linux tells it.
    fn most_held(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.0.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().strip_suffix(" kB").unwrap().parse::<u64>().unwrap() << 10
    }

    async fn send(
        &self,
        who: &str,
        headers: &[(&str, &str)],
        (method, path): (&str, &str),
        body: impl Into<Bytes>,
    ) -> Answer {
        let who = format!("Bearer {who}");
        let headers = [&[("authorization", who.as_str())][..], headers].concat();
        call(self.address, method, path, &headers, body).await.unwrap()
    }

    async fn ask(&self, who: &str, method: &str, path: &str, body: &Value) -> Answer {
        self.send(who, &[JSON], (method, path), body.to_string()).await
    }

    /// The problem with a batch.
    async fn refused(&self, headers: &[(&str, &str)], body: impl Into<Bytes>) -> (u16, String) {
        self.send(&self.writer, headers, ("POST", "/v1/records"), body).await.problem()
    }

    /// The status of a call of gRPC that sends a message, packed or not, by its number.
    async fn status(&self, who: &str, packed: bool, message: &[u8]) -> String {
        let length = u32::try_from(message.len()).unwrap().to_be_bytes();
        let frame = [&[u8::from(packed)][..], &length, message].concat();
        let headers = [("content-type", "application/grpc"), ("grpc-encoding", "zstd")];
        let headers = if packed { &headers[..] } else { &headers[..1] };
        let answer = self.send(who, headers, ("POST", "/scouter.v1.Ingest/Send"), frame).await;
        answer.headers["grpc-status"].to_str().unwrap().to_owned()
    }

    /// The columns of all records that are kept of a profile.
    async fn kept(&self, profile: Uuid) -> Value {
        let path = format!("/v1/profiles/{profile}/records?{ALL}");
        self.ask(&self.reader, "GET", &path, &json!(null)).await.json()["columns"].clone()
    }

    async fn registered(&self, body: String) -> Uuid {
        let answer = self.send(&self.admin, &[JSON], ("POST", "/v1/profiles"), body).await;
        assert_eq!(answer.status, 201, "{:?}", answer.body);
        answer.json()["uid"].as_str().unwrap().parse().unwrap()
    }
}

fn now() -> u64 {
    SystemClock.now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// Half a gigabyte of zeros in some kilobytes, which whoever unpacks them is to remember so much of (as a power of two).
fn bomb(window: u32) -> Vec<u8> {
    let mut packer = zstd::Encoder::new(Vec::new(), 1).unwrap();
    packer.window_log(window).unwrap();
    packer.include_contentsize(false).unwrap();
    io::copy(&mut io::repeat(0).take(512 * MB), &mut packer).unwrap();
    packer.finish().unwrap()
}

async fn broken_and_huge_bodies_are_refused(server: &Server) {
    let malformed = (400, "malformed".to_owned());
    assert_eq!(server.refused(&[PROTOBUF], &b"\xff\xff\xff\xff"[..]).await, malformed);
    assert_eq!(server.refused(&[PROTOBUF, ZSTD], &b"not packed"[..]).await, malformed);
    assert_eq!(server.refused(&[JSON], "{\"groups\": [").await, malformed);
    // By the numbers of gRPC: 3 is an argument that is invalid, 11 out of range.
    assert_eq!(server.status(&server.writer, false, b"\xff\xff\xff\xff").await, "3");

    let long = json!({"uid": uid_of(now() * 1000), "features": {"x".repeat(10 << 20): 1}});
    let long = batch(Uuid::nil(), &[long]).to_string();
    let who = format!("Bearer {}", server.writer);
    let headers = [("authorization", who.as_str()), JSON];
    // It is refused by its length alone: who still writes then may find the connection closed before reading why.
    if let Ok(answer) = call(server.address, "POST", "/v1/records", &headers, long).await {
        assert_eq!(answer.problem(), (413, "too_large".to_owned()));
    }

    let (bomb, wide) = (bomb(23), bomb(27));
    let all = (0..8).map(|_| async {
        let refused = server.refused(&[PROTOBUF, ZSTD], bomb.clone()).await;
        assert_eq!(refused, (413, "too_large".to_owned()));
        assert_eq!(server.refused(&[PROTOBUF, ZSTD], wide.clone()).await, malformed);
        // The library that reads frames takes any window; what comes out of it is bounded all the same.
        for bomb in [&bomb, &wide] {
            assert_eq!(server.status(&server.writer, true, bomb).await, "11");
        }
    });
    join_all(all).await;
}

async fn tokens_that_are_not_good_let_nobody_in(server: &Server) {
    let secret = fs::read_to_string(server.dir.path().join("signing.key")).unwrap();
    let signed = |secret: &str, expires: u64| {
        let claims = json!({"iss": "scouter", "iat": now() - 1000, "exp": expires, "sid": Uuid::nil()});
        let key = EncodingKey::from_secret(secret.as_bytes());
        encode(&Header::new(Algorithm::HS256), &claims, &key).unwrap()
    };
    let expired = signed(secret.trim(), now() - 100);
    let of_no_session = signed(secret.trim(), now() + 1000);
    let by_another = signed(&"x".repeat(64), now() + 1000);
    let unsigned = "eyJhbGciOiJub25lIn0.e30.";
    for token in [expired.as_str(), &of_no_session, &by_another, unsigned, "scouter_wrong_wrong", SQL] {
        let answer = server.ask(token, "GET", "/v1/profiles", &json!(null)).await;
        assert_eq!(answer.problem(), (401, "unauthenticated".to_owned()), "{token}");
        assert_eq!(server.status(token, false, b"").await, "16", "{token}");
    }
}

/// One that is as those that are good, but for its time.
async fn a_token_is_good_until_it_expires(server: &Server) {
    let made = said(server.dir.path(), &["users", "create", "ada", "--grant", "shop=read"]);
    let (_, password) = made.split_once(' ').unwrap();
    let change = json!({"username": "ada", "password": password, "new_password": "correct horse battery"});
    let change = change.to_string();
    let set = call(server.address, "POST", "/v1/auth/password", &[JSON], change).await.unwrap().json();
    let token = set["access_token"].as_str().unwrap();
    let secret = fs::read_to_string(server.dir.path().join("signing.key")).unwrap();
    let secret = secret.trim().as_bytes();
    let good = Validation::new(Algorithm::HS256);
    let mut claims: Value = decode(token, &DecodingKey::from_secret(secret), &good).unwrap().claims;
    for (expires, status) in [(now() + 100, 200), (now() - 1, 401), (now() + 100, 200)] {
        claims["exp"] = json!(expires);
        let token = encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(secret));
        let answer = server.ask(&token.unwrap(), "GET", "/v1/profiles", &json!(null)).await;
        assert_eq!(answer.status, status, "{:?}", answer.body);
    }
}

async fn what_is_in_another_space_is_not_there(server: &Server) {
    let profile = server.registered(registration("bank", "m").to_string()).await;
    let sent = batch(profile, &records(0, 3));
    assert_eq!(server.ask(&server.admin, "POST", "/v1/records", &sent).await.receipt().accepted, 3);
    for path in ["", &format!("/records?{ALL}"), "/drift?time_interval=one_hour&max_data_points=1", "/alerts"]
    {
        let path = format!("/v1/profiles/{profile}{path}");
        assert_eq!(server.ask(&server.admin, "GET", &path, &json!(null)).await.status, 200, "{path}");
        for stranger in [&server.reader, &server.writer] {
            let hidden = server.ask(stranger, "GET", &path, &json!(null)).await;
            assert_eq!(hidden.problem(), (404, "not_found".to_owned()), "{path}");
        }
    }
}

async fn a_feature_that_the_profile_has_not_is_refused_and_the_others_are_kept(server: &Server) {
    let profile = server.registered(registration("shop", "partly").to_string()).await;
    let record =
        |after: u64, features: Value| json!({"uid": uid_of(now() * 1000 + after), "features": features});
    let sent = [
        record(1, json!({"x": 1.0, "carrier": "a"})),
        record(2, json!({"x": 2.0, "carrier": "b", "y": 3.0})),
        record(3, json!({"x": 4.0, "carrier": "c"})),
    ];
    let answer = server.ask(&server.writer, "POST", "/v1/records", &batch(profile, &sent)).await;
    let receipt = answer.receipt();
    let refused: Vec<_> = receipt.refused.iter().map(|one| (one.uid, one.code.clone())).collect();
    let uid: Uuid = sent[1]["uid"].as_str().unwrap().parse().unwrap();
    assert_eq!((receipt.accepted, refused), (2, vec![(Some(uid), RefusalCode::UnknownName)]));
    let columns = json!([{"name": "x", "numbers": [1.0, 4.0]}, {"name": "carrier", "texts": ["a", "c"]}]);
    assert_eq!(server.kept(profile).await, columns);
}

async fn who_may_only_read_changes_nothing(server: &Server, profile: Uuid) {
    let receipt = server.ask(&server.reader, "POST", "/v1/records", &batch(profile, &records(0, 3))).await;
    let receipt = receipt.receipt();
    assert_eq!((receipt.accepted, receipt.refused.len()), (0, 3));
    for (method, path, body) in [
        ("PUT", format!("/v1/profiles/{profile}/status"), json!({"active": false})),
        ("POST", format!("/v1/profiles/{profile}/run"), json!(null)),
        ("POST", "/v1/profiles".to_owned(), registration("shop", "other")),
        ("POST", "/v1/keys".to_owned(), json!({"name": "own", "grants": {"shop": "write"}})),
    ] {
        let answer = server.ask(&server.reader, method, &path, &body).await;
        assert_eq!(answer.problem(), (403, "forbidden".to_owned()), "{method} {path}");
    }
}

async fn sql_is_a_text_or_refused(server: &Server) {
    for body in [registration(SQL, "m"), registration("shop", SQL)] {
        let answer = server.ask(&server.admin, "POST", "/v1/profiles", &body).await;
        assert_eq!(answer.problem(), (422, "invalid".to_owned()));
    }
    let sql: String = byte_serialize(SQL.as_bytes()).collect();
    let found = format!("/v1/profiles?space={sql}&name={sql}&version={sql}");
    assert_eq!(server.ask(&server.admin, "GET", &found, &json!(null)).await.json()["items"], json!([]));

    let login = json!({"username": SQL, "password": SQL});
    let answer = server.ask("", "POST", "/v1/auth/login", &login).await;
    assert_eq!(answer.problem(), (401, "unauthenticated".to_owned()));
    let key = json!({"name": SQL, "grants": {"shop": "read"}});
    assert_eq!(server.ask(&server.admin, "POST", "/v1/keys", &key).await.status, 201);
    let keys = server.ask(&server.admin, "GET", "/v1/keys", &json!(null)).await.json();
    assert_eq!(keys["items"][0]["name"], SQL);

    // As it is written: exact numbers would not survive the way through a value.
    let evals = server.registered(format!(r#"{{"profile": {GENAI}, "activate": true}}"#)).await;
    let eval = json!({"context": {SQL: SQL}, "id": SQL, "session": SQL});
    let sent = batch(evals, &[json!({"uid": uid_of(now() * 1000), "eval": eval})]);
    assert_eq!(server.ask(&server.admin, "POST", "/v1/records", &sent).await.receipt().accepted, 1);
    let page = format!("/v1/profiles/{evals}/evals");
    let kept = server.ask(&server.admin, "GET", &page, &json!(null)).await.json()["items"][0].clone();
    for member in ["context", "id", "session"] {
        assert_eq!(kept[member], eval[member]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_was_sent_all_that_is_bad_goes_on_and_takes_no_memory_for_it() {
    let mut server = Server::start().await;
    let profile = server.registered(registration("shop", "m").to_string()).await;
    let before = server.most_held();
    broken_and_huge_bodies_are_refused(&server).await;
    tokens_that_are_not_good_let_nobody_in(&server).await;
    a_token_is_good_until_it_expires(&server).await;
    what_is_in_another_space_is_not_there(&server).await;
    a_feature_that_the_profile_has_not_is_refused_and_the_others_are_kept(&server).await;
    who_may_only_read_changes_nothing(&server, profile).await;
    sql_is_a_text_or_refused(&server).await;

    assert!(server.process.0.try_wait().unwrap().is_none());
    let grown = server.most_held() - before;
    assert!(grown < 256 * MB, "{} MB", grown / MB);
    let good = json!({"uid": uid_of(now() * 1000), "features": {"x": 1.0, "carrier": SQL}});
    let sent = batch(profile, &[good]);
    assert_eq!(server.ask(&server.writer, "POST", "/v1/records", &sent).await.receipt().accepted, 1);
    let columns = json!([{"name": "x", "numbers": [1.0]}, {"name": "carrier", "texts": [SQL]}]);
    assert_eq!(server.kept(profile).await, columns);
}
