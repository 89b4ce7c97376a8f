"""Middleware of Django: which requests are counted, when, and as what."""

from __future__ import annotations

import asyncio
import io
import sys
import types
from collections.abc import AsyncIterator, Iterator
from typing import Any

import django
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.test import AsyncClient, Client, RequestFactory, override_settings
from django.urls import include, path, re_path, resolve

import scouter.integrations.django as integration

clock = types.SimpleNamespace(now=100.0)


class Stub:
    """Stands where a queue stands, and remembers."""

    def __init__(self) -> None:
        self.counted: list[tuple[str, float, int]] = []

    def stats(self) -> dict[str, None]:
        return {"model": None}

    def __getitem__(self, name: str) -> Stub:
        if name != "model":
            raise KeyError(f"there is no queue `{name}`")
        return self

    def observe(self, route: str, latency: float, status_code: int) -> None:
        self.counted.append((route, latency, status_code))


def item(request: Any, number: int = 1) -> HttpResponse:
    clock.now += 0.25
    return HttpResponse(str(100 // int(number)))


async def later(request: Any) -> HttpResponse:
    clock.now += 0.5
    return HttpResponse("later")


def stream(request: Any, shop: str) -> StreamingHttpResponse:
    def parts() -> Iterator[str]:
        for _ in range(3):
            clock.now += 1.0
            yield "part"

    return StreamingHttpResponse(parts())


def broken_stream(request: Any, shop: str) -> StreamingHttpResponse:
    def parts() -> Iterator[str]:
        yield "part"
        raise ZeroDivisionError

    return StreamingHttpResponse(parts())


async def async_stream(request: Any) -> StreamingHttpResponse:
    async def parts() -> AsyncIterator[str]:
        for _ in range(3):
            clock.now += 1.0
            yield "part"

    return StreamingHttpResponse(parts())


def file(request: Any) -> FileResponse:
    return FileResponse(io.BytesIO(b"whole"))


class TimedMiddleware(integration.ScouterMiddleware):
    clock = staticmethod(lambda: clock.now)


urls = types.ModuleType("urls_of_this_test")
urls.urlpatterns = [  # type: ignore[attr-defined]
    path("items/<int:number>/", item),
    re_path(r"^old/(?P<number>\d+)$", item),
    path("v1/<slug:shop>/", include([path("stream/", stream), path("broken/", broken_stream)])),
    path("later/", later),
    path("async-stream/", async_stream),
    path("file/", file),
]


def make() -> Stub:
    return Stub()


@pytest.fixture(scope="module", autouse=True)
def project() -> None:
    sys.modules["urls_of_this_test"] = urls
    settings.configure(
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="urls_of_this_test",
        SECRET_KEY="of this test",
        SCOUTER_QUEUE=f"{__name__}.make",
        MIDDLEWARE=[f"{__name__}.TimedMiddleware"],
    )
    django.setup()
    # Views, settings and middleware are found by the name of the module, however pytest has loaded it.
    sys.modules.setdefault(__name__, sys.modules[make.__module__])


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Stub:
    stub = Stub()
    monkeypatch.setattr(integration, "_queue", stub)
    return stub


def counted(queue: Stub) -> list[tuple[str, int]]:
    return [(route, status) for route, _, status in queue.counted]


def test_requests_are_counted_by_the_route_that_is_declared(queue: Stub) -> None:
    client = Client(raise_request_exception=False)
    for asked in ["/items/1/", "/items/2/", "/items/0/", "/items/x/", "/old/3"]:
        client.get(asked)
    known = "/items/<int:number>/"
    assert counted(queue) == [(known, 200), (known, 200), (known, 500), ("(unmatched)", 404), (r"/^old/(?P<number>\d+)$", 200)]
    assert queue.counted[0][1] == 0.25


def test_a_stream_is_over_at_its_end(queue: Stub) -> None:
    answer = Client().get("/v1/a/stream/")
    assert queue.counted == []
    assert b"".join(answer.streaming_content) == b"part" * 3
    answer.close()
    assert queue.counted == [("/v1/<slug:shop>/stream/", 3.0, 200)]


def test_a_stream_that_breaks_off_counts_as_500(queue: Stub) -> None:
    answer = Client().get("/v1/a/broken/")
    with pytest.raises(ZeroDivisionError):
        list(answer.streaming_content)
    answer.close()
    assert counted(queue) == [("/v1/<slug:shop>/broken/", 500)]


def test_a_stream_that_nobody_reads_is_counted_when_it_is_closed(queue: Stub) -> None:
    Client().get("/v1/a/stream/").close()
    assert counted(queue) == [("/v1/<slug:shop>/stream/", 200)]


def test_a_file_is_left_to_the_server(queue: Stub) -> None:
    # The client of tests reads what it is given part by part, so it is not asked.
    request = RequestFactory().get("/file/")
    request.resolver_match = resolve("/file/")
    answer = TimedMiddleware(file)(request)
    assert answer.file_to_stream is not None
    answer.close()
    assert counted(queue) == [("/file/", 200)]


def test_asynchronous_views_and_streams_are_counted(queue: Stub) -> None:
    async def ask() -> None:
        client = AsyncClient()
        await client.get("/later/")
        answer = await client.get("/async-stream/")
        assert [part async for part in answer.streaming_content] == [b"part"] * 3

    asyncio.run(ask())
    assert queue.counted == [("/later/", 0.5, 200), ("/async-stream/", 3.0, 200)]


@pytest.mark.parametrize("handler", [WSGIHandler, ASGIHandler])
@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"SCOUTER_QUEUE": None}, "`SCOUTER_QUEUE` is to name the function that makes the queue"),
        ({"SCOUTER_QUEUE": "nowhere.make"}, "`SCOUTER_QUEUE` names `nowhere.make`, which cannot be imported"),
        ({"SCOUTER_PROFILE": "mode"}, "`SCOUTER_PROFILE`: there is no queue `mode`"),
    ],
    ids=["no queue", "a queue that is nowhere", "no such profile"],
)
def test_settings_that_are_wrong_end_the_start(monkeypatch: pytest.MonkeyPatch, handler: Any, given: Any, why: str) -> None:
    monkeypatch.setattr(integration, "_queue", None)
    with override_settings(**given), pytest.raises(ImproperlyConfigured, match=why):
        handler()


def test_the_queue_of_a_process_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integration, "_queue", None)
    assert integration.queue() is integration.queue()
