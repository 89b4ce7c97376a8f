"""Records of evaluations that the server keeps."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Optional, Union

from scouter._arguments import checked_tuple
from scouter._data import data
from scouter._moment import moment, written

if TYPE_CHECKING:
    from decimal import Decimal


@data
class KeptEvalRecord(NamedTuple):
    """What is to be evaluated, as it was inserted."""

    uid: str
    """That of the `GenAIEvalRecord`."""
    created_at: datetime
    """When it was made, by the clock of whoever made it."""
    arrived_at: datetime
    """When the server took it."""
    context: dict[str, Any]
    """What it was made of. Exact numbers are `Decimal`s, as they were."""
    record_id: Optional[str]
    """What the application calls it."""
    session_id: Optional[str]
    """The session that it belongs to."""
    trace_id: Optional[str]
    """The trace that it came from: 32 hexadecimal digits."""


@data
@checked_tuple
class EvalRecordPaginationRequest(NamedTuple):
    """Which records of a profile of evaluations: a page of them, newest first."""

    uid: str
    """The profile: `profile.uid`."""
    limit: Optional[int] = None
    """How many at most: 50 by default, 500 at most, and fewer where they are large."""
    cursor: Optional[str] = None
    """From behind this one on: a cursor of a page."""
    direction: Optional[Literal["next", "previous"]] = "previous"
    """Whether they are older than the cursor (`previous`) or newer (`next`)."""
    start_datetime: Optional[datetime] = None
    """Made at this time or later."""
    end_datetime: Optional[datetime] = None
    """Made before this time."""

    def query(self) -> dict[str, str]:
        """What the server is asked."""
        asked = {
            "limit": None if self.limit is None else str(self.limit),
            "cursor": self.cursor,
            "direction": self.direction,
            "start_datetime": written("start_datetime", self.start_datetime),
            "end_datetime": written("end_datetime", self.end_datetime),
        }
        return {key: value for key, value in asked.items() if value is not None}


@data
class EvalRecordPaginationResponse(NamedTuple):
    """A page of records of evaluations, newest first."""

    items: list[KeptEvalRecord]
    has_next: bool
    """Whether there are newer ones,"""
    next_cursor: Optional[str]
    """and behind what they begin."""
    has_previous: bool
    """Whether there are older ones,"""
    previous_cursor: Optional[str]
    """and behind what they begin."""


def page_of(answer: str) -> EvalRecordPaginationResponse:
    """A page as the server tells it."""
    told = json.loads(answer, parse_float=_number)
    items = [
        KeptEvalRecord(
            item["uid"],
            moment(item["created_at"]),
            moment(item["arrived_at"]),
            item["context"],
            item.get("id"),
            item.get("session"),
            item.get("trace"),
        )
        for item in told["items"]
    ]
    return EvalRecordPaginationResponse(
        items, told["has_next"], told.get("next_cursor"), told["has_previous"], told.get("previous_cursor")
    )


def _number(text: str) -> Union[float, Decimal]:
    """A fraction, which is exact where it is marked as such (`0.10e0`)."""
    if not text.endswith("e0"):
        return float(text)
    from decimal import Decimal  # seldom needed

    return Decimal(text[:-2])
