"""What a provider was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Optional


@dataclass(frozen=True)
class Question:
    """What a body asks for, whatever API it is written for."""

    model: str
    messages: tuple[str, ...]
    """The texts of all messages but the system's, in order; of embeddings, the texts to embed."""
    system: str = ""
    """What the system's messages say, one a line."""
    schema: Optional[dict[str, Any]] = None
    """The JSON Schema that the answer is to fit, as it was sent."""
    dimensions: Optional[int] = None
    """How many numbers each vector of embeddings is to have."""


@dataclass(frozen=True)
class Request(Question):
    """One call that the test server got."""

    number: int = 0
    """Which call it is, counted from 1."""
    provider: str = ""
    """`openai`, `anthropic`, `gemini` or `vertex`."""
    api: str = ""
    """`completions`, `responses`, `embeddings`, `messages`, `generateContent`, `batchEmbedContents` or `predict`."""
    path: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By their names in lower case; the key is among them."""
    body: Any = field(default=None, repr=False)
    """The JSON that was sent."""

    @property
    def text(self) -> str:
        """All messages, one a line."""
        return "\n".join(self.messages)


def texts(content: object) -> str:
    """The text of a content: a string, or the texts of a list of parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(text for part in content if isinstance(part, dict) and isinstance(text := part.get("text"), str))
    return ""
