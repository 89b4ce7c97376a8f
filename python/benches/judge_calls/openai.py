"""The bare client, with a semaphore."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

# This file has the name of the package.
sys.path = [path for path in sys.path if Path(path or ".").resolve() != Path(__file__).resolve().parent]

from openai import AsyncOpenAI  # noqa: E402

sys.path.append(str(Path(__file__).resolve().parent))

import timing  # noqa: E402

URL, CALLS, IN_FLIGHT, _ = timing.arguments()
FORM = {"type": "json_schema", "json_schema": {"name": "Score", "schema": timing.SCHEMA, "strict": True}}


async def ask() -> int:
    client, free = AsyncOpenAI(base_url=URL), asyncio.Semaphore(IN_FLIGHT)

    async def one(row: dict[str, str]) -> bool:
        async with free:
            said = [{"role": "user", "content": timing.QUESTION.format(**row)}]
            reply = await client.chat.completions.create(model="gpt-4o-mini", messages=said, response_format=FORM)
        return json.loads(reply.choices[0].message.content)["score"] >= 4

    return sum(await asyncio.gather(*(one(row) for row in timing.rows(CALLS))))


timing.measure(lambda: asyncio.run(ask()), CALLS)
