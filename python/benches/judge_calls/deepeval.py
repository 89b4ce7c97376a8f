"""DeepEval with a metric that asks the bare client."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

# Files beside this one have the names of packages.
here = str(Path(__file__).resolve().parent)
sys.path = [path for path in sys.path if path != here]

from deepeval import evaluate  # noqa: E402
from deepeval.evaluate.configs import AsyncConfig, CacheConfig, DisplayConfig  # noqa: E402
from deepeval.metrics import BaseMetric  # noqa: E402
from deepeval.test_case import LLMTestCase  # noqa: E402
from openai import AsyncOpenAI  # noqa: E402

sys.path.append(here)

import timing  # noqa: E402

URL, CALLS, IN_FLIGHT, _ = timing.arguments()
FORM = {"type": "json_schema", "json_schema": {"name": "Score", "schema": timing.SCHEMA, "strict": True}}
# Metrics are made anew for every case, and a client of its own would be none that keeps its connections.
client = AsyncOpenAI(base_url=URL)


class Judge(BaseMetric):
    """A score from 1 to 5."""

    def __init__(self) -> None:
        self.threshold = 4
        self.async_mode = True

    def measure(self, test_case: LLMTestCase, *_: Any, **__: Any) -> float:
        raise NotImplementedError

    async def a_measure(self, test_case: LLMTestCase, *_: Any, **__: Any) -> float:
        said = [{"role": "user", "content": timing.QUESTION.format(query=test_case.input, response=test_case.actual_output)}]
        reply = await client.chat.completions.create(model="gpt-4o-mini", messages=said, response_format=FORM)
        self.score = json.loads(reply.choices[0].message.content)["score"]
        self.success = self.score >= self.threshold
        return self.score

    def is_successful(self) -> bool:
        return bool(self.success)

    @property
    def __name__(self) -> str:
        return "judge"


def run() -> int:
    cases = [LLMTestCase(input=row["query"], actual_output=row["response"]) for row in timing.rows(CALLS)]
    done = evaluate(
        cases,
        [Judge()],
        async_config=AsyncConfig(run_async=True, max_concurrent=IN_FLIGHT),
        display_config=DisplayConfig(show_indicator=False, print_results=False, inspect_after_run=False),
        cache_config=CacheConfig(write_cache=False),
    )
    return sum(bool(result.success) for result in done.test_results)


timing.measure(run, CALLS)
