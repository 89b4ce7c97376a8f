//! Models: prompts, how they are asked, and what stands in for them in tests.

mod call;
mod connected;
mod embedder;
mod embedding_config;
mod embeddings;
mod enums;
mod key;
mod labels;
mod message;
mod options;
mod output;
mod predict;
mod preference;
mod prompt;
mod rubric;
mod score;
mod scripted;
mod secrets;
mod settings;
mod worded;

pub(crate) use call::{PyBudgetUse, PyModelCall, PyModelUsage};
pub(crate) use embedder::{ACCOUNT, Failed, Made, PyEmbedder};
pub(crate) use embedding_config::{PyGeminiEmbedding, PyOpenAIEmbedding};
pub(crate) use embeddings::{
    PyContentEmbedding, PyEmbeddingObject, PyEmbeddingUsage, PyEmbeddings, PyGeminiResponse, PyLikeness,
    PyOpenAIResponse, PyPredictResponse, PyPrediction,
};
pub(crate) use enums::{PyProvider, PyResponseType, PyRole};
pub(crate) use labels::PyLabels;
pub(crate) use message::{PyImage, PyMessage};
pub(crate) use options::PyModelOptions;
pub(crate) use predict::PyPredictRequest;
pub(crate) use preference::PyPreference;
pub(crate) use prompt::PyPrompt;
pub(crate) use rubric::PyRubric;
pub(crate) use score::PyScore;
pub(crate) use scripted::PyScriptedModel;
pub(crate) use settings::{PyAnthropicSettings, PyGeminiSettings, PyModelSettings, PyOpenAISettings};
pub(crate) use worded::{PyChatMessage, PyGeminiContent, PyMessageParam};
