//! `OpenAI`, and what speaks its API.

use crate::chat::{Answer, ChatModel, ChatReply, ChatRequest};
use crate::http::{Access, Account, Auth, Names};
use crate::{CallError, ErrorKind};

use super::{completions, responses};

/// The models of `OpenAI`, of Azure, or of any server that speaks the same API.
#[derive(Clone, Debug)]
pub struct OpenAi {
    access: Access,
    api: OpenAiApi,
    deployments: Option<String>,
}

/// Which of the two APIs is spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OpenAiApi {
    /// Chat completions: spoken by every compatible server.
    #[default]
    Completions,
    /// Responses: the newer one.
    Responses,
}

/// Where the environment has the address.
pub(crate) const BASE_URLS: &[&str] = &["OPENAI_BASE_URL", "OPENAI_API_BASE"];
pub(crate) const AZURE_BASE_URLS: &[&str] = &["AZURE_OPENAI_ENDPOINT"];

pub(super) const NAMES: Names =
    Names { provider: "openai", keys: &["OPENAI_API_KEY"], base_urls: BASE_URLS, auth: Auth::Bearer };

/// Azure takes the key in a header of its own.
const AZURE: Names = Names {
    provider: "openai",
    keys: &["AZURE_OPENAI_API_KEY"],
    base_urls: AZURE_BASE_URLS,
    auth: Auth::Header("api-key"),
};

pub(super) const USUAL: &str = "https://api.openai.com/v1";

impl OpenAi {
    /// Key and address from the account: `OPENAI_API_KEY`, `OPENAI_BASE_URL`.
    ///
    /// # Errors
    /// Where there is no key for the provider's own address.
    pub fn new(account: Account<'_>, api: OpenAiApi) -> Result<Self, CallError> {
        Ok(Self { access: Access::new(account, &NAMES, USUAL)?, api, deployments: None })
    }

    /// Models on Azure: `AZURE_OPENAI_ENDPOINT`, `AZURE_OPENAI_API_KEY`, and, for the older form of
    /// address in which a model is the name of a deployment, `OPENAI_API_VERSION`.
    ///
    /// # Errors
    /// Where there is no endpoint or no key.
    pub fn azure(mut account: Account<'_>, api: OpenAiApi) -> Result<Self, CallError> {
        let environment = account.environment;
        let wrong = |kind, message: &str| CallError::new(kind, AZURE.provider, message);
        let endpoint = account.connection.base_url.as_deref().or_else(|| environment.get(AZURE.base_urls));
        let endpoint = endpoint
            .ok_or_else(|| wrong(ErrorKind::Configuration, "set `AZURE_OPENAI_ENDPOINT` or give a base URL"))?
            .trim_end_matches('/')
            .to_owned();
        if account.credential.is_none() && environment.get(AZURE.keys).is_none() {
            return Err(wrong(ErrorKind::NoKey, "set `AZURE_OPENAI_API_KEY` or give a key"));
        }
        let version = environment.get(&["OPENAI_API_VERSION", "AZURE_OPENAI_API_VERSION"]).map(str::to_owned);
        // Responses are only spoken at the newer form of address.
        let deployments = version.filter(|_| api == OpenAiApi::Completions && !endpoint.ends_with("/v1"));
        let base = match &deployments {
            None if !endpoint.ends_with("/v1") => format!("{endpoint}/openai/v1"),
            _ => endpoint,
        };
        account.connection.base_url = Some(base);
        Ok(Self { access: Access::new(account, &AZURE, USUAL)?, api, deployments })
    }

    /// Azure and the provider's own address have newer names for some settings than compatible
    /// servers know.
    fn is_own(&self, request: &ChatRequest) -> bool {
        self.access.is_usual(&request.connection) || matches!(self.access.provider_auth(), Auth::Header(_))
    }

    async fn ask(&self, request: &ChatRequest) -> Result<ChatReply, CallError> {
        let over = &request.connection;
        match self.api {
            OpenAiApi::Completions => {
                let body = completions::body(request, self.is_own(request));
                let path = match &self.deployments {
                    Some(version) => {
                        format!(
                            "/openai/deployments/{}/chat/completions?api-version={version}",
                            request.model
                        )
                    }
                    None => "/chat/completions".to_owned(),
                };
                let posted = self.access.post(over, &path, &[], &body).await?;
                completions::read(&self.access, request, posted)
            }
            OpenAiApi::Responses => {
                let body = responses::body(request).map_err(|what| self.access.unsupported(what))?;
                let posted = self.access.post(over, "/responses", &[], &body).await?;
                responses::read(&self.access, request, posted)
            }
        }
    }
}

impl ChatModel for OpenAi {
    fn provider(&self) -> &str {
        self.access.provider
    }

    fn chat<'a>(&'a self, request: &'a ChatRequest) -> Answer<'a, ChatReply> {
        Box::pin(self.ask(request))
    }
}
