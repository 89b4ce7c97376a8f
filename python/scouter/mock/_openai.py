"""OpenAI's chat completions, responses and embeddings, as every compatible server speaks them."""

from __future__ import annotations

import base64
import struct
from typing import Any, Optional

from scouter.mock._api import Api, Said, chat, embeddings
from scouter.mock._request import Question, Request, texts

CREATED = 1_760_000_000
SYSTEM = ("system", "developer")


def _question(model: str, messages: list[dict[str, Any]], form: Optional[dict[str, Any]]) -> Question:
    schema = form.get("schema") if form else None
    system = [texts(message.get("content")) for message in messages if message.get("role") in SYSTEM]
    said = [texts(message.get("content")) for message in messages if message.get("role") not in SYSTEM]
    return Question(model, tuple(said), "\n".join(system), schema)


def _read_completion(_path: str, body: Any) -> Question:
    form = body.get("response_format") or {}
    return _question(body["model"], body["messages"], form.get("json_schema"))


def _completion(request: Request, said: Said) -> Any:
    refused = said.finish == "refusal"
    message: dict[str, Any] = {
        "role": "assistant",
        "content": None if refused else said.text,
        "refusal": said.text if refused else None,
        "annotations": [],
    }
    finish = "length" if said.finish == "length" else "stop"
    return {
        "id": f"chatcmpl-{request.number}",
        "object": "chat.completion",
        "created": CREATED,
        "model": request.model,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish}],
        "usage": {
            "prompt_tokens": said.input_tokens,
            "completion_tokens": said.output_tokens,
            "total_tokens": said.input_tokens + said.output_tokens,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
        },
        "service_tier": "default",
        "system_fingerprint": "fp_test",
    }


def _read_response(_path: str, body: Any) -> Question:
    given = body["input"]
    messages = [{"role": "user", "content": given}] if isinstance(given, str) else list(given)
    if body.get("instructions"):
        messages.insert(0, {"role": "system", "content": body["instructions"]})
    return _question(body["model"], messages, (body.get("text") or {}).get("format"))


def _response(request: Request, said: Said) -> Any:
    cut = said.finish == "length"
    part: dict[str, Any] = {"type": "output_text", "text": said.text, "annotations": [], "logprobs": []}
    if said.finish == "refusal":
        part = {"type": "refusal", "refusal": said.text}
    status = "incomplete" if cut else "completed"
    message = {"type": "message", "id": f"msg_{request.number}", "status": status, "role": "assistant", "content": [part]}
    return {
        "id": f"resp_{request.number}",
        "object": "response",
        "created_at": CREATED,
        "status": status,
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if cut else None,
        "instructions": request.body.get("instructions"),
        "metadata": {},
        "model": request.model,
        "output": [message],
        "parallel_tool_calls": True,
        "temperature": request.body.get("temperature", 1.0),
        "tool_choice": "auto",
        "tools": [],
        "top_p": request.body.get("top_p", 1.0),
        "usage": {
            "input_tokens": said.input_tokens,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": said.output_tokens,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": said.input_tokens + said.output_tokens,
        },
    }


def _read_embeddings(_path: str, body: Any) -> Question:
    given = body["input"]
    asked = [given] if isinstance(given, str) else map(str, given)
    return Question(body["model"], tuple(asked), dimensions=body.get("dimensions"))


def _embeddings(request: Request, vectors: list[list[float]], tokens: int) -> Any:
    packed = request.body.get("encoding_format") == "base64"

    def written(vector: list[float]) -> Any:
        return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode() if packed else vector

    return {
        "object": "list",
        "data": [{"object": "embedding", "index": at, "embedding": written(vector)} for at, vector in enumerate(vectors)],
        "model": request.model,
        "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
    }


TYPES = {401: "authentication_error", 403: "permission_error", 429: "requests"}
CODES = {401: "invalid_api_key", 402: "insufficient_quota", 404: "model_not_found", 429: "rate_limit_exceeded"}


def _error(status: int, message: str) -> Any:
    kind = TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
    return {"error": {"message": message, "type": kind, "param": None, "code": CODES.get(status)}}


WRONG_KEY = (401, "Incorrect API key provided.")

APIS = (
    Api("openai", "completions", "/chat/completions", _read_completion, chat(_completion), _error, WRONG_KEY),
    Api("openai", "responses", "/responses", _read_response, chat(_response), _error, WRONG_KEY),
    Api("openai", "embeddings", "/embeddings", _read_embeddings, embeddings(_embeddings), _error, WRONG_KEY),
)
