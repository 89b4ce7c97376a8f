//! The log of the server.

use scouter_wire::alerts::{AlertEvent, Notice};

use super::words::{details, headline};

pub(super) fn write(notice: &Notice) {
    // It is one line; and names may hold what a terminal obeys.
    let (headline, details) = (headline(notice), details(notice).replace('\n', "; "));
    let (headline, details) = (headline.escape_debug(), details.escape_debug());
    let Notice { alert, profile, .. } = notice;
    if notice.event == AlertEvent::Resolved {
        tracing::info!(alert, %profile, %details, "{headline}");
    } else {
        tracing::warn!(alert, %profile, %details, "{headline}");
    }
}
