"""Moments as the server writes them."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Optional


def moment(text: str) -> datetime:
    """The moment that a text names."""
    return datetime.fromisoformat(in_iso(text))


def in_iso(text: str) -> str:
    """A moment or a time as Python 3.10 reads it too: with an offset in place of `Z`, and microseconds of six digits."""
    text = re.sub("[Zz]$", "+00:00", text)
    return re.sub(r"\.(\d+)", lambda digits: f".{digits[1][:6]:0<6}", text)


def written(name: str, at: Optional[datetime]) -> Optional[str]:
    """The moment as a text in UTC; one without a time zone could be any."""
    if at is None:
        return None
    if at.tzinfo is None:
        raise ValueError(f"`{name}` is {at}, which has no time zone: say `{name}.astimezone()` where it is local, or give it `timezone.utc`")
    return at.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")
