"""The drift job of a profile, as the server tells of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple, Optional

from scouter._data import data
from scouter._moment import moment


@data
class DriftWindow(NamedTuple):
    """What a drift job found in a window of records."""

    began: datetime
    """What arrived after this"""
    ended: datetime
    """and up to this is in it."""
    rows: int
    """How many rows that are."""
    drifted: list[str]
    """Features or metrics that drifted."""


@data
class DriftJob(NamedTuple):
    """How things stand with the drift job of a profile."""

    under_way: bool
    """Whether it is at work, or due and not begun yet."""
    due_at: Optional[datetime]
    """When it is due; `None` where it was never planned."""
    failure: Optional[str]
    """Why it failed, where it did the last time. It is tried again then."""
    last: Optional[DriftWindow]
    """What the newest window came to of which anything could be said."""


def job_of(told: Any) -> DriftJob:
    """A job as the server tells it."""
    due, last = told.get("due_at"), told.get("last")
    window = last and DriftWindow(moment(last["began"]), moment(last["ended"]), last["rows"], last["drifted"])
    return DriftJob(told["under_way"], due and moment(due), told.get("failure"), window)
