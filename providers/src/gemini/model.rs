//! Gemini, by the Gemini API and by Vertex AI.

use serde_json::Value;

use super::generate;
use crate::chat::{ChatReply, ChatRequest};
use crate::http::{Access, Account, Auth, Names};
use crate::{Answer, CallError, Connection, ErrorKind, Model, Server};

/// The models of Google.
#[derive(Clone, Debug)]
pub struct Gemini {
    access: Access,
    /// What stands before the name of the model.
    models: &'static str,
}

pub(crate) const NAMES: Names = Names {
    provider: "gemini",
    keys: &["GEMINI_API_KEY", "GOOGLE_API_KEY"],
    base_urls: &["GEMINI_BASE_URL", "GOOGLE_GEMINI_BASE_URL"],
    auth: Auth::Header("x-goog-api-key"),
};

pub(crate) const VERTEX: Names = Names {
    provider: "vertex",
    keys: &["GOOGLE_ACCESS_TOKEN", "GOOGLE_OAUTH_ACCESS_TOKEN"],
    base_urls: &["VERTEX_BASE_URL", "GOOGLE_VERTEX_BASE_URL"],
    auth: Auth::Bearer,
};

pub(super) const USUAL: &str = "https://generativelanguage.googleapis.com/v1beta";

impl Gemini {
    /// Key and address from the account: `GEMINI_API_KEY` or `GOOGLE_API_KEY`, `GEMINI_BASE_URL`.
    ///
    /// # Errors
    /// Where there is no key for the provider's own address.
    pub fn new(account: Account<'_>) -> Result<Self, CallError> {
        Ok(Self { access: Access::new(account, &NAMES, USUAL)?, models: "models" })
    }

    /// By Vertex AI: `GOOGLE_CLOUD_PROJECT`, `GOOGLE_CLOUD_LOCATION` (`global` where there is
    /// none), and `GOOGLE_ACCESS_TOKEN` or a source of tokens.
    ///
    /// # Errors
    /// Where there is no project or no token for the provider's own address.
    pub fn vertex(account: Account<'_>) -> Result<Self, CallError> {
        Ok(Self { access: vertex(account)?, models: MODELS })
    }

    fn body(&self, request: &ChatRequest) -> Result<Value, CallError> {
        generate::body(request).map_err(|what| self.access.unsupported(what))
    }

    async fn ask(&self, request: &ChatRequest) -> Result<ChatReply, CallError> {
        let body = self.body(request)?;
        let model = request.model.trim_start_matches("models/");
        let path = format!("/{}/{model}:generateContent", self.models);
        let posted = self.access.post(&request.connection, &path, &[], &body).await?;
        generate::read(&self.access, request, posted)
    }
}

/// What stands before the name of a model at Vertex AI.
pub(super) const MODELS: &str = "publishers/google/models";

/// The way to Vertex AI.
pub(super) fn vertex(account: Account<'_>) -> Result<Access, CallError> {
    let environment = account.environment;
    let given = |connection: &Connection| connection.base_url.is_some();
    let elsewhere =
        given(&account.prompt) || given(&account.connection) || environment.get(VERTEX.base_urls).is_some();
    let project = environment.get(&["GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT"]);
    let location = environment.get(&["GOOGLE_CLOUD_LOCATION", "GOOGLE_CLOUD_REGION"]).unwrap_or("global");
    let usual = match project {
        Some(project) => {
            let host = match location {
                "global" => "aiplatform.googleapis.com".to_owned(),
                region => format!("{region}-aiplatform.googleapis.com"),
            };
            format!("https://{host}/v1/projects/{project}/locations/{location}")
        }
        None if elsewhere => String::new(),
        None => {
            let message = "set `GOOGLE_CLOUD_PROJECT`";
            return Err(CallError::new(ErrorKind::Configuration, VERTEX.provider, message));
        }
    };
    Access::new(account, &VERTEX, &usual)
}

impl Model<ChatRequest> for Gemini {
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
