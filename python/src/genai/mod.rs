//! Models: prompts, how they are asked, and what stands in for them in tests.

mod call;
mod enums;
mod message;
mod options;
mod output;
mod prompt;
mod score;
mod scripted;
mod settings;

pub(crate) use call::{PyModelCall, PyModelUsage};
pub(crate) use enums::{PyProvider, PyResponseType, PyRole};
pub(crate) use message::{PyImage, PyMessage};
pub(crate) use options::PyModelOptions;
pub(crate) use prompt::PyPrompt;
pub(crate) use score::PyScore;
pub(crate) use scripted::PyScriptedModel;
pub(crate) use settings::{PyAnthropicSettings, PyGeminiSettings, PyModelSettings, PyOpenAISettings};
