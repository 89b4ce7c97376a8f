//! What arrives, and where nothing does.

use axum::http::StatusCode;
use scouter_engine::SystemClock;
use scouter_server::alerts::{Dispatcher, Routes, Sender};
use scouter_server::alerts::{SetupError, Target};
use scouter_tasks::profile::Dispatch;
use serde_json::json;
use std::sync::Arc;

use super::looks::Watched;
use super::receiver::{Arrived, Receiver, dispatcher, nobody, options, sender};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

async fn failure(watched: &Watched) -> Option<String> {
    sqlx::query_scalar("SELECT failure FROM deliveries ORDER BY id LIMIT 1")
        .fetch_one(&watched.pool)
        .await
        .unwrap()
}

fn slack() -> Target {
    Target::Slack { channel: "#drift".to_owned() }
}

#[tokio::test]
async fn an_incoming_webhook_of_slack_is_sent_a_text_whose_names_are_no_commands() {
    let watched = Watched::by(&[slack()]).await;
    let mut receiver = Receiver::start().await;
    watched.look(&[("<!channel> & x", Some("PSI 0.4"))]).await;
    let webhook = format!("{}/services/T0/B0/secret", receiver.url());
    dispatcher(&watched.store, &["--slack-webhook", &webhook]).send_due().await.unwrap();
    let arrived = receiver.next().await;
    assert_eq!(arrived.path, "/services/T0/B0/secret");
    let text = arrived.json()["text"].as_str().unwrap().to_owned();
    let name = "&lt;!channel&gt; &amp; x";
    assert!(
        text.starts_with(&format!(
            "*drift in production/my_model 0.1.0 (custom): {name}*\n{name}: PSI 0.4\n10 rows"
        )),
        "{text}"
    );
    assert_eq!((arrived.json().get("channel"), failure(&watched).await), (None, None));
}

#[tokio::test]
async fn an_incoming_webhook_of_slack_is_told_of_profiles_that_name_nobody_and_of_others_once() {
    let watched = Watched::by(&[Target::SlackWebhook]).await;
    let mut receiver = Receiver::start().await;
    let line = ["--slack-webhook", &receiver.url()];
    let routes = Routes::from(&options(&line).unwrap());
    assert_eq!(routes.of(&Dispatch::Console), [Target::Console, Target::SlackWebhook]);
    assert_eq!(routes.of(&Dispatch::Slack { channel: "#drift".to_owned() }), [slack()]);
    watched.look(&[("x", Some("PSI 0.4"))]).await;
    dispatcher(&watched.store, &line).send_due().await.unwrap();
    let message = receiver.next().await.json();
    assert!(message["text"].as_str().unwrap().contains("x: PSI 0.4") && message.get("channel").is_none());
    assert_eq!(failure(&watched).await, None);
}

