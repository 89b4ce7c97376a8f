"""HTTP/1.1 as far as clients of providers speak it: requests with a length, on connections that are kept open."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Optional

PHRASES = {status.value: status.phrase for status in HTTPStatus}
MOST_HEAD = 64 * 1024
MOST_BODY = 64 * 1024 * 1024
PIECES = 20
"""In how many pieces a body is sent that takes its time."""


@dataclass(frozen=True)
class Sent:
    """What is sent back, when and how far."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    duration: float = 0.0
    drop: Optional[float] = None

    def head(self) -> bytes:
        headers = {"content-type": "application/json", **self.headers, "content-length": str(len(self.body))}
        lines = [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([f"HTTP/1.1 {self.status} {PHRASES.get(self.status, '')}", *lines, "", ""]).encode("latin-1")


Serve = Callable[[str, str, Mapping[str, str], bytes], Sent]
"""What a method, a path, headers (by their names in lower case) and a body are answered with. It must not wait."""


@dataclass
class Traffic:
    """What goes on; only the server's thread writes here."""

    connections: int = 0
    """How many were opened, ever."""
    open: set[Connection] = field(default_factory=set)
    in_flight: int = 0
    most_in_flight: int = 0


class Connection(asyncio.Protocol):
    """One connection. A request is read when the one before it is answered."""

    def __init__(self, serve: Serve, traffic: Traffic) -> None:
        self._serve = serve
        self._traffic = traffic
        self._loop = asyncio.get_running_loop()
        self._unread = bytearray()
        self._answering = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._traffic.connections += 1
        self._traffic.open.add(self)

    def connection_lost(self, exc: Optional[Exception]) -> None:
        self._traffic.open.discard(self)
        self._answered()

    def data_received(self, data: bytes) -> None:
        self._unread += data
        self._read()

    def abort(self) -> None:
        """Ends the connection at once."""
        self._transport.abort()

    def _read(self) -> None:
        if self._answering or self._transport.is_closing():
            return
        end = self._unread.find(b"\r\n\r\n", 0, MOST_HEAD)
        if end < 0:
            if len(self._unread) >= MOST_HEAD:
                self._refuse(431)
            return
        first, *lines = self._unread[:end].decode("latin-1").split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not length.isdecimal():
            return self._refuse(411)
        if int(length) > MOST_BODY:
            return self._refuse(413)
        start, whole = end + 4, end + 4 + int(length)
        if len(self._unread) < whole:
            return
        body = bytes(self._unread[start:whole])
        del self._unread[:whole]
        method, path, *_ = [*first.split(" "), "", ""]
        self._begin(self._serve(method, path, headers, body), close=headers.get("connection", "").lower() == "close")

    def _refuse(self, status: int) -> None:
        self._unread.clear()
        self._begin(Sent(status, b""), close=True)

    def _begin(self, sent: Sent, *, close: bool) -> None:
        self._answering = True
        self._traffic.in_flight += 1
        self._traffic.most_in_flight = max(self._traffic.most_in_flight, self._traffic.in_flight)
        head, body = sent.head(), sent.body
        if sent.drop is not None:
            kept = int((len(head) + len(body)) * sent.drop)
            head, body, close = head[:kept], body[: max(kept - len(head), 0)], True
        if not sent.duration:
            pieces = [head + body]
        else:
            size = max(-(-len(body) // PIECES), 1)
            pieces = [head, *(body[at : at + size] for at in range(0, len(body), size))]
        pause = sent.duration / max(len(pieces) - 1, 1)
        if sent.delay:
            self._loop.call_later(sent.delay, self._send, iter(pieces), pause, close)
        else:
            self._send(iter(pieces), pause, close)

    def _send(self, pieces: Iterator[bytes], pause: float, close: bool) -> None:
        if self._transport.is_closing():
            return
        piece = next(pieces, None)
        if piece is not None:
            self._transport.write(piece)
            if pause:
                self._loop.call_later(pause, self._send, pieces, pause, close)
                return
        self._answered()
        if close:
            self._transport.close()
        else:
            self._read()

    def _answered(self) -> None:
        if self._answering:
            self._answering = False
            self._traffic.in_flight -= 1


@contextmanager
def listening(serve: Serve, traffic: Traffic) -> Iterator[str]:
    """Serves on a free port of this machine, from a thread of its own; gives the address, and leaves nothing behind."""
    started: Future[tuple[str, Callable[[], object]]] = Future()

    async def run() -> None:
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        server = await loop.create_server(lambda: Connection(serve, traffic), "127.0.0.1", 0, backlog=1024)
        host, port = server.sockets[0].getsockname()
        started.set_result((f"http://{host}:{port}", lambda: loop.call_soon_threadsafe(ended.set)))
        await ended.wait()
        server.close()
        # One that was just accepted is known a few turns of the loop later; then it learns of its end.
        for _ in range(6):
            for connection in list(traffic.open):
                connection.abort()
            await asyncio.sleep(0)
        await server.wait_closed()

    def thread() -> None:
        try:
            asyncio.run(run())
        except BaseException as error:
            if started.done():
                raise
            started.set_exception(error)

    running = threading.Thread(target=thread, name="LLMTestServer", daemon=True)
    running.start()
    url, end = started.result()
    try:
        yield url
    finally:
        end()
        running.join()
