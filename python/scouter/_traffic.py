"""Requests to an application, as the server tells of them."""

from __future__ import annotations

from typing import Any, NamedTuple

from scouter._data import data
from scouter._scouter import RouteMetrics


@data
class Traffic(NamedTuple):
    """Requests to an application in a stretch of time."""

    routes: dict[str, RouteMetrics]
    """By route, as the application declares it. Counts are those of all records together; each percentile is the mean of those that clients measured, in
    which a record counts for as much as it has requests."""
    left_out: int
    """How many requests went to further routes, where there are more than 1,000."""


def traffic_of(answer: Any) -> Traffic:
    """What the server answered."""
    return Traffic({name: _route(name, told) for name, told in answer["routes"].items()}, answer["left_out"])


def _route(name: str, told: Any) -> RouteMetrics:
    return RouteMetrics.model_validate(
        {
            "route_name": name,
            "metrics": told["latency"],
            "request_count": told["count"],
            "error_count": told["errors"],
            "error_latency": told["error_latency"],
            "status_codes": told["statuses"],
        }
    )
