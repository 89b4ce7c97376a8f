"""For tests: a server that speaks the providers' APIs, a transport that keeps what it is given, and small traces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scouter.mock._traces import (
    create_multi_service_trace,
    create_nested_trace,
    create_sequence_pattern_trace,
    create_simple_trace,
    create_trace_with_attributes,
    create_trace_with_errors,
)

if TYPE_CHECKING:
    from scouter.mock._reply import Reply, broken_json, cut_off, dropped, every, first, rate_limited, refused, unavailable
    from scouter.mock._request import Request
    from scouter.mock._server import LLMTestServer
    from scouter.mock._transport import MockConfig

__all__ = [
    "LLMTestServer",
    "MockConfig",
    "Reply",
    "Request",
    "broken_json",
    "create_multi_service_trace",
    "create_nested_trace",
    "create_sequence_pattern_trace",
    "create_simple_trace",
    "create_trace_with_attributes",
    "create_trace_with_errors",
    "cut_off",
    "dropped",
    "every",
    "first",
    "rate_limited",
    "refused",
    "unavailable",
]


def __getattr__(name: str) -> object:
    """The server is loaded when it is asked for: traces need no event loop."""
    if name not in __all__:
        raise AttributeError(f"module `scouter.mock` has no `{name}`")
    from scouter.mock import _reply, _request, _server, _transport

    return next(getattr(module, name) for module in (_server, _transport, _reply, _request) if hasattr(module, name))
