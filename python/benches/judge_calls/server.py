"""A server that answers chat completions after a while: `python server.py SECONDS`.

Prints its port; for every line that it reads, prints what it counted since the last one, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys

DELAY = float(sys.argv[1])
LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
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

counts = {"calls": 0, "connections": 0, "most_in_flight": 0}
open_calls = 0


class Answers(asyncio.Protocol):
    """One connection. The client waits for a reply before it asks again."""

    def __init__(self) -> None:
        self.read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        counts["connections"] += 1

    def data_received(self, data: bytes) -> None:
        global open_calls
        self.read += data
        head, found, body = self.read.partition(b"\r\n\r\n")
        if not found or len(body) < length(head):
            return
        self.read = b""
        open_calls += 1
        counts["calls"] += 1
        counts["most_in_flight"] = max(counts["most_in_flight"], open_calls)
        asyncio.get_running_loop().call_later(DELAY, self.reply)

    def reply(self) -> None:
        global open_calls
        open_calls -= 1
        self.transport.write(REPLY)


def length(head: bytes) -> int:
    found = LENGTH.search(head)
    return int(found[1]) if found else 0


def told() -> None:
    if not sys.stdin.readline():
        asyncio.get_event_loop().stop()
        return
    print(json.dumps(counts), flush=True)
    counts.update(calls=0, connections=0, most_in_flight=0)


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Answers, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    loop.add_reader(sys.stdin, told)
    await server.serve_forever()


asyncio.run(main())
