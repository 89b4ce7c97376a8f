"""A server that answers chat completions after a while: `python server.py SECONDS`.

Prints its port; for every line that it reads, prints what it counted since the last one, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys

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

counts = {"calls": 0, "connections": 0, "most_in_flight": 0}
open_calls = 0


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    global open_calls
    counts["connections"] += 1
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
            await reader.readexactly(length)
            open_calls += 1
            counts["calls"] += 1
            counts["most_in_flight"] = max(counts["most_in_flight"], open_calls)
            await asyncio.sleep(DELAY)
            open_calls -= 1
            writer.write(REPLY)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


def told() -> None:
    if not sys.stdin.readline():
        asyncio.get_event_loop().stop()
        return
    print(json.dumps(counts), flush=True)
    counts.update(calls=0, connections=0, most_in_flight=0)


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    asyncio.get_running_loop().add_reader(sys.stdin, told)
    await server.serve_forever()


asyncio.run(main())
