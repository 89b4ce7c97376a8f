//! From a password to tokens, and on from there.

use scouter_server::access::FirstUser;
use serde_json::json;
use uuid::Uuid;

use super::support::{Guarded, PASSWORD, tokens};
use crate::ingest::running::Answer;

const OTHER: &str = "staple battery horse";

async fn lets_in(server: &Guarded, access: &str) -> bool {
    server.asked(access, "GET", "/v1/profiles", &json!(null)).await.0 == 200
}

async fn refreshed(server: &Guarded, refresh: &str) -> Answer {
    server.auth("refresh", &json!({"refresh_token": refresh})).await
}

#[tokio::test]
async fn a_login_gives_tokens_that_let_in() {
    let server = Guarded::start().await;
    server.user("ada", false).await;
    let answer = server.auth("login", &json!({"username": "ada", "password": PASSWORD})).await;
    let body = answer.json();
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(900)));
    assert!(lets_in(&server, &tokens(&answer).0).await);
}

#[tokio::test]
async fn a_wrong_password_and_a_wrong_name_are_told_alike() {
    let server = Guarded::start().await;
    server.user("ada", false).await;
    let told = async |name: &str, password: &str| {
        let answer = server.auth("login", &json!({"username": name, "password": password})).await;
        (answer.problem(), answer.json()["detail"].clone())
    };
    let wrong = told("ada", "wrong horse battery").await;
    assert_eq!(wrong.0, (401, "unauthenticated".to_owned()));
    for (name, password) in
        [("bob", PASSWORD), ("", ""), ("ada' OR '1'='1", PASSWORD), ("ada\u{0}", PASSWORD)]
    {
        assert_eq!(told(name, password).await, wrong, "{name}");
    }
    let noted: Vec<_> = server.audit().await.into_iter().map(|(actor, action, _)| (actor, action)).collect();
    assert!(noted.contains(&("ada".to_owned(), "login_failed".to_owned())));
    // What was given as a name may have been a password.
    assert!(noted.iter().all(|(actor, _)| actor != "bob"));
}

#[tokio::test]
async fn who_guesses_is_told_to_wait() {
    let server = Guarded::start().await;
    server.user("ada", false).await;
    let login =
        async |password: &str| server.auth("login", &json!({"username": "ada", "password": password})).await;
    for _ in 0..5 {
        assert_eq!(login("wrong horse battery").await.status, 401);
    }
    // The right one is not looked at either.
    let answer = login(PASSWORD).await;
    assert_eq!(answer.problem(), (429, "overloaded".to_owned()));
    assert!(answer.headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap() >= 1);
}

#[tokio::test]
async fn a_password_for_one_use_only_sets_another_and_that_once() {
    let server = Guarded::start().await;
    server.user("ada", true).await;
    let answer = server.auth("login", &json!({"username": "ada", "password": PASSWORD})).await;
    assert_eq!(answer.problem(), (403, "forbidden".to_owned()));
    assert!(answer.json()["detail"].as_str().unwrap().contains("/v1/auth/password"));
    let change = json!({"username": "ada", "password": PASSWORD, "new_password": OTHER});
    assert!(lets_in(&server, &tokens(&server.auth("password", &change).await).0).await);
    assert_eq!(server.auth("password", &change).await.problem().0, 401);
    assert_eq!(server.auth("login", &json!({"username": "ada", "password": OTHER})).await.status, 200);
}

#[tokio::test]
async fn what_can_be_no_password_is_not_set() {
    let server = Guarded::start().await;
    server.user("ada", false).await;
    for (new, said) in [("short", "at least 12 characters"), (PASSWORD, "is the old one")] {
        let change = json!({"username": "ada", "password": PASSWORD, "new_password": new});
        let answer = server.auth("password", &change).await;
        assert_eq!(answer.problem(), (422, "invalid".to_owned()));
        assert!(answer.json()["detail"].as_str().unwrap().contains(said), "{:?}", answer.body);
    }
    server.tokens("ada").await;
}

#[tokio::test]
async fn a_refresh_token_gives_new_ones() {
    let server = Guarded::start().await;
    server.user("ada", false).await;
    let (_, first) = server.tokens("ada").await;
    let (access, second) = tokens(&refreshed(&server, &first).await);
    assert!(lets_in(&server, &access).await && first != second);
    tokens(&refreshed(&server, &second).await);
}

#[tokio::test]
async fn a_refresh_token_that_is_used_twice_ends_its_session_and_no_other() {
    let server = Guarded::start().await;
    server.user("ada", false).await;
    let (_, stolen) = server.tokens("ada").await;
    let (unconcerned, _) = server.tokens("ada").await;
    let (access, newest) = tokens(&refreshed(&server, &stolen).await);
    let again = refreshed(&server, &stolen).await;
    assert_eq!(again.problem().0, 401);
    assert!(again.json()["detail"].as_str().unwrap().contains("used before"));
    // Neither what the thief has nor what the owner has is good any more.
    assert!(!lets_in(&server, &access).await);
    assert_eq!(refreshed(&server, &newest).await.problem().0, 401);
    assert!(lets_in(&server, &unconcerned).await);
    assert!(
        server
            .audit()
            .await
            .iter()
            .any(|(actor, action, _)| actor == "ada" && action == "refresh_token_reused")
    );
}

