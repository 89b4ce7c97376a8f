//! `scouter.v1.Profiles`: what `/v1/profiles` does, by the same functions.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response as Answer;
use axum::routing::post;
use bytes::Bytes;
use futures_util::future::{BoxFuture, FutureExt};
use scouter_wire::protobuf;
use tonic::server::ClientStreamingService;
use tonic::{Request as Call, Response, Status, Streaming};

use super::call::{Said, message};
use super::frames::frames;
use super::status::status;
use crate::access::{Caller, Role};
use crate::http::body::DOCUMENT;
use crate::http::gate::Gate;
use crate::http::guard::{self, Changed};
use crate::http::problem::Failure;
use crate::http::profiles;
use crate::http::router::Api;

/// What can be done with profiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Register,
    Get,
    SetStatus,
}

impl Operation {
    const ALL: [Self; 3] = [Self::Register, Self::Get, Self::SetStatus];

    /// Where it is.
    fn path(self) -> &'static str {
        match self {
            Self::Register => "/scouter.v1.Profiles/Register",
            Self::Get => "/scouter.v1.Profiles/Get",
            Self::SetStatus => "/scouter.v1.Profiles/SetStatus",
        }
    }
}

/// An operation, and what it works on.
#[derive(Debug, Clone)]
struct Profiles {
    operation: Operation,
    api: Api,
    gate: Gate,
}

/// All of them, by a gate.
pub(super) fn routes(api: &Api, gate: &Gate) -> Router<Api> {
    Operation::ALL.into_iter().fold(Router::new(), |router, operation| {
        let profiles = Profiles { operation, api: api.clone(), gate: gate.clone() };
        router.route(operation.path(), post(answer).with_state(profiles))
    })
}

async fn answer(State(profiles): State<Profiles>, call: Request) -> Answer {
    let said = Said::of(&call);
    frames(DOCUMENT).client_streaming(One(profiles, said), call).await.map(Body::new)
}

/// One call.
struct One(Profiles, Said);

impl ClientStreamingService<Bytes> for One {
    type Response = Bytes;
    type Future = BoxFuture<'static, Result<Response<Bytes>, Status>>;

    fn call(&mut self, call: Call<Streaming<Bytes>>) -> Self::Future {
        let Self(profiles, said) = self;
        let gate = profiles.gate.clone();
        let work = profiles.clone().carry_out(said.clone(), call.into_inner()).boxed();
        async move { gate.within(work).await.map_err(status)? }.boxed()
    }
}

impl Profiles {
    async fn carry_out(self, said: Said, mut sent: Streaming<Bytes>) -> Result<Response<Bytes>, Status> {
        let caller = said.caller(&self.api.access).await?;
        // Which space it is stands in the document, which nobody reads for those who may write in none.
        if self.operation == Operation::Register {
            guard::somewhere(&caller, Role::Write).map_err(status)?;
        }
        let sent = message(&mut sent, DOCUMENT, self.api.bounds.body).await?;
        let answer = match self.operation {
            Operation::Register => self.register(&caller, sent).await,
            Operation::Get => self.get(&caller, sent).await,
            Operation::SetStatus => self.set_status(&caller, sent).await,
        };
        answer.map(|answer| Response::new(answer.into())).map_err(status)
    }

    async fn register(&self, caller: &Caller, sent: Bytes) -> Result<Vec<u8>, Failure> {
        let register = protobuf::read_register(sent)?;
        let (registered, changed) = profiles::add(&self.api, caller, register).await?;
        if let Changed::One(uid) = changed {
            self.note(caller, &uid).await;
        }
        Ok(protobuf::write_registered(registered))
    }

    async fn get(&self, caller: &Caller, sent: Bytes) -> Result<Vec<u8>, Failure> {
        let uid = protobuf::read_get_profile(sent)?;
        guard::profile(&self.api.store, caller, uid, Role::Read).await?;
        let uid = self.api.store.meant_profile(uid).await?;
        profiles::whole(&self.api, uid).await.map(protobuf::write_whole_profile)
    }

    async fn set_status(&self, caller: &Caller, sent: Bytes) -> Result<Vec<u8>, Failure> {
        let (uid, switched) = protobuf::read_set_status(sent)?;
        guard::profile(&self.api.store, caller, uid, Role::Write).await?;
        let uid = self.api.store.meant_profile(uid).await?;
        let profile = profiles::switch(&self.api, uid, switched).await?;
        self.note(caller, &uid.to_string()).await;
        Ok(protobuf::write_profile(profile))
    }

    /// Writes down which profile was changed.
    async fn note(&self, caller: &Caller, uid: &str) {
        guard::note(&self.api.store, &caller.name, self.operation.path(), uid).await;
    }
}