#[tokio::test]
async fn a_bot_of_slack_posts_in_the_channel_and_is_told_why_it_may_not() {
    let watched = Watched::by(&[slack()]).await;
    let mut receiver = Receiver::start().await;
    receiver.answers(r#"{"ok": false, "error": "not_in_channel"}"#);
    watched.look(&[("x", Some("1"))]).await;
    let url = format!("{}/api", receiver.url());
    let dispatcher = dispatcher(&watched.store, &["--slack-token", "xoxb-token", "--slack-url", &url]);
    dispatcher.send_due().await.unwrap();
    let arrived = receiver.next().await;
    assert_eq!(
        (arrived.path.as_str(), &arrived.headers["authorization"]),
        ("/api/chat.postMessage", &"Bearer xoxb-token".parse().unwrap())
    );
    assert_eq!(arrived.json()["channel"], "#drift");
    assert_eq!(failure(&watched).await.as_deref(), Some("Slack answered `not_in_channel`"));
    watched.run("UPDATE deliveries SET due = now()").await;
    dispatcher.send_due().await.unwrap();
    assert_eq!(failure(&watched).await, None);
}

#[tokio::test]
async fn opsgenie_gets_an_alert_for_the_team_and_closes_it_by_the_same_alias() {
    let watched = Watched::by(&[Target::OpsGenie { team: "ml".to_owned() }]).await;
    let mut receiver = Receiver::start().await;
    watched.look(&[("x", Some("PSI 0.4"))]).await;
    watched.look(&[("x", None)]).await;
    let dispatcher =
        dispatcher(&watched.store, &["--opsgenie-key", "k3y", "--opsgenie-url", &receiver.url()]);
    for _ in 0..2 {
        dispatcher.send_due().await.unwrap();
    }
    let (created, closed) = (receiver.next().await, receiver.next().await);
    assert_eq!(
        (created.path.as_str(), &created.headers["authorization"]),
        ("/v2/alerts", &"GenieKey k3y".parse().unwrap())
    );
    let body = created.json();
    assert_eq!(body["responders"], json!([{"name": "ml", "type": "team"}]));
    assert_eq!(body["details"], json!({"x": "PSI 0.4"}));
    let alias = body["alias"].as_str().unwrap();
    assert_eq!(closed.path, format!("/v2/alerts/{alias}/close?identifierType=alias"));
}

#[tokio::test]
async fn pagerduty_gets_an_event_that_its_end_resolves() {
    let watched = Watched::by(&[Target::PagerDuty]).await;
    let mut receiver = Receiver::start().await;
    watched.look(&[("x", Some("PSI 0.4"))]).await;
    watched.look(&[("x", None)]).await;
    let dispatcher =
        dispatcher(&watched.store, &["--pagerduty-key", "r0uting", "--pagerduty-url", &receiver.url()]);
    for _ in 0..2 {
        dispatcher.send_due().await.unwrap();
    }
    let (opened, resolved) = (receiver.next().await, receiver.next().await);
    assert_eq!((opened.path.as_str(), resolved.path.as_str()), ("/v2/enqueue", "/v2/enqueue"));
    let (opened, resolved) = (opened.json(), resolved.json());
    assert_eq!((&opened["routing_key"], &opened["event_action"]), (&json!("r0uting"), &json!("trigger")));
    assert_eq!(opened["payload"]["custom_details"], json!({"x": "PSI 0.4"}));
    assert_eq!(
        (&resolved["event_action"], &resolved["dedup_key"]),
        (&json!("resolve"), &opened["dedup_key"])
    );
    assert_eq!(resolved.get("payload"), None);
}

#[tokio::test]
async fn what_opens_an_alert_again_is_an_incident_of_its_own_and_the_end_resolves_both() {
    let watched = Watched::by(&[Target::PagerDuty]).await;
    let mut receiver = Receiver::start().await;
    watched.look(&[("x", Some("PSI 0.4"))]).await;
    watched.acknowledge().await;
    watched.look(&[("x", Some("PSI 0.4")), ("y", Some("PSI 0.5"))]).await;
    watched.look(&[("x", None), ("y", None)]).await;
    let dispatcher =
        dispatcher(&watched.store, &["--pagerduty-key", "r0uting", "--pagerduty-url", &receiver.url()]);
    for _ in 0..3 {
        dispatcher.send_due().await.unwrap();
    }
    let events = receiver.all();
    let events: Vec<_> = events.iter().map(Arrived::json).collect();
    let actions: Vec<_> = events.iter().map(|event| event["event_action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["trigger", "trigger", "resolve", "resolve"]);
    let keys: Vec<_> = events.iter().map(|event| event["dedup_key"].as_str().unwrap()).collect();
    assert_ne!(keys[0], keys[1], "PagerDuty adds to an incident that is there, and calls nobody");
    assert_eq!(keys[2..], [keys[1], keys[0]]);
}

#[tokio::test]
async fn a_webhook_gets_the_notice_signed() {
    let watched = Watched::by(&[Target::Webhook]).await;
    let mut receiver = Receiver::start().await;
    watched.look(&[("x", Some("PSI 0.4"))]).await;
    let url = format!("{}/hook?team=ml", receiver.url());
    dispatcher(&watched.store, &["--webhook-url", &url, "--webhook-secret", SECRET])
        .send_due()
        .await
        .unwrap();
    let arrived = receiver.next().await;
    assert_eq!(arrived.path, "/hook?team=ml");
    let header = |name| arrived.headers[name].to_str().unwrap();
    let signed = format!("{}.{}.{}", header("webhook-id"), header("webhook-timestamp"), arrived.body);
    let key = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, &SECRET[6..]).unwrap();
    let tag = base64::Engine::decode(
        &base64::engine::general_purpose::STANDARD,
        header("webhook-signature").strip_prefix("v1,").unwrap(),
    );
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &key);
    ring::hmac::verify(&key, signed.as_bytes(), &tag.unwrap()).unwrap();
    let body = arrived.json();
    assert_eq!(
        (&body["event"], &body["drifted"], &body["rows"]),
        (&json!("opened"), &json!({"x": "PSI 0.4"}), &json!(10))
    );
    assert_eq!(body["profile"], json!(watched.profile));
}

#[tokio::test]
async fn addresses_that_are_not_public_are_not_reached_unless_they_are_allowed() {
    let watched = Watched::by(&[Target::Webhook]).await;
    let mut receiver = Receiver::start().await;
    watched.look(&[("x", Some("1"))]).await;
    let port = receiver.address.port();
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0.0.0.0"] {
        let url = format!("http://{host}:{port}");
        let sender = sender(&["--webhook-url", &url, "--webhook-secret", SECRET]);
        Dispatcher::new(watched.store.clone(), sender, Arc::new(SystemClock)).send_due().await.unwrap();
        let failure = failure(&watched).await.unwrap();
        assert!(
            failure.contains("which is not public: name its network in `SCOUTER_ALERT_NETWORKS`"),
            "{failure}"
        );
        watched.run("UPDATE deliveries SET due = now()").await;
    }
    assert!(receiver.all().is_empty());
    let url = format!("http://localhost:{port}");
    dispatcher(&watched.store, &["--webhook-url", &url, "--webhook-secret", SECRET])
        .send_due()
        .await
        .unwrap();
    assert_eq!(receiver.all().len(), 1);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let watched = Watched::by(&[Target::Webhook]).await;
    let (mut receiver, mut other) = (Receiver::start().await, Receiver::start().await);
    receiver.answers((StatusCode::TEMPORARY_REDIRECT, [("location", other.url())]));
    watched.look(&[("x", Some("1"))]).await;
    let line = ["--webhook-url", &receiver.url(), "--webhook-secret", SECRET];
    dispatcher(&watched.store, &line).send_due().await.unwrap();
    assert_eq!((receiver.all().len(), other.all().len()), (1, 0));
    let reason = "it answered 307 Temporary Redirect: redirects are not followed";
    assert_eq!(failure(&watched).await.as_deref(), Some(reason));
}

