use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use scouter_providers::Secret;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::access::token::{NotGood, Tokens};
use crate::access::{SecretSource, SigningSecret};

const SECRET: &str = "the secret of a test, of 32 bytes";
const SESSION: Uuid = Uuid::from_u128(7);

fn tokens(secret: &str) -> Tokens {
    Tokens::new(&SigningSecret::of(&SecretSource::Given(Secret::new(secret))).unwrap())
}

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_790_000_000)
}

/// A token as another implementation would make it.
fn made(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes()), signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn claims() -> Value {
    json!({"iss": "scouter", "iat": 1_790_000_000, "exp": 1_790_000_900, "sid": SESSION})
}

#[test]
fn a_token_names_its_session_for_a_quarter_of_an_hour() {
    let tokens = tokens(SECRET);
    let token = tokens.sign(SESSION, now()).unwrap();
    assert_eq!(tokens.read(&token, now()), Ok(SESSION));
    assert_eq!(tokens.read(&token, now() + Duration::from_secs(899)), Ok(SESSION));
    assert_eq!(tokens.read(&token, now() + Duration::from_mins(15)), Err(NotGood::Expired));
}

#[test]
fn tokens_are_those_of_other_implementations() {
    let header = json!({"typ": "JWT", "alg": "HS256"});
    assert_eq!(tokens(SECRET).read(&made(&header, &claims()), now()), Ok(SESSION));
}

#[test]
fn a_token_of_another_secret_is_not_known() {
    let token = tokens("another secret of a test, 32 bytes").sign(SESSION, now()).unwrap();
    assert_eq!(tokens(SECRET).read(&token, now()), Err(NotGood::Unknown));
}

#[test]
fn a_token_that_is_not_signed_is_not_known() {
    let header = json!({"typ": "JWT", "alg": "none"});
    let token = made(&header, &claims());
    let unsigned = format!("{}.", token.rsplit_once('.').unwrap().0);
    for token in [token.as_str(), &unsigned, "", "a.b.c", "a"] {
        assert_eq!(tokens(SECRET).read(token, now()), Err(NotGood::Unknown), "{token}");
    }
}

#[test]
fn a_token_that_was_changed_is_not_known() {
    let token = tokens(SECRET).sign(SESSION, now()).unwrap();
    let [header, _, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!("{token}") };
    let mut other = claims();
    other["sid"] = json!(Uuid::from_u128(8));
    let forged = format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(other.to_string()));
    assert_eq!(tokens(SECRET).read(&forged, now()), Err(NotGood::Unknown));
}

#[test]
fn a_token_of_another_issuer_or_without_an_end_is_not_known() {
    let header = json!({"alg": "HS256"});
    let mut other = claims();
    other["iss"] = json!("somebody");
    let mut endless = claims();
    endless.as_object_mut().unwrap().remove("exp");
    for claims in [other, endless] {
        assert_eq!(tokens(SECRET).read(&made(&header, &claims), now()), Err(NotGood::Unknown), "{claims}");
    }
}
