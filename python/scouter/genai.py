"""Models: prompts, how providers are asked, and what stands in for them in tests.

    from scouter.genai import Prompt, Provider, Score
"""

from scouter._scouter import (
    AnthropicSettings,
    GeminiSettings,
    Image,
    Message,
    ModelCall,
    ModelOptions,
    ModelSettings,
    ModelUsage,
    OpenAIChatSettings,
    Prompt,
    Provider,
    ResponseType,
    Role,
    Score,
    ScriptedModel,
)

__all__ = [
    "AnthropicSettings",
    "GeminiSettings",
    "Image",
    "Message",
    "ModelCall",
    "ModelOptions",
    "ModelSettings",
    "ModelUsage",
    "OpenAIChatSettings",
    "Prompt",
    "Provider",
    "ResponseType",
    "Role",
    "Score",
    "ScriptedModel",
]
