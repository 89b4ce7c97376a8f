"""Moments as the server writes them."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Optional


def moment(text: str) -> datetime:
    """The moment that a text names, as Python 3.10 reads it too: with an offset in place of `Z`, and microseconds of six digits."""
    text = text.replace("Z", "+00:00")
    if "." in text:
        head, rest = text.split(".", 1)
        digits, sign, offset = rest.partition("+")
        text = f"{head}.{digits[:6]:0<6}{sign}{offset}"
    return datetime.fromisoformat(text)


def written(name: str, at: Optional[datetime]) -> Optional[str]:
    """The moment as a text in UTC; one without a time zone could be any."""
    if at is None:
        return None
    if at.tzinfo is None:
        raise ValueError(f"`{name}` is {at}, which has no time zone: say `{name}.astimezone()` where it is local, or give it `timezone.utc`")
    return at.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")
