"""Middleware of ASGI: which requests are counted, when, and as what. Applications are called as servers call them."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, Optional

import pytest
import uvicorn
from fastapi import APIRouter, BackgroundTasks, FastAPI, HTTPException, WebSocket
from fastapi.responses import StreamingResponse
from starlette.applications import Starlette
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from scouter.integrations import asgi
from scouter.integrations.fastapi import ScouterMiddleware, lifespan

Counted = list[tuple[str, float, int]]


class Stub:
    """Stands where a queue stands, and remembers."""

    def __init__(self, *names: str) -> None:
        self.counted: Counted = []
        self.names = names or ("model",)
        self.ended: Optional[float] = None

    def stats(self) -> dict[str, None]:
        return dict.fromkeys(self.names)

    def __getitem__(self, name: str) -> Stub:
        if name not in self.names:
            raise KeyError(f"there is no queue `{name}`")
        return self

    def observe(self, route: str, latency: float, status_code: int) -> None:
        self.counted.append((route, latency, status_code))

    def shutdown(self, timeout: float) -> bool:
        self.ended = timeout
        return True


class Time:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def ask(app: Any, path: str, method: str = "GET", *, send: Any = None, hear: Any = None, kind: str = "http", root: str = "") -> list[Any]:
    """Asks an application for a path, and gives back what it sent."""
    said: list[Any] = []

    async def receive() -> Any:
        if hear is not None:
            return await hear()
        return {"type": "http.request", "body": b"", "more_body": False}

    async def keep(message: Any) -> None:
        said.append(message)
        if send is not None:
            await send(message)

    scope = {
        "type": kind,
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": root,
        "query_string": b"",
        "headers": [(b"host", b"test")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
    }
    await app(scope, receive, keep)
    return said


def counted(app: FastAPI | Starlette, *paths: str, method: str = "GET", root: str = "") -> list[tuple[str, int]]:
    """Which routes are counted where these paths are asked for, with the status of each."""
    stub = Stub()
    app.state.queue = stub
    app.add_middleware(ScouterMiddleware)  # type: ignore[arg-type]
    for path in paths:
        asyncio.run(ask(app, path, method, root=root))
    return [(route, status) for route, _, status in stub.counted]


def test_requests_are_counted_by_the_route_that_is_declared() -> None:
    app = FastAPI()

    @app.get("/items/{item_id}")
    def item(item_id: int) -> int:
        return item_id

    assert counted(app, "/items/1", "/items/2", "/items/x") == [("/items/{item_id}", status) for status in (200, 200, 422)]


def test_requests_that_no_route_is_for_have_one_name() -> None:
    assert counted(FastAPI(), "/a", "/b") == [("(unmatched)", 404)] * 2


def test_another_method_counts_for_the_route() -> None:
    app = FastAPI()
    app.add_api_route("/items/{item_id}", lambda item_id: item_id)
    assert counted(app, "/items/1", method="DELETE") == [("/items/{item_id}", 405)]


def test_a_router_that_is_included_has_its_prefix() -> None:
    inner, outer, app = APIRouter(), APIRouter(), FastAPI()
    inner.add_api_route("/items/{item_id}", lambda item_id: item_id)
    outer.include_router(inner, prefix="/{shop}")
    app.include_router(outer, prefix="/v1")
    app.include_router(inner, prefix="/old")
    assert counted(app, "/v1/a/items/1", "/old/items/1") == [("/v1/{shop}/items/{item_id}", 200), ("/old/items/{item_id}", 200)]


@pytest.mark.parametrize("root", ["", "/behind"])
def test_a_mounted_application_has_the_path_of_its_mount(root: str) -> None:
    below = Starlette(routes=[Route("/items/{item_id}", lambda request: PlainTextResponse("x"))])
    app = Starlette(routes=[Mount("/shops/{shop}", app=Starlette(routes=[Mount("/v1", app=below)]))])
    paths = [f"{root}/shops/{shop}/v1/items/{shop}" for shop in ("a", "b")]
    assert counted(app, *paths, root=root) == [("/shops/{shop}/v1/items/{item_id}", 200)] * 2


def test_paths_below_a_mount_that_match_nothing_count_for_the_mount(tmp_path: Any) -> None:
    (tmp_path / "there.txt").write_text("x")
    app = Starlette(routes=[Mount("/static", app=StaticFiles(directory=tmp_path))])
    assert counted(app, "/static/there.txt", "/static/a", "/static/b") == [("/static", status) for status in (200, 404, 404)]


async def raw(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def test_mounts_and_plain_routes_of_fastapi_count_by_their_paths_wherever_they_are_included() -> None:
    below, router, app = FastAPI(), APIRouter(), FastAPI()
    below.add_api_route("/items/{item_id}", lambda item_id: item_id)
    router.mount("/shops/{shop}", below)
    router.add_route("/plain/{name}", lambda request: PlainTextResponse("x"))
    app.include_router(router, prefix="/v1")
    app.mount("/raw", raw)
    paths = ["/v1/shops/a/items/1", "/v1/shops/b/nowhere", "/v1/plain/a", "/raw/a", "/v1/nowhere"]
    assert counted(app, *paths) == [
        ("/v1/shops/{shop}/items/{item_id}", 200),
        ("/v1/shops/{shop}", 404),
        ("/v1/plain/{name}", 200),
        ("/raw", 200),
        ("(unmatched)", 404),
    ]


def test_what_middleware_answers_counts_for_the_route_that_was_asked_for() -> None:
    app = FastAPI()
    app.add_api_route("/items/{item_id}", lambda item_id: item_id)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["elsewhere"])
    assert counted(app, "/items/1", "/nowhere") == [("/items/{item_id}", 400), ("(unmatched)", 400)]


def test_an_application_that_is_wrapped_is_counted_as_one_that_was_given_the_middleware() -> None:
    app, stub = FastAPI(), Stub()
    app.add_api_route("/items/{item_id}", lambda item_id: item_id)
    wrapped = ScouterMiddleware(app, queue=stub)  # type: ignore[arg-type]
    asyncio.run(live(wrapped))
    assert asyncio.run(ask(wrapped, "/items/1"))[0]["status"] == 200
    assert [(route, status) for route, _, status in stub.counted] == [("/items/{item_id}", 200)]


def test_an_exception_counts_as_500_and_goes_on() -> None:
    app, stub = FastAPI(), Stub()
    app.state.queue = stub
    app.add_middleware(ScouterMiddleware)

    @app.get("/broken")
    def broken() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(ask(app, "/broken"))
    assert [(route, status) for route, _, status in stub.counted] == [("/broken", 500)]


def test_an_http_exception_has_its_status() -> None:
    app = FastAPI()

    @app.get("/away")
    def away() -> None:
        raise HTTPException(503)

    assert counted(app, "/away") == [("/away", 503)]


def timed(app: FastAPI, path: str, clock: Time, **more: Any) -> Counted:
    stub = Stub()
    app.state.queue = stub
    app.add_middleware(ScouterMiddleware, clock=clock)
    asyncio.run(ask(app, path, **more))
    return stub.counted


def test_a_stream_is_over_at_its_last_part_and_is_sent_part_by_part() -> None:
    app, clock = FastAPI(), Time()
    sent: list[float] = []

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            for _ in range(3):
                clock.now += 1.0
                yield b"part"

        return StreamingResponse(parts())

    async def send(message: Any) -> None:
        if message.get("body"):
            sent.append(clock.now)

    assert timed(app, "/stream", clock, send=send) == [("/stream", 3.0, 200)]
    assert sent == [101.0, 102.0, 103.0]


def test_what_runs_in_the_background_is_no_part_of_the_time() -> None:
    app, clock, ran = FastAPI(), Time(), []

    @app.get("/later")
    async def later(tasks: BackgroundTasks) -> None:
        clock.now += 0.25

        def work() -> None:
            clock.now += 60.0
            ran.append(True)

        tasks.add_task(work)

    assert timed(app, "/later", clock) == [("/later", 0.25, 200)]
    assert ran


def test_context_variables_of_the_application_reach_the_server() -> None:
    seen: ContextVar[str] = ContextVar("seen", default="nothing")

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.set("the application")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def run() -> str:
        await ask(asgi.ScouterMiddleware(app, Stub(), lambda scope: "/"), "/")  # type: ignore[arg-type]
        return seen.get()

    assert asyncio.run(run()) == "the application"


Plain = Callable[[Any, Any, Any], Any]


def plain(app: Plain, **more: Any) -> list[int]:
    """The status that a request to an application of ASGI counts with."""
    stub = Stub()
    middleware = asgi.ScouterMiddleware(app, stub, lambda scope: "/")  # type: ignore[arg-type]
    try:
        asyncio.run(ask(middleware, "/", **more))
    except (OSError, asyncio.CancelledError, RuntimeError):
        pass
    return [status for _, _, status in stub.counted]


START = {"type": "http.response.start", "status": 201, "headers": []}


async def silent(scope: Any, receive: Any, send: Any) -> None:
    pass


async def listens(scope: Any, receive: Any, send: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def breaks(scope: Any, receive: Any, send: Any) -> None:
    await send(START)
    raise RuntimeError


async def sends(scope: Any, receive: Any, send: Any) -> None:
    await send(START)
    await send({"type": "http.response.body", "body": b"x", "more_body": True})
    await send({"type": "http.response.body", "body": b"x"})


async def cancelled(scope: Any, receive: Any, send: Any) -> None:
    raise asyncio.CancelledError


async def sends_a_file(scope: Any, receive: Any, send: Any) -> None:
    await send(START)
    await send({"type": "http.response.pathsend", "path": "/x"})
    raise RuntimeError("after the answer")


async def gone() -> Any:
    return {"type": "http.disconnect"}


async def refuses(message: Any) -> None:
    if message["type"] == "http.response.body":
        raise OSError("the client is gone")


@pytest.mark.parametrize(
    ("app", "more", "status"),
    [
        (sends, {}, 201),
        (silent, {}, 500),
        (breaks, {}, 500),
        (listens, {"hear": gone}, 499),
        (cancelled, {}, 499),
        (sends, {"send": refuses}, 201),
        (sends_a_file, {}, 201),
    ],
    ids=["answered", "no answer", "an answer that broke off", "gone before", "cancelled", "gone in between", "a file"],
)
def test_each_end_has_its_status_once(app: Plain, more: Any, status: int) -> None:
    assert plain(app, **more) == [status]


def test_websockets_go_through_and_are_not_counted() -> None:
    app, stub = FastAPI(), Stub()
    app.state.queue = stub
    app.add_middleware(ScouterMiddleware)

    @app.websocket("/talk")
    async def talk(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(await socket.receive_text())

    heard = [{"type": "websocket.connect"}, {"type": "websocket.receive", "text": "hello"}]

    async def hear() -> Any:
        return heard.pop(0)

    said = asyncio.run(ask(app, "/talk", kind="websocket", hear=hear))
    assert [message["type"] for message in said][:2] == ["websocket.accept", "websocket.send"]
    assert said[1]["text"] == "hello" and stub.counted == []


async def live(app: Any, between: Callable[[], None] = lambda: None) -> list[Any]:
    """Starts and ends an application as a server does."""
    said: list[Any] = []
    messages = ["lifespan.startup", "lifespan.shutdown"]

    async def receive() -> Any:
        if len(messages) == 1:
            between()
        return {"type": messages.pop(0)}

    async def send(message: Any) -> None:
        said.append(message)

    await app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)
    return [message["type"] for message in said]


def test_a_lifespan_makes_the_queue_and_ends_it_around_that_of_the_application() -> None:
    stub = Stub()
    order: list[str] = []

    @asynccontextmanager
    async def own(app: Any) -> AsyncIterator[dict[str, int]]:
        order.append(f"begins, the queue is {'there' if app.state.queue is stub else 'not there'}")
        yield {"number": 7}
        order.append(f"ends, the queue is {'open' if stub.ended is None else 'closed'}")

    app = FastAPI(lifespan=lifespan(lambda: stub, own, timeout=3.0))  # type: ignore[arg-type,return-value]
    app.add_middleware(ScouterMiddleware)
    assert asyncio.run(live(app)) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert order == ["begins, the queue is there", "ends, the queue is open"]
    assert stub.ended == 3.0


def test_the_state_of_the_own_lifespan_is_kept() -> None:
    @asynccontextmanager
    async def own(app: Any) -> AsyncIterator[dict[str, int]]:
        yield {"number": 7}

    async def run() -> Any:
        async with lifespan(Stub, own)(FastAPI()) as state:  # type: ignore[arg-type]
            return state

    assert asyncio.run(run()) == {"number": 7}


def test_the_queue_is_ended_where_the_own_lifespan_fails() -> None:
    stub = Stub()

    @asynccontextmanager
    async def own(app: Any) -> AsyncIterator[None]:
        raise ZeroDivisionError
        yield

    async def run() -> None:
        async with lifespan(lambda: stub, own)(FastAPI()):  # type: ignore[arg-type,return-value]
            pass

    with pytest.raises(ZeroDivisionError):
        asyncio.run(run())
    assert stub.ended == 10.0


@pytest.mark.parametrize(
    ("queue", "options", "why"),
    [
        (None, {}, "there is no queue at `app.state.queue`"),
        (Stub("model"), {"profile": "mode"}, "there is no queue `mode`"),
        (Stub("a", "b"), {}, r"the queue has several profiles \(`a`, `b`\)"),
    ],
    ids=["no queue", "no such profile", "several profiles"],
)
def test_an_application_whose_requests_cannot_be_counted_does_not_start(queue: Any, options: Any, why: str) -> None:
    app = FastAPI()
    app.add_middleware(ScouterMiddleware, **options)
    if queue is not None:
        app.state.queue = queue
    with pytest.raises(LookupError, match=why):
        asyncio.run(live(app))


def test_what_goes_wrong_is_told_once_a_minute_and_breaks_no_request(caplog: pytest.LogCaptureFixture) -> None:
    app, clock = FastAPI(), Time()
    app.add_middleware(ScouterMiddleware, clock=clock)
    app.add_api_route("/", lambda: "well")

    async def asks() -> list[Any]:
        return [(await ask(app, "/"))[0]["status"] for _ in range(10)]

    with caplog.at_level(logging.ERROR, "scouter.integrations"):
        assert asyncio.run(asks()) == [200] * 10
        clock.now += 60.0
        assert asyncio.run(asks()) == [200] * 10
    said = [record.getMessage() for record in caplog.records if record.name == "scouter.integrations"]
    assert [text.split(" ")[0] for text in said] == ["1", "11"]
    assert "there is no queue at `app.state.queue`" in said[0]


def test_a_route_that_cannot_be_told_breaks_no_request(caplog: pytest.LogCaptureFixture) -> None:
    def route(scope: Any) -> str:
        raise ZeroDivisionError("no route")

    middleware = asgi.ScouterMiddleware(sends, Stub(), route)  # type: ignore[arg-type]
    assert len(asyncio.run(ask(middleware, "/"))) == 3
    assert "1 request was not counted so far, the last since no route" in caplog.text


def test_a_client_that_goes_away_ends_its_stream_and_is_counted() -> None:
    app, over = FastAPI(), threading.Event()

    class Telling(Stub):
        def observe(self, route: str, latency: float, status_code: int) -> None:
            super().observe(route, latency, status_code)
            over.set()

    app.state.queue = stub = Telling()
    app.add_middleware(ScouterMiddleware)

    @app.get("/for/{ever}")
    async def for_ever(ever: str) -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            while True:
                yield b"part" * 10_000
                await asyncio.sleep(0)

        return StreamingResponse(parts())

    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        serving = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        serving.start()
        try:
            with socket.create_connection(listening.getsockname()) as client:
                client.sendall(b"GET /for/ever HTTP/1.1\r\nhost: test\r\n\r\n")
                assert client.recv(12) == b"HTTP/1.1 200"
            assert over.wait(30)
        finally:
            server.should_exit = True
            serving.join(30)
    assert [(route, status) for route, _, status in stub.counted] == [("/for/{ever}", 200)]


def test_a_lifespan_that_is_given_a_queue_says_what_it_takes() -> None:
    with pytest.raises(TypeError, match=r"not the queue: write `lifespan\(make_queue\)`"):
        lifespan(Stub())  # type: ignore[arg-type]
