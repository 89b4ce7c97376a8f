"""Flask: an extension that holds an application's queue and counts its requests.

    scouter = Scouter(make_queue)

    def create_app():
        app = Flask(__name__)
        scouter.init_app(app)
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Optional

from scouter.integrations._needs import needs
from scouter.integrations._requests import Clock
from scouter.integrations.wsgi import ScouterMiddleware

if TYPE_CHECKING:
    from flask import Flask

    from scouter.queue import ScouterQueue

needs("flask", "flask")

from flask import current_app, request, request_started  # noqa: E402

__all__ = ["Scouter"]

NAME = "scouter"
"""What the extension is called in `app.extensions`."""

ROUTE = "scouter.route"
"""Where the environment of a request holds its rule."""


class Scouter:
    """An extension of Flask: `queue` is the queue of the application at hand, and the requests to it are counted by route, as they are declared
    (`/items/<int:item_id>`); requests that no route is for are `(unmatched)`. A request whose answer fails counts with the status 500.

    The queue is made by `init_app`, which may be before the server forks: each worker sends what it saw itself. When a worker ends, its queue is
    emptied. What goes wrong is logged once a minute (`scouter.integrations`), and breaks no request.

    Args:
        queue: Makes the queue of an application.
        profile: The name of the entrance of the queue that requests are counted at; it may be left out where there is but one.
        clock: Seconds that only ever grow.
    """

    def __init__(
        self, queue: Callable[[], ScouterQueue], *, profile: Optional[str] = None, clock: Clock = time.perf_counter
    ) -> None:
        if not callable(queue):
            raise TypeError("the extension takes the function that makes the queue, not the queue: write `Scouter(make_queue)`")
        self._make = queue
        self._profile = profile
        self._clock = clock

    def init_app(self, app: Flask) -> None:
        """Makes the queue of an application, and counts its requests from now on.

        Raises:
            LookupError: Where the queue has no such entrance.
            ValueError: Where the application has the extension already.
        """
        if NAME in app.extensions:
            raise ValueError("the application has a `Scouter` already: `init_app` is called once for each")
        queue = self._make()
        counted = ScouterMiddleware(
            app.wsgi_app, queue, lambda environ: environ.get(ROUTE), profile=self._profile, clock=self._clock
        )
        request_started.connect(_note, app)
        app.extensions[NAME] = queue
        app.wsgi_app = counted  # type: ignore[method-assign]

    @property
    def queue(self) -> ScouterQueue:
        """The queue of the application at hand.

        Raises:
            RuntimeError: Where there is no application at hand, or `init_app` was not called with it.
        """
        found: Optional[ScouterQueue] = current_app.extensions.get(NAME)
        if found is None:
            raise RuntimeError("this application has no queue: call `init_app(app)`")
        return found


def _note(app: Flask, **_: Any) -> None:
    """Keeps the rule of a request: Flask forgets the request before its answer is sent."""
    if request.url_rule is not None:
        request.environ[ROUTE] = request.url_rule.rule
