"""Middleware for any application of ASGI. FastAPI, Starlette and Django have their own, which know routes and queue by themselves."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any, Optional

from scouter.integrations._requests import BROKEN, CLOSED, Clock, Requests

if TYPE_CHECKING:
    from scouter.queue import ScouterQueue

__all__ = ["ScouterMiddleware"]

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class ScouterMiddleware:
    """Counts the requests to an application by route: how many there are, how they end, and how long they take until the last part of the answer is
    sent. What runs after that (background tasks) does not count. Everything but HTTP goes through as it is.

    A request whose answer fails counts with the status 500, one whose client goes away before it is answered with 499.

    Args:
        app: The application.
        queue: The queue that sends what is counted.
        route: The route of a request by its scope, as the application declares it, such as `/items/{id}`; asked for when the request is over. `None`
            where it has none. Never the path that was asked for: every one would be a route of its own.
        profile: The name of the entrance of the queue that requests are counted at; it may be left out where there is but one.
        clock: Seconds that only ever grow.

    Raises:
        LookupError: Where the queue has no such entrance.
    """

    def __init__(
        self,
        app: Application,
        queue: ScouterQueue,
        route: Callable[[Scope], Optional[str]],
        *,
        profile: Optional[str] = None,
        clock: Clock = time.perf_counter,
    ) -> None:
        self._app = app
        self._queue = queue
        self._route = route
        self._requests = Requests(profile, clock)
        self._requests.entrance(queue)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await serve(self._app, scope, receive, send, self._requests, lambda: self._queue, lambda: self._route(scope))
        else:
            await self._app(scope, receive, send)


async def serve(
    app: Application,
    scope: Scope,
    receive: Receive,
    send: Send,
    requests: Requests,
    queue: Callable[[], ScouterQueue],
    route: Callable[[], Optional[str]],
) -> None:
    """Has a request served, and counts it when it is over."""
    begun = requests.clock()
    status: Optional[int] = None
    counted = gone = False

    def count(status: int) -> None:
        nonlocal counted
        if not counted:
            counted = True
            requests.count(queue, route, begun, status)

    async def hear() -> Message:
        nonlocal gone
        message = await receive()
        gone = gone or message["type"] == "http.disconnect"
        return message

    async def say(message: Message) -> None:
        nonlocal gone, status
        if message["type"] == "http.response.start":
            status = message["status"]
        try:
            await send(message)
        except OSError:
            gone = True
            raise
        if status is not None and _is_last(message):
            count(status)

    try:
        await app(scope, hear, say)
    except BaseException as error:
        # What is no `Exception` (a task that is cancelled, the end of the process) is no failure of the application.
        count(BROKEN if isinstance(error, Exception) and not gone else status or CLOSED)
        raise
    # Without an answer, the server makes one of its own.
    count(status or (CLOSED if gone else BROKEN))


def _is_last(message: Message) -> bool:
    kind = message["type"]
    if kind in ("http.response.body", "http.response.zerocopysend"):
        return not message.get("more_body", False)
    return bool(kind == "http.response.pathsend")
