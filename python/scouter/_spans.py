"""Spans of calls to models, written by the tracer of OpenTelemetry that the application has set up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Optional, Union

from scouter._scouter import __version__

Attribute = Union[str, list[str], int, float]

Write = Callable[[str, tuple[int, int], dict[str, Attribute], Optional[str]], None]
"""Writes a span: its name, when it began and ended in nanoseconds since 1970, its attributes, and why it failed where it did."""


def writer() -> Optional[Write]:
    """What writes spans below the one that is current now; `None` where the application has no tracer.

    Only to be called where somebody has imported OpenTelemetry.
    """
    # Another thread may be at it: this waits until it is whole.
    from opentelemetry import context, trace

    provider = trace.get_tracer_provider()
    if isinstance(provider, (trace.ProxyTracerProvider, trace.NoOpTracerProvider)):
        return None
    tracer, below = provider.get_tracer("scouter", __version__), context.get_current()

    def write(name: str, times: tuple[int, int], attributes: dict[str, Attribute], failure: Optional[str]) -> None:
        start, end = times
        span = tracer.start_span(name, below, trace.SpanKind.CLIENT, attributes, start_time=start)
        if failure is not None:
            span.set_status(trace.Status(trace.StatusCode.ERROR, failure))
        span.end(end)

    return write
