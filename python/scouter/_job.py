"""The drift job of a profile, as the server tells of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple, Optional

from scouter._data import data
from scouter._moment import moment


@data
class DriftWindow(NamedTuple):
    """What a drift job found in a window of records. One without rows says nothing: neither that something drifts nor that nothing does any more."""

    began: datetime
    """What arrived after this"""
    ended: datetime
    """and up to this is in it."""
    rows: int
    """How many rows that are."""
    drifted: list[str]
    """Features or metrics that drifted."""
    lost: Optional[list[str]] = None
    """Those that are watched and of which it says nothing, neither that they drifted nor that they did not: too few rows, in the baseline or now. `None` where an
    older server does not say."""


@data
class WaitingRows(NamedTuple):
    """Rows that are too few for anything to be said. They are looked at again with those that come."""

    rows: int
    """How many there were when a job looked last; of charts and metrics, those with a value of whichever is nearest to enough."""
    needed: int
    """How many are enough."""


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
    """What the newest window came to that has ended: its `rows` are 0 where nothing had come since the one before."""
    waiting: Optional[WaitingRows] = None
    """Rows that came since, where a job looked at them and they are too few for anything to be said."""
    alert: Optional[int] = None
    """The alert of the profile that is open, whatever the newest window came to; `None` where none is, and where an older server does not say."""


def job_of(told: Any) -> DriftJob:
    """A job as the server tells it."""
    due, last, waiting = told.get("due_at"), told.get("last"), told.get("waiting")
    window = last and DriftWindow(moment(last["began"]), moment(last["ended"]), last["rows"], last["drifted"], last.get("lost"))
    few = waiting and WaitingRows(waiting["rows"], waiting["needed"])
    return DriftJob(told["under_way"], due and moment(due), told.get("failure"), window, few, told.get("alert"))
