//! An alert from its beginning to its end.

use scouter_server::alerts::Target;
use scouter_server::store::Lost;
use serde_json::{Value, json};

use super::looks::{Watched, finding};

async fn alerts(watched: &Watched) -> Vec<(Value, bool)> {
    sqlx::query_as("SELECT drifted, resolved IS NULL FROM alerts ORDER BY id")
        .fetch_all(&watched.pool)
        .await
        .unwrap()
}

async fn is_acknowledged(watched: &Watched) -> bool {
    sqlx::query_scalar("SELECT acknowledged IS NOT NULL FROM alerts").fetch_one(&watched.pool).await.unwrap()
}

#[tokio::test]
async fn all_that_drifts_at_one_time_is_one_alert_and_everybody_is_told() {
    let watched = Watched::by(&[Target::Slack { channel: "#drift".to_owned() }, Target::PagerDuty]).await;
    watched.look(&[("x", Some("PSI 0.4")), ("y", Some("PSI 0.3")), ("z", None)]).await;
    assert_eq!(alerts(&watched).await, [(json!({"x": "PSI 0.4", "y": "PSI 0.3"}), true)]);
    let opened = |target: &str| (target.to_owned(), "opened".to_owned());
    assert_eq!(
        watched.told().await,
        [opened(r##"{"slack":{"channel":"#drift"}}"##), opened(r#""pager_duty""#)]
    );
}

#[tokio::test]
async fn where_nothing_drifts_nothing_is_told() {
    let watched = Watched::by(&[Target::Console]).await;
    watched.look(&[("x", None)]).await;
    assert!(alerts(&watched).await.is_empty() && watched.told().await.is_empty());
}

#[tokio::test]
async fn drift_that_goes_on_is_told_again_once_it_has_cooled_down() {
    let watched = Watched::by(&[Target::Console]).await;
    watched.look(&[("x", Some("1"))]).await;
    watched.look(&[("x", Some("2")), ("y", Some("1"))]).await;
    assert_eq!(watched.events().await, ["opened"]);
    watched.an_hour_later().await;
    watched.look(&[("x", Some("3")), ("y", None)]).await;
    assert_eq!(watched.events().await, ["opened", "continues"]);
    assert_eq!(alerts(&watched).await, [(json!({"x": "3"}), true)]);
}

#[tokio::test]
async fn drift_that_is_gone_resolves_its_alert_at_once() {
    let watched = Watched::by(&[Target::Console]).await;
    watched.look(&[("x", Some("1")), ("y", Some("1"))]).await;
    watched.look(&[("x", None), ("y", Some("1"))]).await;
    assert_eq!(watched.events().await, ["opened"]);
    watched.look(&[("x", None), ("y", None)]).await;
    assert_eq!(watched.events().await, ["opened", "resolved"]);
    assert_eq!(alerts(&watched).await, [(json!({"y": "1"}), false)]);
}

#[tokio::test]
async fn what_could_not_be_looked_at_is_not_gone() {
    let watched = Watched::by(&[Target::Console]).await;
    watched.look(&[("x", Some("1")), ("y", Some("1"))]).await;
    watched.look(&[("y", None)]).await;
    assert_eq!(alerts(&watched).await, [(json!({"x": "1"}), true)]);
    watched.look(&[]).await;
    assert_eq!(watched.events().await, ["opened"]);
}

#[tokio::test]
async fn what_is_acknowledged_is_told_no_more_but_for_its_end() {
    let watched = Watched::by(&[Target::Console]).await;
    watched.look(&[("x", Some("1"))]).await;
    let first = watched.acknowledge().await;
    let again = watched.acknowledge().await;
    assert!(first.acknowledged.is_some() && first.acknowledged == again.acknowledged);
    watched.an_hour_later().await;
    watched.look(&[("x", Some("1"))]).await;
    assert_eq!(watched.events().await, ["opened"]);
    watched.look(&[("x", None)]).await;
    assert_eq!(watched.events().await, ["opened", "resolved"]);
}

#[tokio::test]
async fn what_drifts_beside_what_is_acknowledged_is_told_at_once_and_opens_the_alert_again() {
    let watched = Watched::by(&[Target::Console]).await;
    watched.look(&[("x", Some("1"))]).await;
    watched.acknowledge().await;
    watched.look(&[("x", Some("2")), ("y", Some("1"))]).await;
    assert_eq!(watched.events().await, ["opened", "opened"]);
    assert_eq!(watched.said_last().await, json!({"y": "1"}));
    assert_eq!(alerts(&watched).await, [(json!({"x": "2", "y": "1"}), true)]);
    assert!(!is_acknowledged(&watched).await);
}

#[tokio::test]
async fn an_alert_that_is_open_again_goes_on_without_what_was_acknowledged() {
    let watched = Watched::by(&[Target::Console]).await;
    watched.look(&[("x", Some("1"))]).await;
    watched.acknowledge().await;
    watched.look(&[("x", Some("1")), ("y", Some("1"))]).await;
    watched.an_hour_later().await;
    watched.look(&[("x", Some("2")), ("y", Some("2"))]).await;
    assert_eq!(watched.events().await, ["opened", "opened", "continues"]);
    assert_eq!(watched.said_last().await, json!({"y": "2"}));
}

#[tokio::test]
async fn what_was_acknowledged_is_no_news_when_it_comes_back() {
    let watched = Watched::by(&[Target::Console]).await;
    watched.look(&[("x", Some("1")), ("y", Some("1"))]).await;
    watched.acknowledge().await;
    watched.look(&[("x", Some("1")), ("y", None)]).await;
    watched.look(&[("x", Some("1")), ("y", Some("2"))]).await;
    assert_eq!(watched.events().await, ["opened"]);
    assert!(is_acknowledged(&watched).await);
}

#[tokio::test]
async fn what_was_acknowledged_and_was_gone_is_told_when_it_is_back_once_the_cool_down_is_over() {
    let watched = Watched::by(&[Target::Console]).await;
    watched.look(&[("x", Some("1")), ("y", Some("1"))]).await;
    watched.acknowledge().await;
    watched.look(&[("x", Some("1")), ("y", None)]).await;
    watched.look(&[("x", Some("1")), ("y", Some("2"))]).await;
    watched.an_hour_later().await;
    watched.look(&[("x", Some("1")), ("y", Some("3"))]).await;
    assert_eq!(watched.events().await, ["opened", "opened"]);
    assert_eq!(watched.said_last().await, json!({"y": "3"}));
    assert!(!is_acknowledged(&watched).await);
}

#[tokio::test]
async fn what_comes_back_does_not_keep_what_nobody_heard_of_from_being_told_at_once() {
    let watched = Watched::by(&[Target::Console]).await;
    watched.look(&[("x", Some("1")), ("y", Some("1"))]).await;
    watched.acknowledge().await;
    watched.look(&[("x", Some("1")), ("y", None)]).await;
    watched.look(&[("x", Some("1")), ("y", Some("2")), ("z", Some("1"))]).await;
    assert_eq!(watched.said_last().await, json!({"y": "2", "z": "1"}));
}

#[tokio::test]
async fn what_could_not_be_looked_at_is_acknowledged_still() {
    let watched = Watched::by(&[Target::Console]).await;
    watched.look(&[("x", Some("1")), ("y", Some("1"))]).await;
    watched.acknowledge().await;
    watched.an_hour_later().await;
    watched.look(&[("x", Some("1"))]).await;
    watched.look(&[("x", Some("1")), ("y", Some("2"))]).await;
    assert_eq!(watched.events().await, ["opened"]);
}

#[tokio::test]
async fn an_acknowledged_alert_that_comes_back_before_its_end_was_told_is_told_once_the_cool_down_is_over() {
    let watched = Watched::by(&[Target::Console]).await;
    for said in [Some("1"), None, Some("2")] {
        watched.look(&[("x", said)]).await;
    }
    watched.run("UPDATE alerts SET acknowledged = now(), known = drifted WHERE resolved IS NULL").await;
    watched.look(&[("x", None)]).await;
    watched.look(&[("x", Some("3"))]).await;
    assert_eq!(watched.events().await, ["opened", "resolved", "opened"]);
    watched.an_hour_later().await;
    watched.look(&[("x", Some("4"))]).await;
    assert_eq!(watched.events().await, ["opened", "resolved", "opened", "opened"]);
}

#[tokio::test]
async fn what_nobody_was_told_of_is_not_acknowledged_with_the_rest() {
    let watched = Watched::by(&[Target::Console]).await;
    watched.look(&[("x", Some("1"))]).await;
    watched.look(&[("x", Some("1")), ("y", Some("1"))]).await;
    assert_eq!(watched.events().await, ["opened"], "y is told once the alert has cooled down");
    watched.acknowledge().await;
    watched.look(&[("x", Some("2")), ("y", Some("2"))]).await;
    assert_eq!(watched.events().await, ["opened", "opened"]);
    assert_eq!(watched.said_last().await, json!({"y": "2"}));
}

#[tokio::test]
async fn where_nobody_is_told_everything_is_acknowledged() {
    let watched = Watched::by(&[]).await;
    watched.look(&[("x", Some("1"))]).await;
    watched.acknowledge().await;
    watched.look(&[("x", Some("1"))]).await;
    assert!(is_acknowledged(&watched).await);
}

#[tokio::test]
async fn what_a_server_of_a_version_before_acknowledged_is_what_the_alert_names() {
    let watched = Watched::by(&[Target::Console]).await;
    watched.look(&[("x", Some("1"))]).await;
    watched.run("UPDATE alerts SET acknowledged = now()").await;
    watched.an_hour_later().await;
    watched.look(&[("x", Some("2"))]).await;
    assert_eq!(watched.events().await, ["opened"]);
    watched.look(&[("x", Some("2")), ("y", Some("1"))]).await;
    assert_eq!(watched.events().await, ["opened", "opened"]);
    watched.an_hour_later().await;
    watched.look(&[("x", Some("2")), ("y", Some("1"))]).await;
    assert_eq!(watched.said_last().await, json!({"y": "1"}));
}

#[tokio::test]
async fn what_comes_back_is_not_taken_for_what_a_server_of_a_version_before_acknowledged() {
    let watched = Watched::by(&[Target::Console]).await;
    watched.look(&[("x", Some("1")), ("y", Some("1"))]).await;
    watched.look(&[("x", Some("1")), ("y", None)]).await;
    watched.run("UPDATE alerts SET acknowledged = now()").await;
    watched.look(&[("x", Some("1")), ("y", Some("2"))]).await;
    watched.an_hour_later().await;
    watched.look(&[("x", Some("1")), ("y", Some("3"))]).await;
    assert_eq!(watched.said_last().await, json!({"y": "3"}));
}

#[tokio::test]
async fn the_end_of_an_alert_says_what_its_features_are_now() {
    let watched = Watched::by(&[Target::Console]).await;
    watched.look(&[("x", Some("PSI 5.18")), ("y", None)]).await;
    watched.look(&[("x", None), ("y", None)]).await;
    assert_eq!(watched.said_last().await, json!({"x": "all is well"}));
}

#[tokio::test]
async fn what_comes_back_after_it_was_said_to_be_gone_is_told_at_once() {
    let watched = Watched::by(&[Target::Console]).await;
    for said in [Some("1"), None, Some("2")] {
        watched.look(&[("x", said)]).await;
    }
    assert_eq!(watched.events().await, ["opened", "resolved", "opened"]);
    assert_eq!(alerts(&watched).await, [(json!({"x": "1"}), false), (json!({"x": "2"}), true)]);
}

const FLAPS: [Option<&str>; 6] = [Some("1"), None, Some("2"), None, Some("3"), None];

#[tokio::test]
async fn the_end_of_what_comes_and_goes_is_told_once_it_has_cooled_down() {
    let watched = Watched::by(&[Target::Console]).await;
    for said in FLAPS {
        watched.look(&[("x", said)]).await;
    }
    watched.look(&[("x", None)]).await;
    assert_eq!(watched.events().await, ["opened", "resolved", "opened"]);
    // It is gone all the same.
    assert_eq!(alerts(&watched).await, [(json!({"x": "1"}), false), (json!({"x": "3"}), false)]);
    watched.an_hour_later().await;
    for _ in 0..2 {
        watched.look(&[("x", None)]).await;
    }
    assert_eq!(watched.events().await, ["opened", "resolved", "opened", "resolved"]);
    assert_eq!(watched.said_last().await, json!({"x": "all is well"}));
}

#[tokio::test]
async fn what_comes_back_before_its_end_was_told_is_the_alert_that_goes_on() {
    let watched = Watched::by(&[Target::Console]).await;
    for said in FLAPS {
        watched.look(&[("x", said)]).await;
    }
    watched.an_hour_later().await;
    watched.look(&[("x", Some("4"))]).await;
    assert_eq!(watched.events().await, ["opened", "resolved", "opened", "continues"]);
    assert_eq!(alerts(&watched).await, [(json!({"x": "1"}), false), (json!({"x": "4"}), true)]);
}

#[tokio::test]
async fn an_end_that_was_held_back_is_not_told_by_a_window_that_says_nothing() {
    let watched = Watched::by(&[Target::Console]).await;
    for said in FLAPS {
        watched.look(&[("x", said)]).await;
    }
    watched.an_hour_later().await;
    watched.look(&[("y", None)]).await;
    assert_eq!(watched.events().await, ["opened", "resolved", "opened"]);
    watched.look(&[("x", None)]).await;
    assert_eq!(watched.events().await, ["opened", "resolved", "opened", "resolved"]);
}

#[tokio::test]
async fn a_job_that_lost_its_lease_tells_nothing() {
    let watched = Watched::by(&[Target::Console]).await;
    let old = watched.claim().await;
    watched.claim().await;
    let found = finding(old.claimed, &[("x", Some("1"))]);
    let lost = watched.store.finish(&old, &found, old.claimed, &watched.telling()).await.unwrap();
    assert_eq!(lost, Err(Lost));
    assert!(alerts(&watched).await.is_empty() && watched.told().await.is_empty());
}
