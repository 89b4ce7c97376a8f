"""What the APIs of all providers have in common."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Optional
from zlib import crc32

from scouter.mock._example import example
from scouter.mock._reply import Finish, Reply
from scouter.mock._request import Question, Request


@dataclass(frozen=True)
class Said:
    """What a model says, before it is put in a provider's format."""

    text: str
    value: Optional[dict[str, Any]]
    """The object that the text is, where a schema was sent and it is one."""
    finish: Finish
    input_tokens: int
    output_tokens: int


@dataclass(frozen=True)
class Api:
    """One API of one provider."""

    provider: str
    name: str
    ends: str
    """How the paths end at which it is spoken."""
    read: Callable[[str, Any], Question]
    """Reads path and body; raises what Python raises where something is missing or of another type."""
    write: Callable[[Request, Reply], Any]
    """A success in the provider's format."""
    error: Callable[[int, str], Any]
    wrong_key: tuple[int, str]
    """Status and message for a key that is not accepted."""

    def body(self, request: Request, reply: Reply) -> Any:
        """The reply in the provider's format."""
        if reply.status < 400:
            return self.write(request, reply)
        usual = MESSAGES.get(reply.status, f"status {reply.status}").format(model=request.model)
        return self.error(reply.status, reply.answer if isinstance(reply.answer, str) else usual)


def chat(written: Callable[[Request, Said], Any]) -> Callable[[Request, Reply], Any]:
    """Writes what a model says."""
    return lambda request, reply: written(request, say(request, reply))


def embeddings(written: Callable[[Request, list[list[float]], int], Any]) -> Callable[[Request, Reply], Any]:
    """Writes vectors, and how many tokens they were made of. Where the reply is no list, the vectors are the server's own."""

    def write(request: Request, reply: Reply) -> Any:
        given, size = reply.answer, request.dimensions or DIMENSIONS
        vectors = given if isinstance(given, list) else [embed(text, size) for text in request.messages]
        return written(request, vectors, reply.tokens[0] if reply.tokens else sum(map(tokens, request.messages)))

    return write


MESSAGES = {
    400: "the request is not valid",
    401: "the key is not accepted",
    402: "the credit is used up",
    403: "the key may not do this",
    404: "the model `{model}` does not exist",
    429: "too many requests",
    500: "the server had an error",
    503: "the server is overloaded",
    529: "overloaded",
}


def say(request: Request, reply: Reply) -> Said:
    """What the model says, by the reply or of its own."""
    answer = reply.answer
    if answer is None:
        answer = "This is the test server." if request.schema is None else example(request.schema)
        text = answer if request.schema is None else json.dumps(answer, ensure_ascii=False)
    else:
        text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
    if reply.finish == "length":
        text = text[: len(text) // 2]
    value = None
    if request.schema is not None and reply.finish == "stop":
        value = answer if isinstance(answer, dict) else parsed(text)
    count = reply.tokens or (tokens(request.system) + tokens(request.text), tokens(text))
    return Said(text, value, reply.finish, *count)


def parsed(text: str) -> Optional[dict[str, Any]]:
    """The JSON object that a text is."""
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def tokens(text: str) -> int:
    """About how many tokens a text has: one for every four characters."""
    return -(-len(text) // 4)


DIMENSIONS = 256


def embed(text: str, dimensions: int) -> list[float]:
    """A vector of length 1 that counts words: texts with words in common are near to each other, and the same are the same."""
    vector = [0.0] * dimensions
    for word in text.lower().split() or [""]:
        vector[crc32(word.strip(".,;:!?\"'()").encode()) % dimensions] += 1.0
    length = sum(number * number for number in vector) ** 0.5
    return [number / length for number in vector]
