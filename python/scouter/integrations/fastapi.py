"""FastAPI and Starlette: a queue that lives as long as the application, and middleware that counts its requests.

    app = FastAPI(lifespan=lifespan(make_queue))
    app.add_middleware(ScouterMiddleware)
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any, Optional

from scouter.integrations._needs import needs
from scouter.integrations._requests import Clock, Requests
from scouter.integrations.asgi import Application, Message, Receive, Scope, Send, serve

if TYPE_CHECKING:
    from scouter.queue import ScouterQueue

needs("starlette", "fastapi")
# Starlette itself runs on it, so it is there.
needs("anyio", "anyio")

__all__ = ["ScouterMiddleware", "lifespan"]

Lifespan = Callable[[Any], AbstractAsyncContextManager[Any]]
"""What an application lives in, by the application: with a state of its own (a mapping), or without one."""


def lifespan(queue: Callable[[], ScouterQueue], inner: Optional[Lifespan] = None, *, timeout: float = 10.0) -> Lifespan:
    """A lifespan in which `app.state.queue` is a queue: made when the application starts, in the process that serves, and shut down when it ends, once
    the last request is answered.

    Args:
        queue: Makes the queue. What it raises ends the start of the application.
        inner: A lifespan of the application's own: it begins when the queue is there, and ends before the queue does. Its state is kept.
        timeout: How many seconds the queue has at the end to send what waits.

    Raises:
        TypeError: Where it is given a queue.
    """

    if not callable(queue):
        raise TypeError("a lifespan takes the function that makes the queue, not the queue: write `lifespan(make_queue)`")

    @asynccontextmanager
    async def live(app: Any) -> AsyncIterator[Any]:
        from anyio import to_thread

        made = queue()
        app.state.queue = made
        try:
            async with AsyncExitStack() as own:
                yield await own.enter_async_context(inner(app)) if inner is not None else None
        finally:
            # Elsewhere, since it waits: other tasks of the server go on.
            await to_thread.run_sync(made.shutdown, timeout)

    return live


class ScouterMiddleware:
    """Counts the requests to an application by route: how many there are, how they end, and how long they take until the last part of the answer is
    sent. Background tasks do not count; WebSockets go through as they are.

    Routes are told as they are declared (`/items/{item_id}`), a mount of something that has none by its own path; requests that no route is for are
    `(unmatched)`. A request whose answer fails counts with the status 500, one whose client goes away before it is answered with 499.

    Where the application starts and there is no queue, or it has no such profile, the start fails. What goes wrong later is logged once a minute
    (`scouter.integrations`), and breaks no request.

    Args:
        app: The application; `add_middleware` gives it.
        profile: The name of the entrance of the queue that requests are counted at; it may be left out where there is but one.
        queue: The queue, where it is not `app.state.queue`.
        clock: Seconds that only ever grow.
    """

    def __init__(
        self,
        app: Application,
        *,
        profile: Optional[str] = None,
        queue: Optional[ScouterQueue] = None,
        clock: Clock = time.perf_counter,
    ) -> None:
        self._app = app
        self._queue = queue
        self._requests = Requests(profile, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            # What is below writes itself into the scope: routers their route, mounts their prefix and applications themselves.
            # An application that was not given the middleware, but is wrapped in it, is not there yet.
            app, before = scope.get("app", self._app), scope.get("root_path", "")

            def route() -> Optional[str]:
                return route_of(scope, app, before)

            await serve(self._app, scope, receive, send, self._requests, lambda: self._find(app), route)
        elif scope["type"] == "lifespan":

            async def say(message: Message) -> None:
                if message["type"] == "lifespan.startup.complete":
                    self._requests.entrance(self._find(scope["app"]))
                await send(message)

            await self._app(scope, receive, say)
        else:
            await self._app(scope, receive, send)

    def _find(self, app: Any) -> ScouterQueue:
        if self._queue is not None:
            return self._queue
        found: Optional[ScouterQueue] = getattr(app.state, "queue", None)
        if found is None:
            raise LookupError(
                "there is no queue at `app.state.queue`: start one by `FastAPI(lifespan=lifespan(…))`, or give the middleware a `queue`"
            )
        return found


def route_of(scope: Scope, app: Any, before: str) -> Optional[str]:
    """The route that a request took, as it is declared; none where it took none.

    Args:
        scope: The scope as routers left it.
        app: The application that it came to.
        before: The `root_path` that it came with.
    """
    path = scope["path"].removeprefix(before)
    route = scope.get("route")
    if route is None:
        # FastAPI tells of its own routes alone, Starlette of none before 1.7, and middleware may have answered in place of any.
        return _declared(app.routes, path) or None
    mounts = _declared(app.routes, path, mounts=True) if scope.get("root_path", "") != before else ""
    if hasattr(route, "app") and hasattr(route, "routes"):
        # The route is a mount: nothing below it told of one.
        return mounts or route.path or None
    # A router that is included in others has routes that know nothing of the prefix: FastAPI keeps the whole beside them.
    included = scope.get("fastapi", {}).get("effective_route_context")
    known: str = getattr(included, "path_format", None) or getattr(route, "path_format", None) or route.path
    return mounts + known


def _declared(routes: Iterable[Any], path: str, *, mounts: bool = False) -> str:
    """What a path goes through, as it is declared: mounts, and the route at their end where not the mounts alone are asked for."""
    for route in _whole(routes):
        match = route.path_regex.match(path) if hasattr(route, "path_regex") else None
        if match is None:
            continue
        if hasattr(route, "routes"):
            return str(route.path) + _declared(route.routes or (), f"/{match['path']}", mounts=mounts)
        # Those of WebSockets have no methods.
        if hasattr(route, "methods") and not mounts:
            return str(route.path_format)
    return ""


def _whole(routes: Iterable[Any]) -> Iterator[Any]:
    """Routes, and those of routers that are included among them, with their prefix."""
    for route in routes:
        included = getattr(route, "effective_route_contexts", None)
        if included is None:
            yield route
        else:
            for one in included():
                yield one.starlette_route or one
