"""Django: the queue of a process, and middleware that counts its requests.

    SCOUTER_QUEUE = "shop.monitoring.make_queue"
    MIDDLEWARE = ["scouter.integrations.django.ScouterMiddleware", ...]
"""

from __future__ import annotations

import threading
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Optional

from scouter.integrations._body import AsyncBody, Body
from scouter.integrations._needs import needs
from scouter.integrations._requests import BROKEN, CLOSED, Requests

needs("django", "django")

from asgiref.sync import iscoroutinefunction, markcoroutinefunction  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.exceptions import ImproperlyConfigured  # noqa: E402
from django.utils.module_loading import import_string  # noqa: E402

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from scouter.queue import ScouterQueue

__all__ = ["ScouterMiddleware", "queue"]

_queue: Optional[ScouterQueue] = None
_making = threading.Lock()


def queue() -> ScouterQueue:
    """The queue of this process. It is made when it is asked for first, by the function that the setting `SCOUTER_QUEUE` names.

    That may be before the server forks: each worker sends what it saw itself. When a process ends, its queue is emptied.

    Raises:
        ImproperlyConfigured: Where the setting is missing, or names nothing that can be imported.
    """
    global _queue
    if _queue is not None:
        # Without the lock, which a fork might find taken.
        return _queue
    with _making:
        if _queue is None:
            name = getattr(settings, "SCOUTER_QUEUE", None)
            if not isinstance(name, str):
                raise ImproperlyConfigured("`SCOUTER_QUEUE` is to name the function that makes the queue, as `shop.monitoring.make_queue`")
            try:
                make = import_string(name)
            except ImportError as error:
                raise ImproperlyConfigured(f"`SCOUTER_QUEUE` names `{name}`, which cannot be imported: {error}") from error
            _queue = make()
        return _queue


class ScouterMiddleware:
    """Counts the requests to a project by route, as `urls.py` declares them (`/items/<int:pk>/`); requests that no route is for are `(unmatched)`. A
    stream is over at its end, a file when the server has it. It stands first in `MIDDLEWARE`, so that what the others do is measured too.

    The setting `SCOUTER_PROFILE` names the entrance of the queue that requests are counted at; it may be left out where there is but one. A queue that
    cannot be made, or has no such entrance, ends the start of the server. What goes wrong later is logged once a minute (`scouter.integrations`), and
    breaks no request.
    """

    sync_capable = True
    async_capable = True
    clock = staticmethod(time.perf_counter)
    """Seconds that only ever grow."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self._get_response = get_response
        self._requests = Requests(getattr(settings, "SCOUTER_PROFILE", None), self.clock)
        try:
            self._requests.entrance(queue())
        except LookupError as error:
            raise ImproperlyConfigured(f"`SCOUTER_PROFILE`: {error.args[0]}") from error
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        if iscoroutinefunction(self):
            return self._answer(request)
        begun = self.clock()
        try:
            response = self._get_response(request)
        except BaseException as error:
            self._failed(request, begun, error)
            raise
        return self._answered(request, begun, response)

    async def _answer(self, request: HttpRequest) -> HttpResponseBase:
        begun = self.clock()
        get_response: Callable[[HttpRequest], Awaitable[HttpResponseBase]] = self._get_response
        try:
            response = await get_response(request)
        except BaseException as error:
            self._failed(request, begun, error)
            raise
        return self._answered(request, begun, response)

    def _failed(self, request: HttpRequest, begun: float, error: BaseException) -> None:
        self._count(request, begun, BROKEN if isinstance(error, Exception) else CLOSED)

    def _answered(self, request: HttpRequest, begun: float, response: Any) -> Any:
        def over(error: Optional[BaseException]) -> None:
            self._count(request, begun, BROKEN if isinstance(error, Exception) else response.status_code)

        if not response.streaming or getattr(response, "file_to_stream", None) is not None:
            over(None)
        elif response.is_async:
            response.streaming_content = AsyncBody(response.streaming_content, over)
        else:
            response.streaming_content = Body(response.streaming_content, over)
        return response

    def _count(self, request: HttpRequest, begun: float, status: int) -> None:
        self._requests.count(queue, lambda: _route(request), begun, status)


def _route(request: Any) -> Optional[str]:
    match = request.resolver_match
    return None if match is None else f"/{match.route}"
