//! `OpenAI`, and what speaks its API.

use serde::{Deserialize, Serialize};

use crate::chat::{ChatReply, ChatRequest};
use crate::http::{Access, Account, Auth, Names};
use crate::wire::Members;
use crate::{Answer, CallError, ErrorKind, Model, Server};

use super::{completions, responses};

/// The models of `OpenAI`, of Azure, or of any server that speaks the same API.
#[derive(Clone, Debug)]
pub struct OpenAi {
    access: Access,
    /// The version of Azure's API in the older form of its addresses, where a model is the name of a deployment.
    deployments: Option<String>,
}

/// Which of the two APIs is spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenAiApi {
    /// Chat completions: spoken by every compatible server.
    #[default]
    Completions,
    /// Responses: the newer one.
    Responses,
}

pub(crate) const NAMES: Names = Names {
    provider: "openai",
    keys: &["OPENAI_API_KEY"],
    base_urls: &["OPENAI_BASE_URL", "OPENAI_API_BASE"],
    auth: Auth::Bearer,
};

/// Azure takes the key in a header of its own.
pub(crate) const AZURE: Names = Names {
    provider: "openai",
    keys: &["AZURE_OPENAI_API_KEY"],
    base_urls: &["AZURE_OPENAI_ENDPOINT"],
    auth: Auth::Header("api-key"),
};

pub(super) const USUAL: &str = "https://api.openai.com/v1";

impl OpenAi {
    /// Key and address from the account: `OPENAI_API_KEY`, `OPENAI_BASE_URL`.
    ///
    /// # Errors
    /// Where there is no key for the provider's own address.
    pub fn new(account: Account<'_>) -> Result<Self, CallError> {
        Ok(Self { access: Access::new(account, &NAMES, USUAL)?, deployments: None })
    }

    /// Models on Azure: `AZURE_OPENAI_ENDPOINT`, `AZURE_OPENAI_API_KEY`, and, for the older form of
    /// address in which a model is the name of a deployment, `OPENAI_API_VERSION`.
    ///
    /// # Errors
    /// Where there is no endpoint or no key.
    pub fn azure(mut account: Account<'_>) -> Result<Self, CallError> {
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
        let deployments = version.filter(|_| !endpoint.ends_with("/v1"));
        let base = match &deployments {
            None if !endpoint.ends_with("/v1") => format!("{endpoint}/openai/v1"),
            _ => endpoint,
        };
        account.connection.base_url = Some(base);
        // There is no address that all of Azure's customers share.
        Ok(Self { access: Access::new(account, &AZURE, "")?, deployments })
    }

    /// Azure and the provider's own address have newer names for some settings than compatible
    /// servers know.
    fn is_own(&self, request: &ChatRequest) -> bool {
        self.access.is_usual(&request.connection) || matches!(self.access.provider_auth(), Auth::Header(_))
    }

    fn body<'r>(&self, request: &'r ChatRequest) -> Result<Members<'r>, CallError> {
        match api(request) {
            OpenAiApi::Completions => Ok(completions::body(request, self.is_own(request))),
            OpenAiApi::Responses => responses::body(request).map_err(|what| self.access.unsupported(what)),
        }
    }

    fn path(&self, request: &ChatRequest) -> String {
        match (api(request), &self.deployments) {
            (OpenAiApi::Completions, None) => "/chat/completions".to_owned(),
            (OpenAiApi::Completions, Some(version)) => {
                format!("/openai/deployments/{}/chat/completions?api-version={version}", request.model)
            }
            (OpenAiApi::Responses, None) => "/responses".to_owned(),
            // They are only spoken at the newer form of address.
            (OpenAiApi::Responses, Some(_)) => "/openai/v1/responses".to_owned(),
        }
    }

    async fn ask(&self, request: &ChatRequest) -> Result<ChatReply, CallError> {
        let body = self.body(request)?;
        let posted = self.access.post(&request.connection, &self.path(request), &[], &body).await;
        let posted = posted.map_err(|error| advised(request, error))?;
        match api(request) {
            OpenAiApi::Completions => completions::read(&self.access, request, posted),
            OpenAiApi::Responses => responses::read(&self.access, request, posted),
        }
    }
}

fn api(request: &ChatRequest) -> OpenAiApi {
    request.settings.api.unwrap_or_default()
}

/// How servers and models call what they do not know.
const FORM: [&str; 4] = ["response_format", "response format", "json_schema", "json schema"];

/// What is added where a server may know no JSON Schema.
const FORMLESS: &str = "; where no JSON Schema is taken, set `response_format` to null in the `extra` of the prompt's settings and \
describe the form in the prompt: replies are checked all the same";

/// An error with what to do, where it is about the form that was asked for.
fn advised(request: &ChatRequest, error: CallError) -> CallError {
    let asked = request.schema.is_some()
        && api(request) == OpenAiApi::Completions
        && !request.settings.extra.contains_key("response_format");
    if !asked || error.kind() != ErrorKind::BadRequest {
        return error;
    }
    let told = error.details().message.to_lowercase();
    if !FORM.iter().any(|name| told.contains(name)) {
        return error;
    }
    error.with(|details| details.message.push_str(FORMLESS))
}

impl Model<ChatRequest> for OpenAi {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Environment, Http};

    #[test]
    fn the_provider_itself_is_known_also_where_its_address_is_spelt_out() {
        for (address, own) in [("https://api.openai.com/v1", true), ("http://localhost:8000/v1", false)] {
            let environment = Environment::from_iter([("OPENAI_API_KEY", "k"), ("OPENAI_BASE_URL", address)]);
            let http = Http::new(&environment);
            let model = OpenAi::new(Account::of(&http, &environment)).unwrap();
            let mut request = ChatRequest::default();
            request.settings.max_tokens = Some(7);
            let name = if own { "max_completion_tokens" } else { "max_tokens" };
            assert_eq!(model.body(&request).unwrap().own[name], 7, "{address}");
        }
    }
}
