//! Which uids mean one profile. A program that makes its profile anew, and registers it again, has another uid for it each time: what it left in the spool is
//! under the one of then.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use reqwest::Client;
use scouter_wire::problem::ProblemCode;
use scouter_wire::profiles::WholeProfile;
use tokio::time::Instant;
use uuid::Uuid;

use crate::backoff;
use crate::queue::Shared;
use crate::server::{CallError, Server};

/// For how long the server is asked at a time, about: records are not to wait for it.
const TURN: Duration = Duration::from_secs(1);

/// What the server said of uids.
#[derive(Debug, Default)]
pub(crate) struct Meant {
    /// The own uid of the profile that one means.
    own: HashMap<Uuid, Uuid>,
    /// Those that mean no profile, or none that may be seen. They may be registered any time, or whoever asks be let see them.
    unknown: HashMap<Uuid, Unknown>,
}

/// A uid that the server did not know.
#[derive(Debug, Clone, Copy)]
struct Unknown {
    /// How often it was asked about.
    times: u32,
    /// When it is asked about again.
    again: Instant,
}

impl Meant {
    /// Has lanes take over what lies in the folder under further uids of their profiles; whether there is more to take over now. Nothing is asked where all
    /// that lies there is the lanes'.
    ///
    /// # Errors
    /// The server cannot be asked.
    pub(crate) async fn learn(&mut self, shared: &Shared, client: &Client) -> Result<bool, CallError> {
        let strangers = self.due(shared.spools.strangers(), Instant::now());
        if strangers.is_empty() {
            return Ok(false);
        }
        let mut lanes = HashMap::new();
        for (at, lane) in shared.lanes.iter().enumerate() {
            // One that is not known yet may be registered any time.
            if let Some(own) = self.own(shared, client, lane.to.profile()).await? {
                lanes.entry(own).or_insert(at);
            }
        }
        let until = Instant::now() + TURN;
        let mut more = false;
        for uid in strangers {
            if Instant::now() >= until {
                break;
            }
            match self.own(shared, client, uid).await? {
                Some(own) => {
                    if let Some(lane) = lanes.get(&own) {
                        shared.spools.join(*lane, uid);
                        more = true;
                    }
                }
                None => self.not_known(uid, Instant::now(), backoff::drawn()),
            }
        }
        Ok(more)
    }

    /// Those of these that may be asked about by now. What lies in the folder no more is forgotten.
    fn due(&mut self, strangers: Vec<Uuid>, now: Instant) -> Vec<Uuid> {
        let there: HashSet<&Uuid> = strangers.iter().collect();
        self.unknown.retain(|uid, _| there.contains(uid));
        let is_due = |uid: &Uuid| self.unknown.get(uid).is_none_or(|unknown| unknown.again <= now);
        strangers.into_iter().filter(is_due).collect()
    }

    /// Remembers that the server did not know a uid, so that it is asked about it ever more seldom.
    fn not_known(&mut self, uid: Uuid, now: Instant, drawn: f64) {
        let unknown = self.unknown.entry(uid).or_insert(Unknown { times: 0, again: now });
        unknown.again = now + backoff::unknown(unknown.times, drawn);
        unknown.times = unknown.times.saturating_add(1);
    }

    async fn own(&mut self, shared: &Shared, client: &Client, uid: Uuid) -> Result<Option<Uuid>, CallError> {
        if let Some(own) = self.own.get(&uid) {
            return Ok(Some(*own));
        }
        let own = ask(&shared.server, client, uid).await?;
        if let Some(own) = own {
            self.own.insert(uid, own);
        }
        Ok(own)
    }
}

/// The own uid of the profile that a uid means; none where it means none, or none that may be seen.
async fn ask(server: &Server, client: &Client, uid: Uuid) -> Result<Option<Uuid>, CallError> {
    match server.call_by(client, "GET", &format!("v1/profiles/{uid}"), None).await {
        Ok(answer) => match serde_json::from_str::<WholeProfile>(&answer) {
            Ok(found) => Ok(Some(found.profile.uid)),
            Err(error) => Err(CallError::Unreachable(format!("the profile `{uid}`: {error}"))),
        },
        Err(CallError::Problem(problem))
            if matches!(problem.code, ProblemCode::NotFound | ProblemCode::Forbidden) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Builder;

    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    fn uid(number: u8) -> Uuid {
        Builder::from_bytes([number; 16]).into_uuid()
    }

    #[test]
    fn a_uid_that_the_server_did_not_know_is_asked_about_again_ever_more_seldom() {
        let (mut meant, mut now) = (Meant::default(), Instant::now());
        let mut pauses = Vec::new();
        for _ in 0..8 {
            meant.not_known(uid(1), now, 0.0);
            let asked = now;
            while meant.due(vec![uid(1)], now).is_empty() {
                now += MINUTE;
            }
            pauses.push(now - asked);
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60].map(|minutes| minutes * MINUTE));
    }

    #[test]
    fn a_uid_that_nobody_asked_about_is_due_and_what_lies_there_no_more_is_forgotten() {
        let (mut meant, now) = (Meant::default(), Instant::now());
        meant.not_known(uid(1), now, 0.0);
        assert_eq!(meant.due(vec![uid(1), uid(2)], now), [uid(2)]);
        assert!(meant.due(Vec::new(), now).is_empty());
        assert_eq!(meant.due(vec![uid(1)], now), [uid(1)]);
    }
}
