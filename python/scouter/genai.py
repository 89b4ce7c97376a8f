"""Models: prompts, how providers are asked, and what stands in for them in tests.

    from scouter.genai import Prompt, Provider, Score
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scouter._scouter import (
    AnthropicSettings,
    BudgetUse,
    ChatMessage,
    ContentEmbedding,
    Embedder,
    EmbeddingObject,
    Embeddings,
    EmbeddingUsage,
    GeminiContent,
    GeminiEmbeddingConfig,
    GeminiEmbeddingResponse,
    GeminiSettings,
    Image,
    Labels,
    Message,
    MessageParam,
    ModelCall,
    ModelOptions,
    ModelSettings,
    ModelUsage,
    OpenAIChatSettings,
    OpenAIEmbeddingConfig,
    OpenAIEmbeddingResponse,
    Prediction,
    PredictRequest,
    PredictResponse,
    Preference,
    Prompt,
    Provider,
    ResponseType,
    Role,
    Rubric,
    Score,
    ScriptedModel,
)

if TYPE_CHECKING:
    from scouter._agent import Agent, AgentResponse, Task, TaskEvent, TaskStatus, TokenLogProb, TokenUsage
    from scouter._workflow import TaskList, Workflow, WorkflowResult, WorkflowTask

__all__ = [
    "Agent",
    "AgentResponse",
    "AnthropicSettings",
    "BudgetUse",
    "ChatMessage",
    "ContentEmbedding",
    "Embedder",
    "EmbeddingObject",
    "EmbeddingUsage",
    "Embeddings",
    "GeminiContent",
    "GeminiEmbeddingConfig",
    "GeminiEmbeddingResponse",
    "GeminiSettings",
    "Image",
    "Labels",
    "Message",
    "MessageParam",
    "ModelCall",
    "ModelOptions",
    "ModelSettings",
    "ModelUsage",
    "OpenAIChatSettings",
    "OpenAIEmbeddingConfig",
    "OpenAIEmbeddingResponse",
    "PredictRequest",
    "PredictResponse",
    "Prediction",
    "Preference",
    "Prompt",
    "Provider",
    "ResponseType",
    "Role",
    "Rubric",
    "Score",
    "ScriptedModel",
    "Task",
    "TaskEvent",
    "TaskList",
    "TaskStatus",
    "TokenLogProb",
    "TokenUsage",
    "Workflow",
    "WorkflowResult",
    "WorkflowTask",
]


def __getattr__(name: str) -> object:
    """Agents and workflows are loaded when they are asked for."""
    if name not in __all__:
        raise AttributeError(f"module `scouter.genai` has no `{name}`")
    from scouter import _agent, _workflow

    return getattr(_agent if hasattr(_agent, name) else _workflow, name)
