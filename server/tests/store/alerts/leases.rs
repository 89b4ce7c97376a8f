//! One server sends, another takes over, and nothing is overtaken.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::http::StatusCode;
use scouter_engine::SystemClock;
use scouter_server::alerts::Target;
use scouter_server::store::Lost;
use scouter_tasks::result::NewUid;
use tokio::task::JoinSet;

use super::looks::Watched;
use super::receiver::{Receiver, dispatcher, nobody};

const DUE: &str = "UPDATE deliveries SET due = now(), lease = NULL, leased_until = NULL";
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

#[tokio::test]
async fn of_many_servers_one_sends_each() {
    let targets: Vec<_> = (0..12).map(|i| Target::Slack { channel: format!("#{i}") }).collect();
    let watched = Watched::by(&targets).await;
    let mut receiver = Receiver::start().await;
    watched.look(&[("x", Some("1"))]).await;
    let mut servers = JoinSet::new();
    for _ in 0..3 {
        let store = watched.server.store().await;
        let dispatcher = dispatcher(&store, &["--slack-token", "xoxb-1", "--slack-url", &receiver.url()]);
        servers.spawn(async move { while dispatcher.send_due().await.unwrap() > 0 {} });
    }
    servers.join_all().await;
    let channels: Vec<_> =
        receiver.all().iter().map(|arrived| arrived.json()["channel"].as_str().unwrap().to_owned()).collect();
    assert_eq!((channels.len(), channels.iter().collect::<BTreeSet<_>>().len()), (12, 12));
}

#[tokio::test]
async fn what_a_server_was_sending_when_it_was_lost_is_sent_by_another() {
    let watched = Watched::by(&[Target::Webhook]).await;
    let mut receiver = Receiver::start().await;
    watched.look(&[("x", Some("1"))]).await;
    let lasts = Duration::from_mins(1);
    let lost = watched.store.claim_deliveries(SystemClock.new_uid(), lasts, 8).await.unwrap().remove(0);
    let line = ["--webhook-url", &receiver.url(), "--webhook-secret", SECRET];
    let dispatcher = dispatcher(&watched.store, &line);
    assert_eq!(dispatcher.send_due().await.unwrap(), 0);
    watched.run("UPDATE deliveries SET leased_until = now() - interval '1 second'").await;
    assert_eq!(dispatcher.send_due().await.unwrap(), 1);
    assert_eq!(receiver.next().await.headers["webhook-id"], format!("scouter-{}", lost.id).as_str());
    // Whoever was lost writes nothing any more.
    assert_eq!(watched.store.put_off_delivery(&lost, "late", lasts).await.unwrap(), Err(Lost));
}

