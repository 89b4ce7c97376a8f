"""pydantic-evals: one evaluator per check, over cases whose task hands the record back. It has no graph."""

from __future__ import annotations

from collections import Counter
from typing import Any

from adapters.plain_loop import plan
from workload import Record

__all__ = ["build", "evaluate", "passes", "plan", "setup"]


def setup() -> None:
    import pydantic_evals  # noqa: F401


def build(records: list[Record], plan: Any) -> Any:
    from dataclasses import dataclass

    from pydantic_evals import Case, Dataset
    from pydantic_evals.evaluators import Evaluator, EvaluatorContext

    functions = {check.id: function for check, function in plan}

    @dataclass
    class Assertion(Evaluator[Record, Record, None]):
        check: str

        def evaluate(self, ctx: EvaluatorContext[Record, Record, None]) -> dict[str, bool]:
            return {self.check: functions[self.check](ctx.output)}

    cases = [Case(name=record["request_id"], inputs=record) for record in records]
    return Dataset(name="bench", cases=cases, evaluators=[Assertion(check=id) for id in functions])


def evaluate(built: Any) -> Any:
    async def hand_back(record: Record) -> Record:
        return record

    return built.evaluate_sync(hand_back, progress=False)


def passes(result: Any) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for case in result.cases:
        counts.update(id for id, outcome in case.assertions.items() if outcome.value)
    return dict(counts)
