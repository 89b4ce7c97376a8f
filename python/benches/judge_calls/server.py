"""A server that answers chat completions after a while: `python server.py SECONDS`.

Prints its port; for every line that it reads, prints what it counted since the last one, as JSON. It shares the machine with the
tools that are measured, so a call costs it as little as Python can: a callback to read, a callback to answer.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from typing import cast

DELAY = float(sys.argv[1])
SAYS = json.dumps({"reason": "It answers the question.", "score": 5})
BODY = json.dumps({
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1,
    "model": "gpt-4o-mini",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": SAYS}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 60, "completion_tokens": 12, "total_tokens": 72},
}).encode()
REPLY = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(BODY), BODY)
LENGTH = re.compile(rb"(?i)\r\ncontent-length:\s*(\d+)")

counts = {"calls": 0, "connections": 0, "most_in_flight": 0}
open_calls = 0


class Connection(asyncio.Protocol):
    """One connection, on which calls come one after the other."""

    def __init__(self) -> None:
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        counts["connections"] += 1

    def data_received(self, data: bytes) -> None:
        global open_calls
        self.received += data
        while (end := self.received.find(b"\r\n\r\n")) >= 0:
            length = LENGTH.search(self.received, 0, end)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self.received) < whole:
                return
            self.received = self.received[whole:]
            open_calls += 1
            counts["calls"] += 1
            counts["most_in_flight"] = max(counts["most_in_flight"], open_calls)
            asyncio.get_running_loop().call_later(DELAY, self.answer)

    def answer(self) -> None:
        global open_calls
        open_calls -= 1
        if not self.transport.is_closing():
            self.transport.write(REPLY)


def told() -> None:
    sys.stdin.readline()
    print(json.dumps(counts), flush=True)
    counts.update(calls=0, connections=0, most_in_flight=0)


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Connection, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    loop.add_reader(sys.stdin, told)
    await server.serve_forever()


asyncio.run(main())
