"""Middleware for any application of WSGI. Flask and Django have their own, which know routes and queue by themselves."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Optional

from scouter.integrations._body import Body
from scouter.integrations._requests import BROKEN, CLOSED, Clock, Requests

if TYPE_CHECKING:
    from scouter.queue import ScouterQueue

__all__ = ["ScouterMiddleware"]

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]


class ScouterMiddleware:
    """Counts the requests to an application by route: how many there are, how they end, and how long they take until the server has sent the answer and
    closes it. Of a file that the server sends by itself (`wsgi.file_wrapper`), until the server has it.

    A request whose answer fails counts with the status 500, one whose client goes away before it is answered with 499.

    Args:
        app: The application.
        queue: The queue that sends what is counted. It may be made before the server forks.
        route: The route of a request by its environment, as the application declares it, such as `/items/<id>`; asked for when the request is over.
            `None` where it has none. Never the path that was asked for: every one would be a route of its own.
        profile: The name of the entrance of the queue that requests are counted at; it may be left out where there is but one.
        clock: Seconds that only ever grow.

    Raises:
        LookupError: Where the queue has no such entrance.
    """

    def __init__(
        self,
        app: Application,
        queue: ScouterQueue,
        route: Callable[[Environ], Optional[str]],
        *,
        profile: Optional[str] = None,
        clock: Clock = time.perf_counter,
    ) -> None:
        self._app = app
        self._queue = queue
        self._route = route
        self._requests = Requests(profile, clock)
        self._requests.entrance(queue)

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        begun = self._requests.clock()
        status: Optional[int] = None

        def start(line: str, *more: Any) -> Any:
            nonlocal status
            write = start_response(line, *more)
            # What is no status breaks nothing here: servers say so themselves.
            status = int(line[:3]) if line[:3].isdecimal() else BROKEN
            return write

        def over(error: Optional[BaseException]) -> None:
            ended = BROKEN if isinstance(error, Exception) else status or CLOSED
            self._requests.count(lambda: self._queue, lambda: self._route(environ), begun, ended)

        try:
            body = self._app(environ, start)
        except BaseException as error:
            over(error)
            raise
        wrapper = environ.get("wsgi.file_wrapper")
        if isinstance(wrapper, type) and isinstance(body, wrapper):
            # A server knows its own by their class, and sends them faster than by parts.
            over(None)
            return body
        return Body(body, over)