#[tokio::test]
async fn what_is_not_configured_is_told_and_waits() {
    let watched = Watched::by(&[slack()]).await;
    watched.look(&[("x", Some("1"))]).await;
    dispatcher(&watched.store, &[]).send_due().await.unwrap();
    let reason = "Slack is not configured: set `SCOUTER_SLACK_TOKEN` or `SCOUTER_SLACK_WEBHOOK`";
    assert_eq!(failure(&watched).await.as_deref(), Some(reason));
}

#[test]
fn whom_a_profile_names_is_remarked_upon_where_a_server_cannot_tell_them() {
    let remark = |line: &[&str], dispatch: &Dispatch| Routes::from(&options(line).unwrap()).remark(dispatch);
    let slack = Dispatch::Slack { channel: "#drift".to_owned() };
    let team = Dispatch::OpsGenie { team: "ml".to_owned() };
    for (dispatch, setting) in [(&slack, "`SCOUTER_SLACK_WEBHOOK`"), (&team, "`SCOUTER_OPSGENIE_KEY`")] {
        let said = remark(&[], dispatch).unwrap();
        assert!(said.contains(setting), "{said}");
    }
    for (line, dispatch) in [
        (["--slack-token", "xoxb-token"], &slack),
        (["--slack-webhook", "http://127.0.0.1/x"], &slack),
        (["--opsgenie-key", "k3y"], &team),
        (["--opsgenie-key", "k3y"], &Dispatch::Console),
    ] {
        assert_eq!(remark(&line, dispatch), None, "{line:?}");
    }
}

