//! Prompts: questions with places to fill in.

mod compiled;
mod labels;
mod output;
mod rubric;
mod spec;
mod template;

pub use compiled::{CompiledPrompt, FillError, PromptErrors, PromptProblem};
pub use labels::{BadLabels, Labels};
pub use output::{NamedOutput, OutputType};
pub use rubric::{BadRubric, Criterion, Rubric};
pub use spec::Prompt;
