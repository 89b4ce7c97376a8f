"""Anthropic's messages."""

from __future__ import annotations

from typing import Any, Optional

from scouter.mock._api import Api, Said, chat
from scouter.mock._request import Question, Request, texts

REASONS = {"length": "max_tokens", "refusal": "refusal"}
TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    529: "overloaded_error",
}


def _tool(body: Any) -> Optional[dict[str, Any]]:
    """The tool that the answer is to be given by: the one that is asked for, or the only one."""
    tools: list[dict[str, Any]] = body.get("tools") or []
    name = (body.get("tool_choice") or {}).get("name")
    asked = [tool for tool in tools if tool.get("name") == name]
    return asked[0] if asked else tools[0] if len(tools) == 1 else None


def _read(_path: str, body: Any) -> Question:
    tool = _tool(body)
    form = (body.get("output_config") or {}).get("format") or body.get("output_format") or {}
    schema = tool.get("input_schema") if tool else form.get("schema")
    said = tuple(texts(message.get("content")) for message in body["messages"])
    return Question(body["model"], said, texts(body.get("system")), schema)


def _message(request: Request, said: Said) -> Any:
    tool = _tool(request.body)
    content: dict[str, Any] = {"type": "text", "text": said.text}
    if tool and said.finish != "refusal" and (said.value is not None or said.finish == "length"):
        content = {"type": "tool_use", "id": f"toolu_{request.number}", "name": tool["name"], "input": said.value or {}}
    reason = REASONS.get(said.finish, "tool_use" if content["type"] == "tool_use" else "end_turn")
    return {
        "id": f"msg_{request.number}",
        "type": "message",
        "role": "assistant",
        "model": request.model,
        "content": [content],
        "stop_reason": reason,
        "stop_sequence": None,
        "usage": {
            "input_tokens": said.input_tokens,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "output_tokens": said.output_tokens,
        },
    }


def _error(status: int, message: str) -> Any:
    kind = TYPES.get(status, "api_error" if status >= 500 else "invalid_request_error")
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_test"}


APIS = (Api("anthropic", "messages", "/v1/messages", _read, chat(_message), _error, (401, "invalid x-api-key")),)
