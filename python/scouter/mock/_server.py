"""A server that speaks the providers' APIs."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Optional

from scouter import _verdict
from scouter.mock import _anthropic, _gemini, _openai
from scouter.mock._api import Api
from scouter.mock._environment import base_urls, environment, variables
from scouter.mock._http import Sent, Traffic, listening
from scouter.mock._reply import Replies, Reply, script
from scouter.mock._request import Request

APIS = (*_openai.APIS, *_anthropic.APIS, *_gemini.APIS)
KEPT = 10_000
"""How many requests are kept."""
ANY_KEY = "test-key"


class LLMTestServer:
    """A server on this machine that speaks the APIs of OpenAI, Anthropic, Gemini and Vertex AI, for tests.

    As a context manager it points every provider at itself, by the environment, and puts the environment back at the end:

        with LLMTestServer() as server:
            ...
        assert server.calls == 3

    Without `replies` a model answers by an example that fits the schema it is sent (for a judge's `Score`, a score and a reason),
    and by a text where there is none; embeddings count words. `replies` is one reply for all calls, a list of them in order (calls
    after the last are refused), or a function of the `Request`; a reply is a text, an object that becomes JSON, a `Reply`, or
    `None` for the server's own. A function is called in the server's thread and must not wait: let it return `Reply(delay=…)`.

    With `key`, that key is in the environment and calls with another one are refused.
    """

    def __init__(self, replies: Replies = None, *, key: Optional[str] = None) -> None:
        self._script = script(replies)
        self._key = key
        self._lock = threading.Lock()
        self._requests: deque[Request] = deque(maxlen=KEPT)
        self._calls = 0
        self._traffic = Traffic()
        self._url: Optional[str] = None
        self._running = ExitStack()

    def __enter__(self) -> LLMTestServer:
        if self._url is not None:
            raise RuntimeError("this server runs already; make another one")
        self._requests.clear()
        self._calls, self._traffic = 0, Traffic()
        with ExitStack() as starting:
            url = starting.enter_context(listening(self._serve, self._traffic))
            starting.enter_context(environment(variables(url, self._key or ANY_KEY)))
            self._url, self._running = url, starting.pop_all()
        return self

    def __exit__(
        self,
        exc_type: Optional[type[BaseException]] = None,
        exc_value: Optional[BaseException] = None,
        traceback: Optional[TracebackType] = None,
    ) -> None:
        self._url = None
        self._running.close()

    def __repr__(self) -> str:
        return f"LLMTestServer({self._url or 'not running'}, {_verdict.count(self.calls, 'call')})"

    @property
    def url(self) -> str:
        """The address, such as `http://127.0.0.1:40123`."""
        if self._url is None:
            raise RuntimeError("the server runs inside `with` only")
        return self._url

    @property
    def base_urls(self) -> dict[str, str]:
        """The base URL of each provider by its name, for clients that are given one."""
        return base_urls(self.url)

    @property
    def requests(self) -> list[Request]:
        """What was asked, in order: the last 10,000 calls."""
        with self._lock:
            return list(self._requests)

    @property
    def calls(self) -> int:
        """How many calls there were, those that were refused included."""
        return self._calls

    @property
    def connections(self) -> int:
        """How many connections were opened: fewer than calls where they are used again."""
        return self._traffic.connections

    @property
    def most_in_flight(self) -> int:
        """How many calls were open at once, at most."""
        return self._traffic.most_in_flight

    def _serve(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Sent:
        path = target.partition("?")[0]
        api = spoken(path)
        if api is None or method != "POST":
            speaks = ", ".join(f"`POST …{api.ends}`" for api in APIS)
            return failed(404, {"error": {"message": f"no `{method} {path}` here; this server speaks {speaks}"}})
        try:
            sent = json.loads(body)
            question = api.read(path, sent)
        except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
            return failed(400, api.error(400, f"not a body of {api.provider}'s {api.name}: {type(error).__name__}: {error}"))
        with self._lock:
            self._calls += 1
            came = {"number": self._calls, "path": path, "headers": headers, "body": sent}
            request = Request(**vars(question), **came, provider=api.provider, api=api.name)
            self._requests.append(request)
        if self._key is not None and self._key not in keys(headers):
            status, message = api.wrong_key
            return failed(status, api.error(status, message))
        if sent.get("stream"):
            return failed(400, api.error(400, "the test server does not stream"))
        return self._reply(api, request)

    def _reply(self, api: Api, request: Request) -> Sent:
        try:
            answer = self._script(request)
            reply = answer if isinstance(answer, Reply) else Reply(answer)
            body = json.dumps(api.body(request, reply), ensure_ascii=False) if reply.body is None else reply.body
        except Exception as error:  # the user's own: told to the client, since nobody else listens
            return failed(400, api.error(400, f"the reply could not be made: {type(error).__name__}: {error}"))
        body = body.encode() if isinstance(body, str) else body
        return Sent(reply.status, body, reply.headers, reply.delay, reply.duration, reply.drop)


def spoken(path: str) -> Optional[Api]:
    """The API that is spoken at a path. What stands before its end is the client's business."""
    api = next((api for api in APIS if path.endswith(api.ends)), None)
    return _gemini.VERTEX if api is _gemini.APIS[0] and "/publishers/" in path else api


def keys(headers: Mapping[str, str]) -> set[str]:
    """The keys that a call came with, in the headers of any provider: clients of one provider do not agree on one."""
    return {headers.get(name, "").removeprefix("Bearer ") for name in ("authorization", "x-api-key", "api-key", "x-goog-api-key")}


def failed(status: int, error: object) -> Sent:
    """An error as it is sent."""
    return Sent(status, json.dumps(error, ensure_ascii=False).encode())
