//! Prompts: questions with places to fill in.

mod compiled;
mod spec;
mod template;

pub use compiled::{CompiledPrompt, FillError, PromptErrors, PromptProblem};
pub use spec::{NamedOutput, OutputType, Prompt};
