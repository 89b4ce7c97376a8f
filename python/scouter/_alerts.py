"""Alerts that the server keeps."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, NamedTuple, Optional

from scouter._arguments import checked_tuple
from scouter._data import data
from scouter._moment import moment, written


@data
class AlertDeliveries(NamedTuple):
    """How many notices of an alert came to what, each counted once for everybody who is told."""

    delivered: int
    """So many arrived."""
    waiting: int
    """So many have not arrived yet, and are sent, or sent again."""
    given_up: int
    """So many did not arrive, and are not sent any more: the log of the server says why."""


@data
class Alert(NamedTuple):
    """What drifts in a profile, from its beginning to its end."""

    created_at: datetime
    """When it was found."""
    entity_name: str
    """Space, name and version of the profile: `space/name/1.0.0`."""
    alert: dict[str, str]
    """Features or metrics that drifted, and what is said of each."""
    id: int
    active: bool
    """Whether it is not gone yet."""
    acknowledged_at: Optional[datetime] = None
    """When somebody said that it is known."""
    resolved_at: Optional[datetime] = None
    """When it was gone."""
    deliveries: Optional[AlertDeliveries] = None
    """What became of what was told of it; `None` where an older server does not say."""


@data
class AlertCursor(NamedTuple):
    """Where a page of alerts begins."""

    created_at: datetime
    id: int


@data
@checked_tuple
class DriftAlertPaginationRequest(NamedTuple):
    """Which alerts of a profile: a page of them, newest first."""

    uid: str
    """The profile: `profile.uid`."""
    active: bool = False
    """Only those that are not gone."""
    limit: Optional[int] = None
    """How many at most: 50 by default, 500 at most."""
    cursor_created_at: Optional[datetime] = None
    """From behind a cursor on: its time,"""
    cursor_id: Optional[int] = None
    """and its id."""
    direction: Optional[Literal["next", "previous"]] = "previous"
    """Whether they are older than the cursor (`previous`) or newer (`next`)."""
    start_datetime: Optional[datetime] = None
    """Found at this time or later."""
    end_datetime: Optional[datetime] = None
    """Found before this time."""

    def query(self) -> dict[str, str]:
        """What the server is asked."""
        asked = {
            "active": "true" if self.active else None,
            "limit": None if self.limit is None else str(self.limit),
            "cursor_created_at": written("cursor_created_at", self.cursor_created_at),
            "cursor_id": None if self.cursor_id is None else str(self.cursor_id),
            "direction": self.direction,
            "start_datetime": written("start_datetime", self.start_datetime),
            "end_datetime": written("end_datetime", self.end_datetime),
        }
        return {key: value for key, value in asked.items() if value is not None}


@data
class DriftAlertPaginationResponse(NamedTuple):
    """A page of alerts, newest first."""

    items: list[Alert]
    has_next: bool
    """Whether there are newer ones,"""
    next_cursor: Optional[AlertCursor]
    """and behind what they begin."""
    has_previous: bool
    """Whether there are older ones,"""
    previous_cursor: Optional[AlertCursor]
    """and behind what they begin."""


def alert_of(told: Any) -> Alert:
    """An alert as the server tells it."""
    acknowledged, resolved = (at and moment(at) for at in (told.get("acknowledged_at"), told.get("resolved_at")))
    sent = told.get("deliveries")
    deliveries = sent and AlertDeliveries(sent["delivered"], sent["waiting"], sent["given_up"])
    return Alert(moment(told["created_at"]), told["entity_name"], told["alert"], told["id"], told["active"], acknowledged, resolved, deliveries)


def page_of(told: Any) -> DriftAlertPaginationResponse:
    """A page as the server tells it."""
    newer, older = (_cursor(told.get(name)) for name in ("next_cursor", "previous_cursor"))
    items = [alert_of(item) for item in told["items"]]
    return DriftAlertPaginationResponse(items, told["has_next"], newer, told["has_previous"], older)


def _cursor(told: Any) -> Optional[AlertCursor]:
    return None if told is None else AlertCursor(moment(told["created_at"]), told["id"])
