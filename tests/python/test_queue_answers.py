"""What a queue makes of answers: a server that answers as the test says, on loopback."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from scouter.drift import Drifter, PsiDriftConfig
from scouter.queue import HttpConfig, ScouterQueue

ACCEPTED = b"\x08\x01"
"""A receipt of one record, as protobuf."""


@dataclass
class Answer:
    status: int = 200
    body: bytes = ACCEPTED
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    """Whether the connection is closed in place of it."""


@dataclass
class Asked:
    body: bytes
    headers: dict[str, str]
    at: float


class Scripted:
    """Gives these answers one after the other, and the last one for ever."""

    def __init__(self, *answers: Answer) -> None:
        self.asked: list[Asked] = []
        self._came = threading.Condition()
        left = list(answers)

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(handler) -> None:  # noqa: N805
                body = handler.rfile.read(int(handler.headers["content-length"]))
                with self._came:
                    self.asked.append(Asked(body, {k.lower(): v for k, v in handler.headers.items()}, time.monotonic()))
                    self._came.notify_all()
                answer = left.pop(0) if len(left) > 1 else left[0]
                if answer.cut:
                    handler.close_connection = True
                    return
                handler.send_response(answer.status)
                for name, value in {**answer.headers, "content-length": str(len(answer.body))}.items():
                    handler.send_header(name, value)
                handler.end_headers()
                handler.wfile.write(answer.body)

            def log_message(handler, *_: Any) -> None:  # noqa: N805
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.uri = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def wait(self, requests: int) -> None:
        """Waits until it was asked so often."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.asked) >= requests, 30)


Serve = Callable[..., Scripted]


@pytest.fixture
def serve() -> Iterator[Serve]:
    running: list[Scripted] = []

    def start(*answers: Answer) -> Scripted:
        running.append(Scripted(*answers))
        return running[-1]

    yield start
    for scripted in running:
        scripted.server.shutdown()
        scripted.server.server_close()


def queue(server: Scripted, **options: Any) -> ScouterQueue:
    data = {"x": [float(number) for number in range(100)]}
    profile = Drifter().create_drift_profile(data, PsiDriftConfig(name="model"))
    return ScouterQueue.from_profile({"model": profile}, HttpConfig(server_uri=server.uri), **options)


def problem(status: int, code: str, **more: Any) -> Answer:
    body = {"title": "", "status": status, "detail": f"it is {code}", "code": code, **more}
    return Answer(status, json.dumps(body).encode())


@pytest.mark.parametrize(
    "first",
    [
        problem(503, "unavailable"),
        problem(429, "overloaded"),
        problem(500, "internal"),
        problem(401, "unauthenticated"),
        Answer(404, b"<html>not here</html>"),
        Answer(200, b"<html>welcome</html>"),
        Answer(302, b"", {"location": "http://127.0.0.1:1/"}),
        Answer(cut=True),
    ],
    ids=["away", "full", "broken", "not let in", "nobody", "a page", "elsewhere", "cut off"],
)
def test_what_is_no_receipt_is_sent_again_as_it_was(serve: Serve, first: Answer) -> None:
    server = serve(first, Answer())
    sender = queue(server)
    sender["model"].insert(x=1.0)
    assert sender.shutdown(30.0)
    stats = sender["model"].stats()
    assert (stats.accepted, stats.failures) == (1, 1)
    # The same bytes: the same uid, by which the server keeps it once.
    assert len(server.asked) == 2 and server.asked[0].body == server.asked[1].body


def test_a_server_is_left_alone_for_as_long_as_it_asks(serve: Serve) -> None:
    server = serve(Answer(429, b"", {"retry-after": "1"}), Answer())
    sender = queue(server, batch_size=1)
    sender["model"].insert(x=1.0)
    server.wait(2)
    assert server.asked[1].at - server.asked[0].at >= 1.0
    assert sender.shutdown(30.0)


def test_a_batch_that_is_too_large_is_sent_in_halves(serve: Serve) -> None:
    server = serve(problem(413, "too_large"), Answer())
    sender = queue(server)
    sender["model"].insert(x=1.0)
    sender["model"].insert(x=2.0)
    assert sender.shutdown(30.0)
    assert sender["model"].stats().accepted == 2
    whole, *halves = [len(asked.body) for asked in server.asked]
    assert len(halves) == 2 and all(half < whole for half in halves)


def test_a_record_that_is_too_large_alone_is_refused(serve: Serve) -> None:
    sender = queue(serve(problem(413, "too_large")))
    sender["model"].insert(x=1.0)
    assert sender.shutdown(30.0)
    assert sender["model"].stats().refused == {"too_large": 1}


@pytest.mark.parametrize("answer", [problem(400, "malformed"), problem(422, "invalid")], ids=["malformed", "invalid"])
def test_a_batch_that_the_server_never_takes_is_counted_and_not_sent_again(serve: Serve, answer: Answer) -> None:
    server = serve(answer)
    sender = queue(server)
    sender["model"].insert(x=1.0)
    assert sender.shutdown(30.0)
    stats = sender["model"].stats()
    assert stats.refused == {"unreadable": 1} and "it is " in (stats.last_refusal or "")
    assert len(server.asked) == 1


def test_what_waits_is_sent_together(serve: Serve) -> None:
    server = serve(Answer())
    sender = queue(server)
    for number in range(500):
        sender["model"].insert(x=float(number))
    assert sender.shutdown(30.0)
    assert len(server.asked) == 1


def test_a_batch_is_sent_as_soon_as_it_is_large_enough(serve: Serve) -> None:
    server = serve(Answer())
    sender = queue(server, batch_size=10, linger=600.0)
    for number in range(10):
        sender["model"].insert(x=float(number))
    server.wait(1)
    assert sender.shutdown(30.0)


@pytest.mark.parametrize(
    ("who", "header"),
    [
        ({"auth_token": "token"}, "Bearer token"),
        ({"username": "ada", "password": "pw"}, "Basic " + base64.b64encode(b"ada:pw").decode()),
        ({}, None),
    ],
    ids=["token", "password", "nobody"],
)
def test_who_one_is_is_told(serve: Serve, monkeypatch: pytest.MonkeyPatch, who: dict[str, str], header: str | None) -> None:
    for name in ["USERNAME", "PASSWORD", "AUTH_TOKEN"]:
        monkeypatch.delenv(f"SCOUTER_{name}", raising=False)
    server = serve(Answer())
    profile = Drifter().create_drift_profile({"x": [float(number) for number in range(100)]}, PsiDriftConfig(name="model"))
    sender = ScouterQueue.from_profile(profile, HttpConfig(server_uri=server.uri, **who))
    sender["model"].insert(x=1.0)
    assert sender.shutdown(30.0)
    assert server.asked[0].headers.get("authorization") == header
    assert server.asked[0].headers["content-type"] == "application/protobuf"
