"""What the test server is told to reply."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Optional, Union

from scouter.mock._request import Request

Finish = Literal["stop", "length", "refusal"]


@dataclass(frozen=True)
class Reply:
    """A reply in every detail; what is left out is as in a usual one."""

    answer: Any = None
    """What the model says: a text, or what becomes JSON (of embeddings, a list of vectors). `None` is the server's own answer.
    With a status of 400 or more, the provider's message."""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    """Further headers."""
    body: Union[str, bytes, None] = None
    """Sent as it stands, in the place of the provider's format."""
    finish: Finish = "stop"
    """Why the model stops: it is done, it is cut by the limit on tokens (only the first half is sent), or it refuses."""
    tokens: Optional[tuple[int, int]] = None
    """Tokens of the question and of the answer; without it, one for every four characters."""
    delay: float = 0.0
    """Seconds before the reply begins."""
    duration: float = 0.0
    """Seconds that its body takes."""
    drop: Optional[float] = None
    """The share of the reply's bytes after which the connection is dropped: 0 before the first, 0.5 half-way."""

    def __post_init__(self) -> None:
        if not 200 <= self.status <= 599:
            raise ValueError(f"`status` must be from 200 to 599, not `{self.status}`")
        if self.finish not in ("stop", "length", "refusal"):
            raise ValueError(f"`finish` must be `stop`, `length` or `refusal`, not `{self.finish}`")
        for name in ("delay", "duration"):
            if not 0 <= getattr(self, name) < float("inf"):
                raise ValueError(f"`{name}` must be a number of seconds, not `{getattr(self, name)}`")
        if self.drop is not None and not 0 <= self.drop < 1:
            raise ValueError(f"`drop` must be at least 0 and less than 1, not `{self.drop}`")


Answer = Union[Reply, str, dict[str, Any], list[Any], None]
"""A reply, or only what the model says in it; `None` is the server's own answer."""

Script = Callable[[Request], Answer]
Replies = Union[Answer, Sequence[Answer], Script]


def every(nth: int, reply: Answer, otherwise: Answer = None) -> Script:
    """Gives `reply` to every `nth` call, `otherwise` to all others."""
    if nth < 1:
        raise ValueError(f"`nth` must be at least 1, not `{nth}`")
    return lambda request: otherwise if request.number % nth else reply


def first(calls: int, reply: Answer, then: Answer = None) -> Script:
    """Gives `reply` to the first calls, `then` to all others."""
    return lambda request: reply if request.number <= calls else then


def rate_limited(retry_after: Optional[float] = None) -> Reply:
    """Too many requests (429), with the seconds to wait in `Retry-After` where they are given."""
    return Reply(status=429, headers={} if retry_after is None else {"retry-after": f"{retry_after:g}"})


def unavailable(status: int = 500) -> Reply:
    """A provider in trouble, such as 500, 503 or 529."""
    return Reply(status=status)


def broken_json() -> Reply:
    """A success whose body ends in the middle of its JSON."""
    return Reply(body='{"id": "1", "choices": [{"mess')


def dropped(after: float = 0.5) -> Reply:
    """A connection that is dropped after this share of the reply."""
    return Reply(drop=after)


def refused(text: str = "I cannot help with that.") -> Reply:
    """A model that refuses."""
    return Reply(text, finish="refusal")


def cut_off(answer: Answer = None) -> Reply:
    """An answer that is cut by the limit on tokens."""
    return Reply(answer, finish="length")


def script(replies: Replies) -> Script:
    """Replies as a function: one for all calls, a list in order, or a function as it is."""
    if replies is None or isinstance(replies, (Reply, str, dict)):
        one = replies
        return lambda request: one
    if callable(replies):
        return replies
    if not isinstance(replies, Sequence):
        raise TypeError(f"`replies` must be a reply, a list of them or a function, not `{type(replies).__name__}`")
    kept: tuple[Answer, ...] = tuple(replies)

    def in_order(request: Request) -> Answer:
        if request.number <= len(kept):
            return kept[request.number - 1]
        return Reply(f"the script has ended after {len(kept)} replies", status=400)

    return in_order
