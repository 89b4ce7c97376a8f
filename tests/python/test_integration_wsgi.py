"""Middleware of WSGI and the extension of Flask: which requests are counted, when, and as what. Applications are called as servers call them."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any, Optional
from wsgiref.util import FileWrapper, setup_testing_defaults

import pytest
from flask import Blueprint, Flask, Response, abort, send_file

from scouter.integrations.flask import Scouter
from scouter.integrations.wsgi import ScouterMiddleware


class Stub:
    """Stands where a queue stands, and remembers."""

    def __init__(self, *names: str) -> None:
        self.counted: list[tuple[str, float, int]] = []
        self.names = names or ("model",)

    def stats(self) -> dict[str, None]:
        return dict.fromkeys(self.names)

    def __getitem__(self, name: str) -> Stub:
        if name not in self.names:
            raise KeyError(f"there is no queue `{name}`")
        return self

    def observe(self, route: str, latency: float, status_code: int) -> None:
        self.counted.append((route, latency, status_code))


class Time:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def ask(app: Any, parts: Optional[int] = None, **environ: Any) -> list[bytes]:
    """Asks an application as a server does: reads all parts of its answer, or so many, and closes it."""
    setup_testing_defaults(environ)
    body = app(environ, lambda status, headers, error=None: lambda data: None)
    read: list[bytes] = []
    try:
        for part in body if parts != 0 else ():
            read.append(part)
            if len(read) == parts:
                break
    finally:
        if hasattr(body, "close"):
            body.close()
    return read


def watched(app: Any, clock: Optional[Time] = None) -> tuple[Stub, Any]:
    stub = Stub()
    middleware = ScouterMiddleware(app, stub, lambda environ: "/", clock=clock or Time())  # type: ignore[arg-type]
    return stub, middleware


def answers(environ: Any, start: Any) -> Iterator[bytes]:
    start("201 Created", [])
    yield from (b"a", b"b", b"c")


def breaks(environ: Any, start: Any) -> Iterator[bytes]:
    start("200 OK", [])
    yield b"a"
    raise ZeroDivisionError


def fails(environ: Any, start: Any) -> Any:
    raise ZeroDivisionError


def answers_nonsense(environ: Any, start: Any) -> list[bytes]:
    start("OK", [])
    return [b"a"]


def answers_twice(environ: Any, start: Any) -> list[bytes]:
    start("200 OK", [])
    start("503 Service Unavailable", [], (ValueError, ValueError(), None))
    return [b"a"]


@pytest.mark.parametrize(
    ("app", "parts", "status"),
    [(answers, None, 201), (answers, 1, 201), (answers, 0, 499), (breaks, None, 500), (fails, None, 500), (answers_twice, None, 503), (answers_nonsense, None, 500)],
    ids=["answered", "gone in between", "gone before", "broke off", "failed", "another answer", "no status"],
)
def test_each_end_has_its_status_once(app: Any, parts: Optional[int], status: int) -> None:
    stub, middleware = watched(app)
    try:
        ask(middleware, parts)
    except ZeroDivisionError:
        pass
    assert [counted for _, _, counted in stub.counted] == [status]


def test_parts_go_through_as_they_come_and_the_time_ends_with_the_last() -> None:
    clock = Time()
    stub: Stub

    def app(environ: Any, start: Any) -> Iterator[bytes]:
        start("200 OK", [])
        for _ in range(3):
            clock.now += 1.0
            yield b"part"

    stub, middleware = watched(app, clock)
    environ: dict[str, Any] = {}
    setup_testing_defaults(environ)
    body = iter(middleware(environ, lambda *_: None))
    assert [next(body), clock.now, stub.counted] == [b"part", 101.0, []]
    assert list(body) == [b"part", b"part"]
    body.close()
    assert stub.counted == [("/", 3.0, 200)]


def test_the_body_is_closed_with_the_answer() -> None:
    class Closes(list[bytes]):
        closed = 0

        def close(self) -> None:
            self.closed += 1

    body = Closes([b"a"])

    def app(environ: Any, start: Any) -> Closes:
        start("200 OK", [])
        return body

    stub, middleware = watched(app)
    assert ask(middleware) == [b"a"] and body.closed == 1 and len(stub.counted) == 1


def test_a_file_is_left_to_the_server() -> None:
    file = FileWrapper(io.BytesIO(b"whole"))

    def app(environ: Any, start: Any) -> FileWrapper:
        start("200 OK", [])
        return file

    stub, middleware = watched(app)
    environ: dict[str, Any] = {"wsgi.file_wrapper": FileWrapper}
    setup_testing_defaults(environ)
    assert middleware(environ, lambda *_: None) is file
    assert stub.counted == [("/", 0.0, 200)]


def flask(**options: Any) -> tuple[Stub, Flask]:
    stub, app = Stub(), Flask(__name__)
    Scouter(lambda: stub, **options).init_app(app)  # type: ignore[arg-type,return-value]
    return stub, app


def test_flask_counts_by_the_rule_that_is_declared() -> None:
    stub, app = flask()
    pages = Blueprint("pages", __name__, url_prefix="/<shop>")

    @pages.get("/items/<int:number>")
    def item(shop: str, number: int) -> str:
        if number == 7:
            abort(410)
        return str(100 // number)

    app.register_blueprint(pages, url_prefix="/v1/<shop>")
    client = app.test_client()
    for path in ["/v1/a/items/1", "/v1/b/items/2", "/v1/b/items/7", "/v1/b/items/0", "/v1/b/items/x", "/nowhere"]:
        client.get(path).close()
    rule = "/v1/<shop>/items/<int:number>"
    expected = [(rule, 200), (rule, 200), (rule, 410), (rule, 500), ("(unmatched)", 404), ("(unmatched)", 404)]
    assert [(route, status) for route, _, status in stub.counted] == expected


def test_flask_streams_to_the_end() -> None:
    clock = Time()
    stub, app = flask(clock=clock)

    @app.get("/stream")
    def stream() -> Response:
        def lines() -> Iterator[str]:
            for _ in range(3):
                clock.now += 1.0
                yield "line\n"

        return Response(lines())

    with app.test_client().get("/stream") as answer:
        assert answer.text == "line\n" * 3
    assert stub.counted == [("/stream", 3.0, 200)]


def test_flask_sends_files() -> None:
    stub, app = flask()
    app.add_url_rule("/file", "file", lambda: send_file(io.BytesIO(b"whole"), mimetype="text/plain"))
    with app.test_client().get("/file") as answer:
        assert answer.data == b"whole"
    assert [(route, status) for route, _, status in stub.counted] == [("/file", 200)]


def test_an_extension_gives_each_application_its_queue() -> None:
    scouter = Scouter(Stub)  # type: ignore[arg-type]
    apps = [Flask(name) for name in ("one", "two")]
    for app in apps:
        scouter.init_app(app)
    queues = []
    for app in apps:
        with app.app_context():
            queues.append(scouter.queue)
    assert queues[0] is not queues[1]


def test_an_application_without_a_queue_says_what_to_do() -> None:
    with Flask(__name__).app_context(), pytest.raises(RuntimeError, match=r"call `init_app\(app\)`"):
        _ = Scouter(Stub).queue  # type: ignore[arg-type]


def test_an_application_has_one_extension() -> None:
    _, app = flask()
    with pytest.raises(ValueError, match="the application has a `Scouter` already"):
        Scouter(Stub).init_app(app)  # type: ignore[arg-type]


def test_a_profile_that_the_queue_does_not_have_is_told_at_once() -> None:
    with pytest.raises(LookupError, match="there is no queue `mode`"):
        flask(profile="mode")


def test_what_goes_wrong_is_told_and_breaks_no_request(caplog: pytest.LogCaptureFixture) -> None:
    stub, app = flask()
    app.add_url_rule("/", "root", lambda: "well")
    stub.observe = None  # type: ignore[assignment]
    with caplog.at_level(logging.ERROR, "scouter.integrations"):
        for _ in range(5):
            with app.test_client().get("/") as answer:
                assert answer.status_code == 200
    assert len([record for record in caplog.records if record.name == "scouter.integrations"]) == 1


def test_an_extension_that_is_given_a_queue_says_what_it_takes() -> None:
    with pytest.raises(TypeError, match=r"not the queue: write `Scouter\(make_queue\)`"):
        Scouter(Stub())  # type: ignore[arg-type]
