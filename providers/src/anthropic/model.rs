//! Anthropic's messages.

use serde_json::Value;

use super::messages;
use crate::chat::{ChatReply, ChatRequest};
use crate::http::{Access, Account, Auth, Names};
use crate::{Answer, CallError, Model, Server};

/// The models of Anthropic.
#[derive(Clone, Debug)]
pub struct Anthropic {
    access: Access,
}

pub(crate) const NAMES: Names = Names {
    provider: "anthropic",
    keys: &["ANTHROPIC_API_KEY"],
    base_urls: &["ANTHROPIC_BASE_URL"],
    auth: Auth::Header("x-api-key"),
};

const USUAL: &str = "https://api.anthropic.com";

/// The version of the API that is spoken.
const VERSION: (&str, &str) = ("anthropic-version", "2023-06-01");

impl Anthropic {
    /// Key and address from the account: `ANTHROPIC_API_KEY`, `ANTHROPIC_BASE_URL`.
    ///
    /// # Errors
    /// Where there is no key for the provider's own address.
    pub fn new(account: Account<'_>) -> Result<Self, CallError> {
        Ok(Self { access: Access::new(account, &NAMES, USUAL)? })
    }

    fn body(&self, request: &ChatRequest) -> Result<Value, CallError> {
        messages::body(request).map_err(|what| self.access.unsupported(what))
    }

    async fn ask(&self, request: &ChatRequest) -> Result<ChatReply, CallError> {
        let body = self.body(request)?;
        let posted = self.access.post(&request.connection, "/v1/messages", &[VERSION], &body).await?;
        messages::read(&self.access, request, posted)
    }
}

impl Model<ChatRequest> for Anthropic {
    fn provider(&self) -> &str {
        self.access.provider
    }

    fn check(&self, request: &ChatRequest) -> Result<(), CallError> {
        self.body(request)?;
        self.access.check(&request.connection)
    }

    fn server(&self, request: &ChatRequest) -> Option<Server> {
        self.access.server(&request.connection)
    }

    fn call<'a>(&'a self, request: &'a ChatRequest) -> Answer<'a, ChatReply> {
        Box::pin(self.ask(request))
    }
}
