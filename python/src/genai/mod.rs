//! Models: prompts, how they are asked, and what stands in for them in tests.

mod call;
mod embedder;
mod embedding_config;
mod enums;
mod labels;
mod message;
mod options;
mod output;
mod preference;
mod prompt;
mod rubric;
mod score;
mod scripted;
mod settings;
mod worded;

pub(crate) use call::{PyModelCall, PyModelUsage};
pub(crate) use embedder::{PyEmbedder, PyEmbeddings};
pub(crate) use embedding_config::{PyGeminiEmbedding, PyOpenAIEmbedding};
pub(crate) use enums::{PyProvider, PyResponseType, PyRole};
pub(crate) use labels::PyLabels;
pub(crate) use message::{PyImage, PyMessage};
pub(crate) use options::PyModelOptions;
pub(crate) use preference::PyPreference;
pub(crate) use prompt::PyPrompt;
pub(crate) use rubric::PyRubric;
pub(crate) use score::PyScore;
pub(crate) use scripted::PyScriptedModel;
pub(crate) use settings::{PyAnthropicSettings, PyGeminiSettings, PyModelSettings, PyOpenAISettings};
pub(crate) use worded::{PyChatMessage, PyGeminiContent, PyMessageParam};
