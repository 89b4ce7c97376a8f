"""The test server, over real HTTP."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest

from scouter.mock import (
    LLMTestServer,
    Reply,
    Request,
    broken_json,
    cut_off,
    dropped,
    every,
    first,
    rate_limited,
    refused,
    unavailable,
)

QUESTION = {"model": "m", "messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hi?"}]}
SCORE = {
    "type": "object",
    "properties": {"score": {"type": "integer", "minimum": 1, "maximum": 5}, "reason": {"type": "string"}},
    "required": ["score", "reason"],
}


class Client:
    """One connection to a server."""

    def __init__(self, server: LLMTestServer) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)

    def post(self, path: str, body: object, **headers: str) -> tuple[int, Any]:
        status, text, _ = self.raw(path, json.dumps(body).encode(), **headers)
        return status, json.loads(text)

    def raw(self, path: str, body: bytes, **headers: str) -> tuple[int, bytes, dict[str, str]]:
        self._connection.request("POST", path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = self._connection.getresponse()
        return response.status, response.read(), {name.lower(): value for name, value in response.getheaders()}

    def ask(self) -> tuple[int, Any]:
        return self.post("/v1/chat/completions", QUESTION)

    def says(self) -> str:
        status, reply = self.ask()
        assert status == 200, reply
        return str(reply["choices"][0]["message"]["content"])

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()


def test_the_environment_points_at_the_server_and_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "mine")
    monkeypatch.delenv("ANTHROPIC_BASE_URL", raising=False)
    before = dict(os.environ)
    with LLMTestServer() as server:
        assert os.environ["OPENAI_API_KEY"] == "test-key"
        assert os.environ["OPENAI_BASE_URL"] == server.base_urls["openai"] == f"{server.url}/v1"
        assert os.environ["ANTHROPIC_BASE_URL"] == server.base_urls["anthropic"]
        assert os.environ["GEMINI_BASE_URL"] == server.base_urls["gemini"]
        assert os.environ["VERTEX_BASE_URL"] == server.base_urls["vertex"]
    assert dict(os.environ) == before


def test_the_environment_is_put_back_after_an_exception() -> None:
    before = dict(os.environ)
    with pytest.raises(ZeroDivisionError), LLMTestServer():
        raise ZeroDivisionError
    assert dict(os.environ) == before


def test_no_proxy_stands_in_the_way_and_those_of_others_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("NO_PROXY", "example.org")
    with LLMTestServer():
        assert os.environ["NO_PROXY"] == os.environ["no_proxy"] == "example.org,127.0.0.1"
    assert os.environ["NO_PROXY"] == "example.org"
    assert "no_proxy" not in os.environ


def test_servers_nest() -> None:
    before = dict(os.environ)
    with LLMTestServer() as outer:
        with LLMTestServer() as inner:
            assert inner.url != outer.url
            assert os.environ["ANTHROPIC_BASE_URL"] == inner.url
        assert os.environ["ANTHROPIC_BASE_URL"] == outer.url
    assert dict(os.environ) == before


def test_a_running_server_cannot_be_entered_again() -> None:
    with LLMTestServer() as server, pytest.raises(RuntimeError, match="runs already"):
        server.__enter__()


def test_a_server_that_does_not_run_has_no_address() -> None:
    with LLMTestServer() as server:
        pass
    with pytest.raises(RuntimeError, match="inside `with`"):
        _ = server.url


def test_a_server_starts_anew() -> None:
    server = LLMTestServer()
    for _ in range(2):
        with server, Client(server) as client:
            client.ask()
        assert (server.calls, len(server.requests), server.connections) == (1, 1, 1)


def test_nothing_is_left_of_a_server_with_open_connections_and_calls() -> None:
    threads = threading.active_count()
    asked = threading.Event()

    def late(_: Request) -> Reply:
        asked.set()
        return Reply(delay=1_000)

    with LLMTestServer(late) as server:
        address = urlsplit(server.url)
        asking = socket.create_connection((address.hostname or "", address.port or 0))
        body = json.dumps(QUESTION).encode()
        asking.sendall(b"POST /v1/chat/completions HTTP/1.1\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))
        idle = socket.create_connection((address.hostname or "", address.port or 0))
        assert asked.wait(30)
    assert threading.active_count() == threads
    with asking, idle, pytest.raises(ConnectionRefusedError):
        socket.create_connection((address.hostname or "", address.port or 0))


def test_a_score_is_answered_where_the_schema_asks_for_one() -> None:
    asked = {**QUESTION, "response_format": {"type": "json_schema", "json_schema": {"name": "Score", "schema": SCORE}}}
    with LLMTestServer() as server, Client(server) as client:
        _, reply = client.post("/v1/chat/completions", asked)
    assert json.loads(reply["choices"][0]["message"]["content"]) == {"score": 5, "reason": "An example made by the test server."}


def test_requests_are_kept_as_they_came() -> None:
    with LLMTestServer() as server, Client(server) as client:
        client.post("/v1/chat/completions", QUESTION, authorization="Bearer k", X_Mine="1")
        (request,) = server.requests
    assert (request.provider, request.api, request.model, request.number) == ("openai", "completions", "m", 1)
    assert (request.system, request.messages, request.schema) == ("Be kind.", ("Hi?",), None)
    assert (request.headers["authorization"], request.headers["x-mine"], request.body) == ("Bearer k", "1", QUESTION)


def test_a_key_is_not_shown() -> None:
    with LLMTestServer() as server, Client(server) as client:
        client.post("/v1/chat/completions", QUESTION, authorization="Bearer very-secret")
        assert "very-secret" not in repr(server.requests) + repr(server)


def test_connections_are_used_again_and_counted() -> None:
    with LLMTestServer() as server:
        with Client(server) as client:
            for _ in range(3):
                client.ask()
        assert (server.calls, server.connections) == (3, 1)
        with Client(server) as other:
            other.ask()
        assert (server.calls, server.connections) == (4, 2)


def test_requests_that_are_sent_before_the_answer_are_answered_in_order() -> None:
    with LLMTestServer(lambda request: Reply(str(request.number), delay=0.01)) as server:
        address = urlsplit(server.url)
        body = json.dumps(QUESTION).encode()
        one = b"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: %d\r\n%s\r\n%s"
        with socket.create_connection((address.hostname or "", address.port or 0)) as raw:
            raw.sendall(one % (len(body), b"", body) + one % (len(body), b"Connection: close\r\n", body))
            received = b"".join(iter(lambda: raw.recv(65_536), b""))
    ids = [part[:1] for part in received.split(b"chatcmpl-")[1:]]
    assert ids == [b"1", b"2"]


def test_replies_are_given_in_order_and_then_refused() -> None:
    with LLMTestServer(["one", {"two": 2}, None]) as server, Client(server) as client:
        assert [client.says() for _ in range(3)] == ["one", '{"two": 2}', "This is the test server."]
        status, reply = client.ask()
    assert (status, reply["error"]["message"]) == (400, "the script has ended after 3 replies")


def test_one_reply_is_given_to_all_calls() -> None:
    with LLMTestServer("yes") as server, Client(server) as client:
        assert [client.says() for _ in range(2)] == ["yes", "yes"]


def test_a_function_makes_replies_of_what_was_asked() -> None:
    def reply(request: Request) -> str:
        return f"{request.provider} {request.number} {request.text}"

    with LLMTestServer(reply) as server, Client(server) as client:
        assert client.says() == "openai 1 Hi?"


def test_a_function_that_fails_is_told_to_the_client() -> None:
    def reply(request: Request) -> str:
        raise LookupError("nothing there")

    with LLMTestServer(reply) as server, Client(server) as client:
        status, said = client.ask()
    assert (status, said["error"]["message"]) == (400, "the reply could not be made: LookupError: nothing there")


def test_a_reply_that_is_no_json_is_told_to_the_client() -> None:
    with LLMTestServer({"a": object()}) as server, Client(server) as client:
        status, said = client.ask()
    assert (status, "not JSON serializable" in said["error"]["message"]) == (400, True)


def test_every_nth_call_is_limited() -> None:
    with LLMTestServer(every(3, rate_limited(retry_after=0.5), "yes")) as server, Client(server) as client:
        statuses = [client.ask()[0] for _ in range(6)]
        assert statuses == [200, 200, 429, 200, 200, 429]


@pytest.mark.parametrize(("given", "header"), [(7, "7"), (0.25, "0.25"), (None, None)])
def test_a_limit_says_how_long_to_wait_where_it_is_told_to(given: float | None, header: str | None) -> None:
    with LLMTestServer(rate_limited(given)) as server, Client(server) as client:
        status, _, headers = client.raw("/v1/chat/completions", json.dumps(QUESTION).encode())
    assert (status, headers.get("retry-after")) == (429, header)


def test_a_server_recovers() -> None:
    with LLMTestServer(first(2, unavailable(), "yes")) as server, Client(server) as client:
        assert [client.ask()[0] for _ in range(3)] == [500, 500, 200]


def test_broken_json_is_a_success_that_cannot_be_read() -> None:
    with LLMTestServer(broken_json()) as server, Client(server) as client:
        status, text, _ = client.raw("/v1/chat/completions", json.dumps(QUESTION).encode())
    assert status == 200
    with pytest.raises(ValueError):
        json.loads(text)


def test_a_connection_is_dropped_half_way() -> None:
    with LLMTestServer(dropped()) as server, Client(server) as client, pytest.raises(http.client.IncompleteRead):
        client.ask()


def test_a_connection_is_dropped_before_the_first_byte() -> None:
    with LLMTestServer(dropped(0)) as server, Client(server) as client, pytest.raises(http.client.RemoteDisconnected):
        client.ask()


def test_a_reply_is_late() -> None:
    with LLMTestServer(Reply("yes", delay=0.05)) as server, Client(server) as client:
        start = time.perf_counter()
        assert client.says() == "yes"
        assert time.perf_counter() - start >= 0.05


def test_a_slow_body_comes_whole_and_late() -> None:
    with LLMTestServer(Reply("yes", duration=0.05)) as server, Client(server) as client:
        start = time.perf_counter()
        assert client.says() == "yes"
        assert time.perf_counter() - start >= 0.05


def test_a_large_reply_comes_whole() -> None:
    with LLMTestServer("x" * 5_000_000) as server, Client(server) as client:
        assert len(client.says()) == 5_000_000


def test_a_large_question_is_read_whole() -> None:
    with LLMTestServer() as server, Client(server) as client:
        client.post("/v1/chat/completions", {**QUESTION, "messages": [{"role": "user", "content": "x" * 5_000_000}]})
        assert len(server.requests[0].text) == 5_000_000


def test_a_body_is_sent_as_it_stands() -> None:
    with LLMTestServer(Reply(status=502, body="<html>", headers={"content-type": "text/html"})) as server, Client(server) as client:
        status, text, headers = client.raw("/v1/chat/completions", json.dumps(QUESTION).encode())
    assert (status, text, headers["content-type"]) == (502, b"<html>", "text/html")


def test_tokens_are_counted_or_given() -> None:
    with LLMTestServer(["12345678", Reply("yes", tokens=(700, 3))]) as server, Client(server) as client:
        counts = [(usage["prompt_tokens"], usage["completion_tokens"]) for usage in (client.ask()[1]["usage"] for _ in range(2))]
    assert counts == [(3, 2), (700, 3)]


PATHS: dict[str, tuple[str, dict[str, Any], str]] = {
    "completions": ("/v1/chat/completions", QUESTION, "authorization"),
    "azure": ("/openai/deployments/m/chat/completions?api-version=2024-10-21", QUESTION, "api-key"),
    "responses": ("/v1/responses", {"model": "m", "input": "Hi?"}, "authorization"),
    "embeddings": ("/v1/embeddings", {"model": "m", "input": ["Hi?"]}, "authorization"),
    "messages": ("/v1/messages", {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi?"}]}, "x-api-key"),
    "gemini": ("/v1beta/models/m:generateContent", {"contents": [{"parts": [{"text": "Hi?"}]}]}, "x-goog-api-key"),
    "gemini-embeddings": (
        "/v1beta/models/m:batchEmbedContents",
        {"requests": [{"content": {"parts": [{"text": "Hi?"}]}}]},
        "x-goog-api-key",
    ),
    "vertex-embeddings": (
        "/v1/projects/p/locations/l/publishers/google/models/m:predict",
        {"instances": [{"content": "Hi?"}]},
        "authorization",
    ),
    "vertex": (
        "/v1/projects/p/locations/l/publishers/google/models/m:generateContent",
        {"contents": [{"parts": [{"text": "Hi?"}]}]},
        "authorization",
    ),
}


@pytest.mark.parametrize("api", PATHS)
def test_every_api_is_asked_the_same(api: str) -> None:
    path, body, _ = PATHS[api]
    with LLMTestServer() as server, Client(server) as client:
        status, _ = client.post(path, body)
        (request,) = server.requests
    assert (status, request.model, request.text) == (200, "m", "Hi?")


@pytest.mark.parametrize("api", PATHS)
def test_only_the_right_key_is_accepted(api: str) -> None:
    path, body, header = PATHS[api]
    bearer = "Bearer " if header == "authorization" else ""
    with LLMTestServer(key="right") as server, Client(server) as client:
        assert os.environ["GEMINI_API_KEY"] == "right"
        statuses = [client.post(path, body, **{header: f"{bearer}{key}"})[0] for key in ("right", "wrong")]
        missing, _ = client.post(path, body)
    refused = 400 if api.startswith("gemini") else 401  # Google calls a wrong key a bad request
    assert [*statuses, missing] == [200, refused, refused]


@pytest.mark.parametrize("api", PATHS)
def test_a_body_of_another_form_is_refused(api: str) -> None:
    path, _, _ = PATHS[api]
    with LLMTestServer() as server, Client(server) as client:
        wrong = {"model": 1, "messages": 3, "input": 1, "contents": 1, "requests": [1]}
        for body in [b"", b"[1]", b"{}", b"\xff", b"null", b'{"requests": []}', b"[" * 100_000, json.dumps(wrong).encode()]:
            status, text, _ = client.raw(path, body)
            assert (status, "not a body of" in text.decode()) == (400, True), body
        assert server.calls == 0


def test_an_unknown_path_is_refused_with_those_that_are_known() -> None:
    with LLMTestServer() as server, Client(server) as client:
        status, reply = client.post("/v1/completion", QUESTION)
    assert (status, "/chat/completions" in reply["error"]["message"]) == (404, True)


def test_a_stream_is_refused() -> None:
    with LLMTestServer() as server, Client(server) as client:
        status, reply = client.post("/v1/chat/completions", {**QUESTION, "stream": True})
    assert (status, reply["error"]["message"]) == (400, "the test server does not stream")


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Transfer-Encoding: chunked\r\n\r\n", b"411"),
        (b"Content-Length: many\r\n\r\n", b"411"),
        (b"Content-Length: 99999999999\r\n\r\n", b"413"),
        (b"X: " + b"x" * 70_000, b"431"),
    ],
)
def test_what_has_no_end_is_refused_and_the_connection_closed(head: bytes, status: bytes) -> None:
    with LLMTestServer() as server:
        address = urlsplit(server.url)
        with socket.create_connection((address.hostname or "", address.port or 0)) as raw:
            raw.sendall(b"POST /v1/chat/completions HTTP/1.1\r\n" + head)
            received = b"".join(iter(lambda: raw.recv(65_536), b""))
    assert received.startswith(b"HTTP/1.1 " + status)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: Reply(status=42), "`status` must be from 200 to 599"),
        (lambda: Reply(drop=1), "`drop` must be at least 0 and less than 1"),
        (lambda: Reply(delay=-1), "`delay` must be a number of seconds"),
        (lambda: Reply(duration=float("nan")), "`duration` must be a number of seconds"),
        (lambda: Reply(finish="tired"), "`finish` must be"),  # type: ignore[arg-type]
        (lambda: every(0, "x"), "`nth` must be at least 1"),
        (lambda: LLMTestServer(3), "`replies` must be a reply, a list of them or a function, not `int`"),  # type: ignore[arg-type]
    ],
)
def test_a_script_that_makes_no_sense_is_refused(wrong: Callable[[], object], message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        wrong()


def test_many_calls_are_open_at_once() -> None:
    with LLMTestServer(lambda request: Reply("yes", delay=0.2)) as server:

        def ask(_: int) -> str:
            with Client(server) as client:
                return client.says()

        with ThreadPoolExecutor(20) as pool:
            assert set(pool.map(ask, range(20))) == {"yes"}
        assert 2 <= server.most_in_flight <= 20


def test_a_refusal_and_a_cut_are_told_in_each_format() -> None:
    told: dict[str, Callable[[Any], object]] = {
        "completions": lambda reply: (reply["choices"][0]["message"]["refusal"], reply["choices"][0]["finish_reason"]),
        "responses": lambda reply: (reply["output"][0]["content"][0].get("refusal"), reply["status"]),
        "messages": lambda reply: (reply["content"][0]["text"], reply["stop_reason"]),
        "gemini": lambda reply: ("content" in reply["candidates"][0], reply["candidates"][0]["finishReason"]),
    }
    found = {}
    for api, read in told.items():
        path, body, _ = PATHS[api]
        with LLMTestServer([refused("no"), cut_off("12345678")]) as server, Client(server) as client:
            found[api] = [read(client.post(path, body)[1]) for _ in range(2)]
    assert found == {
        "completions": [("no", "stop"), (None, "length")],
        "responses": [("no", "completed"), (None, "incomplete")],
        "messages": [("no", "refusal"), ("1234", "max_tokens")],
        "gemini": [(False, "SAFETY"), (True, "MAX_TOKENS")],
    }


def test_the_package_does_not_load_the_server() -> None:
    code = "import sys, scouter, scouter.mock; print([name for name in sys.modules if name.startswith('scouter.mock._')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['scouter.mock._traces']"
