"""pydantic-evals with an evaluator that asks the bare client: it has no judge that is told its model's address otherwise."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Files beside this one have the names of packages.
here = str(Path(__file__).resolve().parent)
sys.path = [path for path in sys.path if path != here]

from openai import AsyncOpenAI  # noqa: E402
from pydantic_evals import Case, Dataset  # noqa: E402
from pydantic_evals.evaluators import Evaluator, EvaluatorContext  # noqa: E402

sys.path.append(here)

import timing  # noqa: E402

URL, CALLS, IN_FLIGHT, _ = timing.arguments()
FORM = {"type": "json_schema", "json_schema": {"name": "Score", "schema": timing.SCHEMA, "strict": True}}
client = AsyncOpenAI(base_url=URL)


@dataclass
class Judge(Evaluator[dict[str, str], str, Any]):
    async def evaluate(self, ctx: EvaluatorContext[dict[str, str], str, Any]) -> bool:
        said = [{"role": "user", "content": timing.QUESTION.format(**ctx.inputs)}]
        reply = await client.chat.completions.create(model="gpt-4o-mini", messages=said, response_format=FORM)
        return json.loads(reply.choices[0].message.content)["score"] >= 4


async def task(row: dict[str, str]) -> str:
    return row["response"]


dataset = Dataset(name="judges", cases=[Case(name=str(at), inputs=row) for at, row in enumerate(timing.rows(CALLS))], evaluators=[Judge()])


def run() -> int:
    report = dataset.evaluate_sync(task, max_concurrency=IN_FLIGHT, progress=False)
    return sum(value.value for case in report.cases for value in case.assertions.values())


timing.measure(run, CALLS)
