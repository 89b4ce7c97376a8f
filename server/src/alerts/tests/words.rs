//! What is told, in words.

use std::collections::BTreeMap;

use chrono::DateTime;
use scouter_wire::alerts::{AlertEvent, Notice};
use scouter_wire::profiles::ProfileKind;
use uuid::Uuid;

use crate::alerts::words::{aliases, cut, details, headline};

fn notice(features: usize) -> Notice {
    let drifted: BTreeMap<_, _> = (0..features).map(|i| (format!("f{i:02}"), "PSI 0.4".to_owned())).collect();
    Notice {
        alert: 7,
        event: AlertEvent::Opened,
        reopened: 0,
        at: DateTime::UNIX_EPOCH,
        profile: Uuid::nil(),
        space: "s".to_owned(),
        name: "m".to_owned(),
        version: "1.0.0".to_owned(),
        kind: ProfileKind::Psi,
        drifted,
        began: DateTime::UNIX_EPOCH,
        ended: DateTime::from_timestamp(3600, 0).unwrap(),
        rows: 25,
    }
}

#[test]
fn a_headline_names_the_profile_and_the_first_features() {
    assert_eq!(headline(&notice(2)), "drift in s/m 1.0.0 (psi): f00, f01");
    assert_eq!(headline(&notice(30)), "drift in s/m 1.0.0 (psi): f00, f01, f02 and 27 more");
    let breaking = BTreeMap::from([("a\r\nBcc: all".to_owned(), String::new())]);
    assert_eq!(headline(&Notice { drifted: breaking, ..notice(0) }), "drift in s/m 1.0.0 (psi): a  Bcc: all");
    let resolved = Notice { event: AlertEvent::Resolved, ..notice(1) };
    assert_eq!(headline(&resolved), "no more drift in s/m 1.0.0 (psi): f00");
}

#[test]
fn details_have_a_line_for_each_feature_and_say_how_many_are_left_out() {
    let window = "25 rows that arrived between 1970-01-01 00:00:00 and 1970-01-01 01:00:00 UTC; alert 7";
    assert_eq!(details(&notice(1)), format!("f00: PSI 0.4\n{window}"));
    let many = details(&notice(22));
    assert_eq!((many.lines().count(), many.lines().nth(20)), (22, Some("and 2 more")));
}

#[test]
fn what_opens_an_alert_again_has_a_name_of_its_own_and_the_end_is_that_of_all() {
    let named = |event, reopened| aliases(&Notice { event, reopened, ..notice(1) }).collect::<Vec<_>>();
    let first = "scouter-00000000-0000-0000-0000-000000000000-7".to_owned();
    let second = format!("{first}-1");
    assert_eq!(named(AlertEvent::Opened, 0), [first.as_str()]);
    assert_eq!(named(AlertEvent::Opened, 1), [second.as_str()]);
    assert_eq!(named(AlertEvent::Continues, 1), [second.as_str()]);
    assert_eq!(named(AlertEvent::Resolved, 1), [second, first]);
}

#[test]
fn the_end_of_what_was_opened_again_very_often_is_that_of_the_newest() {
    let names: Vec<_> =
        aliases(&Notice { event: AlertEvent::Resolved, reopened: 1000, ..notice(1) }).collect();
    assert_eq!(names.len(), 50);
    assert!(names[0].ends_with("-7-1000") && names[49].ends_with("-7-951"), "{names:?}");
}

#[test]
fn a_text_is_cut_by_characters() {
    assert_eq!((cut("größe", 5).as_str(), cut("größe", 4).as_str()), ("größe", "grö…"));
}
