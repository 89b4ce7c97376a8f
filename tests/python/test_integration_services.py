"""The examples of services, each run as its readers do, against a real server: what they see arrives, whole, from every worker."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import IO, Any

import pytest

from scouter.client import ScouterClient
from scouter.observe import RouteMetrics
from scouter.queue import HttpConfig

Server = Any


@pytest.fixture(scope="module")
def examples() -> Path:
    return Path(__file__).parents[2] / "examples"


def environment(server: Server) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SCOUTER_")}
    return {**kept, "SCOUTER_SERVER_URI": server.uri, "PYTHONUNBUFFERED": "1"}


def register(server: Server, app: Path, folder: Path, *arguments: str) -> str:
    """Has an example register its profile, and gives back the uid of it."""
    done = subprocess.run([sys.executable, app, *arguments], cwd=folder, env=environment(server), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    [saved] = folder.glob("*.json")
    profile = json.loads(saved.read_text(encoding="utf-8"))
    return str(profile["config"]["uid"])


class Service:
    """A service that runs: `ask` asks it for a path."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, path: str, body: Any = None) -> tuple[int, bytes]:
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, {"content-type": "application/json"})
        try:
            with urllib.request.urlopen(asked) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()


@contextmanager
def running(server: Server, folder: Path, command: list[str], ready: str, end: signal.Signals) -> Iterator[Service]:
    """Runs a service until it is done with, and has it end in order."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = [sys.executable, *(part.format(port=port) for part in command)]
    process = subprocess.Popen(
        arguments, cwd=folder, env=environment(server), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    said: list[str] = []
    try:
        until(process.stdout, ready, said)
        yield Service(port)
    finally:
        process.send_signal(end)
        said.append(process.stdout.read())
        process.stdout.close()
        process.wait(60)
        print("".join(said))


def until(output: IO[str], words: str, said: list[str]) -> None:
    """Reads what a service says until it says this."""
    for line in output:
        said.append(line)
        if words in line:
            return
    pytest.fail(f"the service did not start:\n{''.join(said)}")


def requests(server: Server, uid: str) -> dict[str, RouteMetrics]:
    """What the server tells of requests, by route."""
    since = datetime.now(timezone.utc) - timedelta(hours=1)
    return ScouterClient(HttpConfig(server_uri=server.uri)).get_requests(uid, since).routes


def statuses(server: Server, uid: str) -> dict[str, dict[int, int]]:
    return {route: told.status_codes for route, told in requests(server, uid).items()}


def records(server: Server, uid: str) -> int:
    """How many records of requests there are: one of each worker and every thirty seconds."""
    [[count]] = server.rows(f"SELECT count(*) FROM requests WHERE profile = '{uid}'")
    return int(count)


def numbers(server: Server, uid: str) -> list[str]:
    return [row for [row] in server.rows(f"SELECT numbers FROM records WHERE profile = '{uid}' ORDER BY uid")]


def test_fastapi(server: Server, examples: Path, tmp_path: Path) -> None:
    folder = examples / "fastapi_service"
    uid = register(server, folder / "app.py", tmp_path)
    command = ["-m", "uvicorn", "--app-dir", str(folder), "--port", "{port}", "app:app"]
    with running(server, tmp_path, command, "Uvicorn running", signal.SIGTERM) as service:
        for number in range(50):
            status, _ = service.ask(f"/flats/{number}/price", {"area": 50 + number, "rooms": 2})
            assert status == 200
        assert service.ask("/flats/3/price", {"area": "large", "rooms": 2})[0] == 422
        assert [service.ask(f"/flats/{number}")[0] for number in (1, 2, 2_000, 0)] == [200, 200, 404, 500]
        assert service.ask("/prices")[1].startswith(b"20,60000\n")
        assert [service.ask(f"/{number}")[0] for number in range(3)] == [404, 404, 404]
    assert numbers(server, uid) == [f"{{{50 + number},2}}" for number in range(50)]
    assert statuses(server, uid) == {
        "/flats/{flat_id}/price": {200: 50, 422: 1},
        "/flats/{flat_id}": {200: 2, 404: 1, 500: 1},
        "/prices": {200: 1},
        "(unmatched)": {404: 3},
    }
    told = requests(server, uid)["/flats/{flat_id}"]
    assert (told.request_count, told.error_count) == (4, 1) and 0 < told.metrics.p5 <= told.metrics.p99 < 60


@pytest.mark.parametrize("preload", [[], ["--preload"]], ids=["loaded by each", "loaded before"])
def test_flask_in_two_workers_of_gunicorn(server: Server, examples: Path, tmp_path: Path, preload: list[str]) -> None:
    folder = examples / "flask_service"
    uid = register(server, folder / "app.py", tmp_path)
    # The profile is the same in both runs of this test, so what was there before is taken off.
    before, answered_before, records_before = len(numbers(server, uid)), statuses(server, uid), records(server, uid)
    command = ["-m", "gunicorn", "--workers", "2", *preload, "--pythonpath", str(folder), "--bind", "127.0.0.1:{port}", "app:create_app()"]
    with running(server, tmp_path, command, "Booting worker", signal.SIGTERM) as service:
        # A worker has one request at a time: while one waits for a body, the other one answers.
        held = http.client.HTTPConnection("127.0.0.1", service.port)
        body = json.dumps({"question": "Where is it"}).encode()
        held.putrequest("POST", "/answer")
        held.putheader("content-type", "application/json")
        held.putheader("content-length", str(len(body)))
        held.endheaders()
        workers = {json.loads(service.ask("/answer", {"question": "Is it there?"})[1])["worker"] for _ in range(20)}
        held.send(body)
        workers.add(json.load(held.getresponse())["worker"])
        held.close()
        assert len(workers) == 2
        assert [service.ask(f"/answers/{number}")[0] for number in (1, 200, 0)] == [200, 404, 500]
        assert service.ask("/answers")[1] == b"0\n1\n2\n3\n4\n"
        assert service.ask("/nowhere")[0] == 404

    assert sorted(numbers(server, uid)[before:]) == ["{0.4}", *["{0.9}"] * 20]
    expected = {
        "/answer": {200: 21},
        "/answers/<int:number>": {200: 1, 404: 1, 500: 1},
        "/answers": {200: 1},
        "(unmatched)": {404: 1},
    }
    answered = {
        route: {status: count - answered_before.get(route, {}).get(status, 0) for status, count in counts.items()}
        for route, counts in statuses(server, uid).items()
    }
    assert answered == expected
    assert records(server, uid) - records_before >= 2


def test_django(server: Server, examples: Path, tmp_path: Path) -> None:
    app = examples / "django_service" / "app.py"
    uid = register(server, app, tmp_path, "register")
    command = [str(app), "runserver", "--noreload", "127.0.0.1:{port}"]
    with running(server, tmp_path, command, "Quit the server with", signal.SIGINT) as service:
        for number in range(30):
            assert service.ask(f"/machines/{number}/?heat={60 + number}&noise=40")[0] == 200
        assert service.ask("/machines/")[1] == b"0\n1\n2\n3\n4\n"
        assert [service.ask(path)[0] for path in ("/broken/", "/nowhere/", "/machines/x/")] == [500, 404, 404]
    assert numbers(server, uid) == [f"{{{60 + number},40}}" for number in range(30)]
    assert statuses(server, uid) == {
        "/machines/<int:machine>/": {200: 30},
        "/machines/": {200: 1},
        "/broken/": {500: 1},
        "(unmatched)": {404: 2},
    }


def test_a_service_whose_profile_is_not_there_does_not_start(server: Server, examples: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "uvicorn", "--app-dir", str(examples / "fastapi_service"), "--port", "0", "app:app"]
    done = subprocess.run(command, cwd=tmp_path, env=environment(server), capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert "prices.json" in done.stderr and "Application startup failed" in done.stderr
