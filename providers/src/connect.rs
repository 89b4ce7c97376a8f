//! From the name of a provider to its models.

use std::sync::Arc;

use crate::anthropic::Anthropic;
use crate::chat::ChatModel;
use crate::embed::Embedder;
use crate::gemini::{Gemini, GeminiEmbedder, VertexEmbedder};
use crate::http::{Names, carries_key};
use crate::openai::{OpenAi, OpenAiEmbedder};
use crate::{Account, CallError, Credential, ErrorKind, Provider, Secret};

/// The models of a provider, without layers. `OpenAi` is Azure where the environment has
/// `AZURE_OPENAI_ENDPOINT` and nothing of `OpenAI`'s own.
///
/// # Errors
/// Where the account lacks what the provider needs, such as a key.
pub fn connect(provider: Provider, account: Account<'_>) -> Result<Arc<ChatModel>, CallError> {
    Ok(match provider {
        Provider::OpenAi if is_azure(&account) => Arc::new(OpenAi::azure(account)?),
        Provider::OpenAi => Arc::new(OpenAi::new(account)?),
        Provider::Anthropic => Arc::new(Anthropic::new(account)?),
        Provider::Gemini | Provider::Google => Arc::new(Gemini::new(account)?),
        Provider::Vertex => Arc::new(Gemini::vertex(account)?),
        Provider::Undefined => return Err(nobody(provider, "say which provider the model belongs to")),
    })
}

/// The address at which the models of a provider are asked, where it is not the provider's own.
pub fn address(provider: Provider, account: &Account<'_>) -> Option<String> {
    let given = account.prompt.base_url.clone().or_else(|| account.connection.base_url.clone());
    given.or_else(|| account.environment.get(names(provider, account)?.base_urls).map(str::to_owned))
}

/// What an account shows a provider of itself, by the names of headers: its key, and all that it adds. Who shows the same is
/// answered alike.
pub fn credentials(provider: Provider, account: &Account<'_>) -> Vec<(String, Secret)> {
    let named = || account.environment.secret(names(provider, account)?.keys);
    let key = match &account.credential {
        Some(Credential::Key(key)) => Some(key.clone()),
        Some(Credential::Tokens(_)) => None,
        None => named(),
    };
    let headers = account.prompt.over(&account.connection).headers;
    key.map(|key| (KEY.to_owned(), key)).into_iter().chain(headers).collect()
}

/// What of that must stand in no file: keys. Other headers may well hold what a model says, such as the name of a team.
pub fn secrets(provider: Provider, account: &Account<'_>) -> Vec<Secret> {
    let keys = credentials(provider, account).into_iter().filter(|(name, _)| carries_key(name));
    keys.map(|(_, key)| key.bare()).filter(Secret::is_unlikely).collect()
}

/// The header that a key is named by, whatever the provider's own is.
const KEY: &str = "authorization";

/// Where the environment has what an account needs.
fn names(provider: Provider, account: &Account<'_>) -> Option<&'static Names> {
    Some(match provider {
        Provider::OpenAi if is_azure(account) => &crate::openai::AZURE,
        Provider::OpenAi => &crate::openai::NAMES,
        Provider::Anthropic => &crate::anthropic::NAMES,
        Provider::Gemini | Provider::Google => &crate::gemini::NAMES,
        Provider::Vertex => &crate::gemini::VERTEX,
        Provider::Undefined => return None,
    })
}

/// The models for embeddings of a provider, without layers.
///
/// # Errors
/// Where the provider has none, or the account lacks what it needs.
pub fn connect_embedder(provider: Provider, account: Account<'_>) -> Result<Arc<Embedder>, CallError> {
    Ok(match provider {
        Provider::OpenAi => Arc::new(OpenAiEmbedder::new(account)?),
        Provider::Gemini | Provider::Google => Arc::new(GeminiEmbedder::new(account)?),
        Provider::Anthropic => return Err(nobody(provider, "this provider has no embeddings")),
        Provider::Vertex => Arc::new(VertexEmbedder::new(account)?),
        Provider::Undefined => return Err(nobody(provider, "say which provider the model belongs to")),
    })
}

/// Whether the environment knows of Azure and of nothing else that speaks this API.
fn is_azure(account: &Account<'_>) -> bool {
    let given = |names: &[&str]| account.environment.get(names).is_some();
    account.connection.base_url.is_none()
        && account.prompt.base_url.is_none()
        && given(&["AZURE_OPENAI_ENDPOINT"])
        && !given(&["OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE"])
}

fn nobody(provider: Provider, message: &str) -> CallError {
    CallError::new(ErrorKind::Configuration, provider.as_str(), message)
}
