//! Which uids mean one profile. A program that makes its profile anew, and registers it again, has another uid for it each time: what it left in the spool is
//! under the one of then.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use reqwest::Client;
use scouter_wire::problem::ProblemCode;
use scouter_wire::profiles::WholeProfile;
use tokio::time::Instant;
use uuid::Uuid;

use crate::queue::Shared;
use crate::server::{CallError, Server};

/// For how long the server is asked at a time, about: records are not to wait for it.
const TURN: Duration = Duration::from_secs(1);

/// What the server said of uids.
#[derive(Debug, Default)]
pub(crate) struct Meant {
    /// The own uid of the profile that one means.
    own: HashMap<Uuid, Uuid>,
    /// Those that mean no profile, or none that may be seen. They are not asked about again.
    nobodys: HashSet<Uuid>,
}

impl Meant {
    /// Has lanes take over what lies in the folder under further uids of their profiles; whether there is more to take over now. Nothing is asked where all
    /// that lies there is the lanes'.
    ///
    /// # Errors
    /// The server cannot be asked.
    pub(crate) async fn learn(&mut self, shared: &Shared, client: &Client) -> Result<bool, CallError> {
        let mut strangers = shared.spools.strangers();
        strangers.retain(|uid| !self.nobodys.contains(uid));
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
                None => {
                    self.nobodys.insert(uid);
                }
            }
        }
        Ok(more)
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
