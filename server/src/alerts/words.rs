//! What is told, in words.

use std::fmt::Write;

use scouter_tasks::counted::counted;
use scouter_wire::alerts::{AlertEvent, Notice};

/// How many features are named.
const NAMED: usize = 20;

/// How many of the names of an alert its end is told by. Each takes a request, and all have to arrive within one try.
const CLOSED: i64 = 50;

/// What happened, in a line.
pub(super) fn headline(notice: &Notice) -> String {
    let Notice { space, name, version, kind, drifted, .. } = notice;
    let what = match &notice.event {
        AlertEvent::Opened => "drift",
        AlertEvent::Continues => "still drift",
        AlertEvent::Resolved => "no more drift",
        AlertEvent::Other(event) => event,
    };
    let first = drifted.keys().take(3).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = drifted.len().saturating_sub(3);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let line = format!("{what} in {space}/{name} {version} ({}): {first}{more}", kind.as_str());
    // A line is one: names may hold what ends it.
    line.replace(char::is_control, " ")
}

/// What is said of each feature, a line for each.
pub(super) fn details(notice: &Notice) -> String {
    let Notice { drifted, rows, began, ended, .. } = notice;
    let mut text = String::new();
    for (name, said) in drifted.iter().take(NAMED) {
        // Writing to a text does not fail.
        let _ = writeln!(text, "{name}: {said}");
    }
    if drifted.len() > NAMED {
        let _ = writeln!(text, "and {} more", drifted.len() - NAMED);
    }
    let (began, ended) = (began.format("%F %T"), ended.format("%F %T"));
    let rows = counted(*rows, "row");
    let _ = write!(text, "{rows} that arrived between {began} and {ended} UTC; alert {}", notice.alert);
    text
}

/// What those who know alerts themselves are told of: each has a name that tells it from all others. An alert that is opened again is another one to
/// them, for they add to one that they have and call nobody; the end of an alert is that of all of them, or of the newest where there are many.
pub(super) fn aliases(notice: &Notice) -> impl Iterator<Item = String> {
    let Notice { profile, alert, event, reopened, .. } = notice;
    let names = if *event == AlertEvent::Resolved { CLOSED } else { 1 };
    let oldest = reopened.saturating_sub(names - 1).max(0);
    (oldest..=*reopened).rev().map(move |again| {
        if again == 0 {
            format!("scouter-{profile}-{alert}")
        } else {
            format!("scouter-{profile}-{alert}-{again}")
        }
    })
}

/// The beginning of a text, of so many characters at most.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}