#[tokio::test]
async fn the_end_of_an_alert_does_not_overtake_its_beginning() {
    let watched = Watched::by(&[Target::PagerDuty]).await;
    let mut receiver = Receiver::start().await;
    receiver.answers(StatusCode::INTERNAL_SERVER_ERROR);
    watched.look(&[("x", Some("1"))]).await;
    watched.look(&[("x", None)]).await;
    let dispatcher =
        dispatcher(&watched.store, &["--pagerduty-key", "r0uting", "--pagerduty-url", &receiver.url()]);
    // The beginning was refused, and the end waits for it.
    assert_eq!((dispatcher.send_due().await.unwrap(), dispatcher.send_due().await.unwrap()), (1, 0));
    watched.run(DUE).await;
    assert_eq!((dispatcher.send_due().await.unwrap(), dispatcher.send_due().await.unwrap()), (1, 1));
    let actions: Vec<_> = receiver
        .all()
        .iter()
        .map(|arrived| arrived.json()["event_action"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(actions, ["trigger", "trigger", "resolve"]);
}

async fn ended(watched: &Watched) -> (i32, Option<String>, bool, f64) {
    sqlx::query_as(
        "SELECT tries, failure, ended IS NOT NULL, extract(epoch FROM due - now())::float8 FROM deliveries ORDER BY id LIMIT 1",
    )
    .fetch_one(&watched.pool)
    .await
    .unwrap()
}

#[tokio::test]
async fn what_does_not_arrive_is_tried_again_later_and_later() {
    let watched = Watched::by(&[Target::Webhook]).await;
    let url = format!("http://{}", nobody().await);
    let dispatcher = dispatcher(&watched.store, &["--webhook-url", &url, "--webhook-secret", SECRET]);
    watched.look(&[("x", Some("1"))]).await;
    for (tries, pause) in [(1, 10.0), (2, 20.0), (3, 40.0)] {
        assert_eq!(dispatcher.send_due().await.unwrap(), 1);
        let (tried, failure, ended, due) = ended(&watched).await;
        assert!(failure.unwrap().starts_with("failed to send: "));
        assert!(tried == tries && !ended && due > pause - 5.0 && due <= pause, "{tried} {due}");
        watched.run(DUE).await;
    }
}

#[tokio::test]
async fn whoever_asks_for_time_gets_it() {
    let watched = Watched::by(&[Target::PagerDuty]).await;
    let receiver = Receiver::start().await;
    receiver.answers((StatusCode::TOO_MANY_REQUESTS, [("retry-after", "120")]));
    watched.look(&[("x", Some("1"))]).await;
    dispatcher(&watched.store, &["--pagerduty-key", "r0uting", "--pagerduty-url", &receiver.url()])
        .send_due()
        .await
        .unwrap();
    let (_, failure, _, due) = ended(&watched).await;
    assert_eq!(failure.as_deref(), Some("it answered 429 Too Many Requests"));
    assert!(due > 110.0 && due <= 120.0, "{due}");
}

#[tokio::test]
async fn who_was_told_thirty_times_within_a_minute_is_told_the_rest_later() {
    let watched = Watched::by(&[Target::Webhook, Target::PagerDuty]).await;
    let mut receiver = Receiver::start().await;
    let url = receiver.url();
    let webhook = ["--webhook-url", &url, "--webhook-secret", SECRET];
    let pager = ["--pagerduty-key", "r0uting", "--pagerduty-url", &url];
    let dispatcher = dispatcher(&watched.store, &[&webhook[..], &pager[..]].concat());
    watched.look(&[("x", Some("1"))]).await;
    watched
        .run(
            "INSERT INTO deliveries (alert, target, notice, ended)
             SELECT alert, target, notice, now() FROM deliveries, generate_series(1, 30) WHERE target = '\"webhook\"'",
        )
        .await;
    assert_eq!((dispatcher.send_due().await.unwrap(), dispatcher.send_due().await.unwrap()), (1, 0));
    assert_eq!(receiver.next().await.json()["event_action"], "trigger");
    watched
        .run("UPDATE deliveries SET ended = ended - interval '1 minute' WHERE target = '\"webhook\"'")
        .await;
    assert_eq!(dispatcher.send_due().await.unwrap(), 1);
    assert_eq!(receiver.next().await.headers["webhook-id"], "scouter-1");
}

#[tokio::test]
async fn what_never_arrives_is_given_up_with_the_reason() {
    let watched = Watched::by(&[Target::Webhook]).await;
    let receiver = Receiver::start().await;
    receiver.answers(StatusCode::UNAUTHORIZED);
    watched.look(&[("x", Some("1"))]).await;
    watched.run("UPDATE deliveries SET tries = 31").await;
    let dispatcher =
        dispatcher(&watched.store, &["--webhook-url", &receiver.url(), "--webhook-secret", SECRET]);
    dispatcher.send_due().await.unwrap();
    let (tries, failure, ended, _) = ended(&watched).await;
    let reason = "it answered 401 Unauthorized: is the key right?";
    assert_eq!((tries, failure.as_deref(), ended), (32, Some(reason), true));
    watched.run(DUE).await;
    assert_eq!(dispatcher.send_due().await.unwrap(), 0);
}
