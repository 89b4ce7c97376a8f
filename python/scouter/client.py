"""What the server and its clients exchange: traces and their parts."""

from scouter._scouter import Attribute, SpanEvent, SpanLink, TraceSpan

__all__ = ["Attribute", "SpanEvent", "SpanLink", "TraceSpan"]