#[tokio::test]
async fn no_row_and_no_failure_holds_a_secret() {
    let watched =
        Watched::by(&[slack(), Target::PagerDuty, Target::OpsGenie { team: "ml".to_owned() }]).await;
    watched.look(&[("x", Some("1"))]).await;
    let nobody = format!("http://{}", nobody().await);
    let webhook = format!("{nobody}/services/s3cret");
    dispatcher(
        &watched.store,
        &[
            "--slack-webhook",
            &webhook,
            "--pagerduty-key",
            "s3cret",
            "--pagerduty-url",
            &nobody,
            "--opsgenie-key",
            "s3cret",
            "--opsgenie-url",
            &nobody,
        ],
    )
    .send_due()
    .await
    .unwrap();
    let rows: Vec<String> =
        sqlx::query_scalar("SELECT deliveries::text || alerts::text FROM deliveries, alerts")
            .fetch_all(&watched.pool)
            .await
            .unwrap();
    assert!(
        rows.len() == 3 && rows.iter().all(|row| row.contains("failed to send") && !row.contains("s3cret")),
        "{rows:?}"
    );
    assert!(!format!("{:?}", sender(&["--slack-webhook", &webhook])).contains("s3cret"));
}

#[test]
fn options_that_cannot_be_are_told_before_anything_starts() {
    let refused = |line: &[&str]| match options(line) {
        Err(error) => error.to_string(),
        Ok(options) => {
            Sender::new(options, Arc::new(SystemClock)).err().as_ref().map(SetupError::to_string).unwrap()
        }
    };
    for (line, told) in [
        (&["--webhook-url", "https://a.example"][..], "needs `SCOUTER_WEBHOOK_SECRET`"),
        (
            &["--webhook-url", "https://a.example", "--webhook-secret", "x"],
            "`SCOUTER_WEBHOOK_SECRET` is no secret",
        ),
        (
            &["--webhook-url", "ftp://a.example", "--webhook-secret", SECRET],
            "`SCOUTER_WEBHOOK_URL` is no address of the web",
        ),
        (&["--slack-webhook", "hooks.slack.com/x"], "`SCOUTER_SLACK_WEBHOOK` is no address of the web"),
        (&["--slack-token", "a", "--slack-webhook", "https://b.example"], "cannot be used with"),
        (&["--slack-token", ""], "it is empty"),
        (&["--alert-networks", "10.0.0.0/99"], "10.0.0.0/99"),
        (&["--smtp-url", "smtps://mail.example"], "needs `SCOUTER_MAIL_FROM`"),
        (&["--smtp-url", "smtps://mail.example", "--mail-from", "a@b.c"], "needs `SCOUTER_MAIL_TO`"),
        (&["--smtp-user", "u"], "needs `SCOUTER_SMTP_PASSWORD`"),
        (
            &["--smtp-url", "imap://mail.example", "--mail-from", "a@b.c", "--mail-to", "a@b.c"],
            "`imap` is none of",
        ),
        (
            &[
                "--smtp-url",
                "smtp+plain://mail.example",
                "--mail-from",
                "a@b.c",
                "--mail-to",
                "a@b.c",
                "--smtp-user",
                "u",
                "--smtp-password",
                "p",
            ],
            "a password is not sent without encryption",
        ),
        (
            &["--smtp-url", "smtps://u:p@mail.example", "--mail-from", "a@b.c", "--mail-to", "a@b.c"],
            "SCOUTER_SMTP_USER",
        ),
        (&["--smtp-url", "smtps://m.example", "--mail-from", "nobody", "--mail-to", "a@b.c"], "nobody"),
    ] {
        let refused = refused(line);
        assert!(refused.contains(told), "{refused}");
    }
}