#[tokio::test]
async fn of_two_who_refresh_at_once_at_most_one_goes_on() {
    let server = Guarded::start().await;
    server.user("ada", false).await;
    let (_, refresh) = server.tokens("ada").await;
    let (one, two) = tokio::join!(refreshed(&server, &refresh), refreshed(&server, &refresh));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
}

#[tokio::test]
async fn what_is_no_refresh_token_gives_nothing() {
    let server = Guarded::start().await;
    server.user("ada", false).await;
    let (access, _) = server.tokens("ada").await;
    for token in ["", "x", &access] {
        assert_eq!(refreshed(&server, token).await.problem(), (401, "unauthenticated".to_owned()), "{token}");
    }
    let long = json!({"refresh_token": "x".repeat(20_000)});
    assert_eq!(server.auth("refresh", &long).await.problem().0, 413);
}

#[tokio::test]
async fn a_session_ends_by_logging_out_and_by_its_time() {
    let server = Guarded::start().await;
    server.user("ada", false).await;
    let (access, refresh) = server.tokens("ada").await;
    assert_eq!(server.auth("logout", &json!({"refresh_token": refresh})).await.status, 204);
    assert!(!lets_in(&server, &access).await);
    let (access, refresh) = server.tokens("ada").await;
    sqlx::query("UPDATE sessions SET expires = now()").execute(&server.running.pool).await.unwrap();
    assert!(!lets_in(&server, &access).await);
    assert_eq!(refreshed(&server, &refresh).await.problem().0, 401);
}

#[tokio::test]
async fn another_password_and_a_revoked_user_end_all_sessions() {
    let server = Guarded::start().await;
    server.user("ada", false).await;
    let (access, refresh) = server.tokens("ada").await;
    let change = json!({"username": "ada", "password": PASSWORD, "new_password": OTHER});
    let (after, _) = tokens(&server.auth("password", &change).await);
    assert!(!lets_in(&server, &access).await && lets_in(&server, &after).await);
    assert_eq!(refreshed(&server, &refresh).await.problem().0, 401);
    assert!(server.store.revoke_user("test", "ada").await.unwrap());
    assert!(!lets_in(&server, &after).await);
    assert_eq!(server.auth("login", &json!({"username": "ada", "password": OTHER})).await.problem().0, 401);
}

#[tokio::test]
async fn sessions_that_are_over_are_forgotten_at_the_next_login() {
    let server = Guarded::start().await;
    server.user("ada", false).await;
    server.tokens("ada").await;
    sqlx::query("UPDATE sessions SET expires = now() - interval '1 day'")
        .execute(&server.running.pool)
        .await
        .unwrap();
    server.tokens("ada").await;
    let kept: (i64, i64) =
        sqlx::query_as("SELECT (SELECT count(*) FROM sessions), (SELECT count(*) FROM refresh_tokens)")
            .fetch_one(&server.running.pool)
            .await
            .unwrap();
    assert_eq!(kept, (1, 1));
}

#[tokio::test]
async fn users_and_sessions_have_identifiers_that_are_ordered_by_time() {
    let server = Guarded::start().await;
    let first = FirstUser::make(&server.store, &*server.clock).await.unwrap();
    assert!(first.is_some());
    server.user("ada", false).await;
    server.tokens("ada").await;
    let uids: Vec<Uuid> = sqlx::query_scalar("SELECT uid FROM users UNION ALL SELECT uid FROM sessions")
        .fetch_all(&server.running.pool)
        .await
        .unwrap();
    let versions: Vec<usize> = uids.iter().map(Uuid::get_version_num).collect();
    assert_eq!(versions, [7; 3]);
}

#[tokio::test]
async fn no_secret_stands_in_the_database() {
    let server = Guarded::start().await;
    server.user("ada", false).await;
    let (_, refresh) = server.tokens("ada").await;
    let key = server.key(&["shop=read"]).await;
    let all: String = sqlx::query_scalar(
        "SELECT concat((SELECT string_agg(users::text, ' ') FROM users), (SELECT string_agg(api_keys::text, ' ') FROM api_keys),
             (SELECT string_agg(refresh_tokens::text, ' ') FROM refresh_tokens), (SELECT string_agg(audit::text, ' ') FROM audit))",
    )
    .fetch_one(&server.running.pool)
    .await
    .unwrap();
    for secret in [PASSWORD, &refresh, key.rsplit_once('_').unwrap().1] {
        assert!(!all.contains(secret), "{secret}");
    }
    assert!(all.contains("$argon2id$") && all.contains(key.rsplit_once('_').unwrap().0));
}
