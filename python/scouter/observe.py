"""Requests to an application, counted by hand. For a service, `scouter.integrations` does it."""

from scouter._scouter import LatencyMetrics, ObservabilityMetrics, Observer, RouteMetrics

__all__ = ["LatencyMetrics", "ObservabilityMetrics", "Observer", "RouteMetrics"]
