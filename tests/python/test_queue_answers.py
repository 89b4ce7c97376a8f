"""What a queue makes of answers: a server that answers as the test says, on loopback."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from scouter.drift import Drifter, PsiDriftConfig
from scouter.queue import HttpConfig, QueueOptions, ScouterQueue

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
    return ScouterQueue.from_profile({"model": profile}, HttpConfig(server_uri=server.uri), options=QueueOptions(**options))


def problem(status: int, code: str, **more: Any) -> Answer:
    body = {"title": "", "status": status, "detail": f"it is {code}", "code": code, **more}
    return Answer(status, json.dumps(body).encode())


@pytest.mark.parametrize(
    "first",
    [
        problem(503, "unavailable"),
        problem(429, "overloaded"),
        problem(500, "internal"),
        Answer(404, b"<html>not here</html>"),
        Answer(200, b"<html>welcome</html>"),
        Answer(302, b"", {"location": "http://127.0.0.1:1/"}),
        Answer(cut=True),
    ],
    ids=["away", "full", "broken", "nobody", "a page", "elsewhere", "cut off"],
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


def test_what_lies_on_the_disk_and_is_too_large_is_sent_in_halves(serve: Serve, tmp_path: Path) -> None:
    server = serve(problem(503, "unavailable"), problem(413, "too_large"), Answer())
    sender = queue(server, spool_dir=tmp_path)
    sender["model"].insert(x=1.0)
    sender["model"].insert(x=2.0)
    assert sender.flush(30.0)
    stats = sender["model"].stats()
    assert (stats.accepted, stats.spooled, len(server.asked)) == (2, 0, 4)
    assert sender.shutdown() and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("answer", "code"), [(problem(400, "malformed"), "unreadable"), (problem(413, "too_large"), "too_large")])
def test_what_lies_on_the_disk_and_is_never_taken_is_refused_and_gone(serve: Serve, tmp_path: Path, answer: Answer, code: str) -> None:
    sender = queue(serve(problem(503, "unavailable"), answer), spool_dir=tmp_path)
    sender["model"].insert(x=1.0)
    assert sender.flush(30.0) is False  # what was refused is not there
    stats = sender["model"].stats()
    assert (stats.refused, stats.spooled) == ({code: 1}, 0)
    assert sender.shutdown() and list(tmp_path.iterdir()) == []


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
        ({}, None),
    ],
    ids=["token", "nobody"],
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


def tokens(name: str, seconds: int = 900) -> Answer:
    body = {"access_token": f"access-{name}", "token_type": "Bearer", "expires_in": seconds, "refresh_token": f"refresh-{name}"}
    return Answer(body=json.dumps(body).encode())


def logged_in(server: Scripted, monkeypatch: pytest.MonkeyPatch) -> ScouterQueue:
    monkeypatch.delenv("SCOUTER_AUTH_TOKEN", raising=False)
    profile = Drifter().create_drift_profile({"x": [float(number) for number in range(100)]}, PsiDriftConfig(name="model"))
    return ScouterQueue.from_profile(profile, HttpConfig(server_uri=server.uri, username="ada", password="pw"))


def test_who_has_a_password_logs_in_once(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(tokens("1"), Answer())
    sender = logged_in(server, monkeypatch)
    for number in range(2):
        sender["model"].insert(x=float(number))
        assert sender.flush()
    assert sender.shutdown(30.0)
    login, *records = server.asked
    assert json.loads(login.body) == {"username": "ada", "password": "pw"} and "authorization" not in login.headers
    assert [asked.headers["authorization"] for asked in records] == ["Bearer access-1"] * 2


def test_a_token_whose_time_is_over_is_refreshed(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    # One that lasts for a second is not used again.
    server = serve(tokens("1", seconds=1), Answer(), tokens("2"), Answer())
    sender = logged_in(server, monkeypatch)
    for number in range(2):
        sender["model"].insert(x=float(number))
        assert sender.flush()
    assert sender.shutdown(30.0)
    assert json.loads(server.asked[2].body) == {"refresh_token": "refresh-1"}
    assert server.asked[3].headers["authorization"] == "Bearer access-2"


def test_a_token_that_is_not_accepted_any_more_is_a_reason_to_log_in_again(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(tokens("1"), problem(401, "unauthenticated"), tokens("2"), Answer())
    sender = logged_in(server, monkeypatch)
    sender["model"].insert(x=1.0)
    assert sender.shutdown(30.0)
    assert json.loads(server.asked[2].body)["username"] == "ada"
    assert sender["model"].stats().accepted == 1


@pytest.mark.parametrize("spooled", [False, True], ids=["in memory", "on the disk"])
def test_who_is_not_let_in_keeps_the_records_and_asks_once(serve: Serve, tmp_path: Path, spooled: bool) -> None:
    server = serve(problem(401, "unauthenticated"))
    sender = queue(server, spool_dir=tmp_path if spooled else None)
    sender["model"].insert(x=1.0)
    assert not sender.flush(3.0)
    stats = sender["model"].stats()
    assert (stats.waiting, stats.spooled, stats.undelivered) == ((0, 1, 0) if spooled else (1, 0, 0))
    assert stats.last_error is not None and "give `HttpConfig` an `auth_token`" in stats.last_error
    # Nobody is let in within that time, so it is not waited for.
    began = time.monotonic()
    assert sender.shutdown(25.0) is spooled and time.monotonic() - began < 20.0
    assert len(server.asked) == 1


def test_a_wrong_password_is_given_once_whoever_waits(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(problem(401, "unauthenticated"))
    sender = logged_in(server, monkeypatch)
    for number in range(3):
        sender["model"].insert(x=float(number))
        assert not sender.flush(0.5)
    assert not sender.shutdown(5.0)
    assert len(server.asked) == 1
    stats = sender["model"].stats()
    assert stats.undelivered == 3 and "log in: it is unauthenticated" in (stats.last_error or "")
