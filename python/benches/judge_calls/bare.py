"""No client at all: sockets that send bytes made before, and read until the reply is there. What the machine and the server can do at best."""

from __future__ import annotations

import json
import selectors
import socket
from urllib.parse import urlsplit

import timing

URL, CALLS, IN_FLIGHT, _ = timing.arguments()
SERVER = urlsplit(URL)


def request(row: dict[str, str]) -> bytes:
    said = [{"role": "user", "content": timing.QUESTION.format(**row)}]
    form = {"type": "json_schema", "json_schema": {"name": "Score", "schema": timing.SCHEMA, "strict": True}}
    body = json.dumps({"model": "gpt-4o-mini", "messages": said, "response_format": form}).encode()
    head = f"POST {SERVER.path}/chat/completions HTTP/1.1\r\nhost: {SERVER.netloc}\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


REQUESTS = [request(row) for row in timing.rows(CALLS)]


def run() -> int:
    waiting, answered = iter(REQUESTS), 0
    with selectors.DefaultSelector() as selector:
        for _ in range(min(IN_FLIGHT, CALLS)):
            connection = socket.create_connection((SERVER.hostname, SERVER.port))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(next(waiting))
            selector.register(connection, selectors.EVENT_READ)
        while answered < CALLS:
            for key, _ in selector.select():
                connection = key.fileobj
                assert isinstance(connection, socket.socket)
                # A reply comes in one piece: the server writes it so, and it is shorter than one.
                answered += connection.recv(65536).startswith(b"HTTP/1.1 200")
                if following := next(waiting, None):
                    connection.sendall(following)
                else:
                    selector.unregister(connection)
                    connection.close()
    return answered


timing.measure(run, CALLS)
