"""Small traces for tests."""

from __future__ import annotations

from scouter._scouter import TraceSpan, sample_trace

__all__ = [
    "create_multi_service_trace",
    "create_nested_trace",
    "create_sequence_pattern_trace",
    "create_simple_trace",
    "create_trace_with_attributes",
    "create_trace_with_errors",
]


def create_simple_trace() -> list[TraceSpan]:
    """A root with two children, of `test_service`."""
    return sample_trace("simple")


def create_nested_trace() -> list[TraceSpan]:
    """Three levels, of `nested_service`."""
    return sample_trace("nested")


def create_trace_with_attributes() -> list[TraceSpan]:
    """A root and a call of a model with tokens, cost and a response, of `attribute_service`."""
    return sample_trace("with_attributes")


def create_multi_service_trace() -> list[TraceSpan]:
    """A root and two children, each of a service of its own."""
    return sample_trace("multi_service")


def create_sequence_pattern_trace() -> list[TraceSpan]:
    """A chain in which a tool call and an agent's turn come twice, of `pattern_service`."""
    return sample_trace("sequence_pattern")


def create_trace_with_errors() -> list[TraceSpan]:
    """A root with a child that failed and one that recovered, of `error_service`."""
    return sample_trace("with_errors")
